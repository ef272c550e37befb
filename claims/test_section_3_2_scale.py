"""Section 3.2: covariance grows with the scale of the activations, which MI does not see.

Pearson's correlation, which divides by the standard deviations, removes the growth.
"""

import numpy as np
import pytest

from layerclaims.analysis.measurement.levels import Floats
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.estimate import exact
from layerclaims.claim import Claim, Judge, TrendNull, figure
from layerclaims.claims.document import DOCUMENT, KINDS, LAST_LAYER
from layerclaims.claims.shared.growth import (
    FIRST,
    MEASURE_NAMES,
    estimate_growth,
    growth_margin,
    growth_quantity,
    growth_ratio,
    profile_growth,
    without_growth,
)
from layerclaims.claims.shared.resampled import decide_resampled
from layerclaims.decision import Criterion, Decision, Parameter, decide, not_applicable
from layerclaims.message import message

VERY_LARGE = Criterion(
    "at least",
    10,
    message("The variance is to account for a tenfold covariance, so it must grow as much itself."),
    no_effect=1,
)
mi_scale_invariant = Claim(
    DOCUMENT,
    id="mi-scale-invariant",
    section="3.2",
    statement=message("MI does not change when activations are rescaled."),
    nature="identity",
    figures=(figure("assertions"),),
)
covariance_scale_dependent = Claim(
    DOCUMENT,
    id="covariance-scale-dependent",
    section="3.2",
    statement=message("Covariance changes by the product of the factors when activations are rescaled."),
    nature="identity",
    figures=(figure("assertions"),),
)
variance_grows = Claim(
    DOCUMENT,
    id="variance-grows",
    section="3.2",
    statement=message("The variance of activations becomes very large in deep layers."),
    figures=(figure("growth", measures=("variance",)),),
    null=TrendNull(
        lambda measurement: [mean_variances(measurement)],
        margin=lambda variances: growth_margin(variances, VERY_LARGE),
    ),
)
variance_explains_growth = Claim(
    DOCUMENT,
    id="variance-explains-growth",
    section="3.2",
    statement=message(
        "Covariance grows because the variance of activations does, not because dependence does."
    ),
    figures=(figure("covariance_growth"),),
)
pearson_removes_growth = Claim(
    DOCUMENT,
    id="pearson-removes-growth",
    section="3.2, 4",
    statement=message(
        "Dividing by the standard deviations, that is Pearson's correlation, removes the growth of "
        "covariance."
    ),
    figures=(figure("growth", measures=("pearson", "covariance")),),
)

SAMPLED_TOKENS = 64
"""Of which all pairs are measured again after rescaling."""

UNCHANGED_INFORMATION = Criterion(
    "at most",
    0.01,
    message(
        "Rescaling may move a value that lies on the edge of a bin, and a single one moves a pair by up to "
        "some 0.03 bits; any real dependence on scale shows in every pair, by tenths of bits."
    ),
)
PROPORTIONAL = Criterion(
    "at most",
    1e-6,
    message(
        "Covariance is bilinear, so nothing but rounding may separate it from the product of the factors."
    ),
)
GROWTH_EXPLAINED = Criterion(
    "at least",
    0.9,
    message(
        "The document leaves nothing of the growth to new dependence; a tenth of the doublings is allowed "
        "for what a mean over pairs adds."
    ),
)
GROWTH_REMOVED = Criterion(
    "at most",
    1.25,
    message(
        "Where covariance grows at least tenfold, a factor of 1.25 is no more than a tenth of its doublings: "
        "the same tenth that the standard deviations may leave unexplained."
    ),
    no_effect=1,
)


def information_change(
    measurement: Measurement, *, kind: str, document_layer: int, factor: float
) -> Decision:
    """Measure how much the MI of a pair changes when every other token is rescaled."""
    layer = measurement.layer_of(document_layer)
    quantity = message(
        "the mean change of a pair's MI of {kind} at layer {layer}, rescaled by {factor},",
        kind=DOCUMENT.kind(kind).name,
        layer=layer,
        factor=factor,
    )
    values, factors = _sampled(measurement, kind, layer, factor)
    before, after = (
        measurement.measure(one, "mutual_information") for one in (values, values * factors[:, None])
    )
    change = np.abs(after - before).mean()
    estimate = exact(float(change), unit="bits", n=len(factors), method="mean over all pairs of these tokens")
    parameters: dict[str, Parameter] = {"kind": kind, "layer": layer, "factor": factor}
    return decide(quantity, estimate, UNCHANGED_INFORMATION, parameters)


def covariance_deviation(
    measurement: Measurement, *, kind: str, document_layer: int, factor: float
) -> Decision:
    """Measure how far covariance departs from the product of the factors when tokens are rescaled."""
    layer = measurement.layer_of(document_layer)
    parameters: dict[str, Parameter] = {"kind": kind, "layer": layer, "factor": factor}
    quantity = message(
        "the largest deviation of the covariance of {kind} at layer {layer}, rescaled by {factor}, from the "
        "product of the factors, relative to the product of the standard deviations,",
        kind=DOCUMENT.kind(kind).name,
        layer=layer,
        factor=factor,
    )
    values, factors = _sampled(measurement, kind, layer, factor)
    strength = float(measurement.measure(values, "std_product").mean())
    if strength == 0:
        reason = message("activations are constant, so all covariance is zero")
        return not_applicable(quantity, reason, parameters)
    before, after = (measurement.measure(one, "covariance") for one in (values, values * factors[:, None]))
    first, second = np.triu_indices(len(factors), 1)
    deviation = np.abs(after / (factors[first] * factors[second]) - before).max() / strength
    estimate = exact(float(deviation), n=len(factors), method="largest of all pairs of these tokens")
    return decide(quantity, estimate, PROPORTIONAL, parameters)


