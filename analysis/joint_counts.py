"""Mutual information of every pair of tokens from counts of joint bins, in compiled loops.

Each token is described by masks: a bit for each dimension in a bin, 8 dimensions to a word. The joint
count of two bins is the number of bits that two masks share, and one vector operation finds it for 64
tokens at once. A mask leaves out the dimensions that its own token drops; what the other token drops, the
other's masks leave out. Only where a dropped dimension held the other token's smallest or largest value
do its bins move, and then it is described anew for that tile of pairs.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.compiled import kernel, part
from analysis.layout import Booleans, Floats, Integers, Layout, count_kept, pair_index
from analysis.popcount import CELLS, LANES, MAX_ENTRIES, add_shared_bits
from analysis.token_masks import Block, Bytes, Scratch, Token

FRACTION_BITS = 40
"""Sums of c log2(c) are kept in integers of this many binary places: exact in any order, 1e-12 in value."""
MAX_HIDDEN = 2**16 - 1
"""Largest joint count that 16 bits hold."""


_EACH_BYTE = np.uint64(0x0101010101010101)
_LOW_BITS = np.uint64(0x7F7F7F7F7F7F7F7F)
_TO_ONE_BYTE = np.uint64(0x0102040810204080)


@part()
def _pick_token(tokens: Token, index: int) -> Token:
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
def _pick_block(blocks: Block, index: int) -> Block:
    """Take one block of many."""
    return Block(blocks.bits[index], blocks.lowest[index], blocks.highest[index])


@part()
def _fill_equal_width_edges(low: float, high: float, edges: Floats) -> None:
    """Divide a range as ``numpy.histogram`` does, to the last bit; a single value stands in a range of 1."""
    bins = edges.size - 1
    if low == high:
        low, high = low - 0.5, high + 0.5
    step = (high - low) / bins
    for index in range(bins):
        edges[index] = index * step + low if step != 0 else index / bins * (high - low) + low
    edges[bins] = high


@part()
def _fill_equal_frequency_edges(row: Floats, ranking: Integers, codes: Bytes, edges: Floats) -> None:
    """Divide the kept values so that bins hold equally many, up to one; equal values stay together."""
    bins = edges.size - 1
    n_kept = 0
    for bit in range(row.size):
        n_kept += codes[bit] < bins
    rank = 0
    index = 0
    for bit in ranking:
        if codes[bit] < bins:
            while index < bins and index * n_kept // bins == rank:
                edges[index] = row[bit]
                index += 1
            edges[bins] = row[bit]
            rank += 1


@part()
def _describe(
    row: Floats, ranking: Integers, own: Booleans, other: Booleans, scratch: Scratch, token: Token
) -> None:
    """Fill in the description of a token over the dimensions that neither of two groups drops."""
    bins = scratch.edges.size - 1
    codes = token.codes
    codes[:] = bins
    low, high = np.inf, -np.inf
    for bit in range(row.size):
        if not (own[bit] or other[bit]):
            codes[bit] = 0
            if row[bit] < low:
                low = row[bit]
                token.extremes[0] = bit
            if row[bit] > high:
                high = row[bit]
                token.extremes[1] = bit
    if ranking.size:
        _fill_equal_frequency_edges(row, ranking, codes, scratch.edges)
    else:
        _fill_equal_width_edges(low, high, scratch.edges)
    for index in range(1, bins):
        edge = scratch.edges[index]
        for bit in range(row.size):
            codes[bit] += row[bit] >= edge
    for bit in range(row.size):
        if own[bit] or other[bit]:
            codes[bit] = bins
    _list_masks(token, scratch.masks)


@part()
def _list_masks(token: Token, masks: NDArray[np.uint64]) -> None:
    """List the words of each bin: the 8 codes of a word are compared with it at once, as one integer.

    References
    ----------
    Warren (2013), Hacker's Delight, section 6-1: finding the bytes that are 0 without carries between them.
    """
    eights = token.codes.view(np.uint64)
    for code in range(token.n_words.size):
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
def _clear(block: Block, bins: int) -> None:
    """Empty a block."""
    block.bits[:] = 0
    block.lowest[:] = bins
    block.highest[:] = -1


@part()
def _put(token: Token, bins: int, lane: int, block: Block) -> None:
    """Write a token's masks into its lane of a block."""
    for code in range(bins):
        for entry in range(token.n_words[code]):
            word = np.int64(token.words[code, entry])
            block.bits[(word * bins + code) * LANES + lane] = token.masks[code, entry]
            block.lowest[word] = min(block.lowest[word], code)
            block.highest[word] = max(block.highest[word], code)


