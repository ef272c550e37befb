"""Write Matplotlib figures as SVG for use inside a page: the same bytes for the same data.

A page with a strict content security policy refuses ``style`` attributes, a dark page needs other colours,
and several figures in one page must not have the same ids. So styles are replaced by presentation attributes,
the report's colours by classes, and ids without references are removed.
"""

import re
import warnings
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np

from layerclaims.report.figures.compact import compact
from layerclaims.report.figures.palette import NAME_OF

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from layerclaims.report.figures.drawing import Drawing

STYLE_PATH = Path(__file__).with_name("style.mplstyle")
FONT_DIR = Path(__file__).parents[1] / "fonts"

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_FONT = re.compile(
    r"^(?:(?P<style>italic|oblique) )?(?:(?P<weight>\d+|bold) )?(?P<size>[\d.]+px) (?P<family>.+)$"
)
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def drawing_style() -> list[str | dict[str, str]]:
    """Register the report's font, and return the style under which figures must be drawn.

    It depends on no settings that the user may have for other figures.
    """
    from matplotlib import font_manager

    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    for path in sorted(FONT_DIR.glob("*.ttf")):
        if str(path) not in known:
            font_manager.fontManager.addfont(path)
    return ["default", str(STYLE_PATH)]


def to_svg(figure: "Figure", name: str, title: str) -> str:
    """Write a figure as an SVG document with the same bytes on every run.

    Parameters
    ----------
    figure : Figure
        Drawn under `drawing_style`.
    name : str
        Prefix of all ids, so that several figures can share a page.
    title : str
        What the figure shows, in words.

    Returns
    -------
    str
        The document without XML declaration and document type, for use as a file and inside HTML.
    """
    from matplotlib import rc_context

    from layerclaims.report.figures.renderer import write_svg

    # Matplotlib's search for ticks overflows, harmlessly, for numbers near the largest float.
    with rc_context({"svg.hashsalt": name}), warnings.catch_warnings(), np.errstate(over="ignore"):
        # The viewer uses its own fonts for characters that the report's font lacks.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        document = write_svg(figure)
    return _adapt(document, name, title)


def svg_places(drawing: "Drawing") -> list[tuple[float, float, str]]:
    """Place a drawn figure's points in the coordinates of its SVG, without those outside their panel."""
    to_shares = drawing.figure.transFigure.inverted()
    width, height = drawing.figure.get_size_inches() * 72
    found: list[tuple[float, float, str]] = []
    for panel, of_panel in groupby(drawing.points, lambda point: point.panel):
        points = list(of_panel)
        places = panel.transData.transform([(point.x, point.y) for point in points])
        left, bottom, right, top = panel.get_position().extents
        for point, (x, y) in zip(points, to_shares.transform(places).tolist(), strict=True):
            if left <= x <= right and bottom <= y <= top:
                found.append((round(x * width, 1), round((1 - y) * height, 1), point.text))
    return found


def _adapt(document: str, name: str, title: str) -> str:
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _LINK[1:].split("}")[0])
    root = ElementTree.fromstring(document)
    for defs in root.iter(f"{{{_SVG}}}defs"):
        for style in defs.findall(f"{{{_SVG}}}style"):
            defs.remove(style)
    names = {old: f"{name}-{place}" for place, old in enumerate(sorted(_referenced(root)))}
    for element in root.iter():
        _spread_style(element)
        _classify(element)
        _name_ids(element, names)
    _unwrap(root)
    compact(root)
    heading = ElementTree.Element(f"{{{_SVG}}}title", {"id": f"{name}-title"})
    heading.text = title
    root.insert(0, heading)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title")
    return ElementTree.tostring(root, encoding="unicode")


def _referenced(root: ElementTree.Element) -> set[str]:
    found: set[str] = set()
    for element in root.iter():
        for value in element.attrib.values():
            if value.startswith("url("):
                found.update(_REFERENCE.findall(value))
        if element.get(_LINK, "").startswith("#"):
            found.add(element.get(_LINK, "")[1:])
    return found


def _spread_style(element: ElementTree.Element) -> None:
    """Turn a ``style`` attribute into presentation attributes."""
    for declaration in element.attrib.pop("style", "").split(";"):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        font = _FONT.match(value) if key == "font" else None
        if font is not None:
            parts = {f"font-{part}": found for part, found in font.groupdict().items() if found}
            element.attrib.update(parts)
        elif key:
            element.set(key, value)


def _classify(element: ElementTree.Element) -> None:
    """Replace the report's colours by classes, for the page's dark theme."""
    names = [
        f"{letter}-{NAME_OF[element.get(attribute, '')]}"
        for letter, attribute in (("f", "fill"), ("s", "stroke"))
        if element.get(attribute) in NAME_OF
    ]
    if names:
        element.set("class", " ".join(names))


def _name_ids(element: ElementTree.Element, names: dict[str, str]) -> None:
    """Give ids that are referred to their new names, and remove all others; a legend's becomes its class."""
    identifier = element.attrib.pop("id", None)
    if identifier is not None and identifier.startswith("legend_"):
        element.set("class", "legend")
    if identifier in names:
        element.set("id", names[identifier])
    for key, value in element.attrib.items():
        if value.startswith("url("):
            element.set(key, _REFERENCE.sub(lambda match: f"url(#{names[match.group(1)]})", value))
    if element.get(_LINK, "").startswith("#"):
        element.set(_LINK, f"#{names[element.get(_LINK, '')[1:]]}")


def _unwrap(element: ElementTree.Element) -> None:
    """Replace groups without attributes by their children, and remove empty definitions."""
    children: list[ElementTree.Element] = []
    for child in element:
        _unwrap(child)
        if child.tag == f"{{{_SVG}}}g" and not child.attrib:
            children += list(child)
        elif child.tag != f"{{{_SVG}}}defs" or len(child):
            children.append(child)
    element[:] = children
    if element.tag != f"{{{_SVG}}}text":
        element.text = None
        for child in children:
            child.tail = "\n"
