"""A statistic that some token resamples leave undefined is not decided, and says so."""

from dataclasses import replace

import numpy as np
import pytest

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.analysis.statistics.profile import Floats, Profile
from layerclaims.claims.document import COMMAS, FULL_STOPS
from layerclaims.claims.shared.resampled import decide_profile, decide_resampled
from layerclaims.claims.test_section_4_conclusions import order_by_covariance
from layerclaims.decision import Criterion
from layerclaims.message import message

HIGH = Criterion("at least", 1, message("for this test"))


@pytest.mark.parametrize("undefined", [np.nan, np.inf, -np.inf])
def test_resamples_without_a_value_are_counted(undefined: float) -> None:
    resampled = np.array([2.0, undefined, 3.0, 2.0, undefined])
    decision = decide_resampled(message("it"), 2.0, resampled, HIGH, {}, n=5)
    assert decision.verdict == "not_applicable"
    assert str(decision.reason) == "it is undefined in 2 of 5 token resamples"


def test_a_sample_without_a_value_is_not_applicable() -> None:
    decision = decide_resampled(message("it"), np.nan, np.array([2.0, 3.0]), HIGH, {}, n=5)
    assert str(decision.reason) == "it is undefined for these tokens"


def test_a_statistic_that_is_defined_is_decided() -> None:
    decision = decide_resampled(message("it"), 2.0, np.array([2.0, 3.0]), HIGH, {}, n=5, unit="times")
    assert decision.supported
    assert decision.estimate is not None
    assert (decision.estimate.unit, decision.estimate.n) == ("times", 5)


def test_a_statistic_is_a_plain_number_unless_it_is_said_to_be_a_count() -> None:
    resampled = np.array([1.0, 1.0, 2.0, 2.0])
    plain = decide_resampled(message("it"), 2.0, resampled, HIGH, {"layer": 3}, n=5)
    assert plain.estimate == percentile_estimate(2.0, resampled, n=5)
    assert plain.parameters == {"layer": 3}
    count = decide_resampled(message("it"), 2.0, resampled, HIGH, {}, n=5, is_discrete=True)
    assert count.estimate == percentile_estimate(2.0, resampled, n=5, is_discrete=True)
    assert count.estimate != plain.estimate


def last_over_first(means: Floats) -> Floats:
    if not (means[..., 0] > 0).all():
        raise UndefinedResultError("the first mean is {mean}", mean=float(means[..., 0].min()))
    return np.asarray(means[..., -1] / means[..., 0])


def profile(*resampled: list[float]) -> Profile:
    return Profile(np.array([2.0, 9.0, 6.0]), np.array(resampled))


def test_a_profile_is_decided_by_its_statistic_and_that_of_each_resample() -> None:
    own = profile([1.0, 0.0, 3.0], [2.0, 0.0, 4.0])
    decision = decide_profile(message("it"), own, last_over_first, HIGH, {"layer": 3}, n=5, unit="times")
    assert decision.estimate == percentile_estimate(3, np.array([3.0, 2.0]), n=5, unit="times")
    assert (decision.verdict, decision.parameters) == ("supported", {"layer": 3})
    plain = decide_profile(message("it"), own, last_over_first, HIGH, n=5)
    assert plain.estimate == percentile_estimate(3, np.array([3.0, 2.0]), n=5)
    assert plain.parameters == {}


def test_a_resample_with_a_layer_without_a_mean_is_counted() -> None:
    own = profile([1.0, np.nan, 3.0], [2.0, 0.0, 4.0])
    decision = decide_profile(message("it"), own, last_over_first, HIGH, {"layer": 3}, n=5)
    assert str(decision.reason) == "it is undefined in 1 of 2 token resamples"
    assert decision.parameters == {"layer": 3}


def test_a_statistic_that_is_undefined_says_why() -> None:
    own = profile([1.0, 0.0, 3.0], [-1.0, 0.0, 4.0])
    decision = decide_profile(message("it"), own, last_over_first, HIGH, {"layer": 3}, n=5)
    assert (decision.verdict, decision.parameters) == ("not_applicable", {"layer": 3})
    assert str(decision.reason) == "the first mean is -1"


def test_an_order_that_one_token_makes_is_undefined_in_resamples_without_it() -> None:
    """All layers are alike but for one token: resamples that do not draw it tell no layers apart."""
    rng = np.random.default_rng(0)
    shared = rng.normal(size=64)
    tokens = shared + 0.3 * rng.normal(size=(24, 64))
    levels = np.stack([tokens] * 7)
    levels[:, 0] *= 40.0 ** np.arange(7)[:, None]
    residual = dict.fromkeys((COMMAS, FULL_STOPS), levels)
    # Tokens on their own: resamples of blocks are moved to the sample's mean, which this one token makes.
    specification = replace(Specification(), n_resamples=100, block_length=1)
    decision = order_by_covariance(Measurement(residual, {}, specification), kind=COMMAS)
    assert decision.verdict == "inconclusive"
    assert str(decision.quantity).startswith("what the claim presupposes")
