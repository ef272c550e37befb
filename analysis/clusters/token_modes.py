"""Clusters of pairs that come from groups of tokens: find the groups, then compare their blocks of pairs."""

import math
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import eigsh
from scipy.special import ndtr

from layerclaims.analysis.clusters.plane import directions, symmetric_log, whiten
from layerclaims.analysis.pairs.pair_values import count_tokens

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

GRID = 64
"""Points of the density of tokens along a direction."""
N_DIRECTIONS = 12


class TokenRules(NamedTuple):
    """What counts as a group of tokens and as a cluster of pairs.

    Attributes
    ----------
    bandwidth : float
        Factor in Silverman's rule ``bandwidth * spread * n_tokens ** -0.2``.
    valley_depth : float
        Two groups are separate where the density of tokens between them falls by this share of the lower.
        Parts show more by chance: what may be left of the density shrinks with the root of their size.
    min_share : float
        Smallest share of the sample's tokens in a group: one in sixteen, whose own pairs are 0.4% of all. It
        does not depend on how often a resample repeats a token.
    max_overlap : float
        Two blocks of pairs are separate clusters where the best straight split of the plane assigns no more
        than this share of either to the other one. Pieces of one cloud overlap by 17% and more.
    """

    bandwidth: float = 0.9
    valley_depth: float = 0.5
    min_share: float = 1 / 16
    max_overlap: float = 0.1


TOKEN_RULES = TokenRules()


class TokenPlane(NamedTuple):
    """Pairs in the plane, and the tokens along the directions in which groups are looked for.

    Attributes
    ----------
    products : ndarray of float64, shape (6, n_tokens, n_tokens)
        For each pair: 1, its two coordinates x and y in the plane, x * x, x * y, y * y. The diagonal is 0.
    effects : ndarray of float64, shape (N_DIRECTIONS, n_tokens)
        Positions of the tokens along directions of the whitened plane of log amplitude and log loading.
    kinship : ndarray of float64, shape (1, n_tokens)
        Position along the leading eigenvector of what the effects leave of the covariance: tokens whose
        activations share a direction of their own lie together.
    """

    products: Floats
    effects: Floats
    kinship: Floats


def token_plane(covariance: Floats, pearson: Floats) -> TokenPlane:
    """Estimate where each token lies, from the pairs that it takes part in.

    The logarithm of a pair's covariance is fitted by a sum of one number a token, its log amplitude, by least
    squares over the pairs (the diagonal does not enter), and that of Pearson's r likewise.

    Parameters
    ----------
    covariance, pearson : ndarray of float64, shape (n_pairs,)
        Of all pairs of n tokens, in the order of ``numpy.triu_indices(n, 1)``.

    Returns
    -------
    TokenPlane
    """
    n_tokens = count_tokens(covariance)
    x, y = (_square(symmetric_log(values), n_tokens) for values in (covariance, pearson))
    effects = np.stack([fit_effects(x), fit_effects(y)])
    residuals = x - effects[0][:, None] - effects[0][None, :]
    np.fill_diagonal(residuals, 0)
    leading = np.zeros((n_tokens, 1))
    if scale := float(np.abs(residuals).max()):
        # A fixed start makes the result reproducible.
        _, leading = eigsh(residuals / scale, k=1, which="LA", v0=np.linspace(-1, 1, n_tokens))
    pairs = 1 - np.eye(n_tokens)
    products = np.stack([pairs, x, y, x * x, x * y, y * y])
    return TokenPlane(products, directions(N_DIRECTIONS) @ whiten(effects), leading.T)


def fit_effects(matrix: Floats) -> Floats:
    """Fit pair values by sums of one effect a token, by least squares.

    Parameters
    ----------
    matrix : ndarray of float64, shape (n_tokens, n_tokens)
        Symmetric, with a diagonal of 0 that does not enter.

    Returns
    -------
    ndarray of float64, shape (n_tokens,)
    """
    n_tokens = len(matrix)
    sums = matrix.sum(axis=0)
    return np.asarray((sums - sums.sum() / (2 * (n_tokens - 1))) / (n_tokens - 2))


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
    counts = np.ones(len(multiplicities), np.int64)
    for row, weights in enumerate(multiplicities):
        groups = split_tokens(plane, weights, rules)
        if groups.any():
            counts[row] = _count_separate(plane.products, groups, weights, rules)
    return counts


