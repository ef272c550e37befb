"""The compiled loops that find modes: cells, smoothing, merging what is no cluster by the rules.

Plain loops over arrays that are given: NumPy's functions and arrays made inside take numba four times as long
to compile.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.mode_rules import CELLS, Rules
from layerclaims.analysis.compiled import kernel, part

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Room(NamedTuple):
    """Working memory of one thread for some pairs. Of modes and valleys only as many count as there are."""

    counts: Floats
    density: Floats
    """Weight of the pairs in each cell, and kernel density up to a factor, shape (CELLS + 2,)."""
    heights: Floats
    shares: Floats
    """Of each mode its peak, and its share of the pairs."""
    present: NDArray[np.bool_]
    """The tokens with weight whose pairs ``partners_below`` holds, shape (n_tokens,); at first none."""
    partners_below: NDArray[np.int32]
    """How many pairs each token has in each cell and below, whatever they weigh: (CELLS + 2, n_tokens)."""
    partners: Floats
    """The same in each mode, shape (n_modes, n_tokens)."""
    valleys: Integers
    """For each gap between neighbouring modes the lowest cell, or the middle of a flat bottom."""
    is_final: NDArray[np.bool_]
    """Whether the modes on both sides of a gap are separate clusters."""


def empty_room(n_tokens: int) -> Room:
    """Allocate the working memory of one thread."""
    most = CELLS // 2 + 1  # two peaks are two cells apart at least
    return Room(
        np.empty(CELLS + 2),
        np.empty(CELLS + 2),
        np.empty(most),
        np.empty(most),
        np.zeros(n_tokens, np.bool_),
        np.empty((CELLS + 2, n_tokens), np.int32),
        np.empty((most, n_tokens)),
        np.empty(most, np.int64),
        np.empty(most, np.bool_),
    )


@part()
def _count_cells(cells: NDArray[np.int16], weights: Floats, counts: Floats) -> None:
    """Add up the weight of the pairs in each cell."""
    counts[:] = 0
    pair = 0
    for i in range(len(weights)):
        for j in range(i + 1, len(weights)):
            counts[cells[pair]] += weights[i] * weights[j]
            pair += 1


@part()
def _smooth(counts: Floats, smoothing: Floats, density: Floats) -> None:
    """Estimate the density on the grid; the outermost cells stay out of it."""
    density[:] = 0
    reach = len(smoothing) // 2
    for cell in range(1, CELLS + 1):
        if counts[cell] > 0:
            for target in range(max(1, cell - reach), min(CELLS, cell + reach) + 1):
                density[target] += counts[cell] * smoothing[target - cell + reach]


@part()
def _find_modes(room: Room) -> int:
    """Find the peaks and the valleys between them; returns the number of valleys."""
    density = room.density
    n_peaks, n_valleys = 0, 0
    rising, flat_from = True, 1
    for cell in range(2, CELLS + 2):  # the last cell is zero, so that the last peak is seen
        step = density[cell] - density[cell - 1]
        if step < 0 and rising:
            room.heights[n_peaks] = density[cell - 1]
            n_peaks += 1
            rising = False
        elif step > 0 and not rising:
            room.valleys[n_valleys] = (flat_from + cell - 1) // 2
            n_valleys += 1
            rising = True
        if step != 0:
            flat_from = cell
    return n_valleys


@part()
def _sum_shares(n_valleys: int, room: Room) -> None:
    """Add up the modes' shares of the pairs; a valley's cell belongs to the mode below it."""
    room.shares[: n_valleys + 1] = 0
    mode, total = 0, 0.0
    for cell in range(CELLS + 2):
        while mode < n_valleys and room.valleys[mode] < cell:
            mode += 1
        room.shares[mode] += room.counts[cell]
        total += room.counts[cell]
    for mode in range(n_valleys + 1):
        room.shares[mode] /= total


@part()
def _count_partners_below(cells: NDArray[np.int16], room: Room) -> None:
    """Count the pairs of each token that is present in each cell and below."""
    below, n_tokens = room.partners_below, len(room.present)
    below[:] = 0
    pair = 0
    for i in range(n_tokens):
        for j in range(i + 1, n_tokens):
            if room.present[i] and room.present[j]:
                below[cells[pair], i] += 1
                below[cells[pair], j] += 1
            pair += 1
    for cell in range(1, CELLS + 2):
        for token in range(n_tokens):
            below[cell, token] += below[cell - 1, token]


@part()
def _count_partners(cells: NDArray[np.int16], weights: Floats, n_valleys: int, room: Room) -> None:
    """Count the pairs of each token in each mode: anew where other tokens have weight than before."""
    is_known = True
    for token in range(len(weights)):
        if room.present[token] != (weights[token] > 0):
            room.present[token] = weights[token] > 0
            is_known = False
    if not is_known:
        _count_partners_below(cells, room)
    for mode in range(n_valleys + 1):
        top = room.valleys[mode] if mode < n_valleys else CELLS + 1
        for token in range(len(weights)):
            room.partners[mode, token] = room.partners_below[top, token]
            if mode > 0:
                room.partners[mode, token] -= room.partners_below[room.valleys[mode - 1], token]


@part()
def _sum_largest(values: Floats, number: int) -> float:
    """Sum the largest values; whole numbers, so that their order changes nothing."""
    total, last, n_left = 0.0, np.inf, number
    while n_left > 0:
        largest, n_equal = -1.0, 0
        for value in values:
            if largest < value < last:
                largest, n_equal = value, 0
            n_equal += value == largest
        if largest < 0:
            return total
        total += min(n_equal, n_left) * largest
        n_left -= n_equal
        last = largest
    return total


@part()
def _is_cluster(share: float, partners: Floats, rules: Rules) -> bool:
    """Tell whether a mode has enough pairs, and from enough tokens."""
    n_tokens = len(partners)
    if share < max(rules.min_share, rules.min_pairs / (n_tokens * (n_tokens - 1) / 2)):
        return False
    carried = 0.0
    for n_pairs in partners:
        carried += n_pairs
    carriers = int(np.ceil(rules.carrier_share * n_tokens))
    # Each pair counts for both of its tokens, so the pairs are half the sum.
    return _sum_largest(partners, carriers) <= rules.max_carried * carried / 2


@part()
def _merge(gap: int, n_valleys: int, room: Room) -> None:
    """Join the modes on both sides of a gap; all later ones move up."""
    room.heights[gap] = max(room.heights[gap], room.heights[gap + 1])
    room.shares[gap] += room.shares[gap + 1]
    for token in range(room.partners.shape[1]):
        room.partners[gap, token] += room.partners[gap + 1, token]
    for mode in range(gap + 1, n_valleys):
        room.heights[mode] = room.heights[mode + 1]
        room.shares[mode] = room.shares[mode + 1]
        for token in range(room.partners.shape[1]):
            room.partners[mode, token] = room.partners[mode + 1, token]
    for place in range(gap, n_valleys - 1):
        room.valleys[place] = room.valleys[place + 1]
        room.is_final[place] = room.is_final[place + 1]


@kernel()
def split_modes(
    cells: NDArray[np.int16], weights: Floats, smoothing: Floats, rules: Rules, room: Room
) -> tuple[int, float]:
    """Merge modes until all that are left are separate clusters.

    Parameters
    ----------
    cells : ndarray of int16, shape (n_pairs,)
        Cell of each pair, 0 to ``CELLS + 1``; the first and the last hold the tails and are not smoothed.
    weights : ndarray of float64, shape (n_tokens,)
        Token multiplicities.
    smoothing : ndarray of float64, shape (odd,)
        Weights of the kernel density estimate, in steps of a cell.
    rules : Rules
    room : Room
        From `empty_room`, one for each thread and for these pairs; ``valleys`` then holds the cells between
        the clusters, ascending.

    Returns
    -------
    n_valleys : int
        One less than there are clusters.
    separation : float
        Depth of the deepest valley between two clusters, met at any time while merging.
    """
    _count_cells(cells, weights, room.counts)
    _smooth(room.counts, smoothing, room.density)
    n_valleys, separation = _find_modes(room), 0.0
    if n_valleys == 0:
        return n_valleys, separation
    _sum_shares(n_valleys, room)
    _count_partners(cells, weights, n_valleys, room)
    room.is_final[:n_valleys] = False
    while True:
        gap, depth = -1, 2.0
        for place in range(n_valleys):
            lower = min(room.heights[place], room.heights[place + 1])
            reached = 1 - room.density[room.valleys[place]] / lower
            if not room.is_final[place] and reached < depth:
                gap, depth = place, reached
        if gap < 0:
            return n_valleys, separation
        if _is_cluster(room.shares[gap], room.partners[gap], rules) and _is_cluster(
            room.shares[gap + 1], room.partners[gap + 1], rules
        ):
            separation = depth  # the deepest so far: merging never makes a valley shallower
            if depth >= rules.valley_depth:
                room.is_final[gap] = True
                continue
        _merge(gap, n_valleys, room)
        n_valleys -= 1
