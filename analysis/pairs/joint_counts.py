"""Mutual information of every pair of tokens from counts of joint bins, in compiled loops.

The joint count of two bins is the number of bits that two masks share. One vector operation computes it for
64 tokens at once. Each token's masks leave out the dimensions that this token drops, so shared bits exclude
the dimensions that either token drops. Bins of equal width move only where one token drops the dimension that
holds the other's smallest or largest value; bins of equal frequency move with any such dimension. A token
whose bins move is encoded again: once for a tile of two large groups, otherwise for each pair.
"""

from layerclaims.analysis.compiled import kernel, part
from layerclaims.analysis.pairs.layout import Floats, Integers, Layout, count_kept, pair_index
from layerclaims.analysis.pairs.popcount import LANES
from layerclaims.analysis.pairs.rank_bins import (
    Ranks,
    encode_by_rank,
    find_starts,
    leave_out_by_rank,
    pick_ranks,
)
from layerclaims.analysis.pairs.table_sums import (
    CORRECTION,
    FRACTION_BITS,
    Scratch,
    leave_out,
    sum_directly,
    sum_joint,
    sum_marginal,
)
from layerclaims.analysis.pairs.token_masks import (
    Block,
    Token,
    count_dimensions,
    encode_by_width,
    list_masks,
    pack,
    pick_block,
    pick_token,
)


@part()
def _are_by_rank(ranks: Ranks) -> bool:
    """Return whether bins are of equal frequency."""
    return bool(ranks.ranks.shape[1] > 0)


@kernel()
def describe_chunks(
    start: int,
    stop: int,
    values: Floats,
    ranks: Ranks,
    layout: Layout,
    tokens: Token,
    blocks: Block,
    scratch: Scratch,
) -> None:
    """Encode the tokens of some chunks over the dimensions that their groups keep; pack them into blocks.

    Parameters
    ----------
    start, stop : int
        First chunk and last chunk + 1.
    values, layout :
        From `arrange` and `find_layout` in `analysis.pairs.layout`.
    ranks : Ranks
        From `rank_tokens` for bins of equal frequency, to be filled in, or from `no_ranks` for equal width.
    tokens, blocks :
        From `empty_tokens` and `empty_blocks`; written to.
    scratch : Scratch
        From `empty_scratch`, one for each thread.
    """
    bins = scratch.edges.size - 1
    for chunk in range(start, stop):
        block = pick_block(blocks, chunk)
        for position in range(layout.start[chunk], layout.stop[chunk]):
            group = layout.group[position]
            token = pick_token(tokens, position)
            if _are_by_rank(ranks):
                of_token = pick_ranks(ranks, position)
                find_starts(values[position], values.shape[1] - layout.n_dropped[group], of_token)
                encode_by_rank(of_token, token.codes)
            else:
                dropped = layout.dropped[group]
                encode_by_width(
                    values[position], dropped, dropped, scratch.edges, token.codes, token.extremes
                )
            count_dimensions(token, scratch.quarters)
            list_masks(token)
        pack(tokens.codes[layout.start[chunk] : layout.stop[chunk]], bins, block)


@part()
def _moves(extremes: Integers, layout: Layout, own: int, other: int, by_rank: bool) -> bool:
    """Return whether a token's bins change when another group's dropped dimensions are left out.

    Bins by rank change with any such dimension, bins of equal width with the smallest or largest value only.
    """
    if not by_rank:
        return bool(layout.dropped[other, extremes[0]] or layout.dropped[other, extremes[1]])
    for dimension in layout.listed[other, : layout.n_dropped[other]]:
        if not layout.dropped[own, dimension]:
            return True
    return False


@part()
def _encode_beside(
    position: int,
    other: int,
    values: Floats,
    ranks: Ranks,
    layout: Layout,
    tokens: Token,
    scratch: Scratch,
    slot: int,
) -> None:
    """Encode a token over the dimensions that its group and another one keep."""
    codes = scratch.tokens.codes[slot]
    if _are_by_rank(ranks):
        leave_out_by_rank(
            pick_ranks(ranks, position),
            tokens.codes[position],
            layout.listed[other, : layout.n_dropped[other]],
            scratch.left_out,
            codes,
        )
    else:
        own_dropped, other_dropped = layout.dropped[layout.group[position]], layout.dropped[other]
        encode_by_width(
            values[position], own_dropped, other_dropped, scratch.edges, codes, scratch.tokens.extremes[slot]
        )


