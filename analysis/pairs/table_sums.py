"""Sum c log2(c) over the counts of bins, from a table; entropies are computed from these sums.

The table has the term of each count as an integer, so sums are exact in any order.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.compiled import part
from layerclaims.analysis.pairs.aligned import empty_aligned
from layerclaims.analysis.pairs.layout import Booleans, Floats, Integers
from layerclaims.analysis.pairs.popcount import CELLS, LANES, MAX_ENTRIES, add_shared_bits
from layerclaims.analysis.pairs.token_masks import WORD, Block, Bytes, Token, empty_blocks, empty_tokens

FRACTION_BITS = 40
"""Binary places of the table; sums are right to 1e-12."""
CORRECTION = 2.0**FRACTION_BITS / (2 * math.log(2))
"""Miller and Madow's correction for each occupied bin but one, half a nat, in the table's units."""
MAX_HIDDEN = 2**16 - 1
"""Largest joint count that 16 bits hold."""


class Scratch(NamedTuple):
    """Working memory of one thread."""

    edges: Floats
    """Shape (bins + 1,)."""
    quarters: Integers
    """Dimensions in each bin by their place in a word, shape (4, bins + 1)."""
    counts: NDArray[np.uint16]
    """Joint counts by bin and lane, shape ((bins + CELLS) * LANES,)."""
    four_counts: NDArray[np.uint64]
    """The same memory: the counts of four neighbouring lanes in one number, the first in its lowest bits."""
    totals: Integers
    """Sums by lane, shape (LANES,)."""
    n_dimensions: Integers
    """Dimensions in each bin of rows and columns, shape (2, LANES, bins + 1)."""
    marginals: Integers
    """Sums of rows and columns, shape (2, LANES)."""
    moved: Booleans
    """Which rows and columns are encoded again for the tile, shape (2, LANES)."""
    tokens: Token
    """New encodings of rows and columns, ``2 * LANES`` of them."""
    block: Block
    """Block of the columns where some are encoded again."""
    joint: NDArray[np.uint16]
    """Joint counts of one pair, those of the last half of the dimensions apart, (2, bins + 1, bins + 1)."""
    of_columns: NDArray[np.uint16]
    """Their sums over rows, shape (bins,)."""
    row_for: Integers
    columns_for: Integers
    """Groups for which a row of a mixed tile, shape (1,), and its columns, (LANES,), are encoded; or -1."""
    left_out: Integers
    """Ranks of dimensions that are left out, shape (hidden,)."""


def empty_scratch(hidden: int, bins: int) -> Scratch:
    """Allocate the working memory of one thread."""
    counts = empty_aligned(((bins + CELLS) * LANES,), np.dtype(np.uint16))
    return Scratch(
        edges=np.empty(bins + 1),
        quarters=np.empty((4, bins + 1), np.int64),
        counts=counts,
        four_counts=counts.view("<u8"),
        totals=empty_aligned((LANES,), np.dtype(np.int64)),
        n_dimensions=np.empty((2, LANES, bins + 1), np.int64),
        marginals=np.empty((2, LANES), np.int64),
        moved=np.empty((2, LANES), np.bool_),
        tokens=empty_tokens(2 * LANES, hidden, bins),
        block=empty_blocks(1, hidden, bins),
        joint=np.empty((2, bins + 1, bins + 1), np.uint16),
        of_columns=np.empty(bins, np.uint16),
        row_for=np.empty(1, np.int64),
        columns_for=np.empty(LANES, np.int64),
        left_out=np.empty(hidden, np.int64),
    )


@part()
def leave_out(codes: Bytes, left_out: Integers, table: Integers, total: int, n_dimensions: Integers) -> int:
    """Remove dimensions from the sum of the table over a token's bins.

    ``n_dimensions``, the number of dimensions in each bin, is changed and restored.
    """
    for dimension in left_out:
        code = codes[dimension]
        count = n_dimensions[code]
        if code < n_dimensions.size - 1:
            total += table[count - 1] - table[count]
        n_dimensions[code] = count - 1
    for dimension in left_out:
        n_dimensions[codes[dimension]] += 1
    return total


@part()
def sum_marginal(n_dimensions: Integers, table: Integers, copy: Integers) -> int:
    """Sum the table over a token's bins, and copy the number of dimensions in each bin."""
    total = 0
    for code in range(n_dimensions.size - 1):
        copy[code] = n_dimensions[code]
        total += table[n_dimensions[code]]
    return total


