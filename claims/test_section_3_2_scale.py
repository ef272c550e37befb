"""What rescaling activations does to the two measures."""

import numpy as np

from layerclaims.analysis.kinds import MARK_NAMES, Kind
from layerclaims.analysis.measurement.levels import Floats
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.estimate import exact
from layerclaims.decision import Decision, Parameter, decide, not_applicable
from layerclaims.claims.criteria import PROPORTIONAL, UNCHANGED_INFORMATION


def information_change(
    measurement: Measurement, *, kind: Kind, document_layer: int, factor: float
) -> Decision:
    """Measure how much the MI of a pair changes when every other token is rescaled."""
    layer = measurement.layer_of(document_layer)
    values, _ = _rescaled(measurement, kind, layer, factor)
    after = measurement.measure_information(values)
    change = np.abs(after - measurement.information(kind, layer)).mean()
    return decide(
        f"the mean change of a pair's MI of {MARK_NAMES[kind]} at layer {layer}, rescaled by {factor:g},",
        exact(float(change), unit="bits", n=measurement.n_tokens(kind), method="mean over all pairs"),
        UNCHANGED_INFORMATION,
        {"kind": kind, "layer": layer, "factor": factor},
    )


def covariance_deviation(
    measurement: Measurement, *, kind: Kind, document_layer: int, factor: float
) -> Decision:
    """Measure how far covariance departs from the product of the factors when tokens are rescaled."""
    layer = measurement.layer_of(document_layer)
    parameters: dict[str, Parameter] = {"kind": kind, "layer": layer, "factor": factor}
    quantity = (
        f"the largest deviation of the covariance of {MARK_NAMES[kind]} at layer {layer}, rescaled by "
        f"{factor:g}, from the product of the factors, relative to the product of the standard deviations,"
    )
    before = measurement.moments(kind, layer)
    strength = float(before.std_product.mean())
    if strength == 0:
        return not_applicable(quantity, "activations are constant, so all covariance is zero", parameters)
    values, factors = _rescaled(measurement, kind, layer, factor)
    first, second = np.triu_indices(len(factors), 1)
    products = factors[first] * factors[second]
    after = measurement.measure_moments(values)
    deviation = np.abs(after.covariance / products - before.covariance).max() / strength
    estimate = exact(float(deviation), n=measurement.n_tokens(kind), method="largest of all pairs")
    return decide(quantity, estimate, PROPORTIONAL, parameters)


def _rescaled(measurement: Measurement, kind: Kind, layer: int, factor: float) -> tuple[Floats, Floats]:
    """Multiply every other token by the factor; give each token's factor too.

    A pair then has neither, one or both of its tokens rescaled.
    """
    factors = np.where(np.arange(measurement.n_tokens(kind)) % 2 == 0, factor, 1.0)
    return measurement.activations(kind, layer).astype(np.float64) * factors[:, None], factors
