"""Count the clusters that the pairs of n tokens form along one measure, and measure their separation.

Every pair shares a token with 2(n - 2) others. So intervals come from resampled tokens, never from resampled
pairs, and the pairs of a few odd tokens, n - 1 each, do not count as a cluster. The method and its constants
were chosen on planted distributions only; docs/cluster-methods.md has the error rates.
"""

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.mode_rules import CELLS, Rules
from layerclaims.analysis.pairs.pair_values import count_tokens, is_constant
from layerclaims.analysis.statistics.quantiles import quantiles
from layerclaims.analysis.threads import run_in_threads

RULES = Rules()


@dataclass(frozen=True)
class Clusters:
    """A number of clusters at a layer, with token resamples.

    Attributes
    ----------
    count, separation :
        See `Found`; the separation index is NaN where a rule has none.
    resampled_counts, resampled_separation : ndarray of float64, shape (n_resamples,)
        The same in token resamples.
    """

    count: int
    resampled_counts: NDArray[np.float64]
    separation: float
    resampled_separation: NDArray[np.float64]


class _Grid(NamedTuple):
    """Pairs in equal histogram cells; cells 0 and CELLS + 1 hold the extreme half percent at each end."""

    cells: NDArray[np.int16]
    origin: float
    width: float
    bandwidth: float


class Found(NamedTuple):
    """The clusters of one sample.

    Attributes
    ----------
    n_clusters : int
        At least 1; exactly 1 where the values differ by rounding only.
    separation : float
        The separation index: the depth of the deepest valley between two clusters, relative to the lower of
        the two modes, so that neither scale nor shift changes it. A valley counts if the parts on both its
        sides are clusters by all rules except the depth. From 0 (the density has one mode) to 1 (nothing lies
        between two clusters); there is more than one cluster where it reaches ``RULES.valley_depth``.
    """

    n_clusters: int
    separation: float


def find_clusters(
    values: NDArray[np.float64], weights: NDArray[np.float64] | None = None, *, rules: Rules = RULES
) -> Found:
    """Count the well separated modes of a pair measure, and index how well they are separated.

    The modes of a Gaussian kernel density estimate are merged, shallowest valley first. Merging ends when
    every valley is at least ``valley_depth`` deep, and every cluster holds at least ``min_share`` of the
    pairs and does not come from a few tokens (see `Rules`).

    Parameters
    ----------
    values : ndarray of float64, shape (n_pairs,)
        A measure of all pairs of n tokens, in the order of ``numpy.triu_indices(n, 1)``.
    weights : ndarray of float64, shape (n_tokens,), optional
        Token multiplicities; pair (i, j) has the weight ``weights[i] * weights[j]``. By default all are 1.

    Returns
    -------
    Found

    Raises
    ------
    ValueError
        If the values are not finite, are not all pairs of some n >= `MIN_TOKENS` tokens
        (`analysis.pairs.pair_values`), or the weights do not fit them.

    References
    ----------
    Silverman (1986), Density Estimation for Statistics and Data Analysis, section 3.4.2.
    """
    bounds, separation = _find_cuts(values, weights, rules)
    return Found(1 + len(bounds), separation)


def cluster_bounds(
    values: NDArray[np.float64], weights: NDArray[np.float64] | None = None, *, rules: Rules = RULES
) -> NDArray[np.float64]:
    """Find the values that separate the clusters of `find_clusters`.

    Parameters
    ----------
    values, weights, rules :
        See `find_clusters`.

    Returns
    -------
    ndarray of float64, shape (n_clusters - 1,)
        The bottoms of the valleys, ascending; ``numpy.searchsorted(bounds, values)`` gives each
        pair its cluster.
    """
    return _find_cuts(values, weights, rules)[0]


def resampled_clusters(
    values: NDArray[np.float64], multiplicities: NDArray[np.float64], *, rules: Rules = RULES
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Count the clusters and measure their separation in token resamples.

    Parameters
    ----------
    values : ndarray of float64, shape (n_pairs,)
        See `find_clusters`.
    multiplicities : ndarray of float64, shape (n_resamples, n_tokens)
        How often each resample holds each token. The grid is that of the sample; the bandwidth depends on the
        effective number of pairs.

    Returns
    -------
    counts : ndarray of int64, shape (n_resamples,)
    separations : ndarray of float64, shape (n_resamples,)
    """
    n_tokens = count_tokens(values)
    _check_weights(multiplicities, n_tokens)
    counts = np.ones(len(multiplicities), dtype=np.int64)
    separations = np.zeros(len(multiplicities))
    grid = _make_grid(values, rules)
    if grid is None:
        return counts, separations
    from layerclaims.analysis.clusters.mode_kernels import Room, empty_room, split_modes  # imports numba

    rows = np.asarray(multiplicities, dtype=np.float64)

    def split(start: int, stop: int, room: Room) -> None:
        for row in range(start, stop):
            kernel = _make_kernel(grid, rows[row])
            n_valleys, separations[row] = split_modes(grid.cells, rows[row], kernel, rules, room)
            counts[row] += n_valleys

    run_in_threads(split, len(rows), partial(empty_room, n_tokens))
    return counts, separations


def _check_weights(weights: NDArray[np.float64], n_tokens: int) -> None:
    """Refuse multiplicities that do not fit the tokens or leave no pair."""
    if weights.shape[-1] != n_tokens:
        raise ValueError(f"weights must have {n_tokens} tokens, got shape {weights.shape}")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("weights must be finite and not negative")
    if ((weights > 0).sum(axis=-1) < 2).any():
        raise ValueError("weights must leave at least two tokens")


def _make_grid(values: NDArray[np.float64], rules: Rules) -> _Grid | None:
    """Sort the values into cells and compute the bandwidth; None where the spread is rounding.

    The bandwidth is proportional to the range of the central 90%. A standard deviation would depend on a few
    far pairs, and quartiles would be too close where one tight cluster holds most pairs.
    """
    low, q05, q95, high = quantiles(values, [0.005, 0.05, 0.95, 0.995]).tolist()
    if is_constant(low, high):
        return None
    bandwidth = rules.bandwidth * len(values) ** -0.2 * (q95 - q05) / 3.29  # 3.29 for a unit Gaussian
    margin = 3 * bandwidth
    origin, width = low - margin, (high - low + 2 * margin) / CELLS
    cells = np.clip(np.floor((values - origin) / width) + 1, 0, CELLS + 1).astype(np.int16)
    return _Grid(cells, origin, width, bandwidth)


def _make_kernel(grid: _Grid, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make the kernel for Kish's effective number of pairs under weights, at least 1.5 cells wide.

    A resample repeats some tokens and lacks others, so at the sample's bandwidth it would show more modes.
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
    n_tokens = count_tokens(values)
    weights = np.ones(n_tokens) if weights is None else np.asarray(weights, dtype=np.float64)
    _check_weights(weights, n_tokens)
    grid = _make_grid(values, rules)
    if grid is None:
        return np.empty(0), 0.0
    from layerclaims.analysis.clusters.mode_kernels import empty_room, split_modes  # imports numba

    room = empty_room(n_tokens)
    n_valleys, separation = split_modes(grid.cells, weights, _make_kernel(grid, weights), rules, room)
    cuts = room.valleys[:n_valleys]
    return np.asarray(grid.origin + grid.width * (cuts - 0.5), dtype=np.float64), separation
