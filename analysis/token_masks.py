"""Records of the joint counts: tokens as masks, blocks of them side by side, and room to work in."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.layout import Booleans, Floats, Integers
from analysis.popcount import CELLS, LANES

Bytes = NDArray[np.uint8]


class Token(NamedTuple):
    """One token in bins, dropped dimensions in bin ``bins``; with a leading axis, all tokens by position."""

    codes: Bytes
    """Bin of each bit, shape (8 * n_words,)."""
    extremes: Integers
    """Bits of the smallest and the largest kept value, shape (2,)."""
    words: NDArray[np.uint16]
    masks: Bytes
    """Words of each bin that are not empty, and their bits, shape (bins + 1, n_words + 1)."""
    n_words: Integers
    n_dimensions: Integers
    """Words and dimensions in each bin, shape (bins + 1,)."""


class Block(NamedTuple):
    """Masks of a chunk's tokens side by side; with a leading axis, of all chunks."""

    bits: Bytes
    """Ordered by word, bin and lane, with room for `CELLS` bins after the end, 1-D."""
    lowest: Integers
    highest: Integers
    """Range of bins that occur in each word, shape (n_words,)."""


class Scratch(NamedTuple):
    """Room that one thread works in."""

    edges: Floats
    """Shape (bins + 1,)."""
    masks: NDArray[np.uint64]
    """Masks of one bin, shape (n_words,)."""
    n_dimensions: Integers
    """Dimensions in each bin, shape (bins + 1,)."""
    counts: NDArray[np.uint16]
    """Joint counts by bin and lane, shape ((bins + CELLS) * LANES,)."""
    totals: Integers
    """Sums by lane, shape (LANES,)."""
    marginals: Integers
    """Sums of the rows and of the columns of a tile, shape (2, LANES)."""
    moved: Booleans
    """Which rows and columns are described anew, shape (2, LANES)."""


def empty_tokens(n_tokens: int, hidden: int, bins: int) -> Token:
    """Make room for the description of tokens."""
    n_words = (hidden + 7) // 8
    return Token(
        np.empty((n_tokens, 8 * n_words), np.uint8),
        np.empty((n_tokens, 2), np.int64),
        np.empty((n_tokens, bins + 1, n_words + 1), np.uint16),
        np.empty((n_tokens, bins + 1, n_words + 1), np.uint8),
        np.empty((n_tokens, bins + 1), np.int64),
        np.empty((n_tokens, bins + 1), np.int64),
    )


def empty_blocks(n_blocks: int, hidden: int, bins: int) -> Block:
    """Make room for blocks."""
    n_words = (hidden + 7) // 8
    return Block(
        np.empty((n_blocks, (n_words * bins + CELLS) * LANES), np.uint8),
        np.empty((n_blocks, n_words), np.int64),
        np.empty((n_blocks, n_words), np.int64),
    )


def empty_scratch(hidden: int, bins: int) -> Scratch:
    """Make room for one thread to work in."""
    return Scratch(
        np.empty(bins + 1),
        np.empty((hidden + 7) // 8, np.uint64),
        np.empty(bins + 1, np.int64),
        np.empty((bins + CELLS) * LANES, np.uint16),
        np.empty(LANES, np.int64),
        np.empty((2, LANES), np.int64),
        np.empty((2, LANES), np.bool_),
    )
