"""Encode tokens as bit masks: for each bin, one bit a dimension in words of 4, without the empty words.

Words are short since a vector instruction that looks bytes up in a table of 16 then counts the bits that two
words share; see `analysis.pairs.popcount`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.compiled import part
from layerclaims.analysis.pairs.aligned import empty_aligned
from layerclaims.analysis.pairs.layout import Booleans, Floats, Integers
from layerclaims.analysis.pairs.popcount import CELLS, LANES

Bytes = NDArray[np.uint8]

WORD = 4
"""Dimensions of a word."""
NEAR_WORDS = 16
"""Words that all tokens of a block write in turn, while their rows are in the first cache."""
FINEST = 1e-9
"""Width of a bin relative to the values, above which rounding moves an edge by far less than a bin."""


class Token(NamedTuple):
    """One token in bins, or all tokens by position on a leading axis; bin ``bins`` has dropped dimensions."""

    codes: Bytes
    """Bin of each dimension, shape (WORD * n_words,)."""
    extremes: Integers
    """Dimensions of the smallest and the largest kept value, shape (2,); for bins of equal width only."""
    words: NDArray[np.uint32]
    """Words of each bin that are not empty, index << WORD | bits, shape (WORD * n_words,)."""
    first_word: NDArray[np.uint32]
    n_words: NDArray[np.uint32]
    """Where the words of each bin begin, and their number, shape (bins + 1,)."""
    n_dimensions: Integers
    """Number of dimensions in each bin, shape (bins + 1,)."""


class Block(NamedTuple):
    """Masks of a chunk's tokens, interleaved by lane; or those of all chunks on a leading axis."""

    bits: Bytes
    """1-D, ordered by word, bin and lane, padded at the end by `CELLS` bins."""
    lowest: Integers
    highest: Integers
    """Range of bins that occur in each word, shape (n_words,)."""