@kernel
def describe_chunks(
    start: int,
    stop: int,
    values: Floats,
    ranking: Integers,
    layout: Layout,
    tokens: Token,
    blocks: Block,
    scratch: Scratch,
) -> None:
    """Describe the tokens of some chunks over what their own groups keep, and pack them into blocks.

    Parameters
    ----------
    start, stop : int
        The chunks.
    values, layout :
        From `analysis.layout.arrange`.
    ranking : ndarray of int64, shape (n_tokens, hidden)
        Dimensions of each token by value, for bins of equal frequency; without columns, for equal width.
    tokens, blocks :
        From `empty_tokens` and `empty_blocks`; filled in.
    scratch : Scratch
        From `empty_scratch`, one for each thread.
    """
    bins = scratch.edges.size - 1
    for chunk in range(start, stop):
        dropped = layout.dropped[layout.group[chunk]]
        block = _pick_block(blocks, chunk)
        _clear(block, bins)
        for position in range(layout.start[chunk], layout.stop[chunk]):
            token = _pick_token(tokens, position)
            _describe(values[position], ranking[position], dropped, dropped, scratch, token)
            _put(token, bins, position - layout.start[chunk], block)


@part()
def _sum_table(
    token: Token, other: Booleans, dropped_anywhere: Integers, table: Integers, n_dimensions: Integers
) -> int:
    """Sum the table over a token's bins, without the dimensions that the other group drops."""
    n_dimensions[:] = token.n_dimensions
    for bit in dropped_anywhere:
        n_dimensions[token.codes[bit]] -= other[bit]
    total = 0
    for code in range(n_dimensions.size - 1):
        total += table[n_dimensions[code]]
    return total


@part()
def _describe_moved(
    values: Floats,
    ranking: Integers,
    layout: Layout,
    tile: tuple[int, int],
    tokens: Token,
    moved: Token,
    scratch: Scratch,
    table: Integers,
) -> bool:
    """Describe anew the tokens whose bins move over what both groups keep; sum the table over all their bins.

    Returns
    -------
    bool
        Whether a column's bins move.
    """
    for side in range(2):
        chunk = tile[side]
        own = layout.dropped[layout.group[chunk]]
        other = layout.dropped[layout.group[tile[1 - side]]]
        keeps_less = False
        for bit in layout.dropped_anywhere:
            keeps_less |= other[bit] and not own[bit]
        for position in range(layout.start[chunk], layout.stop[chunk]):
            lane = position - layout.start[chunk]
            token = _pick_token(tokens, position)
            moves = other[token.extremes[0]] or other[token.extremes[1]]
            scratch.moved[side, lane] = keeps_less if ranking.shape[1] else moves
            if scratch.moved[side, lane]:
                token = _pick_token(moved, side * LANES + lane)
                _describe(values[position], ranking[position], own, other, scratch, token)
            scratch.marginals[side, lane] = _sum_table(
                token, other, layout.dropped_anywhere, table, scratch.n_dimensions
            )
    return bool(scratch.moved[1, : layout.stop[tile[1]] - layout.start[tile[1]]].any())


