"""Groups of points around centres: k-means."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MAX_STEPS = 300
TOLERANCE = 1e-4
"""Share of a coordinate's mean variance: steps that move the centres by less end the search."""


def k_means(points: Floats, n_groups: int, random: np.random.RandomState) -> Integers:
    """Split points into groups around their means, from a start by greedy k-means++.

    Parameters
    ----------
    points : ndarray of float64, shape (n_points, n_dimensions)
        At least ``n_groups`` distinct ones.
    n_groups : int
    random : RandomState

    Returns
    -------
    ndarray of int64, shape (n_points,)
        The group of each point, from 0.

    References
    ----------
    Arthur and Vassilvitskii (2007), k-means++: the advantages of careful seeding, SODA.
    """
    centred = points - points.mean(axis=0)
    tolerance = TOLERANCE * points.var(axis=0).mean()
    centres = _start(centred, n_groups, random)
    groups = np.full(len(points), -1)
    for _ in range(MAX_STEPS):
        previous, groups = groups, _nearest(centred, centres)
        if (groups == previous).all():
            return groups
        moved = _means(centred, groups, centres)
        centres, moved = moved, moved - centres
        if (moved**2).sum() <= tolerance:
            break
    return _nearest(centred, centres)


def _start(points: Floats, n_groups: int, random: np.random.RandomState) -> Floats:
    """Choose points as first centres, each far from those before: the best of a few trials each."""
    chosen = [random.choice(len(points), p=np.full(len(points), 1 / len(points)))]
    nearest = _squared_distances(points, points[chosen])[:, 0]
    n_trials = 2 + int(math.log(n_groups))
    for _ in range(1, n_groups):
        places = np.searchsorted(np.cumsum(nearest), random.uniform(size=n_trials) * nearest.sum())
        trials = np.minimum(places, len(points) - 1)  # the last sum may be rounded up
        distances = np.minimum(nearest[:, None], _squared_distances(points, points[trials]))
        best = int(distances.sum(axis=0).argmin())
        nearest = distances[:, best]
        chosen.append(trials[best])
    return points[chosen]


def _nearest(points: Floats, centres: Floats) -> Integers:
    return np.asarray(_squared_distances(points, centres).argmin(axis=1))


def _squared_distances(points: Floats, centres: Floats) -> Floats:
    """Squared distances, shape ``(n_points, n_centres)``."""
    return np.asarray(((points[:, None] - centres) ** 2).sum(axis=2))


def _means(points: Floats, groups: Integers, centres: Floats) -> Floats:
    """Average each group's points; the centre of a group that lost all of them, which is rare, stays."""
    member = groups == np.arange(len(centres))[:, None]
    sizes = member.sum(axis=1, keepdims=True)
    return np.where(sizes > 0, member.astype(np.float64) @ points / np.maximum(sizes, 1), centres)
