"""Every claim is supported where it is planted true, and not where it is planted false in some way.

One draw of each; docs/decision-rules.md has the shares over a hundred.
"""

import pytest

from layerclaims.calibration.scenarios import Scenario, all_scenarios
from layerclaims.decision import Verdict, combine
from tests.claims.planted import CLAIMS, decisions

SCENARIOS = all_scenarios(list(CLAIMS))


def verdict(scenario: Scenario) -> Verdict:
    return combine([decision.verdict for decision in decisions(scenario)])


def planted(*truths: str) -> pytest.MarkDecorator:
    found = [scenario for scenario in SCENARIOS if scenario.truth in truths]
    return pytest.mark.parametrize("scenario", found, ids=lambda s: f"{s.claim}: {s.name}".replace(" ", "-"))


@planted("true")
def test_a_claim_is_supported_where_it_is_planted_true(scenario: Scenario) -> None:
    assert verdict(scenario) == "supported"


@planted("false")
def test_a_claim_is_not_supported_where_it_is_planted_false(scenario: Scenario) -> None:
    assert verdict(scenario) in ("refuted", "inconclusive")


@planted("absent")
def test_a_claim_has_no_verdict_where_it_speaks_of_nothing(scenario: Scenario) -> None:
    # Inconclusive where one of the rules that count clusters sees some in one cloud.
    assert verdict(scenario) in ("not_applicable", "inconclusive")


@pytest.mark.parametrize("claim", list(CLAIMS))
def test_every_claim_is_planted_true_and_false(claim: str) -> None:
    assert {"true", "false"} <= {scenario.truth for scenario in SCENARIOS if scenario.claim == claim}


def test_every_test_of_a_claim_fails_on_one_of_its_false_plantings() -> None:
    named = {(claim, assertion.name) for claim, assertions in CLAIMS.items() for assertion in assertions}
    failed = {
        (scenario.claim, assertion.name)
        for scenario in SCENARIOS
        if scenario.truth == "false"
        for assertion, decision in zip(CLAIMS[scenario.claim], decisions(scenario), strict=True)
        if decision.verdict == "refuted"
    }
    assert named - failed == set()
