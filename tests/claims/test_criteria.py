"""Every number that decides has its reason, and is the one in docs/decision-rules.md."""

from pathlib import Path

import pytest

from analysis.decision import Criterion
from benchmarks.calibration import criteria_table
from claims import criteria
from tests.claims.planted import CLAIMS

PAGE = Path(__file__).parents[2] / "docs" / "decision-rules.md"
CRITERIA = {name: value for name, value in vars(criteria).items() if isinstance(value, Criterion)}


@pytest.mark.parametrize("name", CRITERIA)
def test_a_criterion_has_a_reason_in_whole_sentences(name: str) -> None:
    reason = CRITERIA[name].reason
    assert reason[0].isupper() or reason[0].isdigit()
    assert reason.endswith(".")
    assert len(reason.split()) >= 6


@pytest.mark.slow
def test_the_page_of_decision_rules_shows_the_criteria_in_force() -> None:
    page = PAGE.read_text(encoding="utf-8")
    shown = page.split("<!-- begin criteria -->\n")[1].split("\n<!-- end criteria -->")[0]
    assert shown.split("\n") == criteria_table(CLAIMS)
