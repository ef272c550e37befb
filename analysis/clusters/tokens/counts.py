"""Count the clusters of pairs that groups of tokens make, or the components of a mixture."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from layerclaims.analysis.clusters.tokens.blocks import alike, block_moments, count_separate, join_blocks
from layerclaims.analysis.clusters.tokens.rules import TOKEN_RULES, TokenRules
from layerclaims.analysis.clusters.tokens.splitting import split_resamples, split_tokens
from layerclaims.analysis.clusters.tokens.token_plane import N_DIRECTIONS, TokenPlane

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def count_blocks(plane: TokenPlane, multiplicities: Floats, rules: TokenRules = TOKEN_RULES) -> Integers:
    """Count the clusters that groups of tokens make of their pairs, in token resamples.

    Tokens are split into groups (`split_tokens`); g groups make g (g + 1) / 2 blocks of pairs. Blocks that
    overlap in the plane are one cluster, as are chains of them, so that a group too many, cut out of one
    cloud, adds no cluster.

    Parameters
    ----------
    plane : TokenPlane
    multiplicities : ndarray of float64, shape (n_resamples, n_tokens)
        How often each resample holds each token. Tokens stay where the sample puts them: a position comes
        from n - 1 pairs, so its error is small beside the distance of groups.
    rules : TokenRules

    Returns
    -------
    ndarray of int64, shape (n_resamples,)
        At least 1.
    """
    groups = split_resamples(plane, multiplicities, rules)
    counts = np.ones(len(multiplicities), np.int64)
    for rows in alike(groups):
        if groups[rows[0]].any():
            counts[rows] = count_separate(plane.pairs, groups[rows[0]], multiplicities[rows], rules)
    return counts


def count_mixture(
    plane: TokenPlane, multiplicities: Floats, rules: TokenRules = TOKEN_RULES, *, n_starts: int = 1
) -> Integers:
    """Count the clusters of pairs that the components of a Gaussian mixture of the tokens make.

    One, two or three components, whichever has the lowest BIC, are fitted to the tokens of the sample. A
    mixture sees a small group in the shoulder of a large one, where the density has no valley; it also takes
    a skewed group for two. Components keep their tokens in all resamples, where blocks are compared anew.

    Parameters
    ----------
    plane, multiplicities :
        See `count_blocks`.
    rules : TokenRules
        Components below `min_share` of the tokens are left out, with their tokens.
    n_starts : int
        From how many starts, drawn with a fixed seed, the likelihood is climbed.

    Returns
    -------
    ndarray of int64, shape (n_resamples,)

    References
    ----------
    Fraley and Raftery (2002), Model-based clustering, discriminant analysis, and density estimation, JASA 97.
    """
    from sklearn.mixture import GaussianMixture

    kinship = plane.kinship * math.sqrt(len(plane.kinship[0]))  # of size one, as the effects are
    positions = np.concatenate([plane.effects[[0, N_DIRECTIONS // 2]], kinship]).T
    n_distinct = len(np.unique(positions.round(6), axis=0))  # of tokens that coincide, k-means fills no more
    with _openmp().limit(limits=1):  # threads wait for one another longer than so few tokens take
        fits = [
            GaussianMixture(number, reg_covar=1e-4, random_state=0, n_init=n_starts).fit(positions)
            for number in range(1, min(3, n_distinct) + 1)
        ]
    components = min(fits, key=lambda fit: float(fit.bic(positions))).predict(positions)
    sizes = np.bincount(components)
    large = sizes >= rules.min_share * len(components)
    kept = large[components]
    groups = (np.cumsum(large) - 1)[components]
    return np.maximum(count_separate(plane.pairs, groups, multiplicities * kept, rules), 1)


@cache
def _openmp() -> ThreadpoolController:
    """Find the threads of scikit-learn, once it is loaded."""
    return ThreadpoolController().select(user_api="openmp")


def pair_clusters(plane: TokenPlane, rules: TokenRules = TOKEN_RULES) -> Integers:
    """Assign each pair to the cluster of its block, as `count_blocks` counts them in the sample.

    Returns
    -------
    ndarray of int64, shape (n_pairs,)
        Numbers from 0.
    """
    n_tokens = plane.pairs.shape[1]
    groups = split_tokens(plane, np.ones(n_tokens), rules)
    moments = block_moments(plane.pairs, groups, np.ones((1, n_tokens)))
    blocks = np.stack(np.triu_indices(moments.shape[-1]))
    blocks = blocks[:, moments[0, 0, blocks[0], blocks[1]] > 0]
    first, second = (groups[tokens] for tokens in np.triu_indices(n_tokens, 1))
    table = np.zeros((groups.max() + 1, groups.max() + 1), np.int64)
    table[blocks[0], blocks[1]] = table[blocks[1], blocks[0]] = join_blocks(moments, blocks, rules)[0]
    return np.asarray(table[first, second])
