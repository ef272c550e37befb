"""What every function of a measure over all pairs of n tokens needs to know about its values."""

import math

import numpy as np
from numpy.typing import NDArray

MIN_TOKENS = 20
"""With fewer tokens one of them holds a tenth of all pairs, and a group of a tenth is two tokens."""

ROUNDING = 1e-6
"""Spread, relative to the values, that single-precision arithmetic produces from equal tokens."""


def count_tokens(values: NDArray[np.float64]) -> int:
    """Check the values and tell how many tokens their pairs come from."""
    if values.ndim != 1:
        raise ValueError(f"values must be one-dimensional, got shape {values.shape}")
    n_tokens = (1 + math.isqrt(1 + 8 * len(values))) // 2
    if n_tokens * (n_tokens - 1) // 2 != len(values) or n_tokens < MIN_TOKENS:
        raise ValueError(f"{len(values)} values are not all pairs of {MIN_TOKENS} or more tokens")
    if not np.isfinite(values).all():
        raise ValueError("values must be finite")
    return n_tokens


def is_constant(low: float, high: float) -> bool:
    """Tell whether the spread is no more than rounding."""
    return bool(high - low <= ROUNDING * max(abs(low), abs(high)))


def pair_index(first: NDArray[np.int64], second: NDArray[np.int64], n_tokens: int) -> NDArray[np.int64]:
    """Place of pair (first < second) in the order of ``numpy.triu_indices``."""
    return first * (2 * n_tokens - first - 1) // 2 + second - first - 1
