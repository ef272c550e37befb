import re
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from matplotlib.style import context

from layerclaims.report.figures.palette import INK, SHADES
from layerclaims.report.figures.svg import drawing_style, to_svg


@pytest.fixture
def figure() -> Figure:
    with context(drawing_style()):
        figure = Figure(figsize=(3, 2))
        panel = figure.subplots()
        panel.plot([1.23456789, 2], [0.5, 0.7], color=SHADES["kind1"].light)
        panel.scatter([1.2, 1.8], [0.5, 0.6], color=SHADES["kind2"].light, rasterized=True)
        panel.set_title("<b> & $x^2$ ế")
    return figure


def render(figure: Figure, name: str = "fig") -> str:
    with context(drawing_style()):
        return to_svg(figure, name, "What is seen: 3 < 4")


def test_it_has_no_styles_no_script_and_a_title(figure: Figure) -> None:
    root = ElementTree.fromstring(render(figure))
    assert root[0].text == "What is seen: 3 < 4"
    assert root.get("aria-labelledby") == root[0].get("id")
    for element in root.iter():
        assert "style" not in element.attrib
        assert not element.tag.endswith(("style", "script", "metadata"))


def test_text_stays_text_with_the_reports_font(figure: Figure) -> None:
    root = ElementTree.fromstring(render(figure))
    texts = {element.text: element for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert "<b> & $x^2$ ế" in texts
    title = texts["<b> & $x^2$ ế"]
    assert "Open Sans" in title.attrib["font-family"]
    assert title.attrib["font-size"] == "8px"
    assert title.attrib["fill"] == INK
    assert title.attrib["class"] == "f-ink"


def test_colours_of_the_palette_become_classes(figure: Figure) -> None:
    root = ElementTree.fromstring(render(figure))
    lines = [e for e in root.iter() if e.get("stroke") == SHADES["kind1"].light]
    assert lines
    assert all("s-kind1" in e.attrib["class"].split() for e in lines)


def test_ids_are_prefixed_and_only_those_that_are_referred_to_stay(figure: Figure) -> None:
    text = render(figure, "one")
    ids = re.findall(r' id="([^"]+)"', text)
    referred = set(re.findall(r"url\(#([^)]+)\)", text)) | set(re.findall(r'href="#([^"]+)"', text))
    assert all(identifier.startswith("one-") for identifier in ids)
    assert referred <= set(ids)
    assert set(ids) - referred == {"one-title"}


def test_numbers_are_short_and_pictures_small(figure: Figure) -> None:
    text = render(figure)
    assert not re.search(r"(?<![\w+/])\d+\.\d{3,}", re.sub(r"data:[^\"]+", "", text))
    assert text.count("data:image/png;base64,") == 1


def test_the_same_figure_gives_the_same_bytes(figure: Figure) -> None:
    assert render(figure) == render(figure)


def test_a_legend_is_one_group_that_a_page_can_scale(figure: Figure) -> None:
    figure.legend([figure.axes[0].lines[0]], ["one line"])
    image = ElementTree.fromstring(render(figure))
    (legend,) = [group for group in image.iter() if group.get("class") == "legend"]
    assert [text.text for text in legend.iter() if text.tag.endswith("}text")] == ["one line"]