def _sampled(measurement: Measurement, kind: str, layer: int, factor: float) -> tuple[Floats, Floats]:
    """Choose some tokens; return their activations at a layer, and factors: each second is rescaled.

    A pair then has neither, one or both of its tokens rescaled. An identity that holds for some two thousand
    pairs holds for all, so at most `SAMPLED_TOKENS` are measured, evenly spaced.
    """
    values = measurement.activations(kind, layer)
    chosen = values[:: -(-len(values) // SAMPLED_TOKENS)].astype(np.float64)
    return chosen, np.where(np.arange(len(chosen)) % 2 == 0, factor, 1.0)


def mean_variances(measurement: Measurement) -> Floats:
    """Return the mean variance of a token of every kind from layer 1 on, shape ``(n_kinds, n_layers)``."""
    variances = [(measurement.token_std(kind) ** 2).mean(axis=1) for kind in KINDS]
    return np.stack(variances)[:, FIRST:]


def variance_growth(measurement: Measurement, *, kind: str) -> Decision:
    """Measure how many times its value at layer 1 the mean variance of a token reaches at the last layer."""
    variance = measurement.token_std(kind) ** 2
    weights = measurement.multiplicities[kind]
    resampled = weights @ variance.T / weights.sum(axis=1, keepdims=True)
    parameters: dict[str, Parameter] = {"kind": kind, "layer": measurement.n_layers}
    quantity = growth_quantity(measurement, kind, message("variance"))
    if (resampled[:, FIRST] == 0).any():
        reason = message(
            "activations at layer 1 are constant, so nothing can be a multiple of their variance"
        )
        return not_applicable(quantity, reason, parameters)
    estimate = estimate_growth(measurement, kind, variance.mean(axis=1), resampled)
    return decide(quantity, estimate, VERY_LARGE, parameters)


def variance_share(measurement: Measurement, *, kind: str) -> Decision:
    """Measure the share of covariance's doublings that the standard deviations carry."""
    quantity = message(
        "the standard deviations' share in the growth of mean covariance of {kind}",
        kind=DOCUMENT.kind(kind).name,
    )
    parameters: dict[str, Parameter] = {"kind": kind, "layer": measurement.n_layers}
    if undecided := without_growth(measurement, kind, quantity, parameters):
        return undecided
    covariance, deviations = (measurement.profile(kind, name) for name in ("covariance", "std_product"))
    value, resampled = (
        np.log(growth_ratio(part)) / np.log(growth_ratio(whole))
        for part, whole in ((deviations.mean, covariance.mean), (deviations.resampled, covariance.resampled))
    )
    return decide_resampled(
        quantity, float(value), resampled, GROWTH_EXPLAINED, parameters, n=measurement.n_tokens(kind)
    )


def correlation_growth(measurement: Measurement, *, kind: str) -> Decision:
    """Measure the growth of mean Pearson correlation where covariance grows tenfold."""
    quantity = growth_quantity(measurement, kind, MEASURE_NAMES["pearson"])
    parameters: dict[str, Parameter] = {"kind": kind, "layer": measurement.n_layers}
    return without_growth(measurement, kind, quantity, parameters) or profile_growth(
        measurement, kind, "pearson", GROWTH_REMOVED
    )


@mi_scale_invariant
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("document_layer", [1, LAST_LAYER])
@pytest.mark.parametrize("factor", [0.1, 10, 1000])
def test_rescaling_leaves_information_alone(
    kind: str, document_layer: int, factor: float, judge: Judge
) -> None:
    decision = judge(information_change, kind=kind, document_layer=document_layer, factor=factor)
    assert decision.supported, decision.message


@covariance_scale_dependent
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("document_layer", [1, LAST_LAYER])
@pytest.mark.parametrize("factor", [0.1, 10, 1000])
def test_rescaling_multiplies_covariance(kind: str, document_layer: int, factor: float, judge: Judge) -> None:
    decision = judge(covariance_deviation, kind=kind, document_layer=document_layer, factor=factor)
    assert decision.supported, decision.message


@variance_grows
@pytest.mark.parametrize("kind", KINDS)
def test_variance_of_activations_becomes_very_large(kind: str, judge: Judge) -> None:
    decision = judge(variance_growth, kind=kind)
    assert decision.supported, decision.message


@variance_explains_growth
@pytest.mark.parametrize("kind", KINDS)
def test_standard_deviations_carry_the_growth_of_covariance(kind: str, judge: Judge) -> None:
    decision = judge(variance_share, kind=kind)
    assert decision.supported, decision.message


@pearson_removes_growth
@pytest.mark.parametrize("kind", KINDS)
def test_mean_correlation_does_not_grow_with_covariance(kind: str, judge: Judge) -> None:
    decision = judge(correlation_growth, kind=kind)
    assert decision.supported, decision.message
