"""Group tokens by the dimensions that they drop, and divide their pairs into tiles.

Tokens that drop the same dimensions form a group. All pairs between two groups keep the same dimensions.
A large group is divided into chunks of its own tokens. Tokens of small groups share mixed chunks, whose pairs
are corrected one by one.
"""

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.compiled import part
from layerclaims.analysis.pairs.popcount import LANES

Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Number = TypeVar("Number", bound=np.generic)

LARGE_GROUP = 4
"""Smallest number of tokens of a group with its own chunks. A lower limit is slower where groups are many."""
STRIPES = 16
"""Rounds in which tiles are dealt out by size, so that equally many tiles in a row take about equal time."""


class Layout(NamedTuple):
    """Tokens in order of their group, divided into chunks of at most `LANES`; a tile is two chunks."""

    tokens: Integers
    """The token at each position, shape (n_tokens,)."""
    dimensions: Integers
    """The dimension at each place, shape (hidden,)."""
    group: Integers
    """The group at each position, shape (n_tokens,)."""
    dropped: Booleans
    """Dimensions that each group drops, as a mask, shape (n_groups, hidden)."""
    listed: Integers
    n_dropped: Integers
    """The dropped dimensions as lists, shape (n_groups, longest list), and their lengths, (n_groups,)."""
    start: Integers
    stop: Integers
    """First position and last position + 1 of each chunk, shape (n_chunks,)."""
    pure: Booleans
    """Whether all tokens of a chunk are of one group, shape (n_chunks,)."""
    tiles: Integers
    """Pairs of chunks, each once, shape (n_tiles, 2): row chunk, then column chunk, which is the longer."""


def find_layout(values: Floats, dropped: Booleans) -> Layout:
    """Sort tokens by the dimensions that they drop, and dimensions by their mean.

    The order of dimensions changes no result. Sorting them saves time: neighbouring dimensions fall into the
    same few bins in most tokens.

    Parameters
    ----------
    values : ndarray of float64, shape (n_tokens, hidden)
    dropped : ndarray of bool, shape (n_tokens, hidden)

    Returns
    -------
    Layout
        Of these tokens; `arrange` puts values into its order.
    """
    example, group = _group(dropped)
    sizes = np.bincount(group)
    tokens = np.lexsort((group, sizes[group] < LARGE_GROUP))
    dimensions = np.argsort(values.mean(axis=0), kind="stable")
    patterns = _reorder(dropped, example, dimensions)
    listed, n_dropped = _list(patterns)
    bounds, pure = _chunks(sizes)
    return Layout(
        tokens=tokens,
        dimensions=dimensions,
        group=group[tokens],
        dropped=patterns,
        listed=listed,
        n_dropped=n_dropped,
        start=bounds[:-1],
        stop=bounds[1:],
        pure=pure,
        tiles=_tiles(np.diff(bounds)),
    )


def arrange(values: Floats, layout: Layout) -> Floats:
    """Put tokens and dimensions into the order of the layout; shape (n_tokens, hidden)."""
    return _reorder(values, layout.tokens, layout.dimensions)


def _reorder(array: NDArray[Number], rows: Integers, columns: Integers) -> NDArray[Number]:
    """Take rows, then columns, which takes half as long as both at once."""
    return array[rows].take(columns, axis=1)


def _list(patterns: Booleans) -> tuple[Integers, Integers]:
    """List the dimensions that each group drops, filled up by zeros, and count them."""
    groups, dimensions = np.nonzero(patterns)
    n_dropped = np.bincount(groups, minlength=len(patterns))
    listed = np.zeros((len(patterns), n_dropped.max()), np.int64)
    listed[groups, np.arange(groups.size) - (np.cumsum(n_dropped) - n_dropped)[groups]] = dimensions
    return listed, n_dropped


def _group(dropped: Booleans) -> tuple[Integers, Integers]:
    """Group tokens that drop the same dimensions; return one token of each group, and each token's group."""
    columns = np.flatnonzero(dropped.any(axis=0))
    if columns.size == 0:
        return np.zeros(1, np.int64), np.zeros(len(dropped), np.int64)
    packed = np.ascontiguousarray(np.packbits(dropped[:, columns], axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1])))[:, 0]
    _, example, group = np.unique(keys, return_index=True, return_inverse=True)
    return example, group


def fewest_kept(layout: Layout) -> tuple[int, tuple[int, int]]:
    """Find the pair that keeps the fewest dimensions; return their number and the pair's two tokens."""
    dropped = layout.dropped[:, layout.dropped.any(axis=0)].astype(np.float64)
    union = layout.n_dropped[:, np.newaxis] + layout.n_dropped - dropped @ dropped.T
    rows, columns = np.unravel_index(int(union.argmax()), union.shape)
    first = int(layout.tokens[layout.group == rows][0])
    second = int(layout.tokens[layout.group == columns][-1])
    return layout.dropped.shape[1] - int(union.max()), (first, second)


def _chunks(sizes: Integers) -> tuple[Integers, Booleans]:
    """Divide each large group, and all small ones together, into equal chunks; return bounds and purity."""
    large = sizes[sizes >= LARGE_GROUP]
    runs = np.append(large, sizes.sum() - large.sum())
    n_chunks = -(-runs // LANES)
    run = np.repeat(np.arange(runs.size), n_chunks)
    number = np.arange(run.size) - np.repeat(np.cumsum(n_chunks) - n_chunks, n_chunks)
    start = (np.cumsum(runs) - runs)[run] + number * runs[run] // n_chunks[run]
    return np.append(start, sizes.sum()), run < large.size


def _tiles(sizes: Integers) -> Integers:
    """Pair chunks of these sizes, and put the pairs in an order that mixes large and small tiles."""
    rows, columns = np.triu_indices(sizes.size)
    swapped = sizes[rows] > sizes[columns]
    tiles = np.stack([np.where(swapped, columns, rows), np.where(swapped, rows, columns)], axis=1)
    work = sizes[rows] * sizes[columns] * np.where(rows == columns, 0.5, 1)
    by_size = np.argsort(-work, kind="stable")
    dealt = np.concatenate([by_size[stripe::STRIPES] for stripe in range(STRIPES)])
    return np.asarray(tiles[dealt])


@part()
def count_kept(layout: Layout, one: int, other: int) -> int:
    """Count the dimensions that two groups both keep."""
    n_kept: int = layout.dropped.shape[1] - layout.n_dropped[one]
    for dimension in layout.listed[other, : layout.n_dropped[other]]:
        if not layout.dropped[one, dimension]:
            n_kept -= 1
    return n_kept


@part()
def pair_index(one: int, other: int, n_tokens: int) -> int:
    """Return the index of a pair of tokens in ``numpy.triu_indices(n_tokens, 1)``."""
    low, high = min(one, other), max(one, other)
    return low * n_tokens - low * (low + 1) // 2 + high - low - 1
