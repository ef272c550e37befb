"""A test of whether the measure of a random pair has one mode."""

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.compiled import kernel, part
from layerclaims.analysis.pairs.pair_values import count_tokens, is_constant, pair_index

Floats = NDArray[np.float64]


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
        See `find_clusters`.
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
    n_tokens = count_tokens(values)
    if is_constant(*np.quantile(values, [0.005, 0.995])):
        return 1.0
    half = n_tokens // 2
    null = np.sort([dip_statistic(np.sort(rng.random(half))) for _ in range(n_null)])
    order = rng.permuted(np.tile(np.arange(n_tokens), (n_matchings, 1)), axis=1)
    first, second = order[:, :half], order[:, half : 2 * half]
    matched = np.sort(values[pair_index(np.minimum(first, second), np.maximum(first, second), n_tokens)])
    dips = np.array([dip_statistic(row) for row in matched])
    p_values = (1 + n_null - np.searchsorted(null, dips)) / (1 + n_null)
    return min(1.0, 2 * float(np.median(p_values)))


@kernel(allocates=True)
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


@part(allocates=True)
def _minorant(x: Floats, y: Floats, low: int, high: int) -> tuple[Floats, NDArray[np.bool_]]:
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
