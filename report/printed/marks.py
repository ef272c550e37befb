"""What a drawing is made of: shapes, lines of text and pictures, as operations on a stream of a PDF."""

import base64
import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache, partial
from math import cos, inf, radians, sin
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

from layerclaims.report.printed.outline import outline
from layerclaims.report.printed.picture import Picture

Stream: TypeAlias = Any
"""WeasyPrint's stream of operators: WeasyPrint ships no types."""

Operation: TypeAlias = Callable[[Stream], None]

LINK = "{http://www.w3.org/1999/xlink}href"

INITIAL = {
    "fill": "black",
    "fill-opacity": "1",
    "stroke": "none",
    "stroke-width": "1",
    "stroke-opacity": "1",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "stroke-dasharray": "none",
    "stroke-dashoffset": "0",
    "font-size": "16",
    "font-family": "sans-serif",
    "font-weight": "400",
    "font-style": "normal",
    "text-anchor": "start",
}
"""Attributes that elements have from those around them."""

_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}
_WEIGHTS = {"normal": "400", "bold": "700"}
_POINT = 4 / 3
"""Pixels."""


def length(text: str) -> float:
    """Read a length in pixels."""
    return float(text[:-2]) * _POINT if text.endswith("pt") else float(text.removesuffix("px"))


@lru_cache(256)
def _color(text: str, opacity: float) -> Any:  # noqa: ANN401 - tinycss2 ships no types
    """Read a colour; None for none at all."""
    from tinycss2.color5 import parse_color

    if text == "none":
        return None
    color = copy(parse_color(text))
    if color is None or color == "currentcolor":
        raise ValueError(f"no colour: {text}")
    color.alpha *= opacity
    return color


def within(matrix: Any, clip: bytes, drawn: list[Operation], stream: Stream) -> None:  # noqa: ANN401
    """Draw in a place of its own, inside an outline."""
    with stream.stacked():
        if matrix:
            stream.transform(*matrix.values)
        if clip:
            stream.stream.append(clip)
        for operation in drawn:
            operation(stream)


def matrix_of(transform: str) -> Any:  # noqa: ANN401 - WeasyPrint ships no types
    """Read a transformation; None for one that changes nothing."""
    from weasyprint.matrix import Matrix

    matrix = Matrix()
    for name, arguments in re.findall(r"(\w+) *\(([^)]*)\)", transform):
        numbers = [float(number) for number in re.split(r"[ ,]+", arguments.strip())]
        if name == "translate":
            matrix = Matrix(e=numbers[0], f=numbers[1]) @ matrix
        elif name == "scale":
            matrix = Matrix(a=numbers[0], d=numbers[-1]) @ matrix
        elif name == "rotate":
            angle, *centre = numbers
            x, y = centre or (0, 0)
            a, b = cos(radians(angle)), sin(radians(angle))
            matrix = Matrix(e=-x, f=-y) @ Matrix(a, b, -b, a) @ Matrix(e=x, f=y) @ matrix
        elif name == "matrix":
            matrix = Matrix(*numbers) @ matrix
        else:
            raise ValueError(f"not drawn here: {name}")
    return None if matrix == Matrix() else matrix


@dataclass(frozen=True)
class _Pen:
    """How a shape is painted: colours of WeasyPrint's, and numbers of PDF's operators for lines."""

    fill: Any
    stroke: Any
    width: float
    dashes: tuple[float, ...]
    offset: float
    cap: int
    join: int

    def paint(self, shape: bytes, stream: Stream) -> None:
        with stream.stacked():
            if self.fill:
                stream.set_color(self.fill)
            if self.stroke:
                stream.set_color(self.stroke, stroke=True)
                stream.set_line_width(self.width)
                stream.set_dash(self.dashes, self.offset)
                stream.set_line_cap(self.cap)
                stream.set_line_join(self.join)
                stream.set_miter_limit(4)
            stream.stream.append(shape)
            if self.fill and self.stroke:
                stream.fill_and_stroke()
            elif self.stroke:
                stream.stroke()
            else:
                stream.fill()


