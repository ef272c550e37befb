"""Blocks of pairs between two groups of tokens: which overlap, and which are clusters of their own."""

from collections.abc import Iterator

import numpy as np
import scipy  # loads a part when it is first used
from numpy.typing import NDArray

from layerclaims.analysis.clusters.tokens.rules import TokenRules

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def count_separate(pairs: Floats, groups: Integers, weights: Floats, rules: TokenRules) -> Integers:
    """Count the clusters that given groups of tokens make of their pairs, under weights of the tokens.

    Parameters
    ----------
    pairs : ndarray of float64, shape (2, n_tokens, n_tokens)
        See `analysis.clusters.tokens.token_plane.TokenPlane`.
    groups : ndarray of int64, shape (n_tokens,)
        Numbers from 0.
    weights : ndarray of float64, shape (n_resamples, n_tokens)
    rules : TokenRules

    Returns
    -------
    ndarray of int64, shape (n_resamples,)
        Number of sets of blocks that overlap with no block of another set; 0 where no token has weight.
    """
    moments = block_moments(pairs, groups, weights)
    counts = np.zeros(len(weights), np.int64)
    blocks = np.stack(np.triu_indices(moments.shape[-1]))
    held = moments[:, 0, blocks[0], blocks[1]] > 0
    for rows in alike(held):
        of_pairs = blocks[:, held[rows[0]]]
        counts[rows] = join_blocks(moments[rows], of_pairs, rules).max(axis=1, initial=-1) + 1
    return counts


def block_moments(pairs: Floats, groups: Integers, weights: Floats) -> Floats:
    """Sum over the pairs between any two groups, under weights of the tokens.

    Parameters
    ----------
    pairs, groups, weights :
        See `count_separate`.

    Returns
    -------
    ndarray of float64, shape (n_resamples, 6, n_groups, n_groups)
        Sums of 1, of the coordinates x and y, and of x * x, x * y, y * y.
    """
    n_tokens, number = len(groups), int(groups.max()) + 1
    members = (groups[:, None] == np.arange(number)).astype(np.float64)
    weighted = weights[:, :, None] * members
    rows = weighted.transpose(1, 0, 2).reshape(n_tokens, -1)
    sums = [(each @ rows).reshape(n_tokens, len(weights), number) for each in _products(*pairs)]
    return np.asarray(weighted.transpose(0, 2, 1)[:, None] @ np.stack(sums).transpose(2, 0, 1, 3))


def _products(x: Floats, y: Floats) -> Iterator[Floats]:
    """Make what is summed, one after the other: of many tokens each is large."""
    yield 1 - np.eye(len(x))
    yield x
    yield y
    yield x * x
    yield x * y
    yield y * y


def join_blocks(moments: Floats, blocks: Integers, rules: TokenRules) -> Integers:
    """Assign blocks to clusters in each resample, by numbers from 0.

    Parameters
    ----------
    moments : ndarray of float64, shape (n_resamples, 6, n_groups, n_groups)
        From `block_moments`.
    blocks : ndarray of int64, shape (2, n_blocks)
        The two groups of each block; each block holds pairs in all of these resamples.

    Returns
    -------
    ndarray of int64, shape (n_resamples, n_blocks)
    """
    number = np.arange(blocks.shape[1])
    sums = moments[:, :, blocks[0], blocks[1]].transpose(0, 2, 1)
    means = sums / sums[:, :, :1]
    one, other = np.triu_indices(len(number), 1)
    overlaps = block_overlaps(means[:, one].reshape(-1, 6), means[:, other].reshape(-1, 6))
    joined = np.zeros((len(moments), len(number), len(number)), np.bool_)
    joined[:, one, other] = overlaps.reshape(len(moments), len(one)) > rules.max_overlap
    joined |= joined.transpose(0, 2, 1) | np.eye(len(number), dtype=np.bool_)
    for between in number:  # Warshall: after each block, all chains through it and those before it are known
        joined |= joined[:, :, between, None] & joined[:, between, None, :]
    first = np.where(joined, number, len(number)).min(axis=2, initial=len(number))
    clusters = (first == number).cumsum(axis=1) - 1
    return np.asarray(np.take_along_axis(clusters, first, axis=1))


def block_overlaps(one: Floats, other: Floats) -> Floats:
    """Share of either of two blocks on the wrong side of the best straight split, as if they were Gaussian.

    Parameters
    ----------
    one, other : ndarray of float64, shape (n, 6)
        Means over a block's pairs of 1, x, y, x * x, x * y, y * y.

    Returns
    -------
    ndarray of float64, shape (n,)
        0 to 0.5. The direction is Fisher's; along it both blocks err equally.

    References
    ----------
    Fisher (1936), The use of multiple measurements in taxonomic problems, Annals of Eugenics 7.
    """
    difference = one[:, 1:3] - other[:, 1:3]
    spreads = [_spreads(blocks) for blocks in (one, other)]
    total = spreads[0] + spreads[1]
    ridge = 1e-9 * np.trace(total, axis1=1, axis2=2) + 1e-18  # tokens that are all alike leave no spread
    direction = np.linalg.solve(total + ridge[:, None, None] * np.eye(2), difference[:, :, None])[:, :, 0]
    variances = (np.einsum("ni,nij,nj->n", direction, spread, direction) for spread in spreads)
    widths = sum(np.sqrt(np.maximum(variance, 0.0)) for variance in variances)
    distance = (direction * difference).sum(axis=1)
    tail: Floats = scipy.special.ndtr(-distance / np.where(widths > 0, widths, 1))
    return np.where(widths > 0, tail, 0.5 * (distance <= 0))  # at a point all lies on one side or on none


def _spreads(blocks: Floats) -> Floats:
    """Return the covariance of x and y in each block, shape (n, 2, 2)."""
    squares = blocks[:, [3, 4, 4, 5]].reshape(-1, 2, 2)
    return squares - blocks[:, 1:3, None] * blocks[:, None, 1:3]


def alike(rows: Integers | NDArray[np.bool_]) -> list[Integers]:
    """List the places of rows that are the same."""
    places: dict[bytes, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row.tobytes(), []).append(place)
    return [np.array(alike) for alike in places.values()]
