"""How tokens are arranged before their pairs are measured: by the dimensions that they drop.

Tokens that drop the same dimensions form a group. Any two groups share one set of kept dimensions, over
which all pairs of their tokens are complete, so pairs are measured in tiles of one group by one group.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.compiled import part
from analysis.popcount import LANES

Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

STRIPES = 16
"""Tiles are dealt out in this many rounds by size, so that any stretch of them is about as much work."""


class Layout(NamedTuple):
    """Tokens by group, in chunks of at most `LANES` of one group; pairs by tile of two chunks."""

    tokens: Integers
    """The token at each position, shape (n_tokens,)."""
    dropped: Booleans
    """What each group drops, shape (n_groups, hidden)."""
    dropped_anywhere: Integers
    """Dimensions that some group drops, shape (n_dropped,)."""
    start: Integers
    stop: Integers
    group: Integers
    """First position, last position + 1 and group of each chunk, shape (n_chunks,)."""
    tiles: Integers
    """Pairs of chunks, each once, rows first, shape (n_tiles, 2); columns are the longer."""


def arrange(values: Floats, dropped: Booleans) -> tuple[Floats, Layout]:
    """Sort tokens by what they drop, and dimensions by their mean.

    The order of dimensions changes no result. It is faster because dimensions side by side fall into the
    same few bins in most tokens.

    Parameters
    ----------
    values : ndarray of float64, shape (n_tokens, hidden)
    dropped : ndarray of bool, shape (n_tokens, hidden)

    Returns
    -------
    arranged : ndarray of float64, shape (n_tokens, hidden)
        Rows by position, columns by dimension, as the layout's are.
    layout : Layout
    """
    columns = np.flatnonzero(dropped.any(axis=0))
    packed = (
        np.packbits(dropped[:, columns], axis=1) if columns.size else np.zeros((len(values), 1), np.uint8)
    )
    keys = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1])))[:, 0]
    _, example, group = np.unique(keys, return_index=True, return_inverse=True)
    tokens = np.argsort(group, kind="stable")
    order = np.argsort(values.mean(axis=0), kind="stable")
    patterns = dropped[example][:, order]
    bounds, group_of_chunk = _chunks(np.bincount(group))
    tiles = _tiles(np.diff(bounds))
    anywhere = np.flatnonzero(patterns.any(axis=0))
    layout = Layout(tokens, patterns, anywhere, bounds[:-1], bounds[1:], group_of_chunk, tiles)
    return values[np.ix_(tokens, order)], layout


def fewest_kept(layout: Layout) -> tuple[int, tuple[int, int]]:
    """Count the dimensions kept by the pair that keeps fewest, and name its two tokens."""
    dropped = layout.dropped[:, layout.dropped_anywhere].astype(np.float64)
    own = dropped.sum(axis=1)
    union = own[:, np.newaxis] + own - dropped @ dropped.T
    rows, columns = np.unravel_index(int(union.argmax()), union.shape)
    first = int(layout.tokens[layout.start[layout.group == rows][0]])
    second = int(layout.tokens[layout.stop[layout.group == columns][-1] - 1])
    return layout.dropped.shape[1] - int(union.max()), (first, second)


def _chunks(sizes: Integers) -> tuple[Integers, Integers]:
    """Cut groups of these sizes into chunks of about the same size; return their bounds and groups."""
    n_chunks = -(-sizes // LANES)
    group = np.repeat(np.arange(sizes.size), n_chunks)
    number = np.arange(group.size) - np.repeat(np.cumsum(n_chunks) - n_chunks, n_chunks)
    first = np.repeat(np.cumsum(sizes) - sizes, n_chunks)
    start = first + number * sizes[group] // n_chunks[group]
    return np.append(start, sizes.sum()), group


def _tiles(sizes: Integers) -> Integers:
    """Pair chunks of these sizes, and mix large and small tiles."""
    rows, columns = np.triu_indices(sizes.size)
    swapped = sizes[rows] > sizes[columns]
    tiles = np.stack([np.where(swapped, columns, rows), np.where(swapped, rows, columns)], axis=1)
    work = sizes[rows] * sizes[columns] * np.where(rows == columns, 0.5, 1)
    by_size = np.argsort(-work, kind="stable")
    dealt = np.concatenate([by_size[stripe::STRIPES] for stripe in range(STRIPES)])
    return np.asarray(tiles[dealt])


@part()
def count_kept(layout: Layout, one: int, other: int) -> int:
    """Count the dimensions that the groups of two chunks both keep."""
    n_dropped = 0
    for dimension in layout.dropped_anywhere:
        if layout.dropped[layout.group[one], dimension] or layout.dropped[layout.group[other], dimension]:
            n_dropped += 1
    n_dimensions: int = layout.dropped.shape[1]
    return n_dimensions - n_dropped


@part()
def pair_index(one: int, other: int, n_tokens: int) -> int:
    """Find the place of a pair of tokens in ``numpy.triu_indices(n_tokens, 1)``."""
    low, high = min(one, other), max(one, other)
    return low * n_tokens - low * (low + 1) // 2 + high - low - 1