def count_mixture(plane: TokenPlane, multiplicities: Floats, rules: TokenRules = TOKEN_RULES) -> Integers:
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
    fits = [GaussianMixture(number, reg_covar=1e-4, random_state=0).fit(positions) for number in (1, 2, 3)]
    components = min(fits, key=lambda fit: float(fit.bic(positions))).predict(positions)
    sizes = np.bincount(components)
    large = sizes >= rules.min_share * len(components)
    kept = large[components]
    groups = (np.cumsum(large) - 1)[components]
    counts = [_count_separate(plane.products, groups, weights * kept, rules) for weights in multiplicities]
    return np.maximum(np.array(counts, np.int64), 1)


def split_tokens(plane: TokenPlane, weights: Floats, rules: TokenRules = TOKEN_RULES) -> Integers:
    """Split tokens at the deepest valley of their density along any direction, then each part again.

    Kinship is looked at only in parts in which the effects show no valley: where a few dimensions are left
    out of some tokens as outlying, these tokens are kin whatever their group.

    Parameters
    ----------
    plane : TokenPlane
    weights : ndarray of float64, shape (n_tokens,)
        Multiplicities.
    rules : TokenRules

    Returns
    -------
    ndarray of int64, shape (n_tokens,)
        Number of each token's group, from 0.
    """
    groups = np.zeros(len(weights), np.int64)
    smallest = rules.min_share * len(weights)
    unsplit = [0]
    while unsplit:
        group = unsplit.pop()
        members = np.flatnonzero(groups == group)
        if len(members) < 2 * smallest:
            continue
        depth = 1 - (1 - rules.valley_depth) * math.sqrt(len(members) / len(weights))
        asked = rules._replace(valley_depth=depth)
        upper = _split_once(plane.effects[:, members], weights[members], smallest, asked)
        if upper is None:
            upper = _split_once(plane.kinship[:, members], weights[members], smallest, asked)
        if upper is not None:
            new = int(groups.max()) + 1
            groups[members[upper]] = new
            unsplit += [group, new]
    return groups


def _split_once(
    tokens: Floats, weights: Floats, smallest: float, rules: TokenRules
) -> NDArray[np.bool_] | None:
    """Mark the tokens above the deepest valley; None where no valley is deep enough.

    The density is taken on a grid between the 2% and 98% quantiles, where tokens beyond are moved to; the
    bandwidth follows the central 90% and the effective number of tokens.
    """
    places = np.rint(np.array([0.02, 0.05, 0.95, 0.98]) * (tokens.shape[1] - 1)).astype(np.int64)
    low, q05, q95, high = np.sort(tokens, axis=1).T[places][:, :, None]
    spread = np.maximum((q95 - q05) / 3.29, 1e-12)  # 3.29 for a unit Gaussian; coordinates are of order one
    effective = weights.sum() ** 2 / (weights @ weights)
    bandwidth = rules.bandwidth * effective**-0.2 * spread
    cell = (high - low + 1e-12) / (GRID - 1)
    cells = np.rint((np.clip(tokens, low, high) - low) / cell).astype(np.int64)
    rows = np.arange(len(tokens))[:, None] * GRID
    flat = (cells + rows).ravel()
    counted = np.bincount(flat, np.tile(weights, len(tokens)), len(tokens) * GRID)
    histogram = counted.astype(np.float64, copy=False).reshape(-1, GRID)
    below = np.bincount(flat, minlength=len(tokens) * GRID).reshape(-1, GRID).cumsum(axis=1)
    density = _smooth(histogram, bandwidth / cell)
    left = np.maximum.accumulate(density, axis=1)
    right = np.maximum.accumulate(density[:, ::-1], axis=1)[:, ::-1]
    depths = 1 - density / np.minimum(left, right)
    depths[np.minimum(below, tokens.shape[1] - below) < smallest] = 0
    direction, valley = np.unravel_index(int(np.argmax(depths)), depths.shape)
    if depths[direction, valley] < rules.valley_depth:
        return None
    return np.asarray(cells[direction] > valley)


