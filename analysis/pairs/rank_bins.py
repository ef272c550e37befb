"""Bins of equal frequency: equally many of the dimensions that a pair keeps, up to one.

Bin k begins at the value of rank ``k * n_kept // bins``, and all values equal to that one are in the bin. So
each bin is a run of a token's dimensions in order of their values. Where the other token drops dimensions,
the runs begin a few ranks higher or lower, and only the dimensions in between change their bins.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.compiled import part
from layerclaims.analysis.pairs.layout import Floats, Integers, Layout

Bytes = NDArray[np.uint8]
Ranking = NDArray[np.uint16]


class Ranks(NamedTuple):
    """The dimensions of tokens by rank; a token's own, or those of all tokens by position on a leading axis.

    Ranks begin at 0, and dimensions that a token's group drops have the last ones.
    """

    dimensions: Ranking
    """Dimension at each rank, shape (hidden,)."""
    ranks: Ranking
    """Rank of each dimension, shape (hidden,)."""
    lowest: Ranking
    """Lowest rank of the values that are equal to that of a rank, shape (hidden,)."""
    starts: Ranking
    """Rank at which each bin of the kept dimensions begins, and their number, shape (bins + 1,)."""


def rank_tokens(values: Floats, layout: Layout, bins: int) -> Ranks:
    """Order the dimensions of each token; the rest is left to `find_starts`.

    Parameters
    ----------
    values, layout :
        From `arrange` and `find_layout` in `analysis.pairs.layout`.
    bins : int
    """
    kept = np.where(layout.dropped[layout.group], np.inf, values)
    dimensions = np.argsort(kept, axis=1).astype(np.uint16)
    starts = np.empty((len(values), bins + 1), np.uint16)
    return Ranks(dimensions, np.empty_like(dimensions), np.empty_like(dimensions), starts)


def no_ranks(n_tokens: int) -> Ranks:
    """Make ranks without dimensions: they ask for bins of equal width."""
    none = np.empty((n_tokens, 0), np.uint16)
    return Ranks(none, none, none, none)


@part()
def pick_ranks(ranks: Ranks, index: int) -> Ranks:
    """Return the ranks of one token of many, as views."""
    return Ranks(ranks.dimensions[index], ranks.ranks[index], ranks.lowest[index], ranks.starts[index])


@part()
def find_starts(row: Floats, n_kept: int, ranks: Ranks) -> None:
    """Fill in a token's ranks, once its dimensions are in order, and where its bins begin."""
    last, lowest = np.nan, 0
    for rank in range(row.size):
        dimension = ranks.dimensions[rank]
        if row[dimension] != last:
            last, lowest = row[dimension], rank
        ranks.ranks[dimension] = rank
        ranks.lowest[rank] = lowest
    bins = ranks.starts.size - 1
    for code in range(bins):
        ranks.starts[code] = ranks.lowest[code * n_kept // bins]
    ranks.starts[bins] = n_kept


@part()
def encode_by_rank(ranks: Ranks, codes: Bytes) -> None:
    """Compute the bin of each dimension that a token's group keeps; the others get ``bins``."""
    bins = ranks.starts.size - 1
    codes[:] = bins
    for code in range(bins):
        for rank in range(ranks.starts[code], ranks.starts[code + 1]):
            codes[ranks.dimensions[rank]] = code


@part()
def _list_left_out(ranks: Ranks, dropped: Integers, left_out: Integers) -> int:
    """List the ranks of dropped dimensions in ascending order, without those that the token drops itself."""
    n_kept, n_left_out = ranks.starts[-1], 0
    for dimension in dropped:
        rank = ranks.ranks[dimension]
        if rank < n_kept:
            place = n_left_out
            while place > 0 and left_out[place - 1] > rank:
                left_out[place] = left_out[place - 1]
                place -= 1
            left_out[place] = rank
            n_left_out += 1
    return n_left_out


@part()
def leave_out_by_rank(ranks: Ranks, own: Bytes, dropped: Integers, left_out: Integers, codes: Bytes) -> None:
    """Compute the bins of a token beside one that drops other dimensions.

    Parameters
    ----------
    ranks : Ranks
        Of the token, after `find_starts`.
    own : ndarray of uint8
        Its bins from `encode_by_rank`.
    dropped : ndarray of int64
        What the other token drops.
    left_out : ndarray of int64, shape (hidden,)
        Working memory.
    codes : ndarray of uint8
        Written to; dropped dimensions get ``bins``.
    """
    bins, n_kept = ranks.starts.size - 1, int(ranks.starts[-1])
    n_left_out = _list_left_out(ranks, dropped, left_out)
    for dimension in range(codes.size):
        codes[dimension] = own[dimension]
    whole, part_of_one = divmod(n_kept - n_left_out, bins)
    start, passed, boundary, parts = 0, 0, 0, 0
    for code in range(bins):
        boundary, parts = boundary + whole, parts + part_of_one  # (code + 1) * n_kept // bins, which is slow
        if parts >= bins:
            boundary, parts = boundary + 1, parts - bins
        while passed < n_left_out and left_out[passed] <= boundary + passed:
            passed += 1
        stop = int(ranks.lowest[boundary + passed]) if code + 1 < bins else n_kept
        for rank in range(start, min(stop, ranks.starts[code])):
            codes[ranks.dimensions[rank]] = code
        for rank in range(max(start, ranks.starts[code + 1]), stop):
            codes[ranks.dimensions[rank]] = code
        start = stop
    for dimension in dropped:
        codes[dimension] = bins
