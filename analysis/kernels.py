"""Compiled loops of the pair measures: binning, counting joint bins, sums over what a pair keeps."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., object])
Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]


def kernel(*, parallel: bool = False) -> Callable[[Function], Function]:
    """Compile a function with numba and keep the machine code on disk where a folder can be written."""

    def compile_function(function: Function) -> Function:
        def compiled(cache: bool) -> object:
            return numba.njit(cache=cache, nogil=True, error_model="numpy", parallel=parallel)(function)

        try:
            return cast(Function, compiled(cache=True))
        except RuntimeError:  # numba found no folder for its cache: compile in every process
            return cast(Function, compiled(cache=False))

    return compile_function


@kernel()
def _edges(low: float, high: float, edges: Floats) -> None:
    """Fill ``edges`` as ``numpy.linspace(low, high, bins + 1)`` would, to the last bit."""
    bins = edges.size - 1
    if low == high:
        low, high = low - 0.5, high + 0.5
    step = (high - low) / bins
    for index in range(bins):
        edges[index] = index * step + low if step != 0 else index / bins * (high - low) + low
    edges[bins] = high


@kernel()
def _bin(values: Floats, edges: Floats, codes: Codes) -> None:
    """Write the bin of each value into ``codes``: as many inner edges as are not above it."""
    codes[:] = 0
    for edge in edges[1:-1]:
        for index in range(values.size):
            codes[index] += values[index] >= edge


@kernel(parallel=True)
def equal_width_codes(values: Floats, dropped: NDArray[np.bool_], bins: int) -> tuple[Codes, Floats, Floats]:
    """Find the equal-width bin of each dimension of each token; ``bins`` where it is dropped.

    Parameters
    ----------
    values : ndarray of float64, shape (n_tokens, hidden)
    dropped : ndarray of bool, shape (n_tokens, hidden)
        The token's own outliers; at least one dimension of each token is kept.
    bins : int

    Returns
    -------
    codes : ndarray of uint8, shape (n_tokens, hidden)
    low, high : ndarray of float64, shape (n_tokens,)
        Range of the kept dimensions.
    """
    n_tokens, hidden = values.shape
    codes = np.empty((n_tokens, hidden), np.uint8)
    low = np.full(n_tokens, np.inf)
    high = np.full(n_tokens, -np.inf)
    for token in numba.prange(n_tokens):
        for index in range(hidden):
            if not dropped[token, index]:
                low[token] = min(low[token], values[token, index])
                high[token] = max(high[token], values[token, index])
        edges = np.empty(bins + 1)
        _edges(low[token], high[token], edges)
        _bin(values[token], edges, codes[token])
        for index in range(hidden):
            if dropped[token, index]:
                codes[token, index] = bins
    return codes, low, high


@kernel()
def _range_of_both(values: Floats, codes_a: Codes, codes_b: Codes, bins: int) -> tuple[float, float]:
    """Range of ``values`` over the dimensions that neither token drops."""
    low, high = np.inf, -np.inf
    for index in range(values.size):
        if codes_a[index] < bins and codes_b[index] < bins:
            low = min(low, values[index])
            high = max(high, values[index])
    return low, high


@kernel()
def _information(first: Codes, second: Codes, bins: int, table: Floats, offset: float) -> float:
    """MI in bits of two coded tokens over the dimensions that neither drops."""
    joint = np.zeros((bins + 1, bins + 1), np.int64)
    for index in range(first.size):
        joint[first[index], second[index]] += 1
    total, kept = 0.0, 0
    columns = np.zeros(bins, np.int64)
    for a in range(bins):
        row = 0
        for b in range(bins):
            count = joint[a, b]
            row += count
            columns[b] += count
            total += table[count]
        kept += row
        total -= table[row]
    for b in range(bins):
        total -= table[columns[b]]
    return float(np.log2(kept)) + (total + offset) / kept


@kernel(parallel=True)
def pair_information(
    values: Floats, codes: Codes, low: Floats, high: Floats, bins: int, table: Floats, offset: float
) -> Floats:
    """MI in bits of every pair of tokens, binned anew where a dropped dimension moves the other's range.

    Returns
    -------
    ndarray of float64, shape (n_pairs,)
        In the order of ``numpy.triu_indices(n_tokens, 1)``.
    """
    n_tokens, hidden = values.shape
    result = np.empty(n_tokens * (n_tokens - 1) // 2)
    for row in numba.prange(n_tokens - 1):
        first = np.int64(row)  # numba counts in unsigned integers, which would turn the next line into floats
        start = first * n_tokens - first * (first + 1) // 2 - first - 1
        edges = np.empty(bins + 1)
        anew = np.empty((2, hidden), np.uint8)
        for second in range(first + 1, n_tokens):
            for side in range(2):
                token = second if side else first
                anew[side] = codes[token]
                bottom, top = _range_of_both(values[token], codes[first], codes[second], bins)
                if bottom != low[token] or top != high[token]:
                    _edges(bottom, top, edges)
                    _bin(values[token], edges, anew[side])
            for index in range(hidden):
                if codes[first, index] == bins or codes[second, index] == bins:
                    anew[:, index] = bins
            result[start + second] = _information(anew[0], anew[1], bins, table, offset)
    return result


@kernel(parallel=True)
def weighted_positions(
    first: NDArray[np.int64], second: NDArray[np.int64], multiplicities: Floats, targets: Floats
) -> NDArray[np.int64]:
    """Find where the running sum of pair weights reaches each target.

    Parameters
    ----------
    first, second : ndarray of int64, shape (n_pairs,)
        The tokens of each pair, pairs in the order of their values.
    multiplicities : ndarray of float64, shape (n_resamples, n_tokens)
    targets : ndarray of float64, shape (n_resamples, n_targets)
        Ascending in each row.

    Returns
    -------
    ndarray of int64, shape (n_resamples, n_targets)
        The first pair with a weight above 0 at which the sum is at least the target.
    """
    n_resamples, n_targets = targets.shape
    positions = np.empty((n_resamples, n_targets), np.int64)
    for resample in numba.prange(n_resamples):
        weights = multiplicities[resample]
        total, target, last = 0.0, 0, 0
        for pair in range(first.size):
            weight = weights[first[pair]] * weights[second[pair]]
            if weight > 0:
                total += weight
                last = pair
                while target < n_targets and total >= targets[resample, target]:
                    positions[resample, target] = pair
                    target += 1
        positions[resample, target:] = last  # rounding of the sum may leave a target of the whole unreached
    return positions
