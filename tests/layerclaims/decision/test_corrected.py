"""A claim of many assertions is not refuted more easily than a claim of one."""

import numpy as np
import pytest

from layerclaims.analysis.statistics.estimate import exact, percentile_estimate
from layerclaims.decision import Criterion, Decision, corrected, decide, not_applicable
from layerclaims.message import message

RESAMPLED = np.linspace(0, 1, 10_001)


def decided(bound: float) -> Decision:
    """Decide whether a number is at least the bound; 95% of its resamples lie from 0.025 to 0.975."""
    criterion = Criterion("at least", bound, message("for this test"))
    return decide(message("a number"), percentile_estimate(0.5, RESAMPLED, n=10), criterion)


@pytest.mark.parametrize(
    ("bound", "n_assertions", "verdict"),
    [
        (0.97, 1, "inconclusive"),
        (0.98, 1, "refuted"),
        (0.98, 2, "inconclusive"),
        (0.989, 2, "refuted"),  # two assertions: up to 1 - 0.05 / 4 = 0.9875
        (0.989, 4, "inconclusive"),
        (0.9945, 4, "refuted"),
        (0.9945, 12, "inconclusive"),
        (0.999, 12, "refuted"),
    ],
)
def test_each_of_several_assertions_needs_a_wider_interval_to_be_refuted(
    bound: float, n_assertions: int, verdict: str
) -> None:
    assert corrected(decided(bound), n_assertions).verdict == verdict


def test_the_interval_that_decided_is_the_one_that_is_told() -> None:
    found = corrected(decided(0.98), 2)
    assert found.estimate is not None
    assert found.estimate.level == pytest.approx(0.975)
    assert found.estimate.high == pytest.approx(0.9875)


@pytest.mark.parametrize("bound", [0.01, 0.5])
def test_other_verdicts_stay_as_they_are(bound: float) -> None:
    assert corrected(decided(bound), 12) is not None
    assert corrected(decided(bound), 12) == decided(bound)


def test_nothing_is_corrected_where_chance_has_no_part() -> None:
    criterion = Criterion("at least", 1, message("for this test"))
    found = decide(message("a number"), exact(0.999), criterion)
    assert corrected(found, 12) == found
    absent = not_applicable(message("a number"), message("there is none"))
    assert corrected(absent, 12) == absent
