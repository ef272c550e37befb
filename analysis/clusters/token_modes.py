"""Clusters of pairs that come from groups of tokens: find the groups, then compare their blocks of pairs."""

import math
from typing import NamedTuple

import numpy as np
import scipy  # loads a part when it is first used
from numpy.typing import NDArray

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
        activations share a direction of their own lie together. A part of the tokens has its own.
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
    pairs = 1 - np.eye(n_tokens)
    products = np.stack([pairs, x, y, x * x, x * y, y * y])
    return TokenPlane(products, directions(N_DIRECTIONS) @ whiten(effects), fit_kinship(x))


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


def fit_kinship(matrix: Floats) -> Floats:
    """Place tokens along the leading eigenvector of what sums of one effect a token leave of pair values.

    Parameters
    ----------
    matrix :
        As `fit_effects`.

    Returns
    -------
    ndarray of float64, shape (1, n_tokens)
        All 0 where nothing is left, or for fewer than 4 tokens, which effects alone can fit.
    """
    n_tokens = len(matrix)
    if n_tokens < 4:
        return np.zeros((1, n_tokens))
    effects = fit_effects(matrix)
    residuals = matrix - effects[:, None] - effects[None, :]
    np.fill_diagonal(residuals, 0)
    scale = float(np.abs(residuals).max())
    if scale == 0:
        return np.zeros((1, n_tokens))
    # A fixed start makes the result reproducible.
    _, leading = scipy.sparse.linalg.eigsh(
        residuals / scale, k=1, which="LA", v0=np.linspace(-1, 1, n_tokens)
    )
    return np.asarray(leading.T)


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
    for rows in _alike(groups):
        if groups[rows[0]].any():
            counts[rows] = count_separate(plane.products, groups[rows[0]], multiplicities[rows], rules)
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
    fits = [
        GaussianMixture(number, reg_covar=1e-4, random_state=0, n_init=n_starts).fit(positions)
        for number in range(1, min(3, n_distinct) + 1)
    ]
    components = min(fits, key=lambda fit: float(fit.bic(positions))).predict(positions)
    sizes = np.bincount(components)
    large = sizes >= rules.min_share * len(components)
    kept = large[components]
    groups = (np.cumsum(large) - 1)[components]
    return np.maximum(count_separate(plane.products, groups, multiplicities * kept, rules), 1)


def split_tokens(plane: TokenPlane, weights: Floats, rules: TokenRules = TOKEN_RULES) -> Integers:
    """Split the tokens of one sample: as `split_resamples`, with weights and groups of shape (n_tokens,)."""
    return np.asarray(split_resamples(plane, weights[None], rules)[0])


def split_resamples(plane: TokenPlane, weights: Floats, rules: TokenRules = TOKEN_RULES) -> Integers:
    """Split tokens at the deepest valley of their density along any direction, then each part again.

    Kinship is looked at only in parts in which the effects show no valley: where a few dimensions are left
    out of some tokens as outlying, these tokens are kin whatever their group. Resamples that have the same
    part are looked at together.

    Parameters
    ----------
    plane : TokenPlane
    weights : ndarray of float64, shape (n_resamples, n_tokens)
    rules : TokenRules

    Returns
    -------
    ndarray of int64, shape (n_resamples, n_tokens)
        Number of each token's group in each resample, from 0.
    """
    n_resamples, n_tokens = weights.shape
    groups = np.zeros(weights.shape, np.int64)
    smallest = rules.min_share * n_tokens
    unsplit = [(np.arange(n_tokens), np.arange(n_resamples))]
    while unsplit:
        members, rows = unsplit.pop()
        if len(members) < 2 * smallest:
            continue
        depth = 1 - (1 - rules.valley_depth) * math.sqrt(len(members) / n_tokens)
        asked = rules._replace(valley_depth=depth)
        for upper, split in _split_part(plane, members, weights, rows, smallest, asked):
            new = groups[split].max(axis=1, keepdims=True) + 1
            groups[np.ix_(split, members[upper])] = new
            unsplit += [(members[~upper], split), (members[upper], split)]
    return groups


