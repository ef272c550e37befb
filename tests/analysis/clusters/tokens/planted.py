"""Planted groups of tokens."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from layerclaims.analysis.clusters.tokens.token_plane import TokenPlane

N_TOKENS = 160
FIRST, SECOND = np.triu_indices(N_TOKENS, 1)
ONE = np.ones((1, N_TOKENS))


def pairs_of(
    amplitude: NDArray[np.float64], cosine: NDArray[np.float64] | float = 1.0, spread: float = 0.02
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Covariance and Pearson's r of tokens of a log amplitude, r being 0.6 times the directions' cosine."""
    noise = np.exp(spread * np.random.default_rng(0).normal(size=len(FIRST)))
    pearson = 0.6 * noise * (cosine if isinstance(cosine, float) else cosine[FIRST, SECOND])
    return np.exp(amplitude[FIRST] + amplitude[SECOND]) * pearson, pearson


def amplitudes(
    shares: tuple[float, ...], levels: tuple[float, ...], spread: float = 0.03
) -> NDArray[np.float64]:
    groups = np.searchsorted(np.round(N_TOKENS * np.cumsum(shares)), np.arange(N_TOKENS), side="right")
    return np.log(levels)[groups] + spread * np.random.default_rng(1).normal(size=N_TOKENS)


def along(positions: NDArray[np.float64]) -> TokenPlane:
    """Place tokens along one direction, kinship telling nothing."""
    number = len(positions)
    return TokenPlane(np.zeros((6, number, number)), positions[None], np.zeros((1, number)))


LUMP = norm.ppf((np.arange(80) + 0.5) / 80)
EVEN, UNEVEN = np.ones(160), np.repeat([2.0, 0.5], 80)
