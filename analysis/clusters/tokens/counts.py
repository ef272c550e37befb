"""Count the clusters of pairs that groups of tokens make, or the components of a mixture."""

import math

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.tokens.blocks import alike, block_moments, count_separate, join_blocks
from layerclaims.analysis.clusters.tokens.mixture import mixture_components
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

    Up to three components are fitted to the tokens of the sample (`fit_here`). A mixture sees a small group
    in the shoulder of a large one, where the density has no valley; it also takes a skewed group for two.
    Components keep their tokens in all resamples, where blocks are compared anew.

    Parameters
    ----------
    plane, multiplicities :
        See `count_blocks`.
    rules : TokenRules
        Components below `min_share` of the tokens are left out, with their tokens.
    n_starts : int
        See `fit_here`.

    Returns
    -------
    ndarray of int64, shape (n_resamples,)
    """
    kinship = plane.kinship * math.sqrt(len(plane.kinship[0]))  # of size one, as the effects are
    positions = np.concatenate([plane.effects[[0, N_DIRECTIONS // 2]], kinship]).T
    components = mixture_components(positions, n_starts)
    sizes = np.bincount(components)
    large = sizes >= rules.min_share * len(components)
    kept = large[components]
    groups = (np.cumsum(large) - 1)[components]
    return np.maximum(count_separate(plane.pairs, groups, multiplicities * kept, rules), 1)


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