def _split_part(
    plane: TokenPlane, members: Integers, weights: Floats, rows: Integers, smallest: float, rules: TokenRules
) -> list[tuple[NDArray[np.bool_], Integers]]:
    """Split some tokens in some resamples, by the effects or else by kinship; see `_split_once`.

    Kinship is that of the part: of three kinds the largest may be all that the leading eigenvector of the
    whole tells from the others.
    """
    splits = []
    for name in ("effects", "kinship"):
        if len(rows):
            own = weights[np.ix_(rows, members)]
            found = _split_once(_coordinates(plane, name, members), own, smallest, rules)
            splits += [(upper, rows[places]) for upper, places in found]
            rows = np.setdiff1d(rows, [row for _, split in splits for row in split])
    return splits


def _coordinates(plane: TokenPlane, name: str, members: Integers) -> Floats:
    """Give some tokens' positions by which they may be split, shape (n_directions, n_members)."""
    if name == "effects":
        return plane.effects[:, members]
    whole = plane.kinship.shape[1]
    return (
        plane.kinship if len(members) == whole else fit_kinship(plane.products[1][np.ix_(members, members)])
    )


def _split_once(
    tokens: Floats, weights: Floats, smallest: float, rules: TokenRules
) -> list[tuple[NDArray[np.bool_], Integers]]:
    """Mark the tokens above the deepest valley, where it is deep enough.

    The density is taken on a grid between the 2% and 98% quantiles, where tokens beyond are moved to; the
    bandwidth follows the central 90% and the effective number of tokens.

    Parameters
    ----------
    tokens : ndarray of float64, shape (n_directions, n_tokens)
    weights : ndarray of float64, shape (n_resamples, n_tokens)
    smallest, rules :
        See `split_resamples`.

    Returns
    -------
    list
        Which tokens lie above, with the places of the resamples that are split so.
    """
    n_directions, n_tokens = tokens.shape
    places = np.rint(np.array([0.02, 0.05, 0.95, 0.98]) * (n_tokens - 1)).astype(np.int64)
    low, q05, q95, high = np.sort(tokens, axis=1).T[places][:, :, None]
    spread = np.maximum((q95 - q05) / 3.29, 1e-12)  # 3.29 for a unit Gaussian; coordinates are of order one
    cell = (high - low + 1e-12) / (GRID - 1)
    cells = np.rint((np.clip(tokens, low, high) - low) / cell).astype(np.int64)
    effective = weights.sum(axis=1) ** 2 / (weights**2).sum(axis=1)
    widths = rules.bandwidth * effective[:, None, None] ** -0.2 * spread / cell
    members = (cells[:, :, None] == np.arange(GRID)).astype(np.float64)
    below = members.sum(axis=1).cumsum(axis=1)
    histograms = weights @ members.transpose(1, 0, 2).reshape(n_tokens, -1)
    density = _smooth(histograms.reshape(-1, n_directions, GRID), widths)
    left = np.maximum.accumulate(density, axis=2)
    right = np.maximum.accumulate(density[:, :, ::-1], axis=2)[:, :, ::-1]
    depths = 1 - density / np.minimum(left, right)
    depths[:, np.minimum(below, n_tokens - below) < smallest] = 0
    flat = depths.reshape(len(weights), -1)
    deepest = flat.argmax(axis=1)
    deepest[flat.max(axis=1) < rules.valley_depth] = -1
    splits = [(cells[at // GRID] > at % GRID, np.flatnonzero(deepest == at)) for at in np.unique(deepest)]
    return splits[1:] if (deepest < 0).any() else splits


def _alike(rows: Integers | NDArray[np.bool_]) -> list[Integers]:
    """List the places of rows that are the same."""
    places: dict[bytes, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row.tobytes(), []).append(place)
    return [np.array(alike) for alike in places.values()]


def _smooth(histograms: Floats, widths: Floats) -> Floats:
    """Smooth along the last axis by a Gaussian of an own width in cells, at least half a cell."""
    frequencies = 2 * np.pi * np.fft.rfftfreq(2 * GRID)
    gaussians = np.exp(-0.5 * (frequencies * np.maximum(widths, 0.5)) ** 2)
    density = np.fft.irfft(np.fft.rfft(histograms, 2 * GRID) * gaussians, 2 * GRID)[..., :GRID]
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
    moments = _block_moments(plane.products, groups, np.ones((1, n_tokens)))
    blocks = np.stack(np.triu_indices(moments.shape[-1]))
    blocks = blocks[:, moments[0, 0, blocks[0], blocks[1]] > 0]
    first, second = (groups[tokens] for tokens in np.triu_indices(n_tokens, 1))
    table = np.zeros((groups.max() + 1, groups.max() + 1), np.int64)
    table[blocks[0], blocks[1]] = table[blocks[1], blocks[0]] = _join_blocks(moments, blocks, rules)[0]
    return np.asarray(table[first, second])


def count_separate(products: Floats, groups: Integers, weights: Floats, rules: TokenRules) -> Integers:
    """Count the clusters that given groups of tokens make of their pairs, under weights of the tokens.

    Parameters
    ----------
    products : ndarray of float64, shape (6, n_tokens, n_tokens)
        See `TokenPlane`.
    groups : ndarray of int64, shape (n_tokens,)
        Numbers from 0.
    weights : ndarray of float64, shape (n_resamples, n_tokens)
    rules : TokenRules

    Returns
    -------
    ndarray of int64, shape (n_resamples,)
        Number of sets of blocks that overlap with no block of another set; 0 where no token has weight.
    """
    moments = _block_moments(products, groups, weights)
    counts = np.zeros(len(weights), np.int64)
    blocks = np.stack(np.triu_indices(moments.shape[-1]))
    held = moments[:, 0, blocks[0], blocks[1]] > 0
    for rows in _alike(held):
        of_pairs = blocks[:, held[rows[0]]]
        counts[rows] = _join_blocks(moments[rows], of_pairs, rules).max(axis=1, initial=-1) + 1
    return counts


def _block_moments(products: Floats, groups: Integers, weights: Floats) -> Floats:
    """Sum the products of the pairs between any two groups: shape (n_resamples, 6, n_groups, n_groups)."""
    n_tokens, number = len(groups), int(groups.max()) + 1
    members = (groups[:, None] == np.arange(number)).astype(np.float64)
    weighted = weights[:, :, None] * members
    rows = weighted.transpose(1, 0, 2).reshape(n_tokens, -1)
    sums = (products.reshape(-1, n_tokens) @ rows).reshape(len(products), n_tokens, len(weights), number)
    return np.asarray(weighted.transpose(0, 2, 1)[:, None] @ sums.transpose(2, 0, 1, 3))


def _join_blocks(moments: Floats, blocks: Integers, rules: TokenRules) -> Integers:
    """Assign blocks to clusters in each resample, by numbers from 0.

    Parameters
    ----------
    moments : ndarray of float64, shape (n_resamples, 6, n_groups, n_groups)
        From `_block_moments`.
    blocks : ndarray of int64, shape (2, n_blocks)
        The two groups of each block; each block holds pairs in all of these resamples.

    Returns
    -------
    ndarray of int64, shape (n_resamples, n_blocks)
    """
    sums = moments[:, :, blocks[0], blocks[1]].transpose(0, 2, 1)
    means = sums / sums[:, :, :1]
    one, other = np.triu_indices(blocks.shape[1], 1)
    overlaps = block_overlaps(means[:, one].reshape(-1, 6), means[:, other].reshape(-1, 6))
    overlap = overlaps.reshape(len(moments), len(one)) > rules.max_overlap
    clusters = np.empty((len(moments), blocks.shape[1]), np.int64)
    for rows in _alike(overlap):
        joined = np.eye(blocks.shape[1], dtype=np.bool_)
        joined[one, other] = overlap[rows[0]]
        clusters[rows] = scipy.sparse.csgraph.connected_components(joined, directed=False)[1]
    return clusters


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


def _square(values: Floats, n_tokens: int) -> Floats:
    """Put pair values into a symmetric matrix with a diagonal of 0."""
    matrix = np.zeros((n_tokens, n_tokens))
    matrix[np.triu_indices(n_tokens, 1)] = values
    return matrix + matrix.T
