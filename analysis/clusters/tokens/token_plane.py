"""Where tokens lie, estimated from the pairs that they take part in."""

from typing import NamedTuple

import numpy as np
import scipy  # loads a part when it is first used
from numpy.typing import NDArray

from layerclaims.analysis.clusters.plane import directions, symmetric_log, whiten
from layerclaims.analysis.pairs.pair_values import count_tokens

Floats = NDArray[np.float64]

N_DIRECTIONS = 12


class TokenPlane(NamedTuple):
    """Pairs in the plane, and the tokens along the directions in which groups are looked for.

    Attributes
    ----------
    pairs : ndarray of float64, shape (2, n_tokens, n_tokens)
        The two coordinates of each pair in the plane. The diagonal is 0.
    effects : ndarray of float64, shape (N_DIRECTIONS, n_tokens)
        Positions of the tokens along directions of the whitened plane of log amplitude and log loading.
    kinship : ndarray of float64, shape (1, n_tokens)
        Position along the leading eigenvector of what the effects leave of the covariance: tokens whose
        activations share a direction of their own lie together. A part of the tokens has its own.
    """

    pairs: Floats
    effects: Floats
    kinship: Floats


def token_plane(covariance: Floats, pearson: Floats) -> TokenPlane:
    """Estimate where each token lies, from the pairs that it takes part in.

    The logarithm of a pair's covariance is fitted by a sum of one number a token, its log amplitude, by least
    squares over the pairs (the diagonal does not enter), and that of Pearson's r likewise.

    Parameters
    ----------
    covariance, pearson : ndarray of float64, shape (n_pairs,)
        Of all pairs of n tokens, in the order of ``numpy.triu_indices(n, 1)``.

    Returns
    -------
    TokenPlane
    """
    n_tokens = count_tokens(covariance)
    pairs = np.stack([_square(symmetric_log(values), n_tokens) for values in (covariance, pearson)])
    effects = np.stack([fit_effects(coordinate) for coordinate in pairs])
    return TokenPlane(pairs, directions(N_DIRECTIONS) @ whiten(effects), fit_kinship(pairs[0]))


def fit_effects(matrix: Floats) -> Floats:
    """Fit pair values by sums of one effect a token, by least squares.

    Parameters
    ----------
    matrix : ndarray of float64, shape (n_tokens, n_tokens)
        Symmetric, with a diagonal of 0 that does not enter.

    Returns
    -------
    ndarray of float64, shape (n_tokens,)
    """
    n_tokens = len(matrix)
    sums = matrix.sum(axis=0)
    return np.asarray((sums - sums.sum() / (2 * (n_tokens - 1))) / (n_tokens - 2))


def fit_kinship(matrix: Floats) -> Floats:
    """Place tokens along the leading eigenvector of what sums of one effect a token leave of pair values.

    Parameters
    ----------
    matrix :
        As `fit_effects`.

    Returns
    -------
    ndarray of float64, shape (1, n_tokens)
        All 0 where nothing is left, or for fewer than 4 tokens, which effects alone can fit.
    """
    n_tokens = len(matrix)
    if n_tokens < 4:
        return np.zeros((1, n_tokens))
    effects = fit_effects(matrix)
    residuals = matrix - effects[:, None] - effects[None, :]
    np.fill_diagonal(residuals, 0)
    scale = float(np.abs(residuals).max())
    if scale == 0:
        return np.zeros((1, n_tokens))
    # A fixed start makes the result reproducible.
    _, leading = scipy.sparse.linalg.eigsh(
        residuals / scale, k=1, which="LA", v0=np.linspace(-1, 1, n_tokens)
    )
    return np.asarray(leading.T)


def _square(values: Floats, n_tokens: int) -> Floats:
    """Put pair values into a symmetric matrix with a diagonal of 0."""
    matrix = np.zeros((n_tokens, n_tokens))
    matrix[np.triu_indices(n_tokens, 1)] = values
    return matrix + matrix.T
