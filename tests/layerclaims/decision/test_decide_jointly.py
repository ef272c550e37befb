"""Several rules decide together: all main ones to support, all there are to refute."""

import numpy as np
import pytest

from layerclaims.analysis.statistics.estimate import Estimate, exact, percentile_estimate
from layerclaims.decision import Criterion, Decision, Finding, Verdict, corrected, decide_jointly
from layerclaims.message import message

THREE = Criterion("exactly", 3, message("for this test"))
QUANTITY = message("a number")


def finding(value: int, low: int, high: int, *, main: bool = True) -> Finding:
    return Finding(message("a rule"), main, Estimate(value, low, high))


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([finding(3, 3, 3), finding(3, 3, 3), finding(1, 1, 1, main=False)], "supported"),
        ([finding(3, 3, 3), finding(3, 2, 3)], "inconclusive"),
        ([finding(3, 3, 3), finding(1, 1, 1)], "inconclusive"),
        ([finding(1, 1, 3), finding(1, 1, 1)], "inconclusive"),
        ([finding(1, 1, 2), finding(1, 1, 1), finding(3, 3, 3, main=False)], "inconclusive"),
        ([finding(1, 1, 2), finding(6, 6, 6), finding(2, 2, 2, main=False)], "refuted"),
    ],
)
def test_the_verdict_of_several_rules(findings: list[Finding], expected: Verdict) -> None:
    assert decide_jointly(QUANTITY, findings, THREE).verdict == expected


def test_the_estimate_holds_the_intervals_of_the_main_rules() -> None:
    decision = decide_jointly(
        QUANTITY, [finding(3, 2, 3), finding(4, 3, 5), finding(9, 9, 9, main=False)], THREE
    )
    assert decision.estimate == Estimate(3, 2, 5)


def test_where_the_number_does_not_leave_it_open_the_rules_that_do_are_counted() -> None:
    other = [finding(value, value, 5, main=False) for value in (2, 3, 3)]
    decision = decide_jointly(QUANTITY, [finding(1, 1, 1), *other], THREE)
    assert decision.verdict == "inconclusive"
    assert str(decision.shortfall) == (
        "it lies 2 below the criterion; by 3 of 4 rules it meets the criterion, or may meet it"
    )


def test_where_the_number_itself_leaves_it_open_or_no_rule_does_none_are_counted() -> None:
    for main in (finding(1, 1, 3), finding(1, 1, 1), finding(1, 1, 5)):
        decision = decide_jointly(QUANTITY, [main, finding(5, 5, 5)], THREE)
        assert "rules" not in str(decision.shortfall)
    alone = Decision("inconclusive", QUANTITY, estimate=Estimate(1, 1, 1), criterion=THREE)
    assert str(alone.shortfall) == "it lies 2 below the criterion"


def test_without_a_main_rule_nothing_is_decided() -> None:
    with pytest.raises(ValueError, match="at least one main rule"):
        decide_jointly(QUANTITY, [finding(3, 3, 3, main=False)], THREE)


def test_a_correction_widens_the_interval_of_every_main_rule() -> None:
    resampled = np.array([1.0] * 98 + [3.0] * 2)  # beyond the 95% interval, inside the 98.75% one
    counted = percentile_estimate(1, resampled, n=10, is_discrete=True)
    rules = [Finding(QUANTITY, True, counted), Finding(QUANTITY, False, exact(1))]
    decision = decide_jointly(QUANTITY, rules, THREE)
    assert decision.verdict == "refuted"
    assert corrected(decision, 1).verdict == "refuted"
    assert corrected(decision, 4).verdict == "inconclusive"
    rules = [Finding(QUANTITY, True, exact(1)), Finding(QUANTITY, False, counted.at_level(0.6))]
    assert corrected(decide_jointly(QUANTITY, rules, THREE), 4).verdict == "refuted"
