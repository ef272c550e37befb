"""The page that becomes the PDF holds what the page on the screen would print, and nothing else."""

import base64
import re
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from layerclaims.report.figures.catalogue import NotDrawn
from layerclaims.report.figures.palette import SHADES
from layerclaims.report.page.page import PageFigure, ReportSource, build_page
from layerclaims.report.study import Study
from layerclaims.report.templates.parts import as_image, stylesheet, template
from tests.report.builder import make_evidence, make_points, study_of

PREFIX = "data:image/svg+xml;base64,"
WITHOUT_CONTENT = ("br", "img", "input", "link", "meta")
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><title>{}</title><text>drawn "text"</text></svg>'


def not_printed() -> set[str]:
    """Read from the style sheet which classes print leaves out."""
    rules = template("report.css").partition("@media print")[2]
    (selectors,) = re.findall(r"^  (\.skip.*?) \{ display: none; \}$", rules, re.MULTILINE)
    return {selector.strip() for selector in selectors.split(",")}


class Printed(HTMLParser):
    """Collects the words and ids that are printed, also those in images, and what is not printed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.left_out: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._classes = not_printed()
        self.feed(page)
        self.close()

    def _hides(self, tag: str, attributes: dict[str, str | None]) -> bool:
        classes = (attributes.get("class") or "").split()
        parents = [tag for tag, _ in self._open[-1:]]
        selectors = [f".{name}" for name in classes]
        if tag == "summary" and parents == ["details"]:
            selectors.append(".fold > summary")
        if "fold" in classes and "short" in self._inside:
            selectors.append(".short .fold")
        return tag in ("script", "style") or not self._classes.isdisjoint(selectors)

    @property
    def _inside(self) -> set[str]:
        return {name for name, _ in self._open}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        within = any(hides for _, hides in self._open)
        hides = self._hides(tag, attributes)
        if hides and tag not in ("style", "script"):
            self.left_out.append(tag)
        if tag in WITHOUT_CONTENT:
            source = attributes.get("src") or ""
            if source.startswith(PREFIX):
                self.words += Printed(base64.b64decode(source.removeprefix(PREFIX)).decode()).words
            return
        name = "short" if "short" in (attributes.get("class") or "").split() else tag
        self._open.append((name, hides))
        if attributes.get("id") and not within and not hides:
            self.ids.append(attributes["id"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in WITHOUT_CONTENT:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(hides for _, hides in self._open):
            self.words += data.split()


@pytest.fixture(scope="module", params=["en", "vi"])
def study(request: pytest.FixtureRequest) -> Study:
    return study_of(make_evidence(), make_points(), language=request.param)


@pytest.fixture(scope="module")
def pages(study: Study) -> tuple[str, str]:
    """Write the same report for the screen and for print."""
    figures: dict[str, list[PageFigure | NotDrawn]] = {
        claim.id: [
            PageFigure(claim.id, Markup(DRAWING).format(claim.id), "said", "figures/x.csv", "1 2 point")
        ]
        for claim in study.evidence.claims
    }
    layers = PageFigure("grid", Markup(DRAWING).format("<all> & 'more'"), "said", "figures/grid.csv")
    source = ReportSource("ab" * 32, ("evidence.json",), pdf="report.pdf")
    screen = build_page(study, figures, [layers], source)
    return screen, build_page(study, figures, [layers], source, "print")


def test_print_says_what_the_screen_would_print(pages: tuple[str, str]) -> None:
    screen, printed = map(Printed, pages)
    assert len(printed.words) > 1000
    assert printed.words == screen.words
    assert printed.ids == [name for name in screen.ids if not name.endswith("-title") or name in printed.ids]


def test_print_lacks_what_is_not_printed(pages: tuple[str, str]) -> None:
    screen, printed = map(Printed, pages)
    assert len(screen.left_out) > 20
    assert printed.left_out == []
    for needless in ("<script", "<svg", "data-points", "@media screen", "woff2"):
        assert needless in pages[0]
        assert needless not in pages[1].replace(template("report.css"), "")


def test_the_screen_has_no_images(pages: tuple[str, str]) -> None:
    assert "<img" not in pages[0]


def test_a_drawing_becomes_an_image_with_its_title_as_text() -> None:
    image = as_image(
        Markup('<svg class="sign"><title>{}</title><path d="M0 0h1"/></svg>').format('a "b" & <c>')
    )
    assert image.startswith('<img class="sign" alt="a &#34;b&#34; &amp; &lt;c&gt;" src="data:image/svg+xml;')
    drawing = base64.b64decode(image.partition("base64,")[2]).decode()
    assert drawing.startswith('<svg class="sign" xmlns="http://www.w3.org/2000/svg">')


def test_fonts_are_unpacked_for_print_only() -> None:
    assert stylesheet().count("format('woff2')") == stylesheet("print").count("format('truetype')") == 5


def test_print_has_its_colours_where_they_are_used() -> None:
    assert "var(" in stylesheet()
    assert "var(" not in stylesheet("print")
    assert f"color: {SHADES['muted'].light}" in stylesheet("print")
