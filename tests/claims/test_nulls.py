"""A claim's null judges by the same numbers and criteria as its rules."""

from dataclasses import replace

import numpy as np
import pytest

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.calibration.claim_reader import read_claims
from layerclaims.calibration.synthetic import DOCUMENT_LIKE, plant

CLAIMS = read_claims()
WITH_NULL = [claim for claim, assertions in CLAIMS.items() if assertions[0].claim.null]


def planted(*, falls: bool) -> Measurement:
    """Plant activations that become larger and less alike with depth, or the same in reverse order."""
    drawn = plant(DOCUMENT_LIKE.but(n_layers=8, n_tokens=30, hidden=96), seed=1)
    residual = drawn.residual
    if not falls:
        residual = {
            kind: np.concatenate([levels[:1], levels[:0:-1]]) for kind, levels in drawn.residual.items()
        }
    return replace(drawn, residual=residual, specification=Specification(n_resamples=20))


def test_claims_about_trends_of_means_have_a_null_and_no_others_do() -> None:
    assert set(WITH_NULL) == {"mi-declines", "covariance-grows", "opposite-trends", "variance-grows"}


@pytest.mark.parametrize("falls", [True, False])
@pytest.mark.parametrize("claim", WITH_NULL)
def test_the_margin_is_positive_where_all_numbers_meet_their_criteria(claim: str, falls: bool) -> None:
    measurement = planted(falls=falls)
    met = []
    for assertion in CLAIMS[claim]:
        decision = assertion.decide(measurement)
        assert decision.estimate is not None
        assert decision.criterion is not None
        met.append(decision.criterion.holds(decision.estimate.value))
    null = CLAIMS[claim][0].claim.null
    assert null is not None
    margin = null.margin(*null.profiles(measurement))
    assert margin.shape == ()
    assert (margin >= 0) == all(met)
    if claim != "opposite-trends":  # which run against each other both ways
        assert all(met) == falls
