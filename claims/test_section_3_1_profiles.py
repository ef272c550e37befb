"""Section 3: the two measures disagree.

Over the layers mean MI slides down while mean covariance grows tens of times. The growth comes from the
scale of the activations, which MI does not see, and Pearson's correlation removes it.
"""

import pytest

from layerclaims.analysis.kinds import KINDS, Kind
from layerclaims.claims.judging import Judge
from layerclaims.claims.rules.scale import covariance_deviation, information_change
from layerclaims.claims.rules.trends import (
    correlation_growth,
    covariance_growth,
    information_slope,
    information_thirds,
    opposite_trends,
    variance_growth,
    variance_share,
)

mi_declines = pytest.mark.claim(
    "mi-declines", section="3.1", statement="Mean MI falls towards the last layers."
)
covariance_grows = pytest.mark.claim(
    "covariance-grows",
    section="3.1",
    statement="Mean covariance grows to tens of times its value at layer 1.",
)
profiles_oppose = pytest.mark.claim(
    "opposite-trends",
    section="3.1",
    statement="Mean MI and mean covariance run against each other over the layers.",
)
mi_scale_invariant = pytest.mark.claim(
    "mi-scale-invariant",
    section="3.2",
    statement="MI does not change when activations are rescaled.",
)
covariance_scale_dependent = pytest.mark.claim(
    "covariance-scale-dependent",
    section="3.2",
    statement="Covariance changes by the product of the factors when activations are rescaled.",
)
variance_grows = pytest.mark.claim(
    "variance-grows",
    section="3.2",
    statement="The variance of activations becomes very large in deep layers.",
)
variance_explains_growth = pytest.mark.claim(
    "variance-explains-growth",
    section="3.2",
    statement="Covariance grows because the variance of activations does, not because dependence does.",
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


@profiles_oppose
@pytest.mark.parametrize("kind", KINDS)
def test_layers_rank_oppositely_by_information_and_covariance(kind: Kind, judge: Judge) -> None:
    decision = judge(opposite_trends, kind=kind)
    assert decision.supported, decision.message


@mi_scale_invariant
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("document_layer", [1, 24])
@pytest.mark.parametrize("factor", [0.1, 10, 1000])
def test_rescaling_leaves_information_alone(
    kind: Kind, document_layer: int, factor: float, judge: Judge
) -> None:
    decision = judge(information_change, kind=kind, document_layer=document_layer, factor=factor)
    assert decision.supported, decision.message


@covariance_scale_dependent
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("document_layer", [1, 24])
@pytest.mark.parametrize("factor", [0.1, 10, 1000])
def test_rescaling_multiplies_covariance(
    kind: Kind, document_layer: int, factor: float, judge: Judge
) -> None:
    decision = judge(covariance_deviation, kind=kind, document_layer=document_layer, factor=factor)
    assert decision.supported, decision.message


@variance_grows
@pytest.mark.parametrize("kind", KINDS)
def test_variance_of_activations_becomes_very_large(kind: Kind, judge: Judge) -> None:
    decision = judge(variance_growth, kind=kind)
    assert decision.supported, decision.message


@variance_explains_growth
@pytest.mark.parametrize("kind", KINDS)
def test_standard_deviations_carry_the_growth_of_covariance(kind: Kind, judge: Judge) -> None:
    decision = judge(variance_share, kind=kind)
    assert decision.supported, decision.message


@pearson_removes_growth
@pytest.mark.parametrize("kind", KINDS)
def test_mean_correlation_does_not_grow_with_covariance(kind: Kind, judge: Judge) -> None:
    decision = judge(correlation_growth, kind=kind)
    assert decision.supported, decision.message
