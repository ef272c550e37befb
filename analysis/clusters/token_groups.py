"""Split tokens into the two groups that best explain the pairs; measure how well they predict clusters."""

from itertools import product

import numpy as np
import scipy  # loads a part when it is first used
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.pairs.pair_values import count_tokens, is_constant

MIN_GROUP_SHARE = 0.05
"""Smallest token group, as a share: half of the smallest group that a cluster of pairs can come from."""

PURE = 0.9
"""Smallest share of pairs at which two groups explain the clusters. Gaussian clusters of sizes 1 : 2 : 1 that
the counting rule just separates overlap in 4% of the pairs; the rest allows for other shapes."""


def token_groups(values: NDArray[np.float64], n_tokens: int) -> NDArray[np.int64]:
    """Split the tokens into the two groups that explain the pairs best.

    Tokens are sorted twice: by their mean pair value, for groups that differ in scale, and by the leading
    eigenvector of the doubly centred pair matrix, for groups that differ in kind. Each cut of each order
    gives three kinds of pairs: within one group, within the other, between. The cut is chosen whose kinds
    explain the largest share of the variance of the pairs.

    Parameters
    ----------
    values : ndarray of float64, shape (n_pairs,)
        See `find_clusters`.
    n_tokens : int
        Checked against the number of values.

    Returns
    -------
    ndarray of int64, shape (n_tokens,)
        0 or 1; group 1 is the one whose own pairs have the higher mean. Both hold at least
        `MIN_GROUP_SHARE` of the tokens. A split is always returned; `group_purity` measures whether it is
        meaningful.
    """
    if count_tokens(values) != n_tokens:
        raise ValueError(f"{len(values)} values are not the pairs of {n_tokens} tokens")
    if is_constant(float(values.min()), float(values.max())):
        raise UndefinedResultError("pairs that differ by rounding only do not split the tokens")
    matrix = np.zeros((n_tokens, n_tokens))
    matrix[np.triu_indices(n_tokens, 1)] = values - values.mean()
    matrix += matrix.T
    means = matrix.sum(axis=0) / (n_tokens - 1)
    centred = matrix - means[:, None] - means[None, :]
    np.fill_diagonal(centred, 0)
    # A fixed start makes the result reproducible. Tiny covariances are allowed, so the scale is removed.
    _, leading = scipy.sparse.linalg.eigsh(
        centred / np.abs(centred).max(), k=1, v0=np.linspace(-1, 1, n_tokens)
    )
    orders = [np.argsort(means, kind="stable"), np.argsort(leading[:, 0], kind="stable")]
    _, size, order = max(
        ((*_best_cut(matrix[np.ix_(order, order)]), order) for order in orders), key=lambda found: found[0]
    )
    low, high = order[:size], order[size:]
    if _mean_within(matrix, low) > _mean_within(matrix, high):
        low, high = high, low
    labels = np.zeros(n_tokens, dtype=np.int64)
    labels[high] = 1
    return labels


def group_purity(
    values: NDArray[np.float64], labels: NDArray[np.int64], bounds: NDArray[np.float64]
) -> float:
    """Compute the share of the pairs whose cluster the two token groups predict.

    Each kind of pair (within group 0, between, within group 1) predicts one cluster. The three predictions
    are chosen to be right most often, among those with as many different clusters as there are, up to three.
    Without this condition, meaningless groups would reach the share of the largest cluster.

    Parameters
    ----------
    values : ndarray of float64, shape (n_pairs,)
        See `find_clusters`.
    labels : ndarray of int64, shape (n_tokens,)
        0 or 1, as from `token_groups`.
    bounds : ndarray of float64, shape (n_clusters - 1,)
        As from `cluster_bounds`; at least one.

    Returns
    -------
    float
        Between 0 and 1.
    """
    n_tokens = count_tokens(values)
    if len(labels) != n_tokens or not np.isin(labels, (0, 1)).all():
        raise ValueError(f"labels must be 0 or 1 for each of the {n_tokens} tokens")
    if len(bounds) == 0:
        raise UndefinedResultError("one cluster leaves nothing for token groups to predict")
    first, second = np.triu_indices(n_tokens, 1)
    n_clusters = len(bounds) + 1
    table = np.zeros((3, n_clusters), dtype=np.int64)
    np.add.at(table, (labels[first] + labels[second], np.searchsorted(bounds, values)), 1)
    choices = np.array(list(product(range(n_clusters), repeat=3)))
    distinct = np.array([len(set(choice)) for choice in choices.tolist()]) == min(3, n_clusters)
    correct = table[np.arange(3), choices[distinct]].sum(axis=1)
    return float(correct.max() / len(values))


def _mean_within(matrix: NDArray[np.float64], members: NDArray[np.int64]) -> float:
    """Mean off-diagonal entry among some tokens of a symmetric matrix with zero diagonal."""
    return float(matrix[np.ix_(members, members)].sum() / (len(members) * (len(members) - 1)))


def _best_cut(ordered: NDArray[np.float64]) -> tuple[float, int]:
    """Find the cut that explains most; return the explained sum of squares and the size of the first group.

    Block sums of a matrix in token order are prefix sums, so one pass evaluates all cuts.
    """
    n_tokens = len(ordered)
    smallest = max(2, int(np.ceil(MIN_GROUP_SHARE * n_tokens)))
    sizes = np.arange(smallest, n_tokens - smallest + 1)
    blocks = ordered.cumsum(axis=0).cumsum(axis=1)
    total, rows, corner = blocks[-1, -1], blocks[sizes - 1, -1], blocks[sizes - 1, sizes - 1]
    rest = n_tokens - sizes
    explained = (
        (corner / 2) ** 2 / (sizes * (sizes - 1) / 2)
        + (rows - corner) ** 2 / (sizes * rest)
        + ((total - 2 * rows + corner) / 2) ** 2 / (rest * (rest - 1) / 2)
    )
    best = int(np.argmax(explained))
    return float(explained[best]), int(sizes[best])
