"""Pair values with a known number of clusters, on which methods that count them are compared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Values: TypeAlias = NDArray[np.float64]
Draw: TypeAlias = Callable[[int, np.random.Generator], Values]
HIDDEN = 256


@dataclass(frozen=True)
class PairPlanting:
    """One planted distribution: its name, the right counts, and a function that draws pairs of n tokens."""

    name: str
    truth: tuple[int, ...]
    draw: Draw


def covariance_of_tokens(
    factors: Values,
    directions: NDArray[np.int64],
    noise: float,
    rng: np.random.Generator,
    cosine: float = 0.4,
) -> Values:
    """Covariance of all pairs of tokens ``factor * (direction + noise)``.

    Directions have unit variance and the given cosine with each other.
    """
    shared = rng.normal(size=HIDDEN)
    own = rng.normal(size=(directions.max() + 1, HIDDEN))
    basis, _ = np.linalg.qr(np.column_stack([np.ones(HIDDEN), shared, *own]))
    axes = np.sqrt(HIDDEN - 1) * (np.sqrt(cosine) * basis[:, 1] + np.sqrt(1 - cosine) * basis[:, 2:].T)
    tokens = axes[directions] + noise * rng.normal(size=(len(factors), HIDDEN))
    covariance = np.cov(factors[:, None] * tokens)
    return covariance[np.triu_indices(len(factors), 1)]


def members(n_tokens: int, shares: tuple[float, ...]) -> NDArray[np.int64]:
    """Return the group of each token; the groups have the given shares, rounded to whole tokens."""
    edges = np.round(n_tokens * np.cumsum(shares)).astype(int)
    return np.searchsorted(edges, np.arange(n_tokens), side="right")


def scales(
    shares: tuple[float, ...], levels: tuple[float, ...], spreads: tuple[float, ...], noise: float = 0.3
) -> Draw:
    """Plant groups that share a direction and differ in scale; covariances lie near products of scales."""

    def draw(n_tokens: int, rng: np.random.Generator) -> Values:
        group = members(n_tokens, shares)
        spread = np.array(spreads)[group]
        factors = np.array(levels)[group] * np.exp(spread * rng.normal(size=n_tokens))
        return covariance_of_tokens(factors, np.zeros(n_tokens, dtype=np.int64), noise, rng)

    return draw


def kinds(share: float, spread: float, cosine: float) -> Draw:
    """Plant two groups that differ in direction: pairs within a group are separate from mixed pairs."""

    def draw(n_tokens: int, rng: np.random.Generator) -> Values:
        factors = np.exp(spread * rng.normal(size=n_tokens))
        return covariance_of_tokens(factors, members(n_tokens, (share, 1 - share)), 0.3, rng, cosine)

    return draw


def effects(draw_effect: Draw, noise: float = 0.05) -> Draw:
    """Plant pairs that are the sum of their two tokens' effects and a little noise of their own."""

    def draw(n_tokens: int, rng: np.random.Generator) -> Values:
        effect = draw_effect(n_tokens, rng)
        first, second = np.triu_indices(n_tokens, 1)
        return effect[first] + effect[second] + noise * rng.normal(size=len(first))

    return draw


def odd_tokens(share: float, low: float, high: float) -> Draw:
    """Plant one cloud and a few tokens, at least one, of a very different scale."""

    def draw(n_tokens: int, rng: np.random.Generator) -> Values:
        factors = np.exp(0.1 * rng.normal(size=n_tokens))
        factors[: max(1, int(share * n_tokens))] *= rng.uniform(low, high, max(1, int(share * n_tokens)))
        return covariance_of_tokens(factors, np.zeros(n_tokens, dtype=np.int64), 0.3, rng)

    return draw


