"""Token bootstrap of means over pairs, without measuring any pair again.

Pairs share tokens, so tokens are resampled, and neighbouring tokens share context, so they are resampled in
blocks of the text: drawing token i ``w[i]`` times draws the pair (i, j) ``w[i] * w[j]`` times. The mean over
pairs is then a ratio of two quadratic forms in ``w``. Pairs of a token with a copy of itself are left out:
the sample has no such pairs, and measuring a token against itself gives its entropy or variance.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.threads import products_in_one_thread, run_in_threads

Floats = NDArray[np.float64]
Number = TypeVar("Number", np.int64, np.float64)

PRODUCT_BYTES = 1 << 23
"""Memory of a thread for rows of pair values and their products with the multiplicities."""
SHARED_PRODUCTS = 400_000_000
"""Multiplications of a thread's share, below which it takes about as long to share them out."""
MOST_SHARES = 4
"""Of the profiles of one call, beyond what memory asks for: more take longer in all."""
BLOCK_TOKENS = 32
"""Rows of pairs that are summed together. In fewer rows less is multiplied in vain, by shorter products."""

FAINTEST = 1e-9
"""Smallest weight of a token: a gamma variable of small shape may be too small for a number other than 0."""


def token_multiplicities(
    n_tokens: int, n_resamples: int, rng: np.random.Generator, *, block_length: int = 1
) -> Floats:
    """Draw how often each token appears in each resample, by blocks of neighbours.

    Blocks begin at any token; the last tokens are followed by the first (circular block bootstrap). The
    number of blocks in a resample is itself drawn, from a chi-square distribution with
    ``n_tokens / block_length - 1`` degrees of freedom: the mean of k blocks has a variance in proportion to
    1 / k, and a normal number divided by the root of its chi-square over its degrees of freedom follows
    Student's t. So the spread over resamples is that of Student's t, at every confidence level, where a
    fixed number of blocks would give the normal's, which is too narrow for few blocks. Below some ten blocks
    it falls a little short of t, since a resample has at least two.

    Parameters
    ----------
    n_tokens : int
        At least 2, in the order of the text.
    n_resamples : int
    rng : numpy.random.Generator
    block_length : int
        Tokens of a block, from `analysis.statistics.dependence.block_length`; 1 takes tokens as independent.

    Returns
    -------
    ndarray of float64, shape (n_resamples, n_tokens)
        Counts, on average about one. The sum of a row varies, so whatever uses it divides by it. A row has
        two tokens at least (a draw of a single token has no pair and is drawn again).

    Raises
    ------
    ValueError
        For fewer than 2 tokens, or blocks that are not between 1 and ``n_tokens - 1`` tokens long.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 6.
    Politis and Romano (1992), A circular block-resampling procedure for stationary data, in Exploring the
    Limits of Bootstrap, 263-270.
    """
    _check_blocks(n_tokens, block_length)
    draw = _draw_tokens if block_length == 1 else _draw_blocks
    counts = draw(n_tokens, n_resamples, rng, block_length)
    while (single := (counts > 0).sum(axis=1) < 2).any():
        counts[single] = draw(n_tokens, int(single.sum()), rng, block_length)
    return counts.astype(np.float64)


def _check_blocks(n_tokens: int, block_length: int) -> None:
    if n_tokens < 2:
        raise UndefinedResultError("a token bootstrap needs at least 2 tokens, not {tokens}", tokens=n_tokens)
    if not 1 <= block_length < n_tokens:
        raise ValueError(f"a block of {n_tokens} tokens has 1 to {n_tokens - 1} of them, not {block_length}")


def _draw_tokens(n_tokens: int, n_resamples: int, rng: np.random.Generator, _: int) -> NDArray[np.int64]:
    """Draw as many tokens as there are, each by itself."""
    return rng.multinomial(n_tokens, np.full(n_tokens, 1 / n_tokens), size=n_resamples)


def _draw_blocks(
    n_tokens: int, n_resamples: int, rng: np.random.Generator, block_length: int
) -> NDArray[np.int64]:
    """Draw blocks and count each token's appearances."""
    n_blocks = _draw_numbers_of_blocks(n_tokens, n_resamples, rng, block_length)
    return _add_blocks(rng.multinomial(n_blocks, np.full(n_tokens, 1 / n_tokens)), block_length)


def _draw_numbers_of_blocks(
    n_tokens: int, n_resamples: int, rng: np.random.Generator, block_length: int
) -> NDArray[np.int64]:
    """Draw how many blocks each resample has: two at least."""
    freedom = n_tokens / block_length - 1
    return np.maximum(2, np.rint(rng.chisquare(freedom, n_resamples))).astype(np.int64)


def _add_blocks(starts: NDArray[Number], block_length: int) -> NDArray[Number]:
    """Give each token the sum over the blocks that start on it or on one of the tokens before it."""
    sums = starts.copy()
    for offset in range(1, block_length):
        sums = sums + np.roll(starts, offset, axis=1)
    return sums


