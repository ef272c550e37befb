"""Mutual information, covariance and Pearson correlation of every pair of tokens."""

from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import kernels

Estimator: TypeAlias = Literal["equal_width", "equal_frequency", "miller_madow"]
Floats: TypeAlias = NDArray[np.float64]

MAX_BINS = 255


@dataclass(frozen=True)
class PairMeasures:
    """The three measures of every pair of tokens, in the order of ``numpy.triu_indices(n_tokens, 1)``.

    Attributes
    ----------
    mutual_information : ndarray of float64, shape (..., n_pairs)
        In bits.
    covariance : ndarray of float64, shape (..., n_pairs)
        With ``n - 1``, in squared units of the activations.
    pearson : ndarray of float64, shape (..., n_pairs)
        NaN where a token is constant over the dimensions that the pair keeps.
    std_product : ndarray of float64, shape (..., n_pairs)
        Product of the two standard deviations, covariance over Pearson correlation, in squared units.
    """

    mutual_information: Floats
    covariance: Floats
    pearson: Floats
    std_product: Floats


def pairwise_measures(
    activations: ArrayLike, *, bins: int = 15, outlier_sd: float = 5.0, estimator: Estimator = "equal_width"
) -> PairMeasures:
    """Measure every pair of tokens over the hidden dimensions.

    Each pair is measured over the dimensions in which neither token lies more than ``outlier_sd`` standard
    deviations (``ddof=1``) from its own mean over all dimensions.

    Parameters
    ----------
    activations : array_like of float, shape (n_tokens, hidden) or (n_layers, n_tokens, hidden)
        Taken to float64 before anything else.
    bins : int
        Bins of each token, 1 to 255.
    outlier_sd : float
        0 keeps every dimension.
    estimator : {"equal_width", "equal_frequency", "miller_madow"}
        How the mutual information is estimated.

    Returns
    -------
    PairMeasures

    Raises
    ------
    ValueError
        For a wrong shape or parameter, for values that are not finite (with layer, token and dimension),
        and for pairs that keep fewer than two dimensions.
    """
    array = np.asarray(activations)
    if array.ndim not in (2, 3) or array.shape[-2] < 2 or array.shape[-1] < 2:
        raise ValueError(f"activations must be (layers,) tokens (>= 2), dimensions (>= 2), not {array.shape}")
    if not 1 <= bins <= MAX_BINS or not 0 <= outlier_sd < np.inf:
        raise ValueError(f"bins must be 1 to {MAX_BINS} and outlier_sd at least 0, not {bins}, {outlier_sd}")
    if array.ndim == 2:
        return _measure_layer(array, 0, bins, outlier_sd, estimator)
    layers = [_measure_layer(layer, index, bins, outlier_sd, estimator) for index, layer in enumerate(array)]
    names = [field.name for field in fields(PairMeasures)]
    return PairMeasures(**{name: np.stack([getattr(layer, name) for layer in layers]) for name in names})


def _measure_layer(
    layer: NDArray[np.generic], index: int, bins: int, outlier_sd: float, estimator: Estimator
) -> PairMeasures:
    """Measure the pairs of one layer, of shape (n_tokens, hidden)."""
    if estimator != "equal_width":
        raise NotImplementedError(estimator)
    values = np.ascontiguousarray(layer, dtype=np.float64)
    if not np.isfinite(values).all():
        token, dimension = np.argwhere(~np.isfinite(values))[0]
        raise ValueError(f"layer {index}, token {token}, dimension {dimension} is not finite")
    dropped = _outliers(values, outlier_sd)
    codes, low, high = kernels.equal_width_codes(values, dropped, bins)
    counts = np.arange(values.shape[1] + 1, dtype=np.float64)
    table = counts * np.log2(np.maximum(counts, 1))
    information = kernels.pair_information(values, codes, low, high, bins, table, 0.0)
    return PairMeasures(information, *_moments(values, dropped))


def _outliers(values: Floats, outlier_sd: float) -> NDArray[np.bool_]:
    """Mark the dimensions of each token that lie beyond the threshold."""
    if outlier_sd == 0:
        return np.zeros(values.shape, np.bool_)
    sd = values.std(axis=1, ddof=1, keepdims=True)
    sd[values.max(axis=1) == values.min(axis=1)] = np.inf  # a constant has no outliers
    return np.asarray(np.abs((values - values.mean(axis=1, keepdims=True)) / sd) > outlier_sd)


def _moments(values: Floats, dropped: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Covariance, Pearson correlation and product of sds of every pair over the dimensions that both keep."""
    kept = (~dropped).astype(np.float64)
    centred = (values - (values * kept).sum(axis=1, keepdims=True) / kept.sum(axis=1, keepdims=True)) * kept
    count = kept @ kept.T
    total = centred @ kept.T
    square = centred**2 @ kept.T - total**2 / count
    pairs = np.triu_indices(len(values), 1)
    covariance = ((centred @ centred.T - total * total.T / count) / (count - 1))[pairs]
    std_product = (np.sqrt(square * square.T) / (count - 1))[pairs]
    with np.errstate(divide="ignore", invalid="ignore"):
        pearson = covariance / std_product
    return covariance, np.clip(pearson, -1, 1), std_product
