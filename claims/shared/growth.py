"""How many times its value at layer 1 a mean reaches at the last layer."""

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.estimate import Estimate, percentile_estimate
from layerclaims.claims.document import DOCUMENT
from layerclaims.claims.shared.preconditions import unless_presupposed
from layerclaims.decision import Criterion, Decision, Parameter, decide, not_applicable
from layerclaims.message import Message, message

Floats = NDArray[np.float64]

FIRST = 1
"""Layer from which trends are read: at layer 0 all vectors of a kind are equal."""

CHANGE = 0.1
"""Smallest relative change of a mean that counts as one: less is how much one layer differs from the next."""

TENFOLD = Criterion("at least", 10, message("Tens of times is ten times at the very least."), no_effect=1)
MEASURE_NAMES = {"covariance": message("covariance"), "pearson": message("Pearson's r")}


def covariance_growth(measurement: Measurement, *, kind: str) -> Decision:
    """Measure how many times its value at layer 1 mean covariance reaches at the last layer."""
    return profile_growth(measurement, kind, "covariance", TENFOLD)


def without_growth(
    measurement: Measurement, kind: str, quantity: Message, parameters: dict[str, Parameter]
) -> Decision | None:
    """Decide an assertion about a tenfold growth of covariance that is absent, or of which that is open.

    Parameters and result are those of `unless_presupposed`.
    """
    grown = covariance_growth(measurement, kind=kind)
    absent = message("there is no tenfold growth: {reason}", reason=grown.reason or grown.sentence)
    return unless_presupposed(grown, absent, quantity, parameters)


def profile_growth(measurement: Measurement, kind: str, measure: str, criterion: Criterion) -> Decision:
    """Decide on the growth of a pair measure's mean."""
    name = MEASURE_NAMES[measure]
    quantity = growth_quantity(measurement, kind, name)
    parameters: dict[str, Parameter] = {"kind": kind, "layer": measurement.n_layers}
    profile = measurement.profile(kind, measure)
    if not (profile.mean[FIRST] > 0 and (profile.resampled[:, FIRST] > 0).all()):
        reason = message(
            "mean {measure} at layer 1 is not clearly positive, so nothing can be a multiple of it",
            measure=name,
        )
        return not_applicable(quantity, reason, parameters)
    estimate = estimate_growth(measurement, kind, profile.mean, profile.resampled)
    return decide(quantity, estimate, criterion, parameters)


def growth_quantity(measurement: Measurement, kind: str, measure: Message) -> Message:
    """Name a mean at the last layer, relative to layer 1."""
    return message(
        "mean {measure} of {kind} at layer {layer}, relative to layer 1,",
        measure=measure,
        kind=DOCUMENT.kind(kind).name,
        layer=measurement.n_layers,
    )


def estimate_growth(measurement: Measurement, kind: str, means: Floats, resampled: Floats) -> Estimate:
    """Estimate the growth of a mean from its values by layer, in the sample and in token resamples."""
    return percentile_estimate(
        float(growth_ratio(means)), growth_ratio(resampled), unit="times", n=measurement.n_tokens(kind)
    )


def mean_profiles(measurement: Measurement, measure: str) -> Floats:
    """Return a pair measure's mean of every kind from layer 1 on, shape ``(n_kinds, n_layers)``."""
    return np.stack([measurement.profile(kind, measure).mean[FIRST:] for kind in DOCUMENT.kind_keys])


def growth_margin(profiles: Floats, criterion: Criterion) -> Floats:
    """Tell how far the kind that grows least lies inside a criterion; the last axis is layers from 1 on."""
    return np.asarray(criterion.margin(profiles[..., -1] / profiles[..., 0]).min(axis=-1))


def growth_ratio(means: Floats) -> Floats:
    """Divide the last layer's mean by layer 1's; layers are the last axis."""
    return np.asarray(means[..., -1] / means[..., FIRST])
