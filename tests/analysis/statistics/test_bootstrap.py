from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

import layerclaims.analysis.statistics.bootstrap
from layerclaims.analysis.statistics.bootstrap import (
    resampled_means,
    token_multiplicities,
)
from layerclaims.analysis.statistics.estimate import percentile_estimate

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], tuple[Floats, float]]


def pair_weights(multiplicities: Floats) -> Floats:
    first, second = np.triu_indices(multiplicities.shape[1], 1)
    return multiplicities[:, first] * multiplicities[:, second]


def test_each_resample_draws_as_many_tokens_as_there_are() -> None:
    drawn = token_multiplicities(40, 300, np.random.default_rng(0))
    assert drawn.shape == (300, 40)
    assert drawn.dtype == np.float64
    assert (drawn.sum(axis=1) == 40).all()
    assert drawn.mean(axis=0) == pytest.approx(np.ones(40), abs=0.25)
    assert drawn.var() == pytest.approx(1 - 1 / 40, abs=0.05)


def test_resamples_repeat_with_the_seed() -> None:
    first, second = (token_multiplicities(9, 20, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_draw_of_one_token_only_is_drawn_again() -> None:
    drawn = token_multiplicities(2, 500, np.random.default_rng(2))
    assert (drawn == 1).all()


def test_means_are_those_over_drawn_pairs_without_copies() -> None:
    rng = np.random.default_rng(3)
    values, drawn = rng.normal(size=(3, 2, 45)), token_multiplicities(10, 7, rng)
    measured = resampled_means(values, drawn)
    assert measured.shape == (7, 3, 2)
    tokens = np.repeat(np.arange(10), drawn[4].astype(int))
    table = np.zeros((10, 10))
    table[np.triu_indices(10, 1)] = values[2, 1]
    table += table.T
    pairs = [table[one, other] for one, other in combinations(tokens, 2) if one != other]
    assert measured[4, 2, 1] == pytest.approx(np.mean(pairs), abs=1e-12)


@pytest.mark.parametrize(("block_tokens", "product_bytes"), [(7, 1), (7, 1 << 25), (45, 3 * 8 * 45 * 75)])
def test_means_do_not_depend_on_how_the_work_is_divided(
    monkeypatch: pytest.MonkeyPatch, block_tokens: int, product_bytes: int
) -> None:
    rng = np.random.default_rng(8)
    values, drawn = rng.normal(size=(5, 45 * 44 // 2)), token_multiplicities(45, 30, rng)
    whole = resampled_means(values, drawn)
    monkeypatch.setattr(layerclaims.analysis.statistics.bootstrap, "BLOCK_TOKENS", block_tokens)
    monkeypatch.setattr(layerclaims.analysis.statistics.bootstrap, "PRODUCT_BYTES", product_bytes)
    np.testing.assert_allclose(resampled_means(values, drawn), whole, rtol=1e-12, atol=1e-15)


def test_every_token_once_gives_the_sample() -> None:
    values = np.random.default_rng(4).normal(size=(2, 28))
    np.testing.assert_allclose(resampled_means(values, np.ones((1, 8)))[0], values.mean(axis=1))


def test_a_value_that_all_pairs_share_stays_what_it_is() -> None:
    drawn = token_multiplicities(12, 50, np.random.default_rng(5))
    np.testing.assert_allclose(resampled_means(np.full(66, 0.1), drawn), 0.1, rtol=1e-12)


def test_values_that_do_not_fit_the_tokens_are_refused() -> None:
    with pytest.raises(ValueError, match="10 tokens have 45 pairs, the values have 44"):
        resampled_means(np.zeros(44), np.ones((3, 10)))


def test_missing_values_are_named() -> None:
    values = np.zeros((2, 45))
    values[1, 30] = np.nan
    with pytest.raises(ValueError, match=r"\(1, 30\) is not finite"):
        resampled_means(values, np.ones((3, 10)))


@pytest.mark.parametrize("weights", [[3, 0, 0], [2, 2, -1]])
def test_weights_without_a_pair_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="two tokens"):
        resampled_means(np.zeros(3), np.array([weights], dtype=float))


def test_fewer_than_two_tokens_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 2 tokens"):
        token_multiplicities(1, 5, np.random.default_rng(7))


def normal_products(rng: np.random.Generator, n_tokens: int) -> tuple[Floats, float]:
    """Pair values (1 + u)(1 + v): their mean over all tokens is 1."""
    tokens = 1 + rng.normal(size=n_tokens)
    return np.outer(tokens, tokens)[np.triu_indices(n_tokens, 1)], 1.0


def skewed_distances(rng: np.random.Generator, n_tokens: int) -> tuple[Floats, float]:
    """Distances of exponential tokens: their mean is 1, and a third of the variance is of pairs alone."""
    tokens = rng.exponential(size=n_tokens)
    return np.abs(np.subtract.outer(tokens, tokens))[np.triu_indices(n_tokens, 1)], 1.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("draw", "n_tokens"), [(normal_products, 60), (normal_products, 250), (skewed_distances, 250)]
)
def test_the_95_percent_interval_holds_the_truth_in_92_to_98_percent(draw: Draw, n_tokens: int) -> None:
    rng = np.random.default_rng(8)
    n_held, n_studies = 0, 600
    for _ in range(n_studies):
        values, truth = draw(rng, n_tokens)
        resampled = resampled_means(values, token_multiplicities(n_tokens, 400, rng))
        estimate = percentile_estimate(float(values.mean()), resampled, n=n_tokens)
        n_held += estimate.low <= truth <= estimate.high
    assert 0.92 <= n_held / n_studies <= 0.98, n_held / n_studies
