from typing import Any

import pytest
import yaml

from contextuality.document import DOCUMENT
from layerclaims.version import release
from tests.command import ROOT


@pytest.fixture
def citation() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    return found


def test_it_has_what_the_format_asks_for(citation: dict[str, Any]) -> None:
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["cff-version"] == "1.2.0"


def test_it_names_this_release(citation: dict[str, Any]) -> None:
    assert str(citation["version"]) == release()


def test_it_refers_to_the_second_document_as_that_cites_itself(citation: dict[str, Any]) -> None:
    (reference,) = citation["references"]
    assert reference["title"] == DOCUMENT.title
    assert reference["url"] == DOCUMENT.url
    assert reference["year"] == DOCUMENT.year
