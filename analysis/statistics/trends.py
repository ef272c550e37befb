"""Trends of layer profiles: change at the end, rank correlation, growth and its parts.

A profile is one number for each layer, on the last axis. Leading axes, such as resamples, are kept.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError

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
        The rest, which exists because the mean of a product is not the product of the means.
    """

    total: Floats
    standard_deviations: Floats
    correlation: Floats
    remainder: Floats


def change_at_end(profile: Floats) -> Floats:
    """Compare the last layers with the earlier ones, as a ratio.

    The end is the median of the last sixth of the layers. The earlier level is the lower of two medians: of
    the first sixth and of the first half. A steady fall and a late fall both end below this level. A bump
    does not, because it ends where it began. A fall in the first layers that stays flat afterwards does not
    either, because it ends at the median of the first half. A single last layer changes the ratio little.
    Noise lowers the lower of the two medians, so it biases the ratio towards a rise.

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
        raise UndefinedResultError(
            "a profile of {layers} layers has no beginning, middle and end to compare", layers=n_layers
        )
    sixth = sixth_of(n_layers)
    beginning = np.median(profile[..., :sixth], axis=-1)
    first_half = np.median(profile[..., : (n_layers + 1) // 2], axis=-1)
    return np.asarray(np.median(profile[..., -sixth:], axis=-1) / np.minimum(beginning, first_half))


def regained_at_end(profile: Floats) -> Floats:
    """Compare the last sixth of the layers with the lowest sixth, as a ratio: how far the end rises again.

    Parameters are those of `change_at_end`.

    Returns
    -------
    ndarray of float64, shape (...)
        A ratio of medians over equally many neighbouring layers; 1 where the last layers are the lowest.

    Raises
    ------
    ValueError
        For fewer than two layers, or values that are not positive and finite.
    """
    profile = _checked_positive(profile)
    windows = np.lib.stride_tricks.sliding_window_view(profile, sixth_of(profile.shape[-1]), axis=-1)
    levels = np.median(windows, axis=-1)
    return np.asarray(levels[..., -1] / levels.min(axis=-1))


def sixth_of(n_layers: int) -> int:
    """Return how many layers are a sixth of them: at least one."""
    return max(1, round(n_layers / 6))


class Stretch(NamedTuple):
    """Neighbouring layers, the first of them 0, and the median of a profile over them."""

    start: int
    stop: int
    median: float


def stretches_at_end(profile: Floats) -> dict[str, Stretch]:
    """Find the layers that `change_at_end` and `regained_at_end` compare.

    Parameters
    ----------
    profile : ndarray of float64, shape (n_layers,)

    Returns
    -------
    dict
        ``last``, ``earlier`` (the first sixth or the first half, whichever is lower) and ``lowest``.
    """
    n_layers, sixth = len(profile), sixth_of(len(profile))
    ends = {
        "last": (n_layers - sixth, n_layers),
        "beginning": (0, sixth),
        "first half": (0, (n_layers + 1) // 2),
    }
    found = {name: Stretch(*end, float(np.median(profile[slice(*end)]))) for name, end in ends.items()}
    sixths = [
        Stretch(start, start + sixth, float(np.median(profile[start : start + sixth])))
        for start in range(n_layers - sixth + 1)
    ]
    return {
        "last": found["last"],
        "earlier": min(found["beginning"], found["first half"], key=lambda one: one.median),
        "lowest": min(sixths, key=lambda one: one.median),
    }


def spearman(first: Floats, second: Floats) -> Floats:
    """Spearman's rank correlation of two profiles; ties share their mean rank.

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
    """
    ranks = [average_ranks(_checked(profile)) for profile in (first, second)]
    centred = [rank - rank.mean(axis=-1, keepdims=True) for rank in ranks]
    return _cosine(centred[0], centred[1])


def average_ranks(profile: Floats) -> Floats:
    """Rank the layers from 1 on, the smallest first; ties share their mean rank.

    Parameters
    ----------
    profile : ndarray of float64, shape (..., n_layers)

    Returns
    -------
    ndarray of float64, shape (..., n_layers)
        As `scipy.stats.rankdata`, whose import costs more time than everything that is ranked here.
    """
    others, own = profile[..., None, :], profile[..., :, None]
    return np.asarray(((others < own).sum(axis=-1) + (others <= own).sum(axis=-1) + 1) / 2)


def log2_growth(profile: Floats, reference: int) -> Floats:
    """Logarithm to base 2 of a profile over its value at the reference layer.

    Parameters
    ----------
    profile : ndarray of float64, shape (..., n_layers)
        Positive everywhere; growth from or to other numbers is undefined.
    reference : int
        Index of the layer by whose value the profile is divided.

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

    A pair's covariance is the product of its two standard deviations and its correlation, so the logarithms
    of growth add up for a pair. For means over pairs a remainder is left: the mean of a product is not the
    product of the means.

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
    """Return the profile as float64; refuse fewer than two layers and values that are not finite."""
    profile = np.asarray(profile, dtype=np.float64)
    if profile.ndim == 0 or profile.shape[-1] < 2:
        raise UndefinedResultError("a profile needs two layers at least")
    if not np.isfinite(profile).all():
        where = tuple(int(index) for index in np.argwhere(~np.isfinite(profile))[0])
        raise UndefinedResultError("the profile is not finite at {place}", place=str(where))
    return profile


def _checked_positive(profile: Floats) -> Floats:
    """Return the profile as float64; refuse values that are not positive and finite."""
    profile = _checked(profile)
    if not (profile > 0).all():
        raise UndefinedResultError(
            "a change is a ratio of positive numbers, and the profile holds {lowest}",
            lowest=float(profile.min()),
        )
    return profile


def _cosine(first: Floats, second: Floats) -> Floats:
    """Cosine of the angle between vectors on the last axis; NaN for a vector of zeros."""
    product = (first * second).sum(axis=-1)
    norms = np.sqrt((first**2).sum(axis=-1) * (second**2).sum(axis=-1))
    return np.where(norms > 0, product / np.where(norms > 0, norms, 1), np.nan)