def independent(draw_pairs: Draw) -> Draw:
    """Plant independent pairs, as if they shared no tokens."""
    return lambda n_tokens, rng: draw_pairs(n_tokens * (n_tokens - 1) // 2, rng)


def mixture(shares: tuple[float, ...], centres: tuple[float, ...], widths: tuple[float, ...]) -> Draw:
    """Plant independent pairs from a Gaussian mixture."""

    def draw(n_tokens: int, rng: np.random.Generator) -> Values:
        n_pairs = n_tokens * (n_tokens - 1) // 2
        group = rng.choice(len(shares), n_pairs, p=shares)
        return np.array(centres)[group] + np.array(widths)[group] * rng.normal(size=n_pairs)

    return draw


PAIR_PLANTINGS = (
    PairPlanting("one: Gaussian token effects", (1,), effects(lambda n, rng: rng.normal(size=n))),
    PairPlanting("one: one scale, noise only", (1,), scales((1.0,), (1.0,), (0.02,), 1.0)),
    PairPlanting("one: skewed (log-normal scales, s = 0.35)", (1,), scales((1.0,), (1.0,), (0.35,))),
    PairPlanting("one: very skewed (log-normal scales, s = 0.7)", (1,), scales((1.0,), (1.0,), (0.7,))),
    PairPlanting("one: heavy-tailed (t3 token effects)", (1,), effects(lambda n, rng: rng.standard_t(3, n))),
    PairPlanting("one: flat (uniform token effects)", (1,), effects(lambda n, rng: rng.uniform(-2, 2, n))),
    PairPlanting("one: 1 odd token, scale x 3", (1,), odd_tokens(0.0, 3, 3)),
    PairPlanting("one: 2% odd tokens, scales x 2 to 4", (1,), odd_tokens(0.02, 2, 4)),
    PairPlanting("one: 2% odd tokens, all x 3", (1,), odd_tokens(0.02, 3, 3)),
    PairPlanting("one: independent pairs, Gaussian", (1,), independent(lambda n, rng: rng.normal(size=n))),
    PairPlanting("one: independent pairs, t3", (1,), independent(lambda n, rng: rng.standard_t(3, n))),
    PairPlanting("one: independent pairs, gamma(2)", (1,), independent(lambda n, rng: rng.gamma(2, size=n))),
    PairPlanting("two: kinds 50/50", (2,), kinds(0.5, 0.05, 0.5)),
    PairPlanting("two: kinds 15/85", (2,), kinds(0.15, 0.05, 0.5)),
    PairPlanting(
        "two: independent pairs 90/10, widths 1 and 0.5, 5 apart", (2,), mixture((0.9, 0.1), (0, 5), (1, 0.5))
    ),
    PairPlanting("three: scales 50/50", (3,), scales((0.5, 0.5), (1, 1.6), (0.05, 0.05))),
    PairPlanting("three: scales 70/30", (3,), scales((0.7, 0.3), (1, 1.6), (0.05, 0.05))),
    PairPlanting("three: scales 30/70", (3,), scales((0.3, 0.7), (1, 1.6), (0.05, 0.05))),
    PairPlanting("three: scales 85/15", (3,), scales((0.85, 0.15), (1, 1.6), (0.05, 0.05))),
    PairPlanting("three: scales 15/85", (3,), scales((0.15, 0.85), (1, 1.6), (0.05, 0.05))),
    PairPlanting(
        "three: scales 60/40, spreads 0.02 and 0.08", (3,), scales((0.6, 0.4), (1, 1.6), (0.02, 0.08))
    ),
    PairPlanting("three: independent pairs", (3,), mixture((0.3, 0.5, 0.2), (0, 5, 11), (1, 1, 1.5))),
    PairPlanting(
        "six: scales 1, 1.6, 3.2", (6,), scales((0.4, 0.3, 0.3), (1, 1.6, 3.2), (0.02, 0.02, 0.02), 0.15)
    ),
    PairPlanting(
        "four to six: scales 1, 1.6, 2.2",
        (4, 5, 6),
        scales((0.4, 0.3, 0.3), (1, 1.6, 2.2), (0.03, 0.03, 0.03)),
    ),
)
