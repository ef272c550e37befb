"""The document's recipe, pair by pair, as its notebook would loop: the reference of tests and benchmarks."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Measures(NamedTuple):
    """Of one pair: mutual information in bits, covariance, Pearson correlation."""

    mutual_information: float
    covariance: float
    pearson: float


def kept_dimensions(first: Floats, second: Floats, outlier_sd: float) -> NDArray[np.bool_]:
    """Mark the dimensions in which neither activation is an outlier; a constant has none."""
    kept = np.ones(first.size, np.bool_)
    for activation in (first, second):
        if outlier_sd and activation.min() < activation.max():
            scores = (activation - activation.mean()) / activation.std(ddof=1)
            kept &= ~(np.abs(scores) > outlier_sd)
    return kept


def entropy(probabilities: Floats) -> float:
    """Entropy in bits."""
    occupied = probabilities[probabilities > 0]
    return float(-(occupied * np.log2(occupied)).sum())


def measure_pair(first: Floats, second: Floats, bins: int = 15, outlier_sd: float = 5.0) -> Measures:
    """Measure two activations of shape (hidden,); Pearson of a constant is NaN."""
    first, second = first.astype(np.float64), second.astype(np.float64)
    kept = kept_dimensions(first, second, outlier_sd)
    first, second = first[kept], second[kept]
    joint = np.histogram2d(first, second, bins=bins)[0] / first.size
    information = entropy(joint.sum(axis=1)) + entropy(joint.sum(axis=0)) - entropy(joint.ravel())
    covariance = np.cov(first, second)
    constant = first.min() == first.max() or second.min() == second.max()
    pearson = np.nan if constant else covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    return Measures(information, float(covariance[0, 1]), float(pearson))