def _smooth(histogram: Floats, widths: Floats) -> Floats:
    """Smooth each row by a Gaussian of its own width in cells, at least half a cell."""
    frequencies = 2 * np.pi * np.fft.rfftfreq(2 * GRID)
    gaussians = np.exp(-0.5 * (frequencies * np.maximum(widths, 0.5)) ** 2)
    density = np.fft.irfft(np.fft.rfft(histogram, 2 * GRID) * gaussians, 2 * GRID)[:, :GRID]
    return np.maximum(density, 1e-9)  # rounding may leave less than 0 where there is nothing


def pair_clusters(plane: TokenPlane, rules: TokenRules = TOKEN_RULES) -> Integers:
    """Assign each pair to the cluster of its block, as `count_blocks` counts them in the sample.

    Returns
    -------
    ndarray of int64, shape (n_pairs,)
        Numbers from 0.
    """
    n_tokens = plane.products.shape[1]
    groups = split_tokens(plane, np.ones(n_tokens), rules)
    blocks, clusters = _join_blocks(plane.products, groups, np.ones(n_tokens), rules)
    cluster_of = dict(zip(blocks, clusters.tolist(), strict=True))
    first, second = (groups[tokens] for tokens in np.triu_indices(n_tokens, 1))
    table = np.zeros((groups.max() + 1, groups.max() + 1), np.int64)
    for (one, other), cluster in cluster_of.items():
        table[one, other] = table[other, one] = cluster
    return np.asarray(table[first, second])


def _count_separate(products: Floats, groups: Integers, weights: Floats, rules: TokenRules) -> int:
    """Count the sets of blocks of pairs that overlap with no block of another set."""
    clusters = _join_blocks(products, groups, weights, rules)[1]
    return int(clusters.max(initial=-1)) + 1


def _join_blocks(
    products: Floats, groups: Integers, weights: Floats, rules: TokenRules
) -> tuple[list[tuple[int, int]], Integers]:
    """List the blocks that hold pairs, by their two groups, and the number of each one's cluster."""
    number = int(groups.max()) + 1
    members = (groups[:, None] == np.arange(number)).astype(np.float64)
    weighted = members * weights[:, None]
    sums = (products.reshape(-1, len(groups)) @ weighted).reshape(len(products), len(groups), number)
    moments = weighted.T @ sums
    blocks = [
        (one, other) for one in range(number) for other in range(one, number) if moments[0, one, other] > 0
    ]
    means = [moments[:, one, other] / moments[0, one, other] for one, other in blocks]
    joined = np.eye(len(blocks), dtype=np.bool_)
    for one, other in combinations(range(len(blocks)), 2):
        joined[one, other] = block_overlap(means[one], means[other]) > rules.max_overlap
    return blocks, np.asarray(connected_components(joined, directed=False)[1], np.int64)


def block_overlap(one: Floats, other: Floats) -> float:
    """Share of either of two blocks on the wrong side of the best straight split, as if they were Gaussian.

    Parameters
    ----------
    one, other : ndarray of float64, shape (6,)
        Means over a block's pairs of 1, x, y, x * x, x * y, y * y.

    Returns
    -------
    float
        0 to 0.5. The direction is Fisher's; along it both blocks err equally.

    References
    ----------
    Fisher (1936), The use of multiple measurements in taxonomic problems, Annals of Eugenics 7.
    """
    difference = one[1:3] - other[1:3]
    spreads = [block[[3, 4, 4, 5]].reshape(2, 2) - np.outer(block[1:3], block[1:3]) for block in (one, other)]
    total = spreads[0] + spreads[1]
    ridge = 1e-9 * float(np.trace(total)) + 1e-18  # tokens that are all alike leave no spread
    direction = np.linalg.solve(total + ridge * np.eye(2), difference)
    widths = sum(math.sqrt(max(float(direction @ spread @ direction), 0.0)) for spread in spreads)
    distance = float(direction @ difference)
    return float(ndtr(-distance / widths)) if widths > 0 else 0.5 * float(distance <= 0)


def _square(values: Floats, n_tokens: int) -> Floats:
    """Put pair values into a symmetric matrix with a diagonal of 0."""
    matrix = np.zeros((n_tokens, n_tokens))
    matrix[np.triu_indices(n_tokens, 1)] = values
    return matrix + matrix.T
