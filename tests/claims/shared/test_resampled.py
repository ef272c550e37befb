"""A statistic that some token resamples leave undefined is not decided, and says so."""

from dataclasses import replace

import numpy as np
import pytest

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.claims.document import COMMAS, FULL_STOPS
from layerclaims.claims.shared.resampled import decide_resampled
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
