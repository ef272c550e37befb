"""Checks and indices of values for all pairs of n tokens."""

import math

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError

MIN_TOKENS = 20
"""Smallest number of tokens. With fewer, one token takes part in a tenth of all pairs, and a group of a tenth
of the tokens has two members.
"""

ROUNDING = 1e-6
"""Spread of equal tokens' values by single-precision rounding, relative to the values."""


def count_tokens(values: NDArray[np.float64]) -> int:
    """Check the values, and return the number of tokens that their pairs come from."""
    if values.ndim != 1:
        raise ValueError(f"values must be one-dimensional, got shape {values.shape}")
    n_tokens = (1 + math.isqrt(1 + 8 * len(values))) // 2
    if n_tokens * (n_tokens - 1) // 2 != len(values):
        raise ValueError(f"{len(values)} values are not all pairs of some tokens")
    if n_tokens < MIN_TOKENS:
        raise UndefinedResultError(
            "clusters need pairs of {least} tokens or more, not of {tokens}",
            least=MIN_TOKENS,
            tokens=n_tokens,
        )
    if not np.isfinite(values).all():
        raise UndefinedResultError("the measure is undefined for a pair of the tokens")
    return n_tokens


def is_constant(low: float, high: float) -> bool:
    """Return whether the spread is no more than rounding."""
    return bool(high - low <= ROUNDING * max(abs(low), abs(high)))


def pair_index(first: NDArray[np.int64], second: NDArray[np.int64], n_tokens: int) -> NDArray[np.int64]:
    """Return the index of each pair (first < second) in ``numpy.triu_indices``."""
    return first * (2 * n_tokens - first - 1) // 2 + second - first - 1