@part()
def look_up(
    four_counts: NDArray[np.uint64],
    table: Integers,
    lowest: int,
    highest: int,
    first: int,
    last: int,
    totals: Integers,
) -> None:
    """Add the table's terms of the counts in some cells to the sums of some lanes, four cells at a time.

    Reading memory takes the time, so counts are read for four lanes at once; the first and the last four may
    have lanes that nobody asked for. Numbers without a sign spare a test of every index: half of the time.
    """
    width, sixteen, mask = np.uint64(LANES // 4), np.uint64(16), np.uint64(0xFFFF)
    start, stop = np.uint64(first // 4), np.uint64(last // 4 + 1)
    cell, end = np.uint64(lowest) * width, np.uint64(highest + 1) * width
    while cell + np.uint64(3) * width < end:
        for four in range(start, stop):
            one, two = four_counts[cell + four], four_counts[cell + width + four]
            three = four_counts[cell + np.uint64(2) * width + four]
            last_one = four_counts[cell + np.uint64(3) * width + four]
            for lane in range(np.uint64(4)):
                shift = sixteen * lane
                totals[np.uint64(4) * four + lane] += (
                    table[one >> shift & mask]
                    + table[two >> shift & mask]
                    + table[three >> shift & mask]
                    + table[last_one >> shift & mask]
                )
        cell += np.uint64(4) * width
    while cell < end:
        for four in range(start, stop):
            one = four_counts[cell + four]
            for lane in range(np.uint64(4)):
                totals[np.uint64(4) * four + lane] += table[one >> sixteen * lane & mask]
        cell += width


@part()
def sum_joint(token: Token, block: Block, table: Integers, first: int, last: int, scratch: Scratch) -> None:
    """Sum the table over the joint bins of one token and each token of a block, from lane first to last."""
    bins = scratch.edges.size - 1
    counts, totals = scratch.counts, scratch.totals
    totals[:] = 0
    fewest = 2 if table[1] == 0 else 1  # a bin of one dimension has joint counts of 0 and 1 only
    for code in range(bins):
        if token.n_dimensions[code] < fewest:
            continue
        first_word = np.int64(token.first_word[code])
        stop = first_word + np.int64(token.n_words[code])
        lowest, highest = bins, -1
        for entry in range(first_word, stop):
            word = token.words[entry] >> np.uint32(WORD)
            lowest = min(lowest, block.lowest[word])
            highest = max(highest, block.highest[word])
        if highest < lowest:
            continue  # the columns drop all of these words
        counts[lowest * LANES : (highest + CELLS) * LANES] = 0
        for entry in range(first_word, stop, MAX_ENTRIES):
            end = min(entry + MAX_ENTRIES, stop)
            for cell in range(lowest, highest + 1, CELLS):
                add_shared_bits(counts, block.bits, cell, bins, token.words, entry, end)
        look_up(scratch.four_counts, table, lowest, highest, first, last, totals)


@part()
def sum_directly(
    first: Bytes, second: Bytes, table: Integers, joint: NDArray[np.uint16], of_columns: NDArray[np.uint16]
) -> int:
    """Sum the table over the joint bins of one pair less its marginal bins, counting each dimension.

    Every other dimension is of the second half, and has counts of its own: neighbours are often in one bin,
    whose count would have to be written before it can be read again.
    """
    bins = of_columns.size
    joint[:] = 0
    half = np.uint64(first.size // 2)  # without a sign: no test of the index
    for bit in range(half):
        joint[0, first[bit], second[bit]] += 1
        joint[1, first[half + bit], second[half + bit]] += 1
    total = 0
    of_columns[:] = 0
    for code in range(bins):
        of_row = np.uint16(0)
        for cell in range(bins):
            count = joint[0, code, cell] + joint[1, code, cell]
            joint[0, code, cell] = count
            of_row += count
            of_columns[cell] += count
        for cell in range(np.uint64(bins)):
            total += table[joint[0, np.uint64(code), cell]]
        total -= table[of_row]
    for cell in range(bins):
        total -= table[of_columns[cell]]
    return total
