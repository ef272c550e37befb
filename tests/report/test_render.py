from html.parser import HTMLParser
from pathlib import Path

import pytest

from report.render import render
from report.store import EvidenceError, write_evidence
from tests.report.builder import STATEMENTS, make_evidence, make_points


class Page(HTMLParser):
    """Collects what the tests ask of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if identifier := attributes.get("id"):
            self.ids.append(identifier)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("run")
    write_evidence(make_evidence(), folder, make_points())
    return Page(render(folder, pdf=False).html.read_text())


def test_every_claim_has_its_section(page: Page) -> None:
    for claim_id, (_, statement) in STATEMENTS.items():
        assert f"claim-{claim_id}" in page.ids
        assert page.text.count(statement) >= 2


def test_ids_are_unique_and_links_lead_somewhere(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    for tag, attributes in page.tags:
        target = attributes.get("href") or ""
        if tag == "a" and target.startswith("#"):
            assert target[1:] in page.ids


def test_the_page_loads_nothing_and_styles_nothing_inline(page: Page) -> None:
    for tag, attributes in page.tags:
        assert "style" not in attributes, tag
        for name in ("src", "href", "xlink:href"):
            value = attributes.get(name) or "#"
            assert value.startswith(("#", "data:")), (tag, name, value)


def test_without_points_and_profiles_there_is_still_a_report(tmp_path: Path) -> None:
    write_evidence(make_evidence(profiles=None, growth={}, token_groups=[], samples={}), tmp_path)
    paths = render(tmp_path, pdf=False)
    assert paths.figures == []
    assert "claim-mi-declines" in Page(paths.html.read_text()).ids


def test_missing_evidence_is_an_error_without_a_report(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError):
        render(tmp_path, pdf=False)
    assert list(tmp_path.iterdir()) == []
