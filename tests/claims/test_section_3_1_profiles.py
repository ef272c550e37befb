"""Mean MI falls towards the last layers, mean covariance grows, and the two run against each other."""

from collections.abc import Callable

import numpy as np
import pytest

from layerclaims.analysis.statistics.profile import Profile
from layerclaims.claims import test_section_3_1_profiles as profiles
from layerclaims.claims.document import COMMAS, FULL_STOPS
from layerclaims.claims.shared.growth import covariance_growth
from layerclaims.decision import Decision, Verdict
from tests.claims.shared.means import N_TOKENS, Means, asked, bounds, declared, profile

FALLING = [9.0, 2.0, 2.0, 2.0, 1.5, 1.5, 1.0]
"""Of a model with six blocks: layer 0, which no trend reads, is far off."""
RISING = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 12.0]


def of_commas(information: Profile, covariance: Profile | None = None, n_layers: int = 6) -> Means:
    found = {(COMMAS, "mutual_information"): information}
    if covariance is not None:
        found[COMMAS, "covariance"] = covariance
    return Means(found, n_layers=n_layers)


def interval(decision: Decision) -> tuple[float, float, float]:
    assert decision.estimate is not None
    return decision.estimate.value, decision.estimate.low, decision.estimate.high


def test_what_is_claimed_and_shown() -> None:
    assert declared(profiles.mi_declines, profiles.covariance_grows, profiles.profiles_oppose) == {
        "mi-declines": ("3.1", "empirical", ["decline"], 1, True),
        "covariance-grows": ("3.1", "empirical", ["growth"], 1, True),
        "opposite-trends": ("3.1", "empirical", ["ranks_by_depth"], 0, True),
    }
    assert bounds(profiles.FALLEN, profiles.NOT_REGAINED, profiles.OPPOSITE) == [
        ("at most", 0.9, 1),
        ("at most", 1.1, 1),
        ("at most", -0.5, 0),
    ]


def test_each_rule_is_asked_for_by_kind() -> None:
    for test, rule in (
        (profiles.test_mean_information_is_lower_in_the_last_layers, profiles.information_at_end),
        (profiles.test_mean_information_does_not_rise_again, profiles.information_regained),
        (profiles.test_mean_covariance_grows_tens_of_times, covariance_growth),
        (profiles.test_layers_rank_oppositely_by_information_and_covariance, profiles.opposite_trends),
    ):
        assert asked(test, kind=FULL_STOPS) == (rule, {"kind": FULL_STOPS})


def test_the_last_layers_are_compared_with_the_earlier_ones_and_with_the_lowest() -> None:
    information = profile(FALLING, FALLING, [9, 2, 2, 2, 1.5, 0.8, 1.2])
    at_end = profiles.information_at_end(of_commas(information).measurement, kind=COMMAS)
    assert (at_end.verdict, at_end.parameters) == ("supported", {"kind": COMMAS})
    assert at_end.criterion == profiles.FALLEN
    assert interval(at_end) == pytest.approx((0.5, 0.5025, 0.5975), abs=0.01)
    assert at_end.estimate is not None
    assert (at_end.estimate.unit, at_end.estimate.n) == ("times", N_TOKENS)
    last = "mean MI of commas in the last sixth of the layers, relative to the"
    assert str(at_end.quantity) == f"{last} earlier ones,"
    regained = profiles.information_regained(of_commas(information).measurement, kind=COMMAS)
    assert regained.criterion == profiles.NOT_REGAINED
    assert interval(regained)[0] == 1
    assert regained.estimate is not None
    assert regained.estimate.resampled is not None
    assert regained.estimate.resampled.tolist() == pytest.approx([1, 1.5])
    assert (regained.verdict, regained.parameters) == ("inconclusive", {"kind": COMMAS})
    assert str(regained.quantity) == f"{last} lowest sixth,"


@pytest.mark.parametrize("rule", [profiles.information_at_end, profiles.information_regained])
@pytest.mark.parametrize(
    "information",
    [
        profile([9, 2, 2, 0, 1, 1, 1]),
        profile([9, 2, 2, -1, 1, 1, 1], FALLING),
        profile(FALLING, FALLING, [9, 2, 0, 2, 1, 1, 1]),
        profile(FALLING, [9, 2, 2, 2, -1, 1, 1], FALLING),
    ],
)
def test_nothing_is_a_share_of_information_that_is_not_clearly_positive(
    rule: Callable[..., Decision], information: Profile
) -> None:
    decision = rule(of_commas(information).measurement, kind=COMMAS)
    assert (decision.verdict, decision.parameters) == ("not_applicable", {"kind": COMMAS})
    assert "not clearly positive at every layer" in str(decision.reason)


