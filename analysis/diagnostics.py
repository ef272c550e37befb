"""Numbers that tell the document's explanations from others that would show the same figures.

Each function measures one alternative: bins that a few dimensions stretch, a final norm that undoes the
growth, clusters of pairs that come from two groups of tokens, covariance that a few dimensions carry.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.clusters import token_groups
from analysis.pairwise import outlying_dimensions, pairwise_measures

Floats = NDArray[np.float64]

KINDS_OF_PAIR = ("within group 0", "between the groups", "within group 1")


def central_share(activations: ArrayLike, *, outlier_sd: float = 5.0) -> float:
    """Measure how much of each activation falls into the middle third of its own range.

    Equal-width bins divide the range. Evenly filled bins give a third, a Gaussian of a few hundred
    dimensions some 0.7; near 1 a few dimensions stretch the range so far that all others share a few bins,
    and mutual information is lost to the bins.

    Parameters
    ----------
    activations : array_like of float, shape (n_tokens, hidden)
    outlier_sd : float
        Dimensions beyond are left out, token by token; 0 keeps all.

    Returns
    -------
    float
        Mean over tokens, 0 to 1.

    Raises
    ------
    ValueError
        For values that are not finite and for a token that is constant.
    """
    values = _checked(activations)
    kept = ~outlying_dimensions(values, outlier_sd)
    low = np.where(kept, values, np.inf).min(axis=1, keepdims=True)
    high = np.where(kept, values, -np.inf).max(axis=1, keepdims=True)
    if (low == high).any():
        raise ValueError("a constant activation has no range to be divided")
    place = (values - low) / (high - low)
    central = kept & (place >= 1 / 3) & (place <= 2 / 3)
    return float((central.sum(axis=1) / kept.sum(axis=1)).mean())


def covariance_by_dimension(activations: ArrayLike, *, outlier_sd: float = 5.0) -> Floats:
    """Split the mean covariance of all pairs into what each dimension adds to it.

    Parameters
    ----------
    activations : array_like of float, shape (n_tokens, hidden)
    outlier_sd : float
        A token's dimensions beyond are left out of all its pairs, as in the measure itself. Each token is
        centred over the dimensions that it keeps, whatever its partner leaves out.

    Returns
    -------
    ndarray of float64, shape (hidden,)
        In squared units of the activations. The sum is the mean covariance, exactly so without outliers.

    Raises
    ------
    ValueError
        For values that are not finite or fewer than two tokens.
    """
    values = _checked(activations)
    kept = ~outlying_dimensions(values, outlier_sd)
    centred = np.where(kept, values - values.mean(axis=1, keepdims=True, where=kept), 0.0)
    overlap = kept.astype(np.float64) @ kept.T.astype(np.float64) - 1
    np.fill_diagonal(overlap, np.inf)
    products = np.einsum("id,id->d", centred, (1 / overlap) @ centred)
    n_tokens = len(values)
    return np.asarray(products / (n_tokens * (n_tokens - 1)))


def top_share(contributions: Floats, n_top: int = 3) -> float:
    """Give the share of the largest contributions in all of them, by size whatever the sign.

    Parameters
    ----------
    contributions : ndarray of float64, shape (hidden,)
        As from `covariance_by_dimension`.
    n_top : int
        How many dimensions count as a few.

    Returns
    -------
    float
        Between ``n_top / hidden`` (all equal) and 1.

    Raises
    ------
    ValueError
        If there are not more contributions than ``n_top``, or all are 0.
    """
    sizes = np.sort(np.abs(contributions))[::-1]
    if not 0 < n_top < len(sizes) or sizes[0] == 0:
        raise ValueError(f"{len(sizes)} contributions, the largest {sizes[:1]}, have no top {n_top} to share")
    return float(sizes[:n_top].sum() / sizes.sum())


@dataclass(frozen=True)
class GroupContrast:
    """How two groups of tokens differ: in scale, or in direction.

    Attributes
    ----------
    scale_ratio : float
        Mean standard deviation of the activations in group 1 over that in group 0.
    covariance, pearson : tuple of float
        Mean over the pairs within group 0, between the groups, within group 1 (`KINDS_OF_PAIR`).
    scale_share : float or None
        Share of the log ratio of mean covariance, within group 1 over within group 0, that the standard
        deviations carry; 1 where the groups differ by a factor only. `None` where the two covariances are
        equal or not both positive, so that there is no ratio to explain.
    """

    scale_ratio: float
    covariance: tuple[float, float, float]
    pearson: tuple[float, float, float]
    scale_share: float | None


def group_contrast(
    covariance: Floats, std_product: Floats, pearson: Floats, spread: Floats, labels: NDArray[np.int64]
) -> GroupContrast:
    """Compare the pairs within and between two groups of tokens.

    Parameters
    ----------
    covariance, std_product, pearson : ndarray of float64, shape (n_pairs,)
        All pairs of the tokens, in the order of ``numpy.triu_indices(n_tokens, 1)``.
    spread : ndarray of float64, shape (n_tokens,)
        Standard deviation of each activation.
    labels : ndarray of int64, shape (n_tokens,)
        0 or 1, two tokens of each at least.

    Returns
    -------
    GroupContrast

    Raises
    ------
    ValueError
        If a group has fewer than two tokens.
    """
    if min(np.count_nonzero(labels == group) for group in (0, 1)) < 2:
        raise ValueError("each group needs two tokens, or it has no pair")
    first, second = np.triu_indices(len(labels), 1)
    kind_of_pair = labels[first] + labels[second]
    by_kind = [
        [float(values[kind_of_pair == kind].mean()) for kind in range(3)]
        for values in (covariance, std_product, pearson)
    ]
    low, between, high = by_kind[0]
    share = None
    if min(low, high) > 0 and low != high:
        share = float(np.log(by_kind[1][2] / by_kind[1][0]) / np.log(high / low))
    return GroupContrast(
        float(spread[labels == 1].mean() / spread[labels == 0].mean()),
        (low, between, high),
        (by_kind[2][0], by_kind[2][1], by_kind[2][2]),
        share,
    )


def split_half_agreement(activations: ArrayLike, *, outlier_sd: float = 5.0) -> float:
    """Find the token groups twice, from two halves of the dimensions, and compare.

    Groups that belong to the tokens are found again in dimensions that were not used to find them; groups
    that a few dimensions or chance made are not.

    Parameters
    ----------
    activations : array_like of float, shape (n_tokens, hidden)
        The halves are the even and the odd dimensions.
    outlier_sd : float
        Dimensions beyond are left out pair by pair, as in the measure itself.

    Returns
    -------
    float
        Share of tokens that both halves put into the same group, with the names of the groups matched:
        1 at best, little more than 0.5 by chance where groups are of equal size.
    """
    values = _checked(activations)
    halves = [
        token_groups(pairwise_measures(values[:, start::2], outlier_sd=outlier_sd).covariance, len(values))
        for start in (0, 1)
    ]
    same = float((halves[0] == halves[1]).mean())
    return max(same, 1 - same)


def _checked(activations: ArrayLike) -> Floats:
    """Return finite float64 activations of two tokens at least."""
    values = np.asarray(activations, dtype=np.float64)
    if values.ndim != 2 or values.shape[0] < 2 or values.shape[1] < 2:
        raise ValueError(f"activations must be tokens (>= 2), dimensions (>= 2), not {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError("activations must be finite")
    return values
