"""Mixtures of Gaussians, each with a covariance of its own, fitted to points."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.tokens.k_means import k_means

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MAX_STEPS = 100
TOLERANCE = 1e-3
"""Steps that gain less mean log likelihood than this end the climb."""

LEAST_VARIANCE = 1e-4
"""Added to a component's variances, so that one of a few points that lie together stays a Gaussian."""

SEED = 0


class Fit(NamedTuple):
    """A fitted mixture.

    Attributes
    ----------
    bic : float
        Bayesian information criterion: the lower, the better.
    components : ndarray of int64, shape (n_points,)
        The most probable component of each point.
    """

    bic: float
    components: Integers


class _Mixture(NamedTuple):
    """Shares of the components, their means, and inverses of their covariances' Cholesky factors."""

    shares: Floats
    means: Floats
    whitening: Floats


def fit_mixture(points: Floats, n_components: int, *, n_starts: int = 1) -> Fit:
    """Fit a mixture by expectation and maximisation, from groups that k-means finds.

    Parameters
    ----------
    points : ndarray of float64, shape (n_points, n_dimensions)
        At least ``n_components`` distinct ones, of size one.
    n_components : int
    n_starts : int
        From how many starts, drawn with a fixed seed, the likelihood is climbed; the best one counts.

    Returns
    -------
    Fit

    References
    ----------
    Dempster, Laird and Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm, JRSS B 39.
    Fraley and Raftery (2002), Model-based clustering, discriminant analysis, and density estimation, JASA 97.
    """
    # Of this generator NumPy promises the same numbers in every version.
    random = np.random.RandomState(SEED)
    n_points, n_dimensions = points.shape
    climbed = [_climb(points, k_means(points, n_components, random), n_components) for _ in range(n_starts)]
    _, mixture = max(climbed, key=lambda climb: climb[0])
    log_joint = _log_joint(mixture, points)
    likelihood = float(_log_sum(log_joint).mean()) * n_points
    n_parameters = n_components * (1 + n_dimensions + n_dimensions * (n_dimensions + 1) // 2) - 1
    return Fit(n_parameters * math.log(n_points) - 2 * likelihood, log_joint.argmax(axis=1))


def _climb(points: Floats, groups: Integers, n_components: int) -> tuple[float, _Mixture]:
    """Climb from groups of points; returns the mean log likelihood that the last step began with as well."""
    mixture = _maximise(points, (groups[:, None] == np.arange(n_components)).astype(np.float64))
    likelihood = -math.inf
    for _ in range(MAX_STEPS):
        log_joint = _log_joint(mixture, points)
        log_density = _log_sum(log_joint)
        before, likelihood = likelihood, float(log_density.mean())
        mixture = _maximise(points, np.exp(log_joint - log_density[:, None]))
        if abs(likelihood - before) < TOLERANCE:
            break
    return likelihood, mixture


def _maximise(points: Floats, shares: Floats) -> _Mixture:
    """Find the components that fit best.

    Parameters
    ----------
    points : ndarray of float64, shape (n_points, n_dimensions)
    shares : ndarray of float64, shape (n_points, n_components)
        Of each point in each component.
    """
    n_dimensions = points.shape[1]
    sizes = shares.sum(axis=0) + 10 * np.finfo(np.float64).eps  # a component may have lost all points
    means = shares.T @ points / sizes[:, None]
    centred = points - means[:, None]
    covariances = (shares.T[:, :, None] * centred).transpose(0, 2, 1) @ centred / sizes[:, None, None]
    roots = np.linalg.cholesky(covariances + LEAST_VARIANCE * np.eye(n_dimensions))
    return _Mixture(sizes / sizes.sum(), means, np.linalg.inv(roots))


def _log_joint(mixture: _Mixture, points: Floats) -> Floats:
    """Logarithm of each component's share times its density, shape ``(n_points, n_components)``."""
    white = (points - mixture.means[:, None]) @ mixture.whitening.transpose(0, 2, 1)
    log_volume = np.log(np.diagonal(mixture.whitening, axis1=1, axis2=2)).sum(axis=1)
    constant = np.log(mixture.shares) + log_volume - points.shape[1] * math.log(2 * math.pi) / 2
    return np.asarray((constant[:, None] - (white**2).sum(axis=2) / 2).T)


def _log_sum(log_joint: Floats) -> Floats:
    """Logarithm of the density of each point."""
    largest = log_joint.max(axis=1)
    return np.asarray(largest + np.log(np.exp(log_joint - largest[:, None]).sum(axis=1)))
