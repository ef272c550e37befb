"""Section 3: the two measures disagree.

Over the layers mean MI slides down while mean covariance grows tens of times. The growth comes from the
scale of the activations, which MI does not see, and Pearson's correlation removes it.
"""

import pytest

from analysis.kinds import KINDS, Kind
from claims.judging import Judge
from claims.rules.trends import (
    correlation_growth,
    covariance_growth,
    information_slope,
    information_thirds,
)

mi_declines = pytest.mark.claim(
    "mi-declines", section="3.1", statement="Mean MI falls towards the last layers."
)
covariance_grows = pytest.mark.claim(
    "covariance-grows",
    section="3.1",
    statement="Mean covariance grows to tens of times its value at layer 1.",
)
pearson_removes_growth = pytest.mark.claim(
    "pearson-removes-growth",
    section="3.2, 4",
    statement="Dividing by the standard deviations, that is Pearson's correlation, removes the growth of "
    "covariance.",
)


@mi_declines
@pytest.mark.parametrize("kind", KINDS)
def test_mean_information_slopes_down(kind: Kind, judge: Judge) -> None:
    decision = judge(information_slope, kind=kind)
    assert decision.supported, decision.message


@mi_declines
@pytest.mark.parametrize("kind", KINDS)
def test_mean_information_is_lower_in_the_last_third(kind: Kind, judge: Judge) -> None:
    decision = judge(information_thirds, kind=kind)
    assert decision.supported, decision.message


@covariance_grows
@pytest.mark.parametrize("kind", KINDS)
def test_mean_covariance_grows_tens_of_times(kind: Kind, judge: Judge) -> None:
    decision = judge(covariance_growth, kind=kind)
    assert decision.supported, decision.message


@pearson_removes_growth
@pytest.mark.parametrize("kind", KINDS)
def test_mean_correlation_does_not_grow_with_covariance(kind: Kind, judge: Judge) -> None:
    decision = judge(correlation_growth, kind=kind)
    assert decision.supported, decision.message
