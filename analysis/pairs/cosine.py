"""Cosine similarity of every pair of tokens."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.pairs.outliers import not_finite

Floats = NDArray[np.float64]


def pairwise_cosine(activations: ArrayLike) -> Floats:
    """Compute the cosine of the angle between every two tokens, over all dimensions.

    Outlying dimensions are kept, unlike in the other pair measures, since the usual definition keeps them.

    Parameters
    ----------
    activations : array_like of float, shape (n_tokens, hidden) or (n_layers, n_tokens, hidden)
        Converted to float64, one layer at a time.

    Returns
    -------
    ndarray of float64, shape (..., n_pairs)
        Dimensionless, in [-1, 1], pairs in the order of ``numpy.triu_indices(n_tokens, 1)``. NaN where one of
        the two vectors is zero and has no direction.

    Raises
    ------
    ValueError
        For a wrong shape, and for values that are not finite (with their place).
    """
    array = np.asarray(activations)
    if array.ndim not in (2, 3) or array.shape[-1] < 1:
        raise ValueError(f"activations have the shape (layers,) tokens, dimensions, not {array.shape}")
    if array.shape[-2] < 2:
        raise UndefinedResultError(
            "pairs need 2 tokens or more, and there are {tokens}", tokens=array.shape[-2]
        )
    if array.ndim == 2:
        return _layer_cosine(array, 0)
    return np.stack([_layer_cosine(layer, number) for number, layer in enumerate(array)])


def _layer_cosine(layer: NDArray[np.generic], number: int) -> Floats:
    """Compute the cosines of one layer, of shape (n_tokens, hidden)."""
    values = np.asarray(layer, dtype=np.float64)
    if not np.isfinite(values).all():
        raise not_finite(values, number)
    with np.errstate(invalid="ignore"):  # 0 / 0 is NaN
        scaled = values / np.abs(values).max(axis=1, keepdims=True)  # keeps the squares inside float64
        directions = scaled / np.linalg.norm(scaled, axis=1, keepdims=True)
    cosines = directions @ directions.T
    # Rounding can leave a product just outside of [-1, 1].
    return np.asarray(np.clip(cosines[np.triu_indices(len(values), 1)], -1.0, 1.0))