@part()
def _sum_joint(token: Token, block: Block, table: Integers, first: int, last: int, scratch: Scratch) -> None:
    """Sum the table over the joint bins of one token with those of a block from lane first to last."""
    bins = scratch.edges.size - 1
    counts, totals = scratch.counts, scratch.totals
    totals[:] = 0
    fewest = 2 if table[1] == 0 else 1  # a bin of one dimension has joint counts of 0 and 1 only
    for code in range(bins):
        if token.n_dimensions[code] < fewest:
            continue
        n_words = token.n_words[code]
        lowest, highest = bins, -1
        for entry in range(n_words):
            lowest = min(lowest, block.lowest[token.words[code, entry]])
            highest = max(highest, block.highest[token.words[code, entry]])
        counts[lowest * LANES : (highest + CELLS) * LANES] = 0
        for entry in range(0, n_words, MAX_ENTRIES):
            end = min(entry + MAX_ENTRIES, n_words)
            for cell in range(lowest, highest + 1, CELLS):
                add_shared_bits(
                    counts, block.bits, cell, bins, token.words[code], token.masks[code], entry, end
                )
        for cell in range(lowest, highest + 1):
            for sixteenth in range(first // 16, last // 16 + 1):
                for lane in range(16 * sixteenth, 16 * sixteenth + 16):
                    totals[lane] += table[counts[cell * LANES + lane]]


@part()
def _repack(tokens: Token, moved: Token, chunk: tuple[int, int], scratch: Scratch, spare: Block) -> Block:
    """Pack a chunk, from its first to its last position, with what was described anew."""
    bins = scratch.edges.size - 1
    block = _pick_block(spare, 0)
    _clear(block, bins)
    for position in range(chunk[0], chunk[1]):
        lane = position - chunk[0]
        if scratch.moved[1, lane]:
            _put(_pick_token(moved, LANES + lane), bins, lane, block)
        else:
            _put(_pick_token(tokens, position), bins, lane, block)
    return block


@part()
def _measure_row(
    layout: Layout,
    tile: tuple[int, int],
    row: int,
    token: Token,
    block: Block,
    scratch: Scratch,
    table: Integers,
    result: Floats,
) -> None:
    """Estimate the mutual information of one row of a tile with its columns."""
    n_kept = count_kept(layout, tile[0], tile[1])
    first_column = layout.start[tile[1]]
    n_columns = layout.stop[tile[1]] - first_column
    first = row + 1 if tile[0] == tile[1] else 0
    _sum_joint(token, block, table, first, n_columns - 1, scratch)
    for lane in range(first, n_columns):
        total = scratch.totals[lane] - scratch.marginals[0, row] - scratch.marginals[1, lane]
        one, other = layout.tokens[layout.start[tile[0]] + row], layout.tokens[first_column + lane]
        bits = (table[n_kept] + total) / (n_kept * 2.0**FRACTION_BITS)
        result[pair_index(one, other, layout.tokens.size)] = bits


@kernel
def measure_tiles(
    start: int,
    stop: int,
    values: Floats,
    ranking: Integers,
    layout: Layout,
    tokens: Token,
    blocks: Block,
    scratch: Scratch,
    moved: Token,
    spare: Block,
    table: Integers,
    result: Floats,
) -> None:
    """Estimate the mutual information of the pairs in some tiles.

    Parameters
    ----------
    start, stop : int
        The tiles.
    values, ranking, layout, tokens, blocks :
        As `describe_chunks` leaves them.
    scratch, moved, spare :
        Room for one thread, the last two for ``2 * LANES`` tokens and one block.
    table : ndarray of int64, shape (hidden + 1,)
        What a count adds to the sum of c log2(c), times ``2**FRACTION_BITS``.
    result : ndarray of float64, shape (n_pairs,)
        Filled in, in bits, in the order of ``numpy.triu_indices(n_tokens, 1)``.
    """
    for index in range(start, stop):
        tile = (layout.tiles[index, 0], layout.tiles[index, 1])
        block = _pick_block(blocks, tile[1])
        if _describe_moved(values, ranking, layout, tile, tokens, moved, scratch, table):
            block = _repack(tokens, moved, (layout.start[tile[1]], layout.stop[tile[1]]), scratch, spare)
        for row in range(layout.stop[tile[0]] - layout.start[tile[0]]):
            token = _pick_token(tokens, layout.start[tile[0]] + row)
            if scratch.moved[0, row]:
                token = _pick_token(moved, row)
            _measure_row(layout, tile, row, token, block, scratch, table, result)
