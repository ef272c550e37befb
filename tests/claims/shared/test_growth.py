"""Growth is the last layer's mean over layer 1's, and needs a positive beginning."""

import numpy as np
import pytest

from layerclaims.analysis.statistics.profile import Profile
from layerclaims.claims.document import COMMAS, FULL_STOPS
from layerclaims.claims.shared.growth import (
    CHANGE,
    TENFOLD,
    covariance_growth,
    growth_margin,
    growth_ratio,
    mean_profiles,
    profile_growth,
    without_growth,
)
from layerclaims.decision import Criterion
from layerclaims.message import message
from tests.claims.shared.means import N_TOKENS, Means, profile

TWICE = Criterion("at least", 2, message("for this test"))
GROWN = [9.0, 2.0, 3.0, 8.0, 40.0]


def of_commas(covariance: Profile, measure: str = "covariance") -> Means:
    return Means({(COMMAS, measure): covariance})


def test_growth_is_the_last_mean_over_that_of_layer_1() -> None:
    means = of_commas(profile(GROWN, [1, 2, 0, 0, 36], [1, 2, 0, 0, 44]))
    decision = covariance_growth(means.measurement, kind=COMMAS)
    assert decision.supported
    assert decision.criterion == TENFOLD
    assert (TENFOLD.relation, TENFOLD.bound, TENFOLD.no_effect) == ("at least", 10, 1)
    assert decision.parameters == {"kind": COMMAS, "layer": 4}
    assert str(decision.quantity) == "mean covariance of commas at layer 4, relative to layer 1,"
    assert decision.estimate is not None
    assert (decision.estimate.value, decision.estimate.unit, decision.estimate.n) == (20, "times", N_TOKENS)
    assert (decision.estimate.low, decision.estimate.high) == pytest.approx((18.1, 21.9))


def test_another_measure_has_its_own_name_and_criterion() -> None:
    means = of_commas(profile([0, 0.2, 0.3, 0.3, 0.3]), "pearson")
    decision = profile_growth(means.measurement, COMMAS, "pearson", TWICE)
    assert str(decision.quantity).startswith("mean Pearson's r of commas")
    assert decision.verdict == "refuted"
    assert decision.criterion == TWICE


@pytest.mark.parametrize(
    "begins",
    [
        profile([1, 0, 1, 1, 20]),
        profile([1, -1, 1, 1, 20]),
        profile([1, 0, 1, 1, 20], [1, 1, 1, 1, 20], [1, 2, 1, 1, 20]),
        profile([1, 1, 1, 1, 20], [1, 1, 1, 1, 20], [1, 0, 1, 1, 20]),
        profile([1, 1, 1, 1, 20], [1, -1, 1, 1, 20], [1, 1, 1, 1, 20]),
    ],
)
def test_a_beginning_that_is_not_clearly_positive_has_no_multiple(begins: Profile) -> None:
    decision = covariance_growth(of_commas(begins).measurement, kind=COMMAS)
    assert decision.verdict == "not_applicable"
    assert str(decision.reason).startswith("mean covariance at layer 1 is not clearly positive")
    assert decision.parameters == {"kind": COMMAS, "layer": 4}


def test_where_covariance_has_not_grown_nothing_that_presupposes_it_applies() -> None:
    grown = of_commas(profile(GROWN)).measurement
    assert without_growth(grown, COMMAS, message("it"), {}) is None
    flat = without_growth(of_commas(profile([1, 1, 1, 1, 2])).measurement, COMMAS, message("it"), {"a": 1})
    assert flat is not None
    assert (flat.verdict, flat.parameters, str(flat.quantity)) == ("not_applicable", {"a": 1}, "it")
    assert "there is no tenfold growth: mean covariance of commas" in str(flat.reason)
    absent = without_growth(of_commas(profile([1, 0, 1, 1, 2])).measurement, COMMAS, message("it"), {})
    assert absent is not None
    assert "there is no tenfold growth: mean covariance at layer 1 is not clearly positive" in str(
        absent.reason
    )


def test_profiles_of_the_kinds_begin_at_layer_1() -> None:
    means = Means(
        {(COMMAS, "covariance"): profile(GROWN), (FULL_STOPS, "covariance"): profile([0, 1, 1, 1, 3])}
    )
    assert mean_profiles(means.measurement, "covariance").tolist() == [[2, 3, 8, 40], [1, 1, 1, 3]]


def test_the_kind_that_grows_least_gives_the_margin() -> None:
    profiles = np.array([[[2.0, 3, 40], [1, 1, 3]], [[1, 1, 12], [2, 9, 26]]])
    assert growth_margin(profiles, TENFOLD).tolist() == [3 - 10, 12 - 10]


def test_a_tenth_counts_as_a_change() -> None:
    """It was fixed before real models were looked at."""
    assert CHANGE == 0.1


def test_the_ratio_leaves_layer_0_out() -> None:
    assert growth_ratio(np.array([[9.0, 2, 3, 8], [0, 4, 1, 2]])).tolist() == [4, 0.5]
