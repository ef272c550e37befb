"""How much of a pair measure a partition of the tokens into two groups explains."""

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.pairs.pair_values import count_tokens
from layerclaims.analysis.statistics.bootstrap import resampled_means

Floats = NDArray[np.float64]


def explained_share(values: Floats, labels: NDArray[np.int64], multiplicities: Floats) -> Floats:
    """Measure the share of the variance of pairs that lies between the three sorts of pairs.

    Pairs within one group, within the other, and between the two are the sorts; the share is eta squared.

    Parameters
    ----------
    values : ndarray of float64, shape (n_pairs,)
        A measure of all pairs of n tokens, in the order of ``numpy.triu_indices(n, 1)``.
    labels : ndarray of int64, shape (n_tokens,)
        0 or 1.
    multiplicities : ndarray of float64, shape (n_resamples, n_tokens)
        The weight of pair (i, j) is the product of its tokens' multiplicities.

    Returns
    -------
    ndarray of float64, shape (n_resamples,)
        0 to 1; 0 where the pairs do not vary.

    References
    ----------
    Fisher (1925), Statistical Methods for Research Workers, section 38 (the correlation ratio).
    """
    n_tokens = count_tokens(values)
    if labels.shape != (n_tokens,) or not np.isin(labels, (0, 1)).all():
        raise ValueError(f"labels must be 0 or 1 for each of the {n_tokens} tokens")
    sorts = labels[np.stack(np.triu_indices(n_tokens, 1))].sum(axis=0)
    centred = values - values.mean()  # differences of large sums lose digits
    members = (sorts == np.arange(3)[:, None]).astype(np.float64)
    rows = np.concatenate([members, members * centred, [centred**2]])
    moments = resampled_means(rows, multiplicities)
    shares, sums, square = moments[:, :3], moments[:, 3:6], moments[:, 6]
    between = np.divide(sums**2, shares, out=np.zeros_like(sums), where=shares > 0).sum(axis=1)
    overall = sums.sum(axis=1) ** 2
    total = square - overall
    varies = total > 1e-12 * square
    explained: Floats = np.divide(between - overall, total, out=np.zeros_like(total), where=varies)
    return explained
