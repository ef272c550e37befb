"""Covariance and Pearson correlation of every pair of tokens over the dimensions that both keep.

Each token is centred over the dimensions that its group keeps, and set to 0 in those that it drops. Products
of two such vectors then sum over the dimensions that both keep. The few dimensions that only the other token
drops are subtracted from a token's sum and sum of squares. Where these held nearly all of its variance, the
difference loses its digits to cancellation, and the pair is computed again from its values.
"""

from typing import NamedTuple

import numpy as np

from layerclaims.analysis.compiled import kernel, part
from layerclaims.analysis.pairs.layout import Booleans, Floats, Layout, count_kept, pair_index
from layerclaims.analysis.pairs.popcount import LANES
from layerclaims.analysis.threads import no_room, run_in_threads

LOST = 1e-4
"""Share of a token's sum of squares; a smaller remainder is not used. At the limit 12 of 16 digits remain."""


class Centred(NamedTuple):
    """Tokens centred over the dimensions that their group keeps, by position."""

    values: Floats
    """0 where dropped, shape (n_tokens, hidden)."""
    sums: Floats
    squares: Floats
    """Sum and sum of squares, shape (n_tokens,)."""


class Moments(NamedTuple):
    """Results, shape (n_pairs,): see `analysis.pairs.pairwise.PairMeasures`."""

    covariance: Floats
    pearson: Floats
    std_product: Floats


class Room(NamedTuple):
    """Working memory of one thread, by side of the tile (rows, columns) and lane, shape (2, LANES)."""

    sums: Floats
    deviations: Floats
    """Roots of the sums of squares over the dimensions that both groups keep; NaN where cancelled."""
    products: Floats
    """Sums of products of each row with each column, shape (LANES, LANES)."""


def pair_moments(values: Floats, layout: Layout) -> Moments:
    """Compute covariance, correlation and product of standard deviations of every pair of tokens.

    Parameters
    ----------
    values, layout :
        From `arrange` and `find_layout` in `analysis.pairs.layout`.

    Returns
    -------
    Moments
        In the order of ``numpy.triu_indices(n_tokens, 1)``.
    """
    n_tokens, hidden = values.shape
    n_pairs = n_tokens * (n_tokens - 1) // 2
    centred = Centred(np.empty((n_tokens, hidden)), np.empty(n_tokens), np.empty(n_tokens))
    result = Moments(np.empty(n_pairs), np.empty(n_pairs), np.empty(n_pairs))

    def centre(start: int, stop: int, _: None) -> None:
        centre_chunks(start, stop, values, layout, centred)

    def relate(start: int, stop: int, room: Room) -> None:
        relate_tiles(start, stop, values, layout, centred, room, result)

    run_in_threads(centre, layout.start.size, no_room)
    run_in_threads(relate, len(layout.tiles), empty_room)
    return result


def empty_room() -> Room:
    """Allocate the working memory of one thread."""
    return Room(np.empty((2, LANES)), np.empty((2, LANES)), np.empty((LANES, LANES)))


@part(reassociate=True)
def _centre(row: Floats, dropped: Booleans, result: Floats) -> tuple[float, float]:
    """Subtract the mean over the kept dimensions; return sum and sum of squares of the centred values."""
    total, n_kept = 0.0, 0
    for dimension in range(row.size):
        total += 0.0 if dropped[dimension] else row[dimension]
        n_kept += not dropped[dimension]
    mean = total / n_kept
    total, square = 0.0, 0.0
    for dimension in range(row.size):
        value = 0.0 if dropped[dimension] else row[dimension] - mean
        result[dimension] = value
        total += value
        square += value * value
    return total, square


@kernel()
def centre_chunks(start: int, stop: int, values: Floats, layout: Layout, centred: Centred) -> None:
    """Centre the tokens of some chunks.

    Parameters
    ----------
    start, stop : int
        First chunk and last chunk + 1.
    values, layout :
        From `arrange` and `find_layout` in `analysis.pairs.layout`.
    centred : Centred
        Written to.
    """
    for chunk in range(start, stop):
        for position in range(layout.start[chunk], layout.stop[chunk]):
            dropped = layout.dropped[layout.group[position]]
            total, square = _centre(values[position], dropped, centred.values[position])
            centred.sums[position] = total
            centred.squares[position] = square


@part()
def _leave_out(
    centred: Centred, position: int, other: int, n_kept: int, layout: Layout
) -> tuple[float, float]:
    """Subtract the dimensions that another group drops from a token's sum and sum of squares.

    Returns the sum and the root of the sum of squares; the root is NaN where a share of `LOST` or less is
    left.
    """
    total, square = centred.sums[position], centred.squares[position]
    for index in range(layout.n_dropped[other]):
        value = centred.values[position, layout.listed[other, index]]
        total -= value
        square -= value * value
    square -= total * total / n_kept
    return total, np.sqrt(square) if square > LOST * centred.squares[position] else np.nan


@part()
def _prepare_side(layout: Layout, centred: Centred, tile: tuple[int, int], side: int, room: Room) -> None:
    """Leave the other side's dropped dimensions out of one side's tokens; each side is one group."""
    start, other = layout.start[tile[side]], layout.group[layout.start[tile[1 - side]]]
    n_kept = count_kept(layout, layout.group[start], other)
    for position in range(start, layout.stop[tile[side]]):
        total, deviation = _leave_out(centred, position, other, n_kept, layout)
        room.sums[side, position - start] = total
        room.deviations[side, position - start] = deviation


