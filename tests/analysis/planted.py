"""Pair values of planted truth, for the tests of clusters and token groups."""

import numpy as np
from numpy.typing import NDArray

N_TOKENS = 250
FIRST, SECOND = np.triu_indices(N_TOKENS, 1)


def scaled_pairs(
    rng: np.random.Generator, large: float, spread: float, n_tokens: int = N_TOKENS
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Covariance of tokens a * (v + noise), the shared v, a = 1 or 1.6; and the groups."""
    groups = (np.arange(n_tokens) >= round((1 - large) * n_tokens)).astype(np.int64)
    factors = np.where(groups, 1.6, 1.0) * np.exp(spread * rng.normal(size=n_tokens))
    direction = rng.normal(size=200)
    tokens = factors[:, None] * (direction / direction.std() + 0.2 * rng.normal(size=(n_tokens, 200)))
    return np.cov(tokens)[np.triu_indices(n_tokens, 1)], groups


def additive_pairs(effects: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    return effects[FIRST] + effects[SECOND] + 0.05 * rng.normal(size=len(FIRST))


def bootstrap(rng: np.random.Generator, n_resamples: int = 100) -> NDArray[np.float64]:
    return rng.multinomial(N_TOKENS, np.full(N_TOKENS, 1 / N_TOKENS), size=n_resamples).astype(float)
