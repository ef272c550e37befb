"""Correlation of two measures over pairs, with token resamples."""

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.statistics.bootstrap import resampled_means

Floats = NDArray[np.float64]


def pair_correlation(
    first: Floats, second: Floats, multiplicities: Floats, members: NDArray[np.bool_] | None = None
) -> Floats:
    """Correlate two measures of the same pairs.

    Parameters
    ----------
    first, second : ndarray of float64, shape (n_pairs,)
        In the order of ``numpy.triu_indices(n_tokens, 1)``.
    multiplicities : ndarray of float64, shape (n_resamples, n_tokens)
        The weight of pair (i, j) is the product of its tokens' multiplicities.
    members : ndarray of bool, shape (n_pairs,), optional
        The pairs to correlate over; by default all.

    Returns
    -------
    ndarray of float64, shape (n_resamples,)
        Pearson's correlation; NaN for a resample that holds none of the pairs, or none that differ.

    Raises
    ------
    ValueError
        As `analysis.statistics.bootstrap.resampled_means`, and where no pair is a member.
    """
    inside = np.ones(len(first), np.bool_) if members is None else members
    if not inside.any():
        raise UndefinedResultError("there is no pair to correlate over")
    # Values are centred first, since differences of large sums lose digits.
    x, y = ((values - values[inside].mean()) * inside for values in (first, second))
    moments = resampled_means(
        np.stack([inside.astype(np.float64), x, y, x * x, y * y, x * y]), multiplicities
    )
    share = moments[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_x, mean_y, square_x, square_y, product = (moments[:, 1:] / share[:, None]).T
        variances = (square_x - mean_x**2) * (square_y - mean_y**2)
        correlation: Floats = (product - mean_x * mean_y) / np.sqrt(variances)
    return np.where(variances > 0, correlation, np.nan)
