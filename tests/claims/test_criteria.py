"""Every number that decides has its reason, and is the one in docs/decision-rules.md."""

from collections import Counter
from pathlib import Path

import pytest

from layerclaims.calibration.claim_reader import read_criteria
from layerclaims.calibration.error_rates import is_calibrated
from layerclaims.calibration.scenarios import Scenario, Truth, all_scenarios
from layerclaims.calibration.synthetic import DOCUMENT_LIKE
from layerclaims.decision import Verdict
from tests.claims.planted import CLAIMS

PAGE = Path(__file__).parents[2] / "docs" / "decision-rules.md"
CRITERIA = read_criteria()


@pytest.mark.parametrize("name", CRITERIA)
def test_a_criterion_has_a_reason_in_whole_sentences(name: str) -> None:
    reason = str(CRITERIA[name].reason)
    assert reason[0].isupper() or reason[0].isdigit()
    assert reason.endswith(".")
    assert len(reason.split()) >= 6


def test_the_page_of_decision_rules_shows_the_criteria_in_force() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"| {criterion.text} | {criterion.reason} |" in page for criterion in CRITERIA.values())
    assert {row.split("`")[1] for row in table("criteria")[2:]} == set(CLAIMS)


def test_the_page_of_decision_rules_shows_every_planting_and_none_is_missed() -> None:
    shown = [row.split(" | ")[:3] for row in table("calibration")[2:]]
    assert shown == [[f"| `{found.claim}`", found.name, found.truth] for found in all_scenarios(list(CLAIMS))]


@pytest.mark.parametrize(
    ("truth", "supported", "expected"),
    [("true", 95, True), ("true", 94, False), ("false", 5, True), ("false", 6, False), ("absent", 1, False)],
)
def test_calibration_asks_for_95_percent_where_true_and_5_where_false(
    truth: Truth, supported: int, expected: bool
) -> None:
    scenario = Scenario("mi-declines", "planted", truth, DOCUMENT_LIKE)
    verdicts: Counter[Verdict] = Counter({"supported": supported, "refuted": 100 - supported})
    assert is_calibrated(scenario, verdicts) is expected


def table(name: str) -> list[str]:
    page = PAGE.read_text(encoding="utf-8")
    return page.split(f"<!-- begin {name} -->\n")[1].split(f"\n<!-- end {name} -->")[0].split("\n")
