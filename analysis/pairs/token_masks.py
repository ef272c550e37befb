"""Encode tokens as bit masks: for each bin, one bit a dimension in words of 8, without the empty words."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.compiled import part
from layerclaims.analysis.pairs.layout import Booleans, Floats, Integers
from layerclaims.analysis.pairs.popcount import CELLS, LANES

Bytes = NDArray[np.uint8]

_EACH_BYTE = np.uint64(0x0101010101010101)
_LOW_BITS = np.uint64(0x7F7F7F7F7F7F7F7F)
_TO_ONE_BYTE = np.uint64(0x0102040810204080)


class Token(NamedTuple):
    """One token in bins, or all tokens by position on a leading axis; bin ``bins`` has dropped dimensions."""

    codes: Bytes
    """Bin of each dimension, shape (8 * n_words,)."""
    extremes: Integers
    """Dimensions of the smallest and the largest kept value, shape (2,); for bins of equal width only."""
    words: NDArray[np.uint16]
    masks: Bytes
    """Indices of each bin's words that are not empty, and their bits, shape (bins + 1, n_words + 1)."""
    n_words: Integers
    n_dimensions: Integers
    """Number of words that are not empty, and of dimensions, in each bin, shape (bins + 1,)."""


class Block(NamedTuple):
    """Masks of a chunk's tokens, interleaved by lane; or those of all chunks on a leading axis."""

    bits: Bytes
    """1-D, ordered by word, bin and lane, padded at the end by `CELLS` bins."""
    lowest: Integers
    highest: Integers
    """Range of bins that occur in each word, shape (n_words,)."""


def empty_tokens(n_tokens: int, hidden: int, bins: int) -> Token:
    """Allocate the encoding of tokens."""
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
    """Allocate blocks."""
    n_words = (hidden + 7) // 8
    return Block(
        np.empty((n_blocks, (n_words * bins + CELLS) * LANES), np.uint8),
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
        tokens.masks[index],
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
def _encode_by_rank(row: Floats, ranking: Integers, codes: Bytes, bins: int) -> None:
    """Assign kept values to bins of equal frequency, up to one; equal values share a bin.

    Bin k begins at the value of rank ``k * n_kept // bins``, and all values equal to that one are in the bin.
    The loop goes from the largest value down; a value equal to the one before gets the same bin.
    """
    n_kept = 0
    for bit in range(row.size):
        n_kept += codes[bit] < bins
    rank, code, last = n_kept, bins - 1, np.nan
    first_rank = code * n_kept // bins
    for place in range(ranking.size - 1, -1, -1):
        bit = ranking[place]
        if codes[bit] < bins:
            rank -= 1
            if row[bit] != last:
                last = row[bit]
                while first_rank > rank:
                    code -= 1
                    first_rank = code * n_kept // bins
            codes[bit] = code


@part()
def encode(
    row: Floats,
    ranking: Integers,
    own: Booleans,
    other: Booleans,
    edges: Floats,
    codes: Bytes,
    extremes: Integers,
) -> None:
    """Compute the bin of each dimension that neither token drops: the number of inner edges not above it.

    Bins of equal frequency change with any dropped dimension, so ``extremes`` is left as it is for them.
    """
    bins = edges.size - 1
    codes[row.size :] = bins
    for bit in range(row.size):
        codes[bit] = bins if own[bit] | other[bit] else 0
    if ranking.size:
        _encode_by_rank(row, ranking, codes, bins)
        return
    low, high = np.inf, -np.inf
    for bit in range(row.size):
        if codes[bit] == 0:
            if row[bit] < low:
                low = row[bit]
                extremes[0] = bit
            if row[bit] > high:
                high = row[bit]
                extremes[1] = bit
    _fill_equal_width_edges(low, high, edges)
    for index in range(1, bins):
        edge = edges[index]
        for bit in range(row.size):
            codes[bit] += row[bit] >= edge
    for bit in range(row.size):
        codes[bit] = bins if own[bit] | other[bit] else codes[bit]


@part()
def list_masks(token: Token, masks: NDArray[np.uint64]) -> None:
    """List the words of each bin that are not empty.

    The 8 codes of a word are compared with the bin in one integer operation.

    References
    ----------
    Warren (2013), Hacker's Delight, section 6-1: finding the bytes that are 0 without carries between them.
    """
    eights = token.codes.view(np.uint64)
    for code in range(token.n_words.size - 1):
        n_dimensions = np.uint64(0)
        for word in range(eights.size):
            difference = eights[word] ^ (np.uint64(code) * _EACH_BYTE)
            equal = ~(((difference & _LOW_BITS) + _LOW_BITS) | difference | _LOW_BITS) >> np.uint64(7)
            masks[word] = (equal * _TO_ONE_BYTE) >> np.uint64(56)
            n_dimensions += (equal * _EACH_BYTE) >> np.uint64(56)
        listed, bits = token.words[code], token.masks[code]
        n_words = 0
        for word in range(eights.size):  # without a branch: the next word overwrites an empty one
            listed[n_words] = word
            bits[n_words] = masks[word]
            n_words += masks[word] != 0
        token.n_words[code] = n_words
        token.n_dimensions[code] = np.int64(n_dimensions)


@part()
def clear(block: Block, bins: int) -> None:
    """Empty a block."""
    block.bits[:] = 0
    block.lowest[:] = bins
    block.highest[:] = -1


@part()
def put(token: Token, bins: int, lane: int, block: Block) -> None:
    """Write a token's masks into its lane of a block."""
    for code in range(bins):
        for entry in range(token.n_words[code]):
            word = np.int64(token.words[code, entry])
            block.bits[(word * bins + code) * LANES + lane] = token.masks[code, entry]
            block.lowest[word] = min(block.lowest[word], code)
            block.highest[word] = max(block.highest[word], code)
