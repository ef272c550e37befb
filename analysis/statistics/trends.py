"""Trends of layer profiles: robust slope, rank correlation, growth and what it is made of.

A profile is a number for each layer, on the last axis; leading axes, such as resamples, are carried along.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GrowthDecomposition:
    """Growth of mean covariance over a reference layer, in powers of two.

    Attributes
    ----------
    total : ndarray of float64, shape (..., n_layers)
        log2 growth of the covariance: the sum of the three parts.
    standard_deviations, correlation : ndarray of float64, shape (..., n_layers)
        log2 growth of the mean product of standard deviations, and of the mean correlation.
    remainder : ndarray of float64, shape (..., n_layers)
        What neither explains: the mean of a product is not the product of the means.
    """

    total: Floats
    standard_deviations: Floats
    correlation: Floats
    remainder: Floats


def theil_sen(profile: Floats) -> Floats:
    """Median slope over all pairs of layers.

    Parameters
    ----------
    profile : ndarray of float64, shape (..., n_layers)

    Returns
    -------
    ndarray of float64, shape (...)
        In the profile's unit per layer.

    Raises
    ------
    ValueError
        For fewer than two layers or values that are not finite.

    References
    ----------
    Sen (1968), Estimates of the regression coefficient based on Kendall's tau, JASA 63, 1379-1389.
    """
    profile = _checked(profile)
    first, second = np.triu_indices(profile.shape[-1], 1)
    slopes = (profile[..., second] - profile[..., first]) / (second - first)
    return np.asarray(np.median(slopes, axis=-1))


def change_at_end(profile: Floats) -> Floats:
    """Compare the last layers with the earlier ones, as a ratio.

    The end is the median of the last sixth of the layers. The earlier level is the lower of two: the median
    of the first sixth, and that of the first half. So a steady fall and a late one both end below it. A bump
    does not, because it ends where it began; nor does a fall in the first layers with a flat rest, because it
    ends at the median. A single last layer changes little. Noise makes the lower of two levels lower still,
    so it looks like a rise rather than a fall.

    Parameters
    ----------
    profile : ndarray of float64, shape (..., n_layers)
        Positive.

    Returns
    -------
    ndarray of float64, shape (...)
        A ratio, below 1 for a fall. For a steady fall by a share s it is about ``1 - 2 s / 3``.

    Raises
    ------
    ValueError
        For fewer than three layers, or values that are not positive and finite.
    """
    profile = _checked_positive(profile)
    n_layers = profile.shape[-1]
    if n_layers < 3:
        raise ValueError(f"a profile of {n_layers} layers has no beginning, middle and end to compare")
    sixth = _sixth(n_layers)
    beginning = np.median(profile[..., :sixth], axis=-1)
    first_half = np.median(profile[..., : (n_layers + 1) // 2], axis=-1)
    return np.asarray(np.median(profile[..., -sixth:], axis=-1) / np.minimum(beginning, first_half))


def regained_at_end(profile: Floats) -> Floats:
    """Compare the last sixth of the layers with the lowest sixth: how far a profile comes back at its end.

    Parameters are those of `change_at_end`.

    Returns
    -------
    ndarray of float64, shape (...)
        A ratio of medians over as many neighbouring layers, 1 where the last are the lowest.

    Raises
    ------
    ValueError
        For fewer than two layers, or values that are not positive and finite.
    """
    profile = _checked_positive(profile)
    windows = np.lib.stride_tricks.sliding_window_view(profile, _sixth(profile.shape[-1]), axis=-1)
    levels = np.median(windows, axis=-1)
    return np.asarray(levels[..., -1] / levels.min(axis=-1))


def _sixth(n_layers: int) -> int:
    return max(1, round(n_layers / 6))


def kendall_tau(first: Floats, second: Floats) -> Floats:
    """Kendall's tau-b of two profiles, which counts ties.

    Parameters
    ----------
    first, second : ndarray of float64, shape (..., n_layers)
        Leading axes are broadcast.

    Returns
    -------
    ndarray of float64, shape (...)
        Between -1 and 1; NaN where a profile is constant and has no order.

    Raises
    ------
    ValueError
        For fewer than two layers or values that are not finite.

    References
    ----------
    Kendall (1945), The treatment of ties in ranking problems, Biometrika 33, 239-251.
    """
    return _cosine(_orders(_checked(first)), _orders(_checked(second)))


def spearman(first: Floats, second: Floats) -> Floats:
    """Spearman's rank correlation of two profiles; ties share their mean rank.

    Parameters, result and errors are those of `kendall_tau`.
    """
    ranks = [rankdata(_checked(profile), axis=-1) for profile in (first, second)]
    centred = [rank - rank.mean(axis=-1, keepdims=True) for rank in ranks]
    return _cosine(centred[0], centred[1])


def log2_growth(profile: Floats, reference: int) -> Floats:
    """Logarithm to base 2 of a profile over its value at the reference layer.

    Parameters
    ----------
    profile : ndarray of float64, shape (..., n_layers)
        Positive everywhere: there is no growth from or to a number that is not.
    reference : int
        Index of the layer that the others are divided by.

    Returns
    -------
    ndarray of float64, shape (..., n_layers)
        Doublings; 0 at the reference layer.

    Raises
    ------
    ValueError
        For values that are not positive and finite.
    """
    profile = _checked_positive(profile)
    logarithm = np.log2(profile)
    return np.asarray(logarithm - logarithm[..., [reference]])


def decompose_growth(
    covariance: Floats, std_product: Floats, pearson: Floats, reference: int
) -> GrowthDecomposition:
    """Split the growth of mean covariance into standard deviations and correlation.

    A pair's covariance is the product of its two standard deviations and its correlation, so logarithms of
    growth add up, except for a remainder: the mean over pairs of a product is not the product of the means.

    Parameters
    ----------
    covariance, std_product, pearson : ndarray of float64, shape (..., n_layers)
        Means over the same pairs; all positive.
    reference : int
        As for `log2_growth`.

    Returns
    -------
    GrowthDecomposition

    Raises
    ------
    ValueError
        As `log2_growth`.
    """
    total = log2_growth(covariance, reference)
    deviations = log2_growth(std_product, reference)
    correlation = log2_growth(pearson, reference)
    return GrowthDecomposition(total, deviations, correlation, total - deviations - correlation)


def _checked(profile: Floats) -> Floats:
    """Return the profile as float64; refuse one without two layers or with missing values."""
    profile = np.asarray(profile, dtype=np.float64)
    if profile.ndim == 0 or profile.shape[-1] < 2:
        raise ValueError(f"a profile needs two layers at least, its shape is {profile.shape}")
    if not np.isfinite(profile).all():
        where = tuple(int(index) for index in np.argwhere(~np.isfinite(profile))[0])
        raise ValueError(f"the profile is not finite at {where}")
    return profile


def _checked_positive(profile: Floats) -> Floats:
    """Return the profile as float64; refuse one that cannot be divided by itself."""
    profile = _checked(profile)
    if not (profile > 0).all():
        raise ValueError(f"a change is a ratio of positive numbers, the profile holds {profile.min()}")
    return profile


def _orders(profile: Floats) -> Floats:
    """Sign of the difference of every pair of layers."""
    first, second = np.triu_indices(profile.shape[-1], 1)
    return np.sign(profile[..., second] - profile[..., first])


def _cosine(first: Floats, second: Floats) -> Floats:
    """Cosine of the angle between vectors on the last axis; NaN for a vector of zeros."""
    product = (first * second).sum(axis=-1)
    norms = np.sqrt((first**2).sum(axis=-1) * (second**2).sum(axis=-1))
    return np.where(norms > 0, product / np.where(norms > 0, norms, 1), np.nan)
