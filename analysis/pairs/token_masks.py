"""Tokens as masks: a bit for each dimension in a bin, 8 dimensions to a word, empty words left out."""

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
    """One token in bins, dropped dimensions in bin ``bins``; with a leading axis, all tokens by position."""

    codes: Bytes
    """Bin of each bit, shape (8 * n_words,)."""
    extremes: Integers
    """Bits of the smallest and the largest kept value, shape (2,); for bins of equal width."""
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


@part()
def pick_token(tokens: Token, index: int) -> Token:
    """Take one token of many."""
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
    """Take one block of many."""
    return Block(blocks.bits[index], blocks.lowest[index], blocks.highest[index])


@part()
def _fill_equal_width_edges(low: float, high: float, edges: Floats) -> None:
    """Divide a range as ``numpy.histogram`` does, to the last bit; a single value needs no range."""
    bins = edges.size - 1
    step = (high - low) / bins
    for index in range(bins):
        edges[index] = index * step + low if step != 0 else index / bins * (high - low) + low
    edges[bins] = high


@part()
def _encode_by_rank(row: Floats, ranking: Integers, codes: Bytes, bins: int) -> None:
    """Divide the kept values so that bins hold equally many, up to one; equal values stay together.

    Bin k begins at the value of rank ``k * n_kept // bins``, and all equal to it belong to the bin: from the
    largest value down, each one has the bin of the one before where the two are equal.
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
    """Find the bin of each dimension that neither token drops: the number of inner edges not above it.

    Bins by rank move with any dimension that is dropped, so their extremes are not asked for.
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
    """List the words of each bin: the 8 codes of a word are compared with it at once, as one integer.

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
        for word in range(eights.size):  # no branches: what was an empty word's is overwritten
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