def shape(tag: str, element: Element, style: dict[str, str]) -> list[Operation]:
    """Prepare a shape; nothing where nothing of it is seen."""
    dashes = style["stroke-dasharray"]
    width = length(style["stroke-width"])
    opacity = float(element.get("opacity", "1"))
    pen = _Pen(
        _color(style["fill"], float(style["fill-opacity"]) * opacity),
        _color(style["stroke"], float(style["stroke-opacity"]) * opacity) if width else None,
        width,
        () if dashes == "none" else tuple(map(float, dashes.replace(",", " ").split())),
        float(style["stroke-dashoffset"]),
        _CAPS[style["stroke-linecap"]],
        _JOINS[style["stroke-linejoin"]],
    )
    if opacity != 1 and pen.fill and pen.stroke:
        raise ValueError("not drawn here: a line over its own surface, both seen through")
    shape = outline(tag, element.attrib) if pen.fill or pen.stroke else b""
    return [partial(pen.paint, shape)] if shape else []


def text(element: Element, style: dict[str, str], fonts: object) -> list[Operation]:
    """Prepare a line of text, which is laid out as one."""
    from weasyprint.css.properties import INITIAL_VALUES
    from weasyprint.svg.text import Style

    if len(element) or style["stroke"] != "none":
        raise ValueError("not drawn here: parts of a text, and outlines of letters")
    text = re.sub(r"[ \t\r\n]+", " ", element.text or "").strip(" ")
    font = Style(INITIAL_VALUES)
    font.font_config = fonts
    font["font_family"] = [family.strip(" '\"") for family in style["font-family"].split(",")]
    font["font_style"] = style["font-style"]
    font["font_weight"] = int(_WEIGHTS.get(style["font-weight"], style["font-weight"]))
    font["font_size"] = length(style["font-size"])
    place = float(element.get("x", "0")), float(element.get("y", "0"))
    share = {"start": 0, "middle": 0.5, "end": 1}[style["text-anchor"]]
    color = _color(style["fill"], float(style["fill-opacity"]))
    return [partial(_write, text, font, place, share, color)] if text and color else []


def _write(
    text: str,
    font: Any,  # noqa: ANN401 - WeasyPrint ships no types
    place: tuple[float, float],
    share: float,
    color: Any,  # noqa: ANN401
    stream: Stream,
) -> None:
    """Write a line of text, a share of which stands before its place."""
    from weasyprint.draw.text import draw_emojis, draw_first_line
    from weasyprint.matrix import Matrix
    from weasyprint.svg.text import TextBox
    from weasyprint.text.line_break import split_first_line

    layout, _, _, width, _, baseline = split_first_line(text, font, None, inf, 0)
    layout.reactivate(font)
    box = TextBox(layout, font)
    box.baseline = baseline
    x, y = place[0] - share * width, place[1]
    with stream.stacked():
        stream.set_color(color)
        stream.begin_text()
        emojis = draw_first_line(stream, box, "none", "none", Matrix(d=-1, e=x, f=y))
        stream.end_text()
        draw_emojis(stream, font, x, y, emojis)


def image(element: Element) -> list[Operation]:
    """Prepare a picture of points."""
    kind, _, data = (element.get(LINK) or element.attrib["href"]).partition(",")
    if kind != "data:image/png;base64":
        raise ValueError(f"not drawn here: {kind}")
    x, y, width, height = (float(element.attrib[key]) for key in ("x", "y", "width", "height"))
    picture = Picture(base64.b64decode(data))
    return [partial(within, matrix_of(f"translate({x} {y})"), b"", [partial(_place, picture, width, height)])]


def _place(picture: Picture, width: float, height: float, stream: Stream) -> None:
    with stream.stacked():
        picture.draw(stream, width, height)
