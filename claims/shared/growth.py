"""How the mean pair measures change with depth."""

import numpy as np

from layerclaims.analysis.kinds import MARK_NAMES, Kind
from layerclaims.analysis.measurement.levels import Floats, Measure
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.estimate import Estimate, percentile_estimate
from layerclaims.decision import Criterion, Decision, Parameter, decide, not_applicable
from layerclaims.analysis.statistics.trends import spearman, theil_sen
from layerclaims.claims.criteria import (
    FALLING,
    GROWTH_EXPLAINED,
    GROWTH_REMOVED,
    LOWER_THAN_BEFORE,
    OPPOSITE,
    TENFOLD,
    VERY_LARGE,
)
from layerclaims.claims.rules.preconditions import missing_thirds

# Layer 0 holds equal vectors only, so every trend begins at layer 1.
FIRST = 1


def information_slope(measurement: Measurement, *, kind: Kind) -> Decision:
    """Measure the change of mean MI over the layers from 1 on, relative to its mean."""
    quantity = f"the change of mean MI of {MARK_NAMES[kind]} over all layers, relative to its mean,"
    reason = missing_thirds(measurement)
    if reason:
        return not_applicable(quantity, reason, {"kind": kind})
    profile = measurement.profile(kind, "mutual_information")
    value, resampled = (
        theil_sen(means[..., FIRST:]) * (measurement.n_layers - FIRST) / means[..., FIRST:].mean(axis=-1)
        for means in (profile.mean, profile.resampled)
    )
    estimate = percentile_estimate(float(value), resampled, n=measurement.n_tokens(kind))
    return decide(quantity, estimate, FALLING, {"kind": kind})


def information_thirds(measurement: Measurement, *, kind: Kind) -> Decision:
    """Compare mean MI of the last third of the layers with the first third."""
    quantity = f"mean MI of {MARK_NAMES[kind]} in the last third of the layers, relative to the first third,"
    reason = missing_thirds(measurement)
    if reason:
        return not_applicable(quantity, reason, {"kind": kind})
    profile = measurement.profile(kind, "mutual_information")
    third = measurement.n_layers // 3
    value, resampled = (
        means[..., -third:].mean(axis=-1) / means[..., FIRST : FIRST + third].mean(axis=-1)
        for means in (profile.mean, profile.resampled)
    )
    estimate = percentile_estimate(float(value), resampled, unit="times", n=measurement.n_tokens(kind))
    return decide(quantity, estimate, LOWER_THAN_BEFORE, {"kind": kind})


def covariance_growth(measurement: Measurement, *, kind: Kind) -> Decision:
    """Measure how many times its value at layer 1 mean covariance reaches at the last layer."""
    return _growth(measurement, kind, "covariance", TENFOLD)


def opposite_trends(measurement: Measurement, *, kind: Kind) -> Decision:
    """Correlate the ranks of the layers by mean MI with those by mean covariance."""
    quantity = f"the rank correlation of mean MI and mean covariance of {MARK_NAMES[kind]} over the layers"
    reason = missing_thirds(measurement)
    information, covariance = (
        measurement.profile(kind, measure) for measure in ("mutual_information", "covariance")
    )
    if reason:
        return not_applicable(quantity, reason, {"kind": kind})
    estimate = percentile_estimate(
        float(spearman(information.mean[FIRST:], covariance.mean[FIRST:])),
        spearman(information.resampled[:, FIRST:], covariance.resampled[:, FIRST:]),
        n=measurement.n_tokens(kind),
    )
    return decide(quantity, estimate, OPPOSITE, {"kind": kind})


def variance_growth(measurement: Measurement, *, kind: Kind) -> Decision:
    """Measure how many times its value at layer 1 the mean variance of a token reaches at the last layer."""
    variance = measurement.token_std(kind) ** 2
    weights = measurement.multiplicities[kind]
    resampled = weights @ variance.T / weights.sum(axis=1, keepdims=True)
    parameters: dict[str, Parameter] = {"kind": kind, "layer": measurement.n_layers}
    quantity = _quantity(measurement, kind, "variance")
    if (resampled[:, FIRST] == 0).any():
        reason = "activations at layer 1 are constant, so nothing can be a multiple of their variance"
        return not_applicable(quantity, reason, parameters)
    estimate = _estimate_growth(measurement, kind, variance.mean(axis=1), resampled)
    return decide(quantity, estimate, VERY_LARGE, parameters)


def variance_share(measurement: Measurement, *, kind: Kind) -> Decision:
    """Measure the share of covariance's doublings that the standard deviations carry."""
    quantity = f"the standard deviations' share in the growth of mean covariance of {MARK_NAMES[kind]}"
    parameters: dict[str, Parameter] = {"kind": kind, "layer": measurement.n_layers}
    reason = _missing_growth(measurement, kind)
    if reason:
        return not_applicable(quantity, reason, parameters)
    covariance, deviations = (measurement.profile(kind, name) for name in ("covariance", "std_product"))
    value, resampled = (
        np.log(_ratios(part)) / np.log(_ratios(whole))
        for part, whole in ((deviations.mean, covariance.mean), (deviations.resampled, covariance.resampled))
    )
    estimate = percentile_estimate(float(value), resampled, n=measurement.n_tokens(kind))
    return decide(quantity, estimate, GROWTH_EXPLAINED, parameters)


def correlation_growth(measurement: Measurement, *, kind: Kind) -> Decision:
    """Measure the growth of mean Pearson correlation where covariance grows tenfold."""
    reason = _missing_growth(measurement, kind)
    if reason:
        parameters: dict[str, Parameter] = {"kind": kind, "layer": measurement.n_layers}
        return not_applicable(_quantity(measurement, kind, "Pearson's r"), reason, parameters)
    return _growth(measurement, kind, "pearson", GROWTH_REMOVED)


def _growth(measurement: Measurement, kind: Kind, measure: Measure, criterion: Criterion) -> Decision:
    name = {"covariance": "covariance", "pearson": "Pearson's r"}[measure]
    quantity = _quantity(measurement, kind, name)
    parameters: dict[str, Parameter] = {"kind": kind, "layer": measurement.n_layers}
    profile = measurement.profile(kind, measure)
    if not (profile.mean[FIRST] > 0 and (profile.resampled[:, FIRST] > 0).all()):
        reason = f"mean {name} at layer 1 is not clearly positive, so nothing can be a multiple of it"
        return not_applicable(quantity, reason, parameters)
    estimate = _estimate_growth(measurement, kind, profile.mean, profile.resampled)
    return decide(quantity, estimate, criterion, parameters)


def _quantity(measurement: Measurement, kind: Kind, name: str) -> str:
    return f"mean {name} of {MARK_NAMES[kind]} at layer {measurement.n_layers}, relative to layer 1,"


def _estimate_growth(measurement: Measurement, kind: Kind, means: Floats, resampled: Floats) -> Estimate:
    return percentile_estimate(
        float(_ratios(means)), _ratios(resampled), unit="times", n=measurement.n_tokens(kind)
    )


def _ratios(means: Floats) -> Floats:
    """Divide the last layer's mean by layer 1's."""
    return np.asarray(means[..., -1] / means[..., FIRST])


def _missing_growth(measurement: Measurement, kind: Kind) -> str:
    """Say why there is no growth to explain or remove. Empty where covariance grows tenfold."""
    grown = covariance_growth(measurement, kind=kind)
    if grown.supported:
        return ""
    return f"there is no tenfold growth: {grown.reason or grown.message}"