@part(reassociate=True)
def _multiply(rows: Floats, columns: Floats, same: bool, products: Floats) -> None:
    """Sum the products of rows with columns, two rows by two columns at a time: four reads, four sums.

    ``same`` says that rows and columns are the same tokens; then only the upper triangle is computed.
    """
    for row in range(0, len(rows), 2):
        next_row = min(row + 1, len(rows) - 1)
        for column in range(row if same else 0, len(columns), 2):
            next_column = min(column + 1, len(columns) - 1)
            corner, right, below, opposite = 0.0, 0.0, 0.0, 0.0
            for dimension in range(rows.shape[1]):
                corner += rows[row, dimension] * columns[column, dimension]
                right += rows[row, dimension] * columns[next_column, dimension]
                below += rows[next_row, dimension] * columns[column, dimension]
                opposite += rows[next_row, dimension] * columns[next_column, dimension]
            products[row, column], products[row, next_column] = corner, right
            products[next_row, column], products[next_row, next_column] = below, opposite


@part()
def _mean(row: Floats, own: Booleans, other: Booleans) -> float:
    """Mean over the dimensions that neither token drops; NaN for a constant, which has no correlation."""
    lowest, highest, total, n_kept = np.inf, -np.inf, 0.0, 0
    for dimension in range(row.size):
        if not (own[dimension] or other[dimension]):
            lowest = min(lowest, row[dimension])
            highest = max(highest, row[dimension])
            total += row[dimension]
            n_kept += 1
    return total / n_kept if lowest < highest else np.nan


@part()
def _relate_directly(first: Floats, second: Floats, own: Booleans, other: Booleans) -> tuple[float, float]:
    """Compute one pair from its values: sum of products, and product of the roots of the sums of squares.

    Both are 0 where one of the tokens is constant.
    """
    mean_first, mean_second = _mean(first, own, other), _mean(second, own, other)
    if np.isnan(mean_first) or np.isnan(mean_second):
        return 0.0, 0.0
    product, square_first, square_second = 0.0, 0.0, 0.0
    for dimension in range(first.size):
        if not (own[dimension] or other[dimension]):
            of_first, of_second = first[dimension] - mean_first, second[dimension] - mean_second
            product += of_first * of_second
            square_first += of_first * of_first
            square_second += of_second * of_second
    return product, np.sqrt(square_first) * np.sqrt(square_second)


@part()
def _relate_row(
    values: Floats,
    layout: Layout,
    centred: Centred,
    tile: tuple[int, int],
    row: int,
    room: Room,
    result: Moments,
) -> None:
    """Measure one row of a tile with its columns."""
    pure = layout.pure[tile[0]] and layout.pure[tile[1]]
    position, first_column = layout.start[tile[0]] + row, layout.start[tile[1]]
    own, other = layout.group[position], layout.group[first_column]
    n_kept = count_kept(layout, own, other)
    total, deviation = room.sums[0, row], room.deviations[0, row]
    for lane in range(row + 1 if tile[0] == tile[1] else 0, layout.stop[tile[1]] - first_column):
        column = first_column + lane
        of_column, deviation_of_column = room.sums[1, lane], room.deviations[1, lane]
        if not pure:
            other = layout.group[column]
            n_kept = count_kept(layout, own, other)
            total, deviation = _leave_out(centred, position, other, n_kept, layout)
            of_column, deviation_of_column = _leave_out(centred, column, own, n_kept, layout)
        product = room.products[row, lane] - total * of_column / n_kept
        deviations = deviation * deviation_of_column
        if not deviations > 0:
            product, deviations = _relate_directly(
                values[position], values[column], layout.dropped[own], layout.dropped[other]
            )
        pair = pair_index(layout.tokens[position], layout.tokens[column], len(values))
        result.covariance[pair] = product / (n_kept - 1)
        result.std_product[pair] = deviations / (n_kept - 1)
        pearson = product / deviations  # 0 / 0, which is NaN, for a constant token
        result.pearson[pair] = np.sign(pearson) if abs(pearson) > 1 else pearson


@kernel()
def relate_tiles(
    start: int, stop: int, values: Floats, layout: Layout, centred: Centred, room: Room, result: Moments
) -> None:
    """Measure the pairs in some tiles.

    Parameters
    ----------
    start, stop : int
        First tile and last tile + 1.
    values, layout, centred :
        After `centre_chunks`.
    room : Room
        From `empty_room`, one for each thread.
    result : Moments
        Written to.
    """
    for index in range(start, stop):
        tile = (layout.tiles[index, 0], layout.tiles[index, 1])
        if layout.pure[tile[0]] and layout.pure[tile[1]]:
            for side in range(2):
                _prepare_side(layout, centred, tile, side, room)
        rows = centred.values[layout.start[tile[0]] : layout.stop[tile[0]]]
        columns = centred.values[layout.start[tile[1]] : layout.stop[tile[1]]]
        _multiply(rows, columns, tile[0] == tile[1], room.products)
        for row in range(len(rows)):
            _relate_row(values, layout, centred, tile, row, room, result)
