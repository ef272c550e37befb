"""Diagnostics for alternative explanations of falling MI and growing covariance.

MI may fall because a few dimensions stretch the range of its bins. Covariance may grow in a few dimensions
only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.pairs.outliers import outlying_dimensions
from layerclaims.analysis.statistics.estimate import Estimate, percentile_estimate
from layerclaims.analysis.statistics.profile import Profile
from layerclaims.analysis.statistics.trends import change_at_end

Floats = NDArray[np.float64]


def crowded_share(activations: ArrayLike, *, outlier_sd: float = 5.0) -> float:
    """Measure the share of each activation's dimensions in the fullest third of its range.

    Equal-width bins divide the range. Evenly filled bins give a third, a Gaussian of a few hundred dimensions
    some 0.7. Near 1, a few dimensions stretch the range so far that all others share a few bins, and the bins
    hide mutual information. The third may lie anywhere, since the range can be stretched on one side.

    Parameters
    ----------
    activations : array_like of float, shape (n_tokens, hidden)
    outlier_sd : float
        Threshold in standard deviations; dimensions beyond it are left out, token by token. 0 keeps all.

    Returns
    -------
    float
        Mean over tokens, 0 to 1.

    Raises
    ------
    ValueError
        For values that are not finite and for a token that is constant.
    """
    values = check_activations(activations)
    kept = ~outlying_dimensions(values, outlier_sd)
    shares = []
    for token, mask in zip(values, kept, strict=True):
        ordered = np.sort(token[mask])
        width = (ordered[-1] - ordered[0]) / 3
        if width == 0:
            raise UndefinedResultError("a constant activation has no range to be divided")
        ends = np.searchsorted(ordered, ordered + width, side="right")
        shares.append((ends - np.arange(len(ordered))).max() / len(ordered))
    return float(np.mean(shares))


def covariance_by_dimension(activations: ArrayLike, *, outlier_sd: float = 5.0) -> Floats:
    """Split the mean covariance of all pairs into the contribution of each dimension.

    Parameters
    ----------
    activations : array_like of float, shape (n_tokens, hidden)
    outlier_sd : float
        Threshold in standard deviations; a token's dimensions beyond it are left out of all its pairs, as in
        the measure itself. Each token is centred over all dimensions that it keeps, for all its pairs alike.

    Returns
    -------
    ndarray of float64, shape (hidden,)
        In squared units of the activations. The sum is the mean covariance, exactly so without outliers.

    Raises
    ------
    ValueError
        For values that are not finite or fewer than two tokens.
    """
    values = check_activations(activations)
    kept = ~outlying_dimensions(values, outlier_sd)
    centred = np.where(kept, values - values.mean(axis=1, keepdims=True, where=kept), 0.0)
    # Two tokens share all dimensions but those that one of them drops, and most are dropped by none.
    dropped = (~kept[:, ~kept.all(axis=0)]).astype(np.float64)
    n_dropped = dropped.sum(axis=1)
    overlap = values.shape[1] - n_dropped[:, np.newaxis] - n_dropped + dropped @ dropped.T - 1
    np.fill_diagonal(overlap, np.inf)
    products = np.einsum("id,id->d", centred, (1 / overlap) @ centred)
    n_tokens = len(values)
    return np.asarray(products / (n_tokens * (n_tokens - 1)))


def top_share(contributions: Floats, n_top: int = 3) -> float:
    """Return the share of the contributions that are largest in absolute value in the sum of absolute values.

    Parameters
    ----------
    contributions : ndarray of float64, shape (hidden,)
        As from `covariance_by_dimension`.
    n_top : int
        Number of largest contributions.

    Returns
    -------
    float
        Between ``n_top / hidden`` (all equal) and 1.

    Raises
    ------
    ValueError
        If there are not more contributions than ``n_top``, or if all are 0 where a share is asked for.
    """
    sizes = np.abs(contributions)
    if sizes.max() == 0:
        raise UndefinedResultError("contributions that are all 0 have no shares")
    return float(sizes[_largest(contributions, n_top)].sum() / sizes.sum())


def without_top(contributions: Floats, n_top: int = 3) -> float:
    """Sum the contributions without those that are largest in absolute value.

    Parameters and errors are those of `top_share`.
    """
    return float(np.delete(contributions, _largest(contributions, n_top)).sum())


def _largest(contributions: Floats, n_top: int) -> NDArray[np.intp]:
    """Find the dimensions whose contributions are largest in absolute value."""
    if not 0 < n_top < len(contributions):
        raise UndefinedResultError(
            "{contributions} contributions have no top {top}", contributions=len(contributions), top=n_top
        )
    return np.argsort(-np.abs(contributions), kind="stable")[:n_top]


@dataclass(frozen=True)
class Decline:
    """Mean MI of the last sixth of the layers over that of the earlier ones, for two kinds of bins.

    Attributes
    ----------
    equal_width, equal_frequency : Estimate
        A ratio as `analysis.statistics.trends.change_at_end` has it, below 1 where MI declines.
    left : Estimate or None
        Share of the decline under equal-width bins that equal-frequency bins show as well: 1 where the choice
        of bins does not matter, 0 where it causes the whole decline. `None` where some resample shows no
        decline.
    """

    equal_width: Estimate
    equal_frequency: Estimate
    left: Estimate | None


def compare_declines(equal_width: Profile, equal_frequency: Profile, *, n_tokens: int) -> Decline:
    """Compare the decline of MI under equal-width bins and under equal-frequency bins.

    Outlying dimensions stretch equal-width bins but not equal-frequency bins.

    Parameters
    ----------
    equal_width, equal_frequency : Profile
        Mean MI of the same pairs under the same token resamples. Layer 0, where all activations are equal,
        is left out.
    n_tokens : int
        Number of tokens of both profiles.

    Returns
    -------
    Decline

    Raises
    ------
    ValueError
        If the profiles have different shapes, fewer than three layers after layer 0, or a mean there that is
        not positive.
    """
    profiles = (equal_width, equal_frequency)
    if equal_width.resampled.shape != equal_frequency.resampled.shape:
        raise ValueError(
            f"two profiles of the same resamples are needed, not of {equal_width.resampled.shape} and "
            f"{equal_frequency.resampled.shape}"
        )
    values = [float(change_at_end(profile.mean[1:])) for profile in profiles]
    resampled = [change_at_end(profile.resampled[:, 1:]) for profile in profiles]
    wide, even = (percentile_estimate(values[k], resampled[k], unit="times", n=n_tokens) for k in (0, 1))
    left = None
    if values[0] < 1 and (resampled[0] < 1).all():
        left = percentile_estimate(
            (1 - values[1]) / (1 - values[0]), (1 - resampled[1]) / (1 - resampled[0]), n=n_tokens
        )
    return Decline(wide, even, left)


def check_activations(activations: ArrayLike) -> Floats:
    """Return activations as float64; refuse fewer than two tokens, other shapes and values not finite.

    Raises
    ------
    ValueError
        For such a shape or value.
    """
    values = np.asarray(activations, dtype=np.float64)
    if values.ndim != 2 or values.shape[0] < 2 or values.shape[1] < 2:
        raise ValueError(f"activations must be tokens (>= 2), dimensions (>= 2), not {values.shape}")
    if not np.isfinite(values).all():
        raise UndefinedResultError("an activation is not finite")
    return values