def test_layer_0_may_hold_anything() -> None:
    zero = profile([0.0, *FALLING[1:]])
    assert profiles.information_at_end(of_commas(zero).measurement, kind=COMMAS).supported


def test_a_model_of_two_blocks_has_no_end() -> None:
    means = of_commas(profile([9, -2, 1]), profile([0, 1, 2]), n_layers=2).measurement
    for rule in (profiles.information_at_end, profiles.information_regained, profiles.opposite_trends):
        decision = rule(means, kind=COMMAS)
        assert (decision.verdict, decision.parameters) == ("not_applicable", {"kind": COMMAS})
        assert "has no thirds" in str(decision.reason)


@pytest.mark.parametrize(
    ("covariance", "value", "verdict"), [(RISING, -0.93, "supported"), (FALLING, 1.0, "refuted")]
)
def test_profiles_run_against_each_other_by_their_ranks(
    covariance: list[float], value: float, verdict: Verdict
) -> None:
    means = of_commas(profile(FALLING), profile(covariance))
    decision = profiles.opposite_trends(means.measurement, kind=COMMAS)
    assert (decision.verdict, decision.parameters) == (verdict, {"kind": COMMAS})
    assert decision.criterion == profiles.OPPOSITE
    assert str(decision.quantity) == (
        "the rank correlation of mean MI and mean covariance of commas over the layers"
    )
    assert interval(decision) == pytest.approx((value, value, value), abs=0.02)
    assert decision.estimate is not None
    assert decision.estimate.n == N_TOKENS


def test_ranks_of_each_resample_are_correlated_with_its_own() -> None:
    information = profile(FALLING, FALLING, FALLING[::-1])
    covariance = profile(RISING, RISING, RISING)
    decision = profiles.opposite_trends(of_commas(information, covariance).measurement, kind=COMMAS)
    assert decision.estimate is not None
    assert decision.estimate.resampled is not None
    assert decision.estimate.resampled[0] < -0.9 < 0.9 < decision.estimate.resampled[1]


def both_kinds(commas: list[float], full_stops: list[float], measure: str) -> Means:
    return Means({(COMMAS, measure): profile(commas), (FULL_STOPS, measure): profile(full_stops)}, n_layers=6)


def test_a_nulls_margin_is_that_of_the_kind_and_criterion_that_are_least_met() -> None:
    falls, regains = np.array(FALLING[1:]), np.array([2.0, 2, 2, 1, 1, 1.5])
    assert profiles.decline_margin(np.stack([falls, falls])) == pytest.approx(1.1 - 1)
    hardly = np.array([2.0, 2, 2, 2, 2, 1.7])
    assert profiles.decline_margin(np.stack([falls, hardly])) == pytest.approx(0.9 - 0.85)
    # The second kind has regained a half of its lowest level, which is 0.4 beyond its criterion.
    assert profiles.decline_margin(np.stack([falls, regains])) == pytest.approx(1.1 - 1.5)
    assert profiles.decline_margin(np.stack([[falls, falls], [falls, regains]])).shape == (2,)


def test_opposite_profiles_have_the_margin_of_the_kind_that_is_least_opposed() -> None:
    up, down = np.arange(6.0), np.arange(6.0)[::-1]
    first, second = np.stack([up, up]), np.stack([down, [5.0, 4, 3, 2, 0, 1]])
    assert profiles.opposite_margin(first, second) == pytest.approx(-0.5 + 33 / 35)
    assert profiles.opposite_margin(np.stack([first, first]), second).shape == (2,)


def test_nulls_judge_the_profiles_that_their_claims_are_about() -> None:
    declines, grows, oppose = (
        claim.null for claim in (profiles.mi_declines, profiles.covariance_grows, profiles.profiles_oppose)
    )
    assert declines is not None
    assert grows is not None
    assert oppose is not None
    information = both_kinds(FALLING, FALLING[::-1], "mutual_information")
    covariance = both_kinds(RISING, RISING, "covariance")
    (found,) = declines.profiles(information.measurement)
    assert found.tolist() == [FALLING[1:], FALLING[::-1][1:]]
    assert declines.margin is profiles.decline_margin
    (found,) = grows.profiles(covariance.measurement)
    assert found.tolist() == [RISING[1:]] * 2
    assert grows.margin(found) == 12 - 10
    both = Means({**information.profiles, **covariance.profiles}, n_layers=6)
    first, second = oppose.profiles(both.measurement)
    assert (first[0].tolist(), second[0].tolist()) == (FALLING[1:], RISING[1:])
    assert oppose.margin is profiles.opposite_margin