@part()
def _prepare_side(
    values: Floats,
    ranks: Ranks,
    layout: Layout,
    tile: tuple[int, int],
    side: int,
    tokens: Token,
    scratch: Scratch,
    table: Integers,
) -> None:
    """Sum the table over the bins of each token on one side of a tile.

    Where each side is one group, only the dimensions that both groups keep are counted, and tokens whose bins
    change with the other group are encoded again.
    """
    start, stop = layout.start[tile[side]], layout.stop[tile[side]]
    pure = layout.pure[tile[0]] and layout.pure[tile[1]]
    other = layout.group[layout.start[tile[1 - side]]]
    for position in range(start, stop):
        lane = position - start
        own = layout.group[position]
        token = pick_token(tokens, position)
        moved = pure and _moves(token.extremes, layout, own, other, _are_by_rank(ranks))
        if moved:
            slot = side * LANES + lane
            _encode_beside(position, other, values, ranks, layout, tokens, scratch, slot)
            token = pick_token(scratch.tokens, slot)
            count_dimensions(token, scratch.quarters)
            if side == 0:
                list_masks(token)  # columns are read from their block
        n_dimensions = scratch.n_dimensions[side, lane]
        total = sum_marginal(token.n_dimensions, table, n_dimensions)
        if pure:
            total = leave_out(
                token.codes, layout.listed[other, : layout.n_dropped[other]], table, total, n_dimensions
            )
        scratch.moved[side, lane] = moved
        scratch.marginals[side, lane] = total


@part()
def _columns(tokens: Token, blocks: Block, layout: Layout, chunk: int, scratch: Scratch) -> Block:
    """Return the block of a tile's columns; pack it again where some columns were encoded again."""
    start, stop = layout.start[chunk], layout.stop[chunk]
    if not scratch.moved[1, : stop - start].any():
        return pick_block(blocks, chunk)
    codes = scratch.tokens.codes[LANES : LANES + stop - start]
    for lane in range(stop - start):
        if not scratch.moved[1, lane]:
            for place in range(codes.shape[1]):
                codes[lane, place] = tokens.codes[start + lane, place]
    block = pick_block(scratch.block, 0)
    pack(codes, scratch.edges.size - 1, block)
    return block


@part()
def _encode_once(
    position: int,
    other: int,
    values: Floats,
    ranks: Ranks,
    layout: Layout,
    tokens: Token,
    scratch: Scratch,
    slot: int,
    encoded_for: Integers,
) -> None:
    """Encode a token beside those of another group, unless the slot holds that already."""
    if encoded_for[0] != other:
        _encode_beside(position, other, values, ranks, layout, tokens, scratch, slot)
        encoded_for[0] = other


@part()
def _sum_mixed(
    values: Floats,
    ranks: Ranks,
    layout: Layout,
    tile: tuple[int, int],
    row: int,
    first: int,
    tokens: Token,
    scratch: Scratch,
    table: Integers,
) -> None:
    """Complete the sums of a row pair by pair, where it and its columns drop different dimensions.

    Pairs whose bins move are summed anew. Bins by rank move in all pairs but those of one small group.
    """
    position, first_column = layout.start[tile[0]] + row, layout.start[tile[1]]
    by_rank = _are_by_rank(ranks)
    own = layout.group[position]
    scratch.row_for[0] = -1
    for lane in range(first, layout.stop[tile[1]] - first_column):
        column = first_column + lane
        other = layout.group[column]
        codes_of_row, codes_of_column = tokens.codes[position], tokens.codes[column]
        row_moves = _moves(tokens.extremes[position], layout, own, other, by_rank)
        column_moves = _moves(tokens.extremes[column], layout, other, own, by_rank)
        if row_moves:
            _encode_once(position, other, values, ranks, layout, tokens, scratch, row, scratch.row_for)
            codes_of_row = scratch.tokens.codes[row]
        if column_moves:
            slot, encoded_for = LANES + lane, scratch.columns_for[lane : lane + 1]
            _encode_once(column, own, values, ranks, layout, tokens, scratch, slot, encoded_for)
            codes_of_column = scratch.tokens.codes[slot]
        if by_rank or row_moves or column_moves:
            scratch.totals[lane] = sum_directly(
                codes_of_row, codes_of_column, table, scratch.joint, scratch.of_columns
            )
            continue
        left_of_row = leave_out(
            tokens.codes[position],
            layout.listed[other, : layout.n_dropped[other]],
            table,
            scratch.marginals[0, row],
            scratch.n_dimensions[0, row],
        )
        left_of_column = leave_out(
            tokens.codes[column],
            layout.listed[own, : layout.n_dropped[own]],
            table,
            scratch.marginals[1, lane],
            scratch.n_dimensions[1, lane],
        )
        scratch.totals[lane] -= left_of_row + left_of_column


