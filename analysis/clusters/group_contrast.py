"""Compare two groups of tokens by scale and direction, and find them again in halves of the dimensions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layerclaims.analysis.clusters.token_groups import token_groups
from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.statistics.diagnostics import check_activations

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GroupContrast:
    """How two groups of tokens differ: in scale, or in direction.

    Attributes
    ----------
    scale_ratio : float
        Mean standard deviation of the activations in group 1 over that in group 0.
    covariance, pearson : tuple of float
        Mean over the pairs within group 0, between the groups, within group 1.
    scale_share : float or None
        Share of the log ratio of mean covariance, within group 1 over within group 0, that comes from the
        standard deviations; 1 where the groups differ by a factor only. `None` where the two covariances are
        equal or not both positive, so that the share is undefined.
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
        raise UndefinedResultError("each group needs two tokens, or it has no pair")
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
    """Find the token groups in each half of the dimensions, and compare them.

    Real groups of tokens are found in both halves. Groups that come from a few dimensions or from chance are
    not.

    Parameters
    ----------
    activations : array_like of float, shape (n_tokens, hidden)
        The halves are the even and the odd dimensions.
    outlier_sd : float
        Threshold in standard deviations; dimensions beyond it are left out pair by pair, as in the measure.

    Returns
    -------
    float
        Share of tokens that both halves put into the same group, after matching the labels of the groups. At
        most 1; a little more than 0.5 by chance where groups are of equal size.
    """
    from layerclaims.analysis.pairs.pairwise import pairwise_moments  # imports numba

    values = check_activations(activations)
    halves = [
        token_groups(pairwise_moments(values[:, start::2], outlier_sd=outlier_sd).covariance, len(values))
        for start in (0, 1)
    ]
    same = float((halves[0] == halves[1]).mean())
    return max(same, 1 - same)