def token_weights(
    n_tokens: int, n_resamples: int, rng: np.random.Generator, *, block_length: int = 1
) -> Floats:
    """Draw a weight for each token in each resample, by blocks of neighbours, none of which is absent.

    A resample of `token_multiplicities` lacks more than a third of the tokens, and may lack most of a small
    group, which then is no cluster in it. Here each start of a block has a gamma-distributed weight, with
    the mean and variance of the number of times that it is drawn there: for blocks of one token these are
    exponential weights, the Bayesian bootstrap. So a weighted mean varies as much as a resampled one, and a
    group weighs as much more or less as it has more or fewer members, but none vanishes.

    Parameters
    ----------
    n_tokens, n_resamples, rng, block_length :
        See `token_multiplicities`. The number of blocks is drawn as there.

    Returns
    -------
    ndarray of float64, shape (n_resamples, n_tokens)
        Positive. Whatever uses them divides by their sum.

    Raises
    ------
    ValueError
        As `token_multiplicities`.

    References
    ----------
    Rubin (1981), The Bayesian bootstrap, Annals of Statistics 9, 130-134.
    """
    _check_blocks(n_tokens, block_length)
    n_blocks = np.full(n_resamples, n_tokens)
    if block_length > 1:
        n_blocks = _draw_numbers_of_blocks(n_tokens, n_resamples, rng, block_length)
    # Shares of gamma variables whose shapes sum to k - 1 vary as the shares of k draws do: by 1 / k.
    starts = rng.gamma((n_blocks[:, None] - 1) / n_tokens, size=(n_resamples, n_tokens))
    return np.asarray(np.maximum(_add_blocks(starts, block_length), FAINTEST))


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
    weights = np.ascontiguousarray(multiplicities.T)
    at_once = _profiles_at_once(values, n_tokens, n_resamples)
    sums = np.empty((n_resamples, len(values)))

    def make_room() -> tuple[Floats, Floats]:
        n_rows = at_once * BLOCK_TOKENS
        return np.empty(n_rows * n_tokens), np.empty(n_rows * n_resamples)

    def sum_some(start: int, stop: int, room: tuple[Floats, Floats]) -> None:
        for batch in range(start, stop):
            profiles = slice(batch * at_once, (batch + 1) * at_once)
            sums[:, profiles] = _quadratic_forms(values[profiles], weights, room)

    with products_in_one_thread():
        run_in_threads(sum_some, -(-len(values) // at_once), make_room)
    means = sums / n_pair_draws[:, np.newaxis]
    return means.reshape(len(multiplicities), *pair_values.shape[:-1])


def _profiles_at_once(values: Floats, n_tokens: int, n_resamples: int) -> int:
    """Choose how many profiles one product of matrices takes, by sizes alone: threads change no result.

    Starting a product costs most of it where it is small, so it takes many; but no more than fit into memory,
    and fewer where several threads have enough to do.
    """
    fitting = max(1, PRODUCT_BYTES // (8 * BLOCK_TOKENS * (n_tokens + n_resamples)))
    worthwhile = min(MOST_SHARES, values.size * n_resamples // SHARED_PRODUCTS)
    n_batches = max(1, -(-len(values) // fitting), min(len(values), worthwhile))
    return max(1, -(-len(values) // n_batches))


def _quadratic_forms(values: Floats, weights: Floats, room: tuple[Floats, Floats]) -> Floats:
    """Sum the pairs of each profile under each resample's weights: shape (n_resamples, n_profiles).

    Weights are given with tokens before resamples. Pairs are laid out as the rows of a triangle, some rows
    at a time; what lies left of those rows is not multiplied. Rows and products are written into memory that
    a thread has once: the system took nearly a second of a small run to hand it out each time.
    """
    n_tokens, n_resamples = weights.shape
    sums = np.zeros((n_resamples, len(values)))
    pair = 0
    for top in range(0, n_tokens, BLOCK_TOKENS):
        own = weights[top : top + BLOCK_TOKENS]
        n_rows = len(values) * len(own)
        rows = room[0][: n_rows * (n_tokens - top)].reshape(len(values), len(own), -1)
        for row in range(len(own)):
            n_partners = n_tokens - top - row - 1
            rows[:, row, : row + 1] = 0
            rows[:, row, row + 1 :] = values[:, pair : pair + n_partners]
            pair += n_partners
        products = room[1][: n_rows * n_resamples].reshape(n_rows, n_resamples)
        np.matmul(rows.reshape(n_rows, -1), weights[top:], out=products)
        sums += np.einsum("ptr,tr->rp", products.reshape(len(values), -1, n_resamples), own)
    return sums


def _checked(pair_values: Floats, multiplicities: Floats) -> tuple[Floats, Floats]:
    """Check both arrays; return the values as (n_profiles, n_pairs) and the pairs drawn by each resample."""
    n_tokens = multiplicities.shape[1]
    n_pairs = n_tokens * (n_tokens - 1) // 2
    if pair_values.shape[-1] != n_pairs:
        raise ValueError(f"{n_tokens} tokens have {n_pairs} pairs, the values have {pair_values.shape[-1]}")
    if not np.isfinite(pair_values).all():
        where = tuple(int(index) for index in np.argwhere(~np.isfinite(pair_values))[0])
        raise UndefinedResultError("the pair value at {place} is not finite", place=str(where))
    if not (multiplicities >= 0).all() or not ((multiplicities > 0).sum(axis=1) >= 2).all():
        raise ValueError("each resample needs weights of at least 0 and two tokens with more than 0")
    n_pair_draws = (multiplicities.sum(axis=1) ** 2 - (multiplicities**2).sum(axis=1)) / 2
    return pair_values.reshape(-1, n_pairs), n_pair_draws
