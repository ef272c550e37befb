"""Methods that count clusters of pair values, this project's among them."""

import math
import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from layerclaims.analysis.clusters.counting import RULES, find_clusters
from layerclaims.calibration.clusters.pair_plantings import Values
from layerclaims.calibration.clusters.unimodality import dip_statistic

MOST = 8
"""Largest number of clusters that a method tries."""


def tokens_of(values: Values) -> int:
    """Return the number of tokens of all pairs."""
    return (1 + math.isqrt(1 + 8 * len(values))) // 2


def plain_kde(values: Values, _rng: np.random.Generator) -> int:
    """Count the modes by valley depth and share alone, without regard to tokens."""
    return find_clusters(values, rules=RULES._replace(max_carried=np.inf)).n_clusters


def this_project(values: Values, _rng: np.random.Generator) -> int:
    """Count the clusters with this project's rule."""
    return find_clusters(values).n_clusters


def gaussian_mixture(values: Values, rng: np.random.Generator) -> int:
    """Fit mixtures to 2,000 pairs, take the lowest BIC, merge components without a valley between them."""
    sample = rng.choice(values, min(2000, len(values)), replace=False)[:, None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fits = [GaussianMixture(k, random_state=0).fit(sample) for k in range(1, MOST)]
    best = min(fits, key=lambda fit: fit.bic(sample))
    low, high = np.quantile(values, [0.005, 0.995])
    grid = np.linspace(low, high, 512)
    density = np.exp(best.score_samples(grid[:, None]))
    return count_modes(density, RULES.valley_depth, RULES.min_share)


def count_modes(density: Values, depth: float, share: float) -> int:
    """Count modes that hold a share of the mass and are separated by valleys of a relative depth."""
    inner = density[1:-1]
    valleys = list(np.flatnonzero((inner < density[:-2]) & (inner <= density[2:])) + 1)
    while valleys:
        parts = np.split(density, valleys)
        heights, masses = [part.max() for part in parts], [part.sum() / density.sum() for part in parts]
        depths = [
            1 - density[cut] / min(heights[gap], heights[gap + 1])
            if min(masses[gap], masses[gap + 1]) >= share
            else 0.0
            for gap, cut in enumerate(valleys)
        ]
        if min(depths) >= depth:
            break
        valleys.pop(int(np.argmin(depths)))
    return len(valleys) + 1


def silverman(values: Values, rng: np.random.Generator) -> int:
    """Find the smallest k for which k modes are not rejected: critical bandwidths, token bootstrap.

    Silverman's resamples are drawn from the smoothed density, shrunk to the variance of the sample, and
    smoothed again. Together this is one smoothing of the resampled values by ``h * sqrt(2 + h^2 / s^2)``.
    """
    lowest, highest = np.quantile(values, [0.005, 0.995])
    edges = np.linspace(lowest, highest, 513)
    cells = np.searchsorted(edges, values)
    counts = np.bincount(cells, minlength=514)[1:-1].astype(float)  # the first and last hold the tails
    n_tokens = tokens_of(values)
    first, second = np.triu_indices(n_tokens, 1)
    copies = resamples(n_tokens, rng, 39)
    resampled = [np.bincount(cells, row[first] * row[second], minlength=514)[1:-1] for row in copies]
    for k in range(1, MOST):
        low, high = 0.5, 200.0
        for _ in range(12):
            middle = np.sqrt(low * high)
            low, high = (middle, high) if raw_modes(counts, middle) > k else (low, middle)
        twice = high * np.sqrt(2 + (high / cells.std()) ** 2)
        if np.mean([raw_modes(row, twice) > k for row in resampled]) >= 0.05:
            return k
    return MOST


def raw_modes(counts: NDArray[np.number], width: float) -> int:
    """Count all modes of a smoothed histogram."""
    density = gaussian_filter1d(counts, width, mode="constant")
    steps = np.sign(np.diff(np.concatenate([[0], density, [0]])))
    steps = steps[steps != 0]
    return int(((steps[:-1] > 0) & (steps[1:] < 0)).sum())


DIP_NULLS = {
    size: np.sort([dip_statistic(np.sort(row)) for row in np.random.default_rng(size).random((999, size))])
    for size in (15, 30, 60, 125)
}


def dip_recursion(values: Values, rng: np.random.Generator) -> int:
    """Split at the best two-means cut while the dip test rejects one mode.

    The test uses pairs that share no token (a matching of the tokens), which are independent.
    """
    n_tokens = tokens_of(values)
    matrix = np.zeros((n_tokens, n_tokens))
    matrix[np.triu_indices(n_tokens, 1)] = values
    matrix += matrix.T
    orders = rng.permuted(np.tile(np.arange(n_tokens), (20, 1)), axis=1)[:, : n_tokens // 2 * 2]
    return count_dips(np.sort(values), np.sort(matrix[orders[:, ::2], orders[:, 1::2]]))


def count_dips(ordered: Values, matched: Values) -> int:
    """Count recursively; each row of ``matched`` is one sample of independent pairs."""
    inside = [row[(row >= ordered[0]) & (row <= ordered[-1])] for row in matched]
    inside = [row for row in inside if len(row) >= 10]
    if len(inside) < 10:
        return 1
    if 2 * np.median([dip_p_value(row) for row in inside]) >= 0.05:
        return 1
    sums = ordered.cumsum()[:-1]
    sizes = np.arange(1, len(ordered))
    cut = 1 + int(np.argmax((sums - sizes * ordered.mean()) ** 2 / (sizes * (len(ordered) - sizes))))
    return min(MOST, count_dips(ordered[:cut], matched) + count_dips(ordered[cut:], matched))


def dip_p_value(ordered: Values) -> float:
    """Return the p-value from the nearest simulated size; the dip shrinks with the root of the size."""
    size = min(DIP_NULLS, key=lambda known: abs(np.log(known / len(ordered))))
    scaled = dip_statistic(ordered) * np.sqrt(len(ordered) / size)
    return float(1 - np.searchsorted(DIP_NULLS[size], scaled) / 1000)


METHODS = {
    "this project": this_project,
    "KDE, blind to tokens": plain_kde,
    "mixture + BIC, merged": gaussian_mixture,
    "dip, recursive": dip_recursion,
    "Silverman": silverman,
}


def resamples(n_tokens: int, rng: np.random.Generator, number: int = 100) -> Values:
    """Draw the token multiplicities of bootstrap resamples."""
    return rng.multinomial(n_tokens, np.full(n_tokens, 1 / n_tokens), size=number).astype(float)
