"""How many clusters the pairs of n tokens form along one measure, how clearly, and which tokens make them.

Every pair shares its tokens with 2(n - 2) others. Two rules follow: intervals come from token
multiplicities, never from resampled pairs, and a handful of odd tokens, each of which draws a strand
of n - 1 pairs, does not make a cluster. The method and its constants were chosen on planted
distributions only; docs/cluster-methods.md has the error rates.
"""

import math
from itertools import product
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse.linalg import eigsh

MIN_TOKENS = 20
"""With fewer tokens one of them holds a tenth of all pairs, and a group of a tenth is two tokens."""

MIN_GROUP_SHARE = 0.05
"""Smallest token group: half of what the smallest cluster of pairs can come from."""

CELLS = 512
ROUNDING = 1e-6
"""Spread, relative to the values, that single-precision arithmetic produces from equal tokens."""


class Rules(NamedTuple):
    """What counts as a cluster; the defaults are the ones that docs/cluster-methods.md calibrates.

    Attributes
    ----------
    bandwidth : float
        Factor in Silverman's rule ``bandwidth * spread * n_pairs ** -0.2``.
    valley_depth : float
        Two modes are separate where the density between them falls by this share of the lower one.
    min_share : float
        Smallest share of the pairs. 1% is the pairs within a tenth of the tokens.
    min_pairs : float
        Smallest number of pairs, which asks for more than 1% below 78 tokens: fewer show no mode.
    carrier_share, max_carried : float
        No cluster may owe more than ``max_carried`` of its pairs to ``carrier_share`` of the tokens.
    """

    bandwidth: float = 0.6
    valley_depth: float = 0.5
    min_share: float = 0.01
    min_pairs: float = 30
    carrier_share: float = 0.02
    max_carried: float = 0.7


RULES = Rules()


class _Grid(NamedTuple):
    """Pairs sorted into equal cells; cells 0 and CELLS + 1 hold the extreme half percent at each end."""

    cells: NDArray[np.int16]
    origin: float
    width: float
    bandwidth: float


def count_clusters(
    values: NDArray[np.float64], weights: NDArray[np.float64] | None = None, *, rules: Rules = RULES
) -> int:
    """Count the well separated modes of a pair measure.

    The modes of a Gaussian kernel density estimate are merged, shallowest valley first, until every
    valley left is at least ``valley_depth`` deep and every cluster holds at least ``min_share`` of the
    pairs and is not owed to a few tokens (see `Rules`).

    Parameters
    ----------
    values : ndarray of float64, shape (n_pairs,)
        A measure of all pairs of n tokens, in the order of ``numpy.triu_indices(n, 1)``.
    weights : ndarray of float64, shape (n_tokens,), optional
        Token multiplicities; pair (i, j) weighs ``weights[i] * weights[j]``. All one if absent.

    Returns
    -------
    int
        At least 1; 1 where the values differ by rounding only.

    Raises
    ------
    ValueError
        If the values are not finite, are not all pairs of some n >= `MIN_TOKENS` tokens, or the
        weights do not fit them.

    References
    ----------
    Silverman (1986), Density Estimation for Statistics and Data Analysis, section 3.4.2.
    """
    return 1 + len(_find_cuts(values, weights, rules)[0])