def empty_tokens(n_tokens: int, hidden: int, bins: int) -> Token:
    """Allocate the encoding of tokens."""
    n_words = -(-hidden // WORD)
    return Token(
        np.empty((n_tokens, WORD * n_words), np.uint8),
        np.empty((n_tokens, 2), np.int64),
        np.empty((n_tokens, WORD * n_words), np.uint32),
        np.empty((n_tokens, bins + 1), np.uint32),
        np.empty((n_tokens, bins + 1), np.uint32),
        np.empty((n_tokens, bins + 1), np.int64),
    )


def empty_blocks(n_blocks: int, hidden: int, bins: int) -> Block:
    """Allocate blocks."""
    n_words = -(-hidden // WORD)
    return Block(
        empty_aligned((n_blocks, (n_words * bins + CELLS) * LANES), np.dtype(np.uint8)),
        np.empty((n_blocks, n_words), np.int64),
        np.empty((n_blocks, n_words), np.int64),
    )


@part()
def pick_token(tokens: Token, index: int) -> Token:
    """Return one token of many, as views."""
    return Token(
        tokens.codes[index],
        tokens.extremes[index],
        tokens.words[index],
        tokens.first_word[index],
        tokens.n_words[index],
        tokens.n_dimensions[index],
    )


@part()
def pick_block(blocks: Block, index: int) -> Block:
    """Return one block of many, as views."""
    return Block(blocks.bits[index], blocks.lowest[index], blocks.highest[index])


@part()
def _fill_equal_width_edges(low: float, high: float, edges: Floats) -> None:
    """Compute the edges of ``numpy.histogram`` to the last bit, but do not widen an empty range."""
    bins = edges.size - 1
    step = (high - low) / bins
    for index in range(bins):
        edges[index] = index * step + low if step != 0 else index / bins * (high - low) + low
    edges[bins] = high


@part()
def _encode_by_edges(row: Floats, low: float, high: float, edges: Floats, codes: Bytes) -> None:
    """Assign kept values to bins of equal width by comparing them with every edge."""
    bins = edges.size - 1
    _fill_equal_width_edges(low, high, edges)
    for bit in range(row.size):
        if codes[bit] < bins:
            code = 0
            for index in range(1, bins):
                code += row[bit] >= edges[index]
            codes[bit] = code


@part()
def _encode_by_division(row: Floats, low: float, high: float, bins: int, codes: Bytes) -> None:
    """Do the same by a division, which rounding can put into the next bin, and a look at that bin's edges.

    The edges are those of `_fill_equal_width_edges`, to the last bit.
    """
    step, scale, last = (high - low) / bins, bins / (high - low), float(bins - 1)
    for bit in range(row.size):
        value = row[bit]
        guess = np.trunc(min(max((value - low) * scale, 0.0), last))
        guess += (value >= (guess + 1) * step + low) - 1.0 * (value < guess * step + low)
        code = np.uint8(np.int32(min(guess, last)))
        codes[bit] = codes[bit] if codes[bit] == bins else code


@part()
def encode_by_width(
    row: Floats, own: Booleans, other: Booleans, edges: Floats, codes: Bytes, extremes: Integers
) -> None:
    """Compute the bin of each dimension that neither token drops: the number of inner edges not above it."""
    bins = edges.size - 1
    codes[row.size :] = bins
    for bit in range(row.size):
        codes[bit] = bins if own[bit] | other[bit] else 0
    # Each from the end where it usually is, since dimensions are in order of their means: whenever a value is
    # the smallest or the largest so far, the processor has foreseen another branch.
    low, high = np.inf, -np.inf
    for bit in range(np.uint64(row.size)):
        if (row[bit] < low) & (codes[bit] == 0):
            low = row[bit]
            extremes[0] = bit
    for from_end in range(1, row.size + 1):
        dimension = np.uint64(row.size - from_end)
        if (row[dimension] > high) & (codes[dimension] == 0):
            high = row[dimension]
            extremes[1] = dimension
    if (high - low) / bins > FINEST * max(abs(low), abs(high)):
        _encode_by_division(row, low, high, bins, codes)
    else:
        _encode_by_edges(row, low, high, edges, codes)


@part()
def count_dimensions(token: Token, quarters: Integers) -> None:
    """Count the dimensions in each bin, every fourth in a row of its own: neighbours are often in one bin."""
    quarters[:] = 0
    for first in range(0, token.codes.size, 4):
        for row in range(4):
            quarters[row, token.codes[first + row]] += 1
    for code in range(token.n_dimensions.size):
        token.n_dimensions[code] = (
            quarters[0, code] + quarters[1, code] + quarters[2, code] + quarters[3, code]
        )


@part()
def _append(token: Token, code: int, word: np.uint32, mask: np.uint32, is_new: np.uint32) -> None:
    """Add a word to the list of a bin; without a branch: the next one overwrites what is not new."""
    n_words = token.n_words[code]
    token.words[np.uint64(token.first_word[code]) + np.uint64(n_words)] = word << np.uint32(WORD) | mask
    token.n_words[code] = n_words + is_new


@part()
def list_masks(token: Token) -> None:
    """List the words of each bin that are not empty, after `count_dimensions`.

    The bin of each dimension of a word begins an entry, unless an earlier dimension of the word has begun it,
    so a bin has at most as many words as dimensions. Numbers without a sign spare a test of every index.
    Words of one bin are many and lie together, so the processor foresees the branch for them.
    """
    token.n_words[:] = 0
    first_word = 0
    for code in range(token.n_dimensions.size):
        token.first_word[code] = first_word
        first_word += token.n_dimensions[code]
    one, two, three = np.uint32(1), np.uint32(2), np.uint32(3)
    for word in range(np.uint32(token.codes.size // WORD)):
        start = np.uint64(word) * np.uint64(WORD)
        a, b = token.codes[start], token.codes[start + np.uint64(1)]
        c, d = token.codes[start + np.uint64(2)], token.codes[start + np.uint64(3)]
        ab, ac, ad = np.uint32(a == b), np.uint32(a == c), np.uint32(a == d)
        if ab & ac & ad:
            _append(token, a, np.uint32(word), np.uint32(2**WORD - 1), one)
            continue
        bc, bd, cd = np.uint32(b == c), np.uint32(b == d), np.uint32(c == d)
        _append(token, a, np.uint32(word), one | ab << one | ac << two | ad << three, one)
        _append(token, b, np.uint32(word), two | bc << two | bd << three, one - ab)
        _append(token, c, np.uint32(word), np.uint32(4) | cd << three, one - (ac | bc))
        _append(token, d, np.uint32(word), np.uint32(8), one - (ad | bd | cd))


@part()
def pack(codes: Bytes, bins: int, block: Block) -> None:
    """Write the masks of tokens into a block, each into its lane.

    Parameters
    ----------
    codes : ndarray of uint8, shape (up to LANES, WORD * n_words)
        Bin of each dimension of each token.
    """
    block.bits[:] = 0
    block.lowest[:] = bins
    block.highest[:] = -1
    n_words = block.lowest.size
    for first in range(0, n_words, NEAR_WORDS):
        for lane in range(np.uint64(codes.shape[0])):
            for word in range(np.uint64(first), np.uint64(min(first + NEAR_WORDS, n_words))):
                for bit in range(np.uint64(WORD)):
                    code = codes[lane, word * np.uint64(WORD) + bit]
                    if code < bins:
                        row = word * np.uint64(bins) + np.uint64(code)
                        block.bits[row * np.uint64(LANES) + lane] |= np.uint8(1 << bit)
                        block.lowest[word] = min(block.lowest[word], np.int64(code))
                        block.highest[word] = max(block.highest[word], np.int64(code))
