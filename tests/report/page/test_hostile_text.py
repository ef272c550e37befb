"""Texts from outside are shown literally, whatever they hold, and break neither page nor drawing nor JSON."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerclaims.report.comparison.comparison_page import read_runs, write_comparison
from layerclaims.report.page.render import render
from layerclaims.report.records.evidence import EVIDENCE_NAME, Evidence
from layerclaims.report.records.store import read_evidence, write_evidence
from layerclaims.text import literal, shorten, visible
from tests.report.builder import make_evidence, make_points
from tests.report.page_parser import Page

# One report for all that can be shown as it is, one for what cannot: a run may hold them all at once.
PAYLOADS = {
    "markup and code": "javascript:alert(1)//file:///etc/passwd"
    "<!-- (?<! ]]> <![CDATA[ --> {{ 7*7 }}{% raw %}{# %(n)s %s $x^2$ \\frac{1}{2}"
    '</script></style><script>alert(1)</script><img src=x onerror="alert(1)">',
    "invisible and broken": "a\u202eb\u2066c\x00d\x1b[31me\ufefff\u200bg caf\udce9 \ud83d",
}

# Fields whose values are words of ours, numbers written as text, or keys that other fields refer to.
_KEPT = {
    "verdict", "relation", "kind", "name", "key", "nature", "form", "measure", "section", "schema_version",
    "created", "assertion", "run",
}  # fmt: skip


def poison(data: Any, payload: str) -> Any:  # noqa: ANN401 - any JSON-like value
    """Put a payload into every text that a run takes from outside."""
    match data:
        case dict():
            return {key: value if key in _KEPT else poison(value, payload) for key, value in data.items()}
        case list() | tuple():
            return [poison(value, payload) for value in data]
        case str():
            return payload
        case _:
            return data


@pytest.fixture(params=PAYLOADS, scope="module")
def poisoned(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    payload = PAYLOADS[request.param]
    evidence = make_evidence()
    kept = evidence.model_copy(update={"claims": evidence.claims[:3]})
    data = poison(kept.model_dump(), payload)
    # Some claims keep their ids, so that their figures are drawn with poisoned features and choices.
    for claim, original in zip(data["claims"][1:], evidence.claims[1:], strict=False):
        claim["id"] = original.id
    folder = tmp_path_factory.mktemp("poisoned")
    write_evidence(Evidence.model_validate(data), folder, make_points())
    render(folder, pdf=False)
    return folder, payload


def test_evidence_stays_json(poisoned: tuple[Path, str]) -> None:
    folder, payload = poisoned
    data = json.loads((folder / EVIDENCE_NAME).read_text(encoding="utf-8"))
    assert visible(data["subject"]["model"]) == visible(payload)
    assert read_evidence(folder).command == data["command"]


def test_the_page_shows_them_literally(poisoned: tuple[Path, str]) -> None:
    folder, payload = poisoned
    page = Page((folder / "report.html").read_text(encoding="utf-8"))
    assert visible(payload) in page.text
    assert page.comments == []
    assert [tag for tag, _ in page.tags].count("script") == 5  # as many as in a page of plain text
    assert "img" not in {tag for tag, _ in page.tags}
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert visible(page.text) == page.text.replace("\n", "¶")


def test_drawings_stay_xml(poisoned: tuple[Path, str]) -> None:
    folder, _ = poisoned
    for path in (folder / "figures").glob("*.svg"):
        root = ElementTree.parse(path).getroot()
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert not [element for element in root.iter() if element.tag.endswith(("script", "foreignObject"))]


def test_a_comparison_shows_them_literally(poisoned: tuple[Path, str], tmp_path: Path) -> None:
    folder, payload = poisoned
    page = Page(write_comparison(read_runs([folder, folder]), tmp_path).read_text(encoding="utf-8"))
    assert visible(payload) in page.text
    assert page.comments == []
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


@given(st.text(st.characters(exclude_categories=[])))
def test_visible_text_encodes_and_holds_no_controls(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert shown.isprintable() or not any(ord(character) < 32 for character in shown)
    assert visible(shown) == shown


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=30))
def test_visible_text_leaves_ordinary_text_alone(text: str) -> None:
    assert visible(text) == text


def test_literal_reaches_keys_and_nested_texts() -> None:
    assert literal({"a\x00": ["b\n", ("c", 1, None)]}) == {r"a\x00": ["b¶", ["c", 1, None]]}


def test_shortening_keeps_both_ends() -> None:
    assert shorten("abcdefghij", 5) == "ab…ij"
    assert shorten("abc", 3) == "abc"
