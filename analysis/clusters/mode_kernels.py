"""The compiled loops that find modes: cells, smoothing, merging what is no cluster by the rules."""

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.mode_rules import CELLS, Rules
from layerclaims.analysis.compiled import kernel, part

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@part(allocates=True)
def _count_cells(cells: NDArray[np.int16], weights: Floats) -> Floats:
    """Weight of the pairs in each cell."""
    counts = np.zeros(CELLS + 2)
    pair = 0
    for i in range(len(weights)):
        for j in range(i + 1, len(weights)):
            counts[cells[pair]] += weights[i] * weights[j]
            pair += 1
    return counts


@part(allocates=True)
def _smooth(counts: Floats, smoothing: Floats) -> Floats:
    """Kernel density on the grid, up to a factor; the outermost cells stay out of it."""
    density = np.zeros(CELLS + 2)
    reach = len(smoothing) // 2
    for cell in range(1, CELLS + 1):
        if counts[cell] > 0:
            for target in range(max(1, cell - reach), min(CELLS, cell + reach) + 1):
                density[target] += counts[cell] * smoothing[target - cell + reach]
    return density


@part(allocates=True)
def _find_modes(density: Floats) -> tuple[list[float], list[int]]:
    """Peak heights, and for each gap between neighbours the lowest cell (the middle of a flat bottom)."""
    heights, valleys = [0.0], [0]
    heights.clear()
    valleys.clear()
    rising, flat_from = True, 1
    for cell in range(2, CELLS + 2):  # the last cell is zero, so that the last peak is seen
        step = density[cell] - density[cell - 1]
        if step < 0 and rising:
            heights.append(density[cell - 1])
            rising = False
        elif step > 0 and not rising:
            valleys.append((flat_from + cell - 1) // 2)
            rising = True
        if step != 0:
            flat_from = cell
    return heights, valleys


@part(allocates=True)
def _count_partners(cells: NDArray[np.int16], weights: Floats, mode_of: Integers) -> Floats:
    """How many pairs each token has in each mode, whatever they weigh: shape (n_modes, n_tokens)."""
    partners = np.zeros((mode_of[-1] + 1, len(weights)))
    pair = 0
    for i in range(len(weights)):
        for j in range(i + 1, len(weights)):
            if weights[i] > 0 and weights[j] > 0:
                mode = mode_of[cells[pair]]
                partners[mode, i] += 1
                partners[mode, j] += 1
            pair += 1
    return partners


@part(allocates=True)
def _is_cluster(share: float, partners: Floats, rules: Rules) -> bool:
    """Tell whether a mode has enough pairs, and from enough tokens."""
    n_tokens = len(partners)
    if share < max(rules.min_share, rules.min_pairs / (n_tokens * (n_tokens - 1) / 2)):
        return False
    carriers = int(np.ceil(rules.carrier_share * n_tokens))
    # Each pair counts for both of its tokens, so the pairs are half the sum.
    return bool(np.sort(partners)[-carriers:].sum() <= rules.max_carried * partners.sum() / 2)


@kernel(allocates=True)
def split_modes(
    cells: NDArray[np.int16], weights: Floats, smoothing: Floats, rules: Rules
) -> tuple[Integers, float]:
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

    Returns
    -------
    valleys : ndarray of int64, shape (n_clusters - 1,)
        Cells between the clusters, ascending.
    separation : float
        Depth of the deepest valley between two clusters, met at any time while merging.
    """
    counts = _count_cells(cells, weights)
    density = _smooth(counts, smoothing)
    heights, valleys = _find_modes(density)
    separation = 0.0
    if len(valleys) == 0:
        return np.array(valleys, dtype=np.int64), separation
    mode_of = np.searchsorted(np.array(valleys), np.arange(CELLS + 2))
    shares = np.bincount(mode_of, counts) / counts.sum()
    partners = _count_partners(cells, weights, mode_of)
    final = np.zeros(len(valleys), dtype=np.bool_)
    while True:
        gap, depth = -1, 2.0
        for place in range(len(valleys)):
            reached = 1 - density[valleys[place]] / min(heights[place], heights[place + 1])
            if not final[place] and reached < depth:
                gap, depth = place, reached
        if gap < 0:
            return np.array(valleys, dtype=np.int64), separation
        if _is_cluster(shares[gap], partners[gap], rules) and _is_cluster(
            shares[gap + 1], partners[gap + 1], rules
        ):
            separation = depth  # the deepest so far: merging never makes a valley shallower
            if depth >= rules.valley_depth:
                final[gap] = True
                continue
        # Mode gap + 1 joins mode gap, and all later ones move up.
        heights[gap] = max(heights[gap], heights[gap + 1])
        shares[gap] += shares[gap + 1]
        partners[gap] += partners[gap + 1]
        heights.pop(gap + 1)
        valleys.pop(gap)
        shares[gap + 1 : -1] = shares[gap + 2 :].copy()
        partners[gap + 1 : -1] = partners[gap + 2 :].copy()
        final[gap:-1] = final[gap + 1 :].copy()
