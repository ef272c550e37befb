"""Dimensions of a token that lie far from its others, and values of which nothing can be measured."""

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError

Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]

SMALLEST_EXTENT = 1e-150
"""Squares of numbers below it underflow in float64; squares of numbers above its inverse overflow."""


def outlying_dimensions(values: Floats, outlier_sd: float) -> Booleans:
    """Mark the dimensions of each token that lie beyond the threshold.

    Parameters
    ----------
    values : ndarray of float64, shape (n_tokens, hidden)
    outlier_sd : float
        In standard deviations (``ddof=1``) from the token's mean; 0 marks none.

    Returns
    -------
    ndarray of bool, shape (n_tokens, hidden)
        A constant token has none.
    """
    if outlier_sd == 0:
        return np.zeros(values.shape, np.bool_)
    mean = values.mean(axis=1, keepdims=True)
    sd = values.std(axis=1, ddof=1, keepdims=True, mean=mean)
    sd[values.max(axis=1) == values.min(axis=1)] = np.inf
    scores = values - mean
    scores /= sd
    return np.asarray(np.abs(scores, out=scores) > outlier_sd)


def check_values(values: Floats, number: int) -> None:
    """Refuse values that are not finite, and tokens whose variance float64 cannot hold.

    Parameters
    ----------
    values : ndarray of float64, shape (n_tokens, hidden)
    number : int
        The layer, for the message.

    Raises
    ------
    UndefinedResultError
        For the first such token, by layer and token.
    """
    low, high = values.min(axis=1), values.max(axis=1)
    if not (np.isfinite(low) & np.isfinite(high)).all():
        raise not_finite(values, number)
    extent = np.maximum(np.abs(low), np.abs(high))
    unmeasurable = (extent > 1 / SMALLEST_EXTENT) | ((high - low < SMALLEST_EXTENT) & (high > low))
    if unmeasurable.any():
        token = int(unmeasurable.argmax())
        raise UndefinedResultError(
            "layer {layer}, token {token} spans {low} to {high}: no variance in float64",
            layer=number,
            token=token,
            low=float(low[token]),
            high=float(high[token]),
        )


def not_finite(values: NDArray[np.floating], layer: int) -> UndefinedResultError:
    """Make the error that names the first value of a layer that is not finite, by token and dimension."""
    token, dimension = np.argwhere(~np.isfinite(values))[0].tolist()
    return UndefinedResultError(
        "layer {layer}, token {token}, dimension {dimension} is not finite",
        layer=layer,
        token=token,
        dimension=dimension,
    )