def cluster_bounds(
    values: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Find the values that divide the clusters of `count_clusters`.

    Parameters
    ----------
    values, weights :
        See `count_clusters`.

    Returns
    -------
    ndarray of float64, shape (n_clusters - 1,)
        The bottoms of the valleys, ascending; ``numpy.searchsorted(bounds, values)`` gives each
        pair its cluster.
    """
    return _find_cuts(values, weights, RULES)[0]


def separation_index(values: NDArray[np.float64], weights: NDArray[np.float64] | None = None) -> float:
    """Measure how deep the clearest valley between two clusters is.

    The depth is relative to the lower of the two modes, so that neither scale nor shift of the
    values matters. Only valleys with a cluster on both sides count, by the same rules as in
    `count_clusters` except the depth.

    Parameters
    ----------
    values, weights :
        See `count_clusters`.

    Returns
    -------
    float
        From 0 (the density has one mode) to 1 (nothing lies between two clusters); more than one
        cluster where it reaches ``RULES.valley_depth``.
    """
    return _find_cuts(values, weights, RULES)[1]


def resampled_clusters(
    values: NDArray[np.float64], multiplicities: NDArray[np.float64], *, rules: Rules = RULES
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Count clusters and measure separation in token resamples, at the cost of one of the two.

    Parameters
    ----------
    values, multiplicities :
        See `resampled_cluster_counts`.

    Returns
    -------
    counts : ndarray of int64, shape (n_resamples,)
    separations : ndarray of float64, shape (n_resamples,)
    """
    n_tokens = _count_tokens(values)
    _check_weights(multiplicities, n_tokens)
    counts = np.ones(len(multiplicities), dtype=np.int64)
    separations = np.zeros(len(multiplicities))
    grid = _make_grid(values, rules)
    if grid is not None:
        for row, weights in enumerate(np.asarray(multiplicities, dtype=np.float64)):
            cuts, separations[row] = _split(grid.cells, weights, _make_kernel(grid, weights), rules)
            counts[row] += len(cuts)
    return counts, separations


def resampled_cluster_counts(
    values: NDArray[np.float64], multiplicities: NDArray[np.float64], *, rules: Rules = RULES
) -> NDArray[np.int64]:
    """Count the clusters in token resamples.

    Parameters
    ----------
    values : ndarray of float64, shape (n_pairs,)
        See `count_clusters`.
    multiplicities : ndarray of float64, shape (n_resamples, n_tokens)
        How often each resample holds each token. The grid stays that of the sample; the bandwidth
        follows the effective number of pairs.

    Returns
    -------
    ndarray of int64, shape (n_resamples,)
    """
    return resampled_clusters(values, multiplicities, rules=rules)[0]


def resampled_separation(
    values: NDArray[np.float64], multiplicities: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Measure the separation index in token resamples.

    Parameters
    ----------
    values, multiplicities :
        See `resampled_cluster_counts`.

    Returns
    -------
    ndarray of float64, shape (n_resamples,)
    """
    return resampled_clusters(values, multiplicities)[1]


def unimodality_p_value(
    values: NDArray[np.float64], rng: np.random.Generator, *, n_matchings: int = 200, n_null: int = 2000
) -> float:
    """Test whether the measure of a random pair has one mode.

    The pairs of a random matching share no token: they are independent, and Hartigan's dip test
    holds for them. Twice the median p-value over many matchings is a valid p-value however
    these depend on each other.

    Parameters
    ----------
    values : ndarray of float64, shape (n_pairs,)
        See `count_clusters`.
    rng : numpy.random.Generator
    n_matchings, n_null : int
        Random matchings, and uniform samples for the distribution of the dip under the null.

    Returns
    -------
    float
        Small where one mode cannot explain the values; 1 where they differ by rounding only.

    References
    ----------
    Hartigan and Hartigan (1985), The dip test of unimodality, Annals of Statistics 13.
    Vovk and Wang (2020), Combining p-values via averaging, Biometrika 107.
    """
    n_tokens = _count_tokens(values)
    if _is_constant(*np.quantile(values, [0.005, 0.995])):
        return 1.0
    half = n_tokens // 2
    null = np.sort([dip_statistic(np.sort(rng.random(half))) for _ in range(n_null)])
    order = rng.permuted(np.tile(np.arange(n_tokens), (n_matchings, 1)), axis=1)
    first, second = order[:, :half], order[:, half : 2 * half]
    matched = np.sort(values[_pair_index(np.minimum(first, second), np.maximum(first, second), n_tokens)])
    dips = np.array([dip_statistic(row) for row in matched])
    p_values = (1 + n_null - np.searchsorted(null, dips)) / (1 + n_null)
    return min(1.0, 2 * float(np.median(p_values)))


def token_groups(values: NDArray[np.float64], n_tokens: int) -> NDArray[np.int64]:
    """Split the tokens into the two groups that explain the pairs best.

    Tokens are put in order twice: by their mean pair value (groups that differ in scale) and by the
    leading eigenvector of the doubly centred pair matrix (groups that differ in kind). Of all cuts
    of both orders, the one is kept whose three kinds of pairs (within one group, within the other,
    between) explain the largest share of the variance of the pairs.

    Parameters
    ----------
    values : ndarray of float64, shape (n_pairs,)
        See `count_clusters`.
    n_tokens : int
        Checked against the number of values.

    Returns
    -------
    ndarray of int64, shape (n_tokens,)
        0 or 1; group 1 is the one whose own pairs have the higher mean. Both hold at least
        `MIN_GROUP_SHARE` of the tokens. There is always a split: whether it means anything is for
        `group_purity` to say.
    """
    if _count_tokens(values) != n_tokens:
        raise ValueError(f"{len(values)} values are not the pairs of {n_tokens} tokens")
    if _is_constant(float(values.min()), float(values.max())):
        raise ValueError("pairs that differ by rounding only do not split the tokens")
    matrix = np.zeros((n_tokens, n_tokens))
    matrix[np.triu_indices(n_tokens, 1)] = values - values.mean()
    matrix += matrix.T
    means = matrix.sum(axis=0) / (n_tokens - 1)
    centred = matrix - means[:, None] - means[None, :]
    np.fill_diagonal(centred, 0)
    # A fixed start makes the result reproducible; the scale is removed because tiny covariances are allowed.
    _, leading = eigsh(centred / (np.abs(centred).max() or 1), k=1, v0=np.linspace(-1, 1, n_tokens))
    orders = [np.argsort(means, kind="stable"), np.argsort(leading[:, 0], kind="stable")]
    _, size, order = max(
        ((*_best_cut(matrix[np.ix_(order, order)]), order) for order in orders), key=lambda found: found[0]
    )
    low, high = order[:size], order[size:]
    if _mean_within(matrix, low) > _mean_within(matrix, high):
        low, high = high, low
    labels = np.zeros(n_tokens, dtype=np.int64)
    labels[high] = 1
    return labels


def group_purity(
    values: NDArray[np.float64], labels: NDArray[np.int64], bounds: NDArray[np.float64]
) -> float:
    """Say for what share of the pairs the two token groups predict the cluster.

    Each kind of pair (within group 0, between, within group 1) predicts one cluster: the choice
    that is right most often, among those that predict as many different clusters as there are, up
    to three. Without that, groups that mean nothing would score the size of the largest cluster.

    Parameters
    ----------
    values : ndarray of float64, shape (n_pairs,)
        See `count_clusters`.
    labels : ndarray of int64, shape (n_tokens,)
        0 or 1, as from `token_groups`.
    bounds : ndarray of float64, shape (n_clusters - 1,)
        As from `cluster_bounds`; at least one.

    Returns
    -------
    float
        Between 0 and 1.
    """
    n_tokens = _count_tokens(values)
    if len(labels) != n_tokens or not np.isin(labels, (0, 1)).all():
        raise ValueError(f"labels must be 0 or 1 for each of the {n_tokens} tokens")
    if len(bounds) == 0:
        raise ValueError("one cluster leaves nothing for token groups to predict")
    first, second = np.triu_indices(n_tokens, 1)
    n_clusters = len(bounds) + 1
    table = np.zeros((3, n_clusters), dtype=np.int64)
    np.add.at(table, (labels[first] + labels[second], np.searchsorted(bounds, values)), 1)
    choices = np.array(list(product(range(n_clusters), repeat=3)))
    distinct = np.array([len(set(choice)) for choice in choices.tolist()]) == min(3, n_clusters)
    correct = table[np.arange(3), choices[distinct]].sum(axis=1)
    return float(correct.max() / len(values))


def _count_tokens(values: NDArray[np.float64]) -> int:
    """Check the values and tell how many tokens their pairs come from."""
    if values.ndim != 1:
        raise ValueError(f"values must be one-dimensional, got shape {values.shape}")
    n_tokens = (1 + math.isqrt(1 + 8 * len(values))) // 2
    if n_tokens * (n_tokens - 1) // 2 != len(values) or n_tokens < MIN_TOKENS:
        raise ValueError(f"{len(values)} values are not all pairs of {MIN_TOKENS} or more tokens")
    if not np.isfinite(values).all():
        raise ValueError("values must be finite")
    return n_tokens


def _check_weights(weights: NDArray[np.float64], n_tokens: int) -> None:
    """Refuse multiplicities that do not fit the tokens or leave no pair."""
    if weights.shape[-1] != n_tokens:
        raise ValueError(f"weights must have {n_tokens} tokens, got shape {weights.shape}")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("weights must be finite and not negative")
    if ((weights > 0).sum(axis=-1) < 2).any():
        raise ValueError("weights must leave at least two tokens")


def _is_constant(low: float, high: float) -> bool:
    """Tell whether the spread is no more than rounding."""
    return bool(high - low <= ROUNDING * max(abs(low), abs(high)))


def _make_grid(values: NDArray[np.float64], rules: Rules) -> _Grid | None:
    """Sort the values into cells and make the smoothing kernel; None where the spread is rounding.

    The bandwidth follows the central 90%: standard deviations follow a few far pairs, quartiles
    collapse where one tight cluster holds most pairs.
    """
    low, q05, q95, high = np.quantile(values, [0.005, 0.05, 0.95, 0.995])
    if _is_constant(low, high):
        return None
    bandwidth = rules.bandwidth * len(values) ** -0.2 * (q95 - q05) / 3.29  # 3.29 for a unit Gaussian
    margin = 3 * bandwidth
    origin, width = low - margin, (high - low + 2 * margin) / CELLS
    cells = np.clip(np.floor((values - origin) / width) + 1, 0, CELLS + 1).astype(np.int16)
    return _Grid(cells, origin, width, bandwidth)


def _make_kernel(grid: _Grid, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make the kernel for the effective number of pairs under weights (Kish's), at least 1.5 cells wide.

    A resample repeats some tokens and lacks others; at the sample's own bandwidth it would show more modes.
    """
    effective_share = float(weights.sum() ** 2 / (weights @ weights)) / len(weights)
    radius = max(grid.bandwidth * effective_share**-0.4 / grid.width, 1.5)
    steps = np.arange(-int(4 * radius), int(4 * radius) + 1)
    kernel: NDArray[np.float64] = np.exp(-0.5 * (steps / radius) ** 2)
    return kernel


def _find_cuts(
    values: NDArray[np.float64], weights: NDArray[np.float64] | None, rules: Rules
) -> tuple[NDArray[np.float64], float]:
    """Find the bounds of the clusters and the separation index."""
    n_tokens = _count_tokens(values)
    weights = np.ones(n_tokens) if weights is None else np.asarray(weights, dtype=np.float64)
    _check_weights(weights, n_tokens)
    grid = _make_grid(values, rules)
    if grid is None:
        return np.empty(0), 0.0
    cuts, separation = _split(grid.cells, weights, _make_kernel(grid, weights), rules)
    return grid.origin + grid.width * (cuts - 0.5), separation


def _pair_index(first: NDArray[np.int64], second: NDArray[np.int64], n_tokens: int) -> NDArray[np.int64]:
    """Place of pair (first < second) in the order of ``numpy.triu_indices``."""
    return first * (2 * n_tokens - first - 1) // 2 + second - first - 1


def _mean_within(matrix: NDArray[np.float64], members: NDArray[np.int64]) -> float:
    """Mean off-diagonal entry among some tokens of a symmetric matrix with zero diagonal."""
    return float(matrix[np.ix_(members, members)].sum() / (len(members) * (len(members) - 1)))


def _best_cut(ordered: NDArray[np.float64]) -> tuple[float, int]:
    """Size of the first group whose three kinds of pairs explain most, and the sum of squares explained.

    Block sums of a matrix in token order are prefix sums, so all cuts cost one pass.
    """
    n_tokens = len(ordered)
    smallest = max(2, int(np.ceil(MIN_GROUP_SHARE * n_tokens)))
    sizes = np.arange(smallest, n_tokens - smallest + 1)
    blocks = ordered.cumsum(axis=0).cumsum(axis=1)
    total, rows, corner = blocks[-1, -1], blocks[sizes - 1, -1], blocks[sizes - 1, sizes - 1]
    rest = n_tokens - sizes
    explained = (
        (corner / 2) ** 2 / (sizes * (sizes - 1) / 2)
        + (rows - corner) ** 2 / (sizes * rest)
        + ((total - 2 * rows + corner) / 2) ** 2 / (rest * (rest - 1) / 2)
    )
    best = int(np.argmax(explained))
    return float(explained[best]), int(sizes[best])


@njit(cache=True)
def _count_cells(cells, weights):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Weight of the pairs in each cell."""
    counts = np.zeros(CELLS + 2)
    pair = 0
    for i in range(len(weights)):
        for j in range(i + 1, len(weights)):
            counts[cells[pair]] += weights[i] * weights[j]
            pair += 1
    return counts


@njit(cache=True)
def _smooth(counts, kernel):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Kernel density on the grid, up to a factor; the outermost cells stay out of it."""
    density = np.zeros(CELLS + 2)
    reach = len(kernel) // 2
    for cell in range(1, CELLS + 1):
        if counts[cell] > 0:
            for target in range(max(1, cell - reach), min(CELLS, cell + reach) + 1):
                density[target] += counts[cell] * kernel[target - cell + reach]
    return density


@njit(cache=True)
def _find_modes(density):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
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


@njit(cache=True)
def _count_partners(cells, weights, mode_of):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
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


@njit(cache=True)
def _is_cluster(share, partners, rules):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Tell whether a mode has enough pairs, and from enough tokens."""
    n_tokens = len(partners)
    if share < max(rules.min_share, rules.min_pairs / (n_tokens * (n_tokens - 1) / 2)):
        return False
    carriers = int(np.ceil(rules.carrier_share * n_tokens))
    # Each pair counts for both of its tokens, so the pairs are half the sum.
    return np.sort(partners)[-carriers:].sum() <= rules.max_carried * partners.sum() / 2


@njit(cache=True)
def _split(cells, weights, kernel, rules):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Merge modes until all are separate clusters; the valleys left, and the deepest one met."""
    counts = _count_cells(cells, weights)
    density = _smooth(counts, kernel)
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


@njit(cache=True)
def _minorant(x, y, low, high):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Greatest convex function below the points low..high, at each of them."""
    hull = [low]
    for point in range(low + 1, high + 1):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (y[b] - y[a]) * (x[point] - x[a]) < (y[point] - y[a]) * (x[b] - x[a]):
                break
            hull.pop()
        hull.append(point)
    fitted = y[low : high + 1].copy()
    for place in range(1, len(hull)):
        a, b = hull[place - 1], hull[place]
        if x[b] > x[a]:
            slope = (y[b] - y[a]) / (x[b] - x[a])
            fitted[a - low : b - low] = y[a] + slope * (x[a:b] - x[a])
    touching = np.zeros(high - low + 1, dtype=np.bool_)
    for point in hull:
        touching[point - low] = True
    return fitted, touching


@njit(cache=True)
def dip_statistic(ordered: NDArray[np.float64]) -> float:
    """Hartigan's dip of an ascending sample (float64); equal values count as one jump.

    The modal interval shrinks until the gap between the convex and the concave fit no longer widens.
    """
    n = len(ordered)
    below = np.searchsorted(ordered, ordered, side="left").astype(np.float64)
    above = np.searchsorted(ordered, ordered, side="right").astype(np.float64)
    low, high, dip = 0, n - 1, 1.0
    while high > low:
        convex, on_convex = _minorant(ordered, below, low, high)
        concave, on_concave = _minorant(ordered, -above, low, high)
        gap = -concave - convex
        widest = int(np.argmax(np.where(on_convex | on_concave, gap, -1.0)))
        if gap[widest] <= dip:
            break
        left = right = widest
        while not on_convex[left]:
            left -= 1
        while not on_concave[right]:
            right += 1
        dip = max(dip, (above[low : low + left + 1] - convex[: left + 1]).max())
        dip = max(dip, (-concave[right:] - below[low + right : high + 1]).max())
        if left == 0 and right == high - low:
            break
        low, high = low + left, low + right
    return dip / (2 * n)
