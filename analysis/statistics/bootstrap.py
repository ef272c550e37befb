"""Token bootstrap of means over pairs, without measuring any pair again.

Pairs share tokens, so tokens are resampled: drawing token i ``w[i]`` times draws the pair (i, j)
``w[i] * w[j]`` times. The mean over pairs is then a ratio of two quadratic forms in ``w``. Pairs of a token
with a copy of itself are left out: the sample has no such pairs, and measuring a token against itself gives
its entropy or variance.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PRODUCT_BYTES = 1 << 25
"""Memory for square matrices of pair values and their products with the multiplicities."""
BLOCK_TOKENS = 512


def token_multiplicities(n_tokens: int, n_resamples: int, rng: np.random.Generator) -> Floats:
    """Draw how often each token appears in each resample.

    Parameters
    ----------
    n_tokens : int
        At least 2.
    n_resamples : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float64, shape (n_resamples, n_tokens)
        Counts of ``n_tokens`` draws with replacement; each row sums to ``n_tokens`` and holds two tokens
        at least (a draw of a single token has no pair and is drawn again).

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 6.
    """
    if n_tokens < 2:
        raise ValueError(f"a token bootstrap needs at least 2 tokens, not {n_tokens}")
    chances = np.full(n_tokens, 1 / n_tokens)
    counts = rng.multinomial(n_tokens, chances, size=n_resamples)
    while (single := counts.max(axis=1) == n_tokens).any():
        counts[single] = rng.multinomial(n_tokens, chances, size=int(single.sum()))
    return counts.astype(np.float64)


def resampled_means(pair_values: Floats, multiplicities: Floats) -> Floats:
    """Mean over pairs of each resample.

    Parameters
    ----------
    pair_values : ndarray of float64, shape (..., n_pairs)
        In the order of ``numpy.triu_indices(n_tokens, 1)``, such as a measure at every layer.
    multiplicities : ndarray of float64, shape (n_resamples, n_tokens)
        From `token_multiplicities`; any weights that are not negative.

    Returns
    -------
    ndarray of float64, shape (n_resamples, ...)

    Raises
    ------
    ValueError
        Where shapes do not fit, a value is not finite, or a resample holds a single token.
    """
    values, n_pair_draws = _checked(pair_values, multiplicities)
    n_resamples, n_tokens = multiplicities.shape
    first, second = np.triu_indices(n_tokens, 1)
    weights = np.ascontiguousarray(multiplicities.T)
    # Many profiles in one product of matrices, whose cost is mostly that of starting it where they are small.
    at_once = max(1, PRODUCT_BYTES // (8 * n_tokens * (n_tokens + n_resamples)))
    sums = np.empty((n_resamples, len(values)))
    for start in range(0, len(values), at_once):
        profiles = values[start : start + at_once]
        squares = np.zeros((len(profiles), n_tokens, n_tokens))
        squares[:, first, second] = profiles
        sums[:, start : start + at_once] = _quadratic_forms(squares, weights)
    means = sums / n_pair_draws[:, np.newaxis]
    return means.reshape(len(multiplicities), *pair_values.shape[:-1])


def _quadratic_forms(squares: Floats, weights: Floats) -> Floats:
    """Sum each matrix, upper triangle only, under each resample's weights: shape (n_resamples, n_profiles).

    Both are given with tokens before resamples; below the diagonal of the blocks there is nothing to sum.
    """
    n_profiles, n_tokens, _ = squares.shape
    sums = np.zeros((weights.shape[1], n_profiles))
    for top in range(0, n_tokens, BLOCK_TOKENS):
        block = squares[:, top : top + BLOCK_TOKENS, top:]
        products = block.reshape(-1, n_tokens - top) @ weights[top:]
        products = products.reshape(n_profiles, -1, weights.shape[1])
        sums += np.einsum("ptr,tr->rp", products, weights[top : top + BLOCK_TOKENS])
    return sums


def _checked(pair_values: Floats, multiplicities: Floats) -> tuple[Floats, Floats]:
    """Check both arrays; return the values as (n_profiles, n_pairs) and the pairs drawn by each resample."""
    n_tokens = multiplicities.shape[1]
    n_pairs = n_tokens * (n_tokens - 1) // 2
    if pair_values.shape[-1] != n_pairs:
        raise ValueError(f"{n_tokens} tokens have {n_pairs} pairs, the values have {pair_values.shape[-1]}")
    if not np.isfinite(pair_values).all():
        where = tuple(int(index) for index in np.argwhere(~np.isfinite(pair_values))[0])
        raise ValueError(f"the pair value at {where} is not finite")
    if not (multiplicities >= 0).all() or not ((multiplicities > 0).sum(axis=1) >= 2).all():
        raise ValueError("each resample needs weights of at least 0 and two tokens with more than 0")
    n_pair_draws = (multiplicities.sum(axis=1) ** 2 - (multiplicities**2).sum(axis=1)) / 2
    return pair_values.reshape(-1, n_pairs), n_pair_draws
