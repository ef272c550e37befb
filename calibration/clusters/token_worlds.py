"""Activations of one layer whose pairs form a known number of clusters, drawn at the level of tokens.

A token's activation is ``amplitude * (sqrt(q) * shared + sqrt(1 - q) * own)``: *shared* is one vector for
all tokens of a direction, *own* is noise of the token, *q* is the shared part of its variance. The pair
(i, j) then has covariance ``amplitude_i amplitude_j sqrt(q_i q_j)`` and Pearson correlation
``sqrt(q_i q_j)``, so groups of tokens make strips in the plane of covariance and mutual information.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtr

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Shape: TypeAlias = Literal["normal", "heavy", "skewed", "flat"]


@dataclass(frozen=True)
class TokenWorld:
    """What is planted in one layer. As it stands: one group of tokens, one cloud of pairs.

    Attributes
    ----------
    n_tokens, hidden : int
        Tokens and dimensions.
    shares : tuple of float
        Share of the tokens in each group.
    amplitudes, log_odds : tuple of float
        Median amplitude and mean log odds of q of each group.
    amplitude_spread, odds_spread : float
        Standard deviation, inside a group, of the log amplitude and of the log odds of q.
    coupling : float
        Correlation of the two inside a group.
    shape : str
        Distribution of both inside a group: normal; Student's t with 3 degrees of freedom; exponential;
        uniform. All are scaled to standard deviation 1.
    cosine : float
        Correlation of the shared vectors of two groups; 1 where all groups share one vector.
    neighbour_correlation : float
        Correlation of neighbouring tokens: of their effects, their own noise, and their group labels.
    odd_share, odd_amplitudes : float, tuple of float
        Share of tokens that get an amplitude drawn uniformly from a range, in times of their own.
    massive : float
        Size of three dimensions that all tokens share, in standard deviations of the others.
    """

    n_tokens: int = 250
    hidden: int = 384
    shares: tuple[float, ...] = (1.0,)
    amplitudes: tuple[float, ...] = (1.0,)
    log_odds: tuple[float, ...] = (1.0,)
    amplitude_spread: float = 0.05
    odds_spread: float = 0.3
    coupling: float = 0.0
    shape: Shape = "normal"
    cosine: float = 1.0
    neighbour_correlation: float = 0.0
    odd_share: float = 0.0
    odd_amplitudes: tuple[float, float] = (2.0, 4.0)
    massive: float = 0.0

    def but(self, **changes: Any) -> "TokenWorld":  # noqa: ANN401
        """Plant the same with some things changed."""
        return replace(self, **changes)


def draw_world(world: TokenWorld, rng: np.random.Generator) -> tuple[Floats, Integers]:
    """Draw activations and the group of each token.

    Parameters
    ----------
    world : TokenWorld
    rng : numpy.random.Generator

    Returns
    -------
    activations : ndarray of float64, shape (n_tokens, hidden)
    groups : ndarray of int64, shape (n_tokens,)
        The order of the tokens is that of the text.
    """
    groups = _draw_groups(world, rng)
    effects = _draw_effects(world, rng)
    mixed = world.coupling * effects[0] + np.sqrt(1 - world.coupling**2) * effects[1]
    amplitude = np.array(world.amplitudes)[groups] * np.exp(world.amplitude_spread * effects[0])
    q = expit(np.array(world.log_odds)[groups] + world.odds_spread * mixed)[:, None]
    n_odd = round(world.odd_share * world.n_tokens)
    amplitude[rng.permutation(world.n_tokens)[:n_odd]] *= rng.uniform(*world.odd_amplitudes, n_odd)
    common = rng.normal(size=world.hidden)
    own_directions = rng.normal(size=(len(world.shares), world.hidden))
    directions = np.sqrt(world.cosine) * common + np.sqrt(1 - world.cosine) * own_directions
    directions -= directions.mean(axis=1, keepdims=True)
    directions /= directions.std(axis=1, keepdims=True)
    own = _along_text(rng.normal(size=(world.n_tokens, world.hidden)), world.neighbour_correlation)
    pattern = np.sqrt(q) * directions[groups] + np.sqrt(1 - q) * own
    pattern[:, :3] += world.massive * np.array([1, -1, 1])
    return amplitude[:, None] * pattern, groups


def _draw_groups(world: TokenWorld, rng: np.random.Generator) -> Integers:
    """Give each token its group, with exactly the shares asked for, rounded; neighbours tend to agree."""
    edges = np.round(world.n_tokens * np.cumsum(world.shares))
    sorted_groups = np.searchsorted(edges, np.arange(world.n_tokens), side="right")
    order = np.argsort(_along_text(rng.normal(size=(world.n_tokens, 1)), world.neighbour_correlation)[:, 0])
    groups = np.empty(world.n_tokens, np.int64)
    groups[order] = sorted_groups
    return groups


def _draw_effects(world: TokenWorld, rng: np.random.Generator) -> Floats:
    """Draw two standardised effects a token, of the world's shape, correlated along the text."""
    normal = _along_text(rng.normal(size=(world.n_tokens, 2)), world.neighbour_correlation).T
    if world.shape == "heavy":  # one divisor a token makes Student's t of a normal variable
        return np.asarray(normal / np.sqrt(rng.chisquare(3, world.n_tokens) / 3) / np.sqrt(3))
    if world.shape == "skewed":
        return np.asarray(-np.log(_uniform(-normal)) - 1)
    if world.shape == "flat":
        return np.asarray((_uniform(normal) - 0.5) * np.sqrt(12))
    return np.asarray(normal)


def _uniform(normal: Floats) -> Floats:
    """Turn standard normal values into uniform ones, kept away from 0 and 1."""
    return np.asarray(np.clip(ndtr(normal), 1e-6, 1 - 1e-6))


def _along_text(values: Floats, correlation: float) -> Floats:
    """Correlate rows with their neighbours: an autoregression of order one with unit variance."""
    if correlation == 0:
        return values
    result = values.copy()
    for row in range(1, len(values)):
        result[row] = correlation * result[row - 1] + np.sqrt(1 - correlation**2) * values[row]
    return result
