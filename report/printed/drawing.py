"""Drawings of the report as operators of PDF.

WeasyPrint can draw SVG, but a third of the time of a PDF went into that: it lays out text letter by letter,
and asks for style sheets, filters, markers and masks at each element. What the report draws has none of
these. A drawing that has anything else than is listed here is refused, and stays WeasyPrint's.
"""

import base64
import re
from functools import partial
from typing import Any
from xml.etree import ElementTree

from layerclaims.report.printed.marks import (
    INITIAL,
    LINK,
    Operation,
    Stream,
    image,
    length,
    matrix_of,
    shape,
    text,
    within,
)
from layerclaims.report.printed.outline import outline

_SHAPES = {"path", "rect", "circle", "line"}
_UNSEEN = {"defs", "clipPath", "title"}
_TAGS = _SHAPES | _UNSEEN | {"svg", "g", "use", "text", "image"}
_PLACES = {"d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "width", "height", "viewBox"}
_WITHOUT_EFFECT = {"class", "role", "version", "tabindex", "aria-hidden", "aria-labelledby"}
_ATTRIBUTES = {*INITIAL, *_PLACES, *_WITHOUT_EFFECT, "id", LINK, "href", "transform", "clip-path", "opacity"}


class Drawing:
    """An image as WeasyPrint lays out and draws it.

    Parameters
    ----------
    svg : str or bytes
    font_config : FontConfiguration
        WeasyPrint's, with the fonts of the page.

    Raises
    ------
    ValueError, KeyError
        If the drawing has anything that is not drawn here, or lacks what is needed.
    """

    def __init__(self, svg: str | bytes, font_config: object) -> None:
        self._root = ElementTree.fromstring(svg)
        self._fonts = font_config
        for element in self._root.iter():
            if _tag(element) not in _TAGS or not element.attrib.keys() <= _ATTRIBUTES:
                raise ValueError(f"not drawn here: {element.tag} {sorted(element.attrib)}")
        self._by_id = {element.get("id"): element for element in self._root.iter()}
        self._width, self._height = (length(self._root.attrib[key]) for key in ("width", "height"))
        box = self._root.get("viewBox", f"0 0 {self._width} {self._height}")
        self._box = [float(number) for number in box.split()]
        if min(self._width, self._height, *self._box[2:]) <= 0:
            raise ValueError("nothing is drawn without width or height")
        self._operations = self._children(self._root, INITIAL | _inherited(self._root))

    def get_intrinsic_size(self, _resolution: float, _font_size: float) -> tuple[float, float, float]:
        """Return width and height in pixels, and their ratio."""
        return self._width, self._height, self._width / self._height

    def draw(self, stream: Stream, width: float, height: float, _style: object) -> None:
        """Draw as large as fits, in the middle of a place."""
        left, top, own_width, own_height = self._box
        scale = min(width / own_width, height / own_height)
        across = (width - own_width * scale) / 2 - left * scale
        down = (height - own_height * scale) / 2 - top * scale
        with stream.stacked():
            stream.transform(a=scale, d=scale, e=across, f=down)
            for operation in self._operations:
                operation(stream)

    def _children(self, parent: ElementTree.Element, style: dict[str, str]) -> list[Operation]:
        return [operation for child in parent for operation in self._element(child, style)]

    def _element(self, element: ElementTree.Element, around: dict[str, str]) -> list[Operation]:
        """Prepare what draws an element and all that is in it."""
        tag, style = _tag(element), around | _inherited(element)
        if tag in _UNSEEN:
            return []
        if "opacity" in element.attrib and tag not in _SHAPES:
            raise ValueError(f"not drawn here: {tag} that is seen through as a whole")
        if tag in _SHAPES:
            drawn = shape(tag, element, style)
        elif tag == "text":
            drawn = text(element, style, self._fonts)
        elif tag == "image":
            drawn = image(element)
        elif tag == "use":
            used = self._by_id[(element.get(LINK) or element.attrib["href"]).removeprefix("#")]
            place = matrix_of(f"translate({element.get('x', 0)} {element.get('y', 0)})")
            drawn = [partial(within, place, b"", self._element(used, style))]
        elif tag == "g":
            drawn = self._children(element, style)
        else:
            raise ValueError(f"not drawn here: {tag} in a drawing")
        matrix, clip = matrix_of(element.get("transform", "")), self._clip(element.get("clip-path"))
        return [partial(within, matrix, clip, drawn)] if drawn and (matrix or clip) else drawn

    def _clip(self, reference: str | None) -> bytes:
        """Write the outline outside which nothing is drawn."""
        if reference is None:
            return b""
        clip = self._by_id[reference.removeprefix("url(#").removesuffix(")")]
        if not clip.attrib.keys() <= {"id"}:
            raise ValueError(f"not drawn here: {sorted(clip.attrib)}")
        return b"\n".join([*(outline(_tag(shape), shape.attrib) for shape in clip), b"W n"])


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _inherited(element: ElementTree.Element) -> dict[str, str]:
    return {key: value for key, value in element.attrib.items() if key in INITIAL}


_DRAWN = re.compile(r'(?<= src=")data:image/svg\+xml;base64,([^"]*)(?=")')


def take_drawings(page: str, font_config: object) -> tuple[str, dict[str, Any]]:
    """Take the drawings out of a page, each once, and put names in their place.

    Returns
    -------
    str
        The page.
    dict of str to Drawing
        By their names, as WeasyPrint takes images that it need not load.
    """
    drawings: dict[str, Any] = {}
    names: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        data = found.group(1)
        if data not in names:
            names[data] = f"drawing:{len(names)}"
            try:
                drawings[names[data]] = Drawing(base64.b64decode(data), font_config)
            except (ValueError, KeyError, ImportError):  # the last from another WeasyPrint than is known here
                names[data] = found.group()
        return names[data]

    return _DRAWN.sub(name, page), drawings
