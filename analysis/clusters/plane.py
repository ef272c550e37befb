"""The plane of covariance and dependence, in coordinates in which strips of pairs are straight."""

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.counting import RULES, resampled_clusters
from layerclaims.analysis.clusters.mode_rules import Rules
from layerclaims.analysis.pairs.pair_values import count_tokens
from layerclaims.analysis.statistics.quantiles import quantiles
from layerclaims.analysis.threads import no_room, run_in_threads

Floats = NDArray[np.float64]

N_DIRECTIONS = 24
LINEAR_BELOW = 0.05
"""Share of the median size below which `symmetric_log` is linear rather than logarithmic."""
AT_ONCE = 2
"""Directions that a thread projects pairs on at once: all would take 12 times the memory of two."""
ROUNDING = 1e-10
"""Of a direction's variance, where each coordinate that varies has one of 1."""


def symmetric_log(values: Floats) -> Floats:
    """Take the logarithm of values of any sign: ``arcsinh(value / small)``.

    Covariances of pairs are close to products of one number a token, so their logarithms are sums, and
    clusters at 1, 1.6 and 2.56 lie at equal distances.

    Parameters
    ----------
    values : ndarray of float64, shape (n_pairs,)

    Returns
    -------
    ndarray of float64, shape (n_pairs,)
        Within 1% of ``log(value) + constant`` for values above a quarter of the median size, linear near 0,
        and odd: changing all signs changes all signs. It does not depend on scale. All 0 where the median is.
    """
    small = LINEAR_BELOW * float(np.median(np.abs(values)))
    return np.arcsinh(values / small) if small > 0 else np.zeros_like(values)


def whiten(points: Floats) -> Floats:
    """Rotate and scale points in a plane so that their bulk is round.

    Parameters
    ----------
    points : ndarray of float64, shape (2, n_points)

    Returns
    -------
    ndarray of float64, shape (2, n_points)
        Mean 0 and the identity as covariance matrix, up to what the tails add: each coordinate's extreme 5%
        are moved to its 2.5% and 97.5% quantiles before the matrix is taken. A direction in which the points
        do not vary, up to rounding, is 0.
    """
    low, high = np.split(quantiles(points, [0.025, 0.975]), 2, axis=1)
    bulk = np.clip(points, low, high)
    spread = bulk.std(axis=1, keepdims=True)
    units = np.where(spread > 0, spread, 1.0)  # the coordinates may differ in their units
    bulk, points = bulk / units, points / units
    sizes, axes = np.linalg.eigh(np.cov(bulk))
    scales = np.where(sizes > ROUNDING, 1 / np.sqrt(np.maximum(sizes, ROUNDING)), 0.0)
    return np.asarray((scales * axes).T @ (points - bulk.mean(axis=1, keepdims=True)))


def directions(number: int = N_DIRECTIONS) -> Floats:
    """Spread unit vectors evenly over half a circle: shape (number, 2)."""
    angles = np.pi * np.arange(number) / number
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def clearest_projection(first: Floats, second: Floats, rules: Rules = RULES) -> Floats:
    """Find the direction of a plane of pairs along which they form the most and clearest clusters.

    Parameters
    ----------
    first, second : ndarray of float64, shape (n_pairs,)
        Coordinates of all pairs of n tokens.
    rules : Rules
        What counts as a cluster along a direction.

    Returns
    -------
    ndarray of float64, shape (n_pairs,)
        The pairs along that direction of the whitened plane: the one with most clusters, then the one with
        the highest separation index.
    """
    sample = np.ones((1, count_tokens(first)))
    white = whiten(np.stack([first, second]))
    some = directions().reshape(-1, AT_ONCE, 2)
    counts, separations = np.empty(some.shape[:2], np.int64), np.empty(some.shape[:2])

    def look_along(start: int, stop: int, _: None) -> None:
        for place in range(start, stop):
            for number, values in enumerate(some[place] @ white):
                (counts[place, number],), (separations[place, number],) = resampled_clusters(
                    values, sample, rules=rules
                )

    run_in_threads(look_along, len(some), no_room)
    place, number = max(np.ndindex(counts.shape), key=lambda at: (counts[at], separations[at]))
    return np.asarray((some[place] @ white)[number])
