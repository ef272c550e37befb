"""Split tokens into groups at the valleys of their density."""

import math

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.tokens.rules import TOKEN_RULES, TokenRules
from layerclaims.analysis.clusters.tokens.token_plane import TokenPlane, fit_kinship

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

GRID = 64
"""Points of the density of tokens along a direction."""


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
    unsplit = {tuple(range(n_tokens)): [np.arange(n_resamples)]}
    while unsplit:
        # The largest first: parts come from larger ones, so all resamples that have this one are known.
        part = max(unsplit, key=len)
        members, rows = np.array(part), np.concatenate(unsplit.pop(part))
        if len(members) < 2 * smallest:
            continue
        depth = 1 - (1 - rules.valley_depth) * math.sqrt(len(members) / n_tokens)
        asked = rules._replace(valley_depth=depth)
        for upper, split in _split_part(plane, members, weights, rows, smallest, asked):
            new = groups[split].max(axis=1, keepdims=True) + 1
            groups[np.ix_(split, members[upper])] = new
            for piece in (members[~upper], members[upper]):
                unsplit.setdefault(tuple(piece.tolist()), []).append(split)
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
            is_split = np.zeros(len(rows), np.bool_)
            for _, places in found:
                is_split[places] = True
            rows = rows[~is_split]
    return splits


def _coordinates(plane: TokenPlane, name: str, members: Integers) -> Floats:
    """Give some tokens' positions by which they may be split, shape (n_directions, n_members)."""
    if name == "effects":
        return plane.effects[:, members]
    whole = plane.kinship.shape[1]
    return plane.kinship if len(members) == whole else fit_kinship(plane.pairs[0][np.ix_(members, members)])


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
    places_on_grid = (cells + GRID * np.arange(n_directions)[:, None]).ravel()
    n_cells = n_directions * GRID
    below = np.bincount(places_on_grid, minlength=n_cells).reshape(n_directions, GRID).cumsum(axis=1)
    repeated = np.tile(weights, n_directions)
    histograms = np.array([np.bincount(places_on_grid, row, n_cells) for row in repeated])
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


def _smooth(histograms: Floats, widths: Floats) -> Floats:
    """Smooth along the last axis by a Gaussian of an own width in cells, at least half a cell."""
    frequencies = 2 * np.pi * np.fft.rfftfreq(2 * GRID)
    gaussians = np.exp(-0.5 * (frequencies * np.maximum(widths, 0.5)) ** 2)
    density = np.fft.irfft(np.fft.rfft(histograms, 2 * GRID) * gaussians, 2 * GRID)[..., :GRID]
    return np.maximum(density, 1e-9)  # rounding may leave less than 0 where there is nothing