@part()
def _measure_row(
    values: Floats,
    ranks: Ranks,
    layout: Layout,
    tile: tuple[int, int],
    row: int,
    tokens: Token,
    block: Block,
    scratch: Scratch,
    table: Integers,
    occupied_bits: int,
    result: Floats,
    corrected: Floats,
) -> None:
    """Estimate the mutual information of one row of a tile with its columns."""
    pure = layout.pure[tile[0]] and layout.pure[tile[1]]
    position, first_column = layout.start[tile[0]] + row, layout.start[tile[1]]
    n_columns = layout.stop[tile[1]] - first_column
    first = row + 1 if tile[0] == tile[1] else 0
    if pure or not _are_by_rank(ranks):
        token = pick_token(scratch.tokens, row) if scratch.moved[0, row] else pick_token(tokens, position)
        sum_joint(token, block, table, first, n_columns - 1, scratch)
    if pure:
        for lane in range(first, n_columns):
            scratch.totals[lane] -= scratch.marginals[0, row] + scratch.marginals[1, lane]
    else:
        _sum_mixed(values, ranks, layout, tile, row, first, tokens, scratch, table)
    own = layout.group[position]
    n_kept = count_kept(layout, own, layout.group[first_column])
    for lane in range(first, n_columns):
        if not pure:
            n_kept = count_kept(layout, own, layout.group[first_column + lane])
        pair = pair_index(layout.tokens[position], layout.tokens[first_column + lane], layout.tokens.size)
        total = table[n_kept] + scratch.totals[lane]
        if occupied_bits > 0:
            occupied = ((total + (1 << occupied_bits - 1)) & ((1 << occupied_bits) - 1)) - (
                1 << occupied_bits - 1
            )
            total = (total - occupied) >> occupied_bits
            corrected[pair] = (total - occupied * CORRECTION) / (n_kept * 2.0**FRACTION_BITS)
        result[pair] = total / (n_kept * 2.0**FRACTION_BITS)


@kernel()
def measure_tiles(
    start: int,
    stop: int,
    values: Floats,
    ranks: Ranks,
    layout: Layout,
    tokens: Token,
    blocks: Block,
    scratch: Scratch,
    table: Integers,
    occupied_bits: int,
    result: Floats,
    corrected: Floats,
) -> None:
    """Estimate the mutual information of the pairs in some tiles.

    Parameters
    ----------
    start, stop : int
        First tile and last tile + 1.
    values, ranks, layout, tokens, blocks :
        After `describe_chunks`.
    scratch : Scratch
        From `empty_scratch`, one for each thread.
    table : ndarray of int64, shape (hidden + 1,)
        c log2(c) of each count c, times ``2**FRACTION_BITS``: see `mutual_information.count_table`.
    occupied_bits : int
        The lowest bits of the table that count occupied bins; 0 for a table without.
    result, corrected : ndarray of float64, shape (n_pairs,)
        Written to; in bits, in the order of ``numpy.triu_indices(n_tokens, 1)``. The second is corrected for
        the occupied bins as Miller and Madow do, and left as it is where they are not counted.
    """
    for index in range(start, stop):
        tile = (layout.tiles[index, 0], layout.tiles[index, 1])
        scratch.columns_for[:] = -1
        for side in range(2):
            _prepare_side(values, ranks, layout, tile, side, tokens, scratch, table)
        block = _columns(tokens, blocks, layout, tile[1], scratch)
        for row in range(layout.stop[tile[0]] - layout.start[tile[0]]):
            _measure_row(
                values,
                ranks,
                layout,
                tile,
                row,
                tokens,
                block,
                scratch,
                table,
                occupied_bits,
                result,
                corrected,
            )
