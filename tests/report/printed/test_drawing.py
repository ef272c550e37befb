"""Drawings in the PDF: what WeasyPrint draws of the same SVG, at the same places and in the same colours."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from layerclaims.report.drawn.figure_text import FigureText
from layerclaims.report.drawn.sharing import StudyPlace, draw_all
from layerclaims.report.figures.catalogue import report_figures
from layerclaims.report.page.page import ReportSource, build_page
from layerclaims.report.page.render import save_figure
from layerclaims.report.printed.drawing import Drawing, take_drawings
from layerclaims.report.printed.marks import LINK
from layerclaims.report.study import Study
from layerclaims.report.templates.parts import as_image
from tests.report.builder import make_evidence, make_points, study_of

weasyprint = pytest.importorskip("weasyprint", reason="WeasyPrint is not installed")

Fonts: TypeAlias = Any
Matrix: TypeAlias = tuple[float, float, float, float, float, float]


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def as_pdf(folder: Path, page: str, images: dict[str, Any], fonts: Fonts) -> PdfReader:
    weasyprint.HTML(string=page).write_pdf(folder / "page.pdf", cache=images, font_config=fonts)
    return PdfReader(folder / "page.pdf")


def both(folder: Path, svg: str, fonts: Fonts, style: str = "") -> tuple[PdfReader, PdfReader]:
    """Have a drawing drawn here, and by WeasyPrint."""
    image = as_image(svg.replace("><", "><title>t</title><", 1))
    page = f"<style>@page {{ size: 200px; margin: 10px }} {style}</style>{image}"
    named, drawings = take_drawings(page, fonts)
    assert len(drawings) == 1
    (folder / "other").mkdir()
    return as_pdf(folder, named, drawings, fonts), as_pdf(folder / "other", page, {}, fonts)


def with_links(content: str) -> str:
    return f'<svg xmlns:xlink="{LINK[1:-5]}" viewBox="0 0 60 40" width="120" height="80" {content}</svg>'


def times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


OPTIONS = {"f": ("rg",), "S": ("RG", "w", "d", "J", "j"), "B": ("rg", "RG", "w")}
"""What matters of the state, for each way to paint."""


def painted(reader: PdfReader) -> Iterator[tuple[object, ...]]:
    """List what is painted: how, in which colours, as wide as, and the box around its points on the page."""
    state: dict[str, Any] = {"cm": (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)}
    kept: list[dict[str, Any]] = []
    drawn: list[tuple[float, float]] = []
    content: Any = reader.pages[0]["/Contents"]
    for operands, operator in ContentStream(content.get_object(), reader).operations:
        name = operator.decode()
        numbers = [float(number) for number in operands if isinstance(number, int | float)]
        if name == "q":
            kept.append(dict(state))
        elif name == "Q":
            state = kept.pop()
        elif name == "cm":
            state["cm"] = times(tuple(numbers), state["cm"])  # type: ignore[arg-type]
        elif name in ("m", "l", "c", "re"):
            points = [placed(*pair, state["cm"]) for pair in corners(name, numbers)]
            drawn = (
                points if name == "m" and len(drawn) == 1 else drawn + points
            )  # a move alone paints nothing
        elif name == "W":
            state["clip"] = box_of(drawn)
        elif name in OPTIONS:
            options = [state.get(key) for key in (*OPTIONS[name], "alpha", "clip")]
            yield name, *options, box_of(drawn)
        elif name == "gs":
            state["alpha"] = (state.get("alpha") or {}) | {str(operands[0])[1]: str(operands[0])}
        else:
            state[name] = tuple(map(float, operands[0])) if name == "d" else tuple(numbers)
        if name in (*OPTIONS, "n"):
            drawn = []


def corners(name: str, numbers: list[float]) -> list[tuple[float, float]]:
    """Give the points of a step; WeasyPrint adds rectangles without size to what clips, which do nothing."""
    if name == "re":
        x, y, width, height = numbers
        numbers = [x, y, x + width, y + height] if width else []
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def placed(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    return times((1, 0, 0, 1, x, y), matrix)[4:]


def box_of(points: list[tuple[float, float]]) -> tuple[int, ...]:
    across, down = zip(*points, strict=True)
    return tuple(round(10 * end) for end in (min(across), min(down), max(across), max(down)))


SHAPES = [
    '><path d="M1 2l30 5v10h-7z"/>',
    '><path d="M1 2l30 5v10" fill="none" stroke="#0072b2" stroke-width="2" stroke-linecap="round"/>',
    '><path d="M1 2L30 5" stroke="red" stroke-dasharray="3,1.5" stroke-dashoffset="1"/>',
    '><path d="M1 2L30 5" stroke="red" stroke-linejoin="bevel"/>',
    '><path d="M1 2h9v9z" fill="#d55e00" fill-opacity="0.18" stroke="#000000" stroke-opacity="0.5"/>',
    '><rect x="3" y="4" width="20" height="9" fill="#e0efe0"/>',
    '><g transform="translate(4 5)scale(2 1)" fill="blue"><path d="M0 0h5v5z"/>'
    '<path d="M9 0h5v5z" fill="red"/></g>',
    '><path transform="rotate(30 10 10)" d="M1 2h9v9z"/>',
    '><path transform="matrix(1 0 0.2 1 3 4)" d="M1 2h9v9z"/>',
    '><defs><path id="m" d="M-1-1h2v2z" stroke="red"/></defs><use xlink:href="#m" x="9" y="9" fill="blue"/>'
    '<use xlink:href="#m" x="20" y="9" fill="green"/>',
    '><defs><clipPath id="c"><rect x="5" y="5" width="9" height="9"/></clipPath></defs>'
    '<g clip-path="url(#c)"><path d="M0 0h60v40z"/></g><path d="M0 0h6v4z"/>',
    'fill="red" stroke="blue" stroke-width="3"><path d="M1 2h9v9z"/>',
    '><path d="M1 1h9" fill="none"/><path d="M2 2h9v9z" stroke="red" stroke-width="0"/>',
]


@pytest.mark.parametrize("content", SHAPES)
def test_shapes_are_where_weasyprint_draws_them(tmp_path: Path, fonts: Fonts, content: str) -> None:
    ours, theirs = (list(painted(reader)) for reader in both(tmp_path, with_links(content), fonts))
    assert ours
    assert ours == theirs


def test_what_is_seen_through_twice_is_seen_through_the_more(tmp_path: Path, fonts: Fonts) -> None:
    shape = with_links('><path d="M1 2h9v9z" opacity="0.5" fill-opacity="0.5"/>')
    ((_, _, alpha, *_),) = painted(both(tmp_path, shape, fonts)[0])
    assert alpha == {"a": "/a0.25"}


def test_a_drawing_stands_in_the_middle_of_its_place(tmp_path: Path, fonts: Fonts) -> None:
    svg = '<svg viewBox="5 0 60 40" width="60pt" height="30pt"><path d="M1 2h9v9z"/></svg>'
    readers = both(tmp_path, svg, fonts, "img { height: 90px; width: 50px }")
    ours, theirs = (list(painted(reader)) for reader in readers)
    assert ours
    assert ours == theirs


def letters(reader: PdfReader) -> list[tuple[str, int, int]]:
    """Give the texts of a page and where each begins."""
    found: list[tuple[str, int, int]] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        place = times(tuple(tm), tuple(cm))  # type: ignore[arg-type]
        if text.strip():
            found.append((text.strip(), round(place[4]), round(place[5])))

    reader.pages[0].extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize(("anchor", "left"), [("start", 30), ("middle", 24), ("end", 18)])
def test_a_text_is_one_text_at_its_anchor(tmp_path: Path, fonts: Fonts, anchor: str, left: int) -> None:
    # Ten letters of a font of two pixels, each 0.6 times as wide as the font is large: 12 pixels.
    text = f'<text x="30" y="20" font-size="2" font-family="DejaVu Sans Mono" text-anchor="{anchor}">'
    drawing = Drawing(f'<svg width="60" height="40">{text}aaaaaaaaaa</text></svg>', fonts)
    page = "<style>@page { size: 60px 40px; margin: 0 } body { margin: 0 }</style><img src='drawing:0'>"
    ((word, x, y),) = letters(as_pdf(tmp_path, page, {"drawing:0": drawing}, fonts))
    assert word == "aaaaaaaaaa"
    assert x == pytest.approx(0.75 * left, abs=0.6)
    assert y == pytest.approx(0.75 * 20, abs=0.6)


@pytest.mark.parametrize(
    "content",
    [
        "><ellipse/>",
        '><path d="M0 0h1v1z" opacity="0.5" stroke="red"/>',
        '><g opacity="0.5"><path d="M0 0h1"/></g>',
        '><path d="M0 0h1" style="fill:red"/>',
        "><defs><style>path { fill: red }</style></defs>",
        '><path d="M0 0A1 1 0 0 1 2 2"/>',
        '><path d="M0 0h1" fill="url(#gradient)"/>',
        '><path d="M0 0h1" fill="currentColor"/>',
        "><text>a<tspan>b</tspan></text>",
        '><text x="1 2 3">abc</text>',
        '><text stroke="red">a</text>',
        '><text font-weight="bolder">a</text>',
        '><path d="M0 0h1" transform="skewX(3)"/>',
        '><use href="#nowhere"/>',
        '><path d="M0 0h1" clip-path="url(#nowhere)"/>',
        '><image href="file:///x.png" x="0" y="0" width="1" height="1"/>',
        '><svg width="1" height="1"/>',
    ],
)
def test_whatever_else_is_left_to_weasyprint(fonts: Fonts, content: str) -> None:
    svg = f'<svg viewBox="0 0 60 40" width="60" height="40"{content}</svg>'
    data = base64.b64encode(svg.encode()).decode()
    page = f'<img alt="" src="data:image/svg+xml;base64,{data}">'
    assert take_drawings(page, fonts) == (page, {})


def test_equal_drawings_are_taken_once(fonts: Fonts) -> None:
    image = as_image('<svg viewBox="0 0 1 1" width="1" height="1"><title>t</title><path d="M0 0h1"/></svg>')
    page, drawings = take_drawings(f"{image}{image}", fonts)
    assert page.count('src="drawing:0"') == 2
    assert list(drawings) == ["drawing:0"]


def test_every_drawing_of_a_report_is_drawn_here(tmp_path: Path, fonts: Fonts) -> None:
    study: Study = study_of(make_evidence(), make_points())
    place = StudyPlace(tmp_path, "en", "")
    of_study, of_claims = report_figures(study)
    draws = [*of_study, *(draw for of_claim in of_claims.values() for draw in of_claim)]
    texts = [text for text in draw_all(draws, None, place).values() if isinstance(text, FigureText)]
    shown = [save_figure(text, tmp_path) for text in texts]
    assert len(shown) > 10
    page = build_page(study, {}, shown, ReportSource("ab" * 32, ("evidence.json",)), "print")
    named, drawings = take_drawings(page, fonts)
    assert len(drawings) > len(shown)
    assert "data:image/svg" not in named
