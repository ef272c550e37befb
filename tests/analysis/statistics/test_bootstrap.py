from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import t

import layerclaims.analysis.statistics.bootstrap
import layerclaims.analysis.threads
from layerclaims.analysis.statistics.bootstrap import (
    resampled_means,
    token_multiplicities,
    token_weights,
)
from layerclaims.analysis.statistics.estimate import percentile_estimate

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], tuple[Floats, float]]


def pair_weights(multiplicities: Floats) -> Floats:
    first, second = np.triu_indices(multiplicities.shape[1], 1)
    return multiplicities[:, first] * multiplicities[:, second]


@pytest.mark.parametrize("block_length", [1, 5])
def test_each_token_appears_about_once(block_length: int) -> None:
    drawn = token_multiplicities(40, 4000, np.random.default_rng(0), block_length=block_length)
    assert drawn.shape == (4000, 40)
    assert drawn.dtype == np.float64
    # A chi-square number of blocks has one less than there are blocks as its mean.
    assert drawn.mean(axis=0) == pytest.approx(np.full(40, 1 - block_length / 40), abs=0.08)


def test_neighbours_are_drawn_together_and_the_last_with_the_first() -> None:
    drawn = token_multiplicities(30, 2000, np.random.default_rng(0), block_length=3)
    shares = drawn / drawn.sum(axis=1, keepdims=True)
    together = np.corrcoef(shares.T)[0]
    # Two of three blocks that hold a token hold its neighbour, one of three the one after: the shares sum
    # to 1, which takes 3 / 29 off.
    assert together[[1, 2, 3, 15, 29]] == pytest.approx([0.63, 0.26, -0.1, -0.1, 0.63], abs=0.06)
    one_block = np.unique(drawn[drawn.sum(axis=1) == 6], axis=0)
    assert len(one_block) > 0
    assert all((np.roll(row, 1) + row + np.roll(row, -1) >= 2)[row > 0].all() for row in one_block)


@pytest.mark.parametrize("draw_tokens", [token_multiplicities, token_weights])
@pytest.mark.parametrize(("n_tokens", "block_length"), [(250, 1), (250, 20), (60, 5)])
def test_resampled_means_spread_as_students_t(
    draw_tokens: Callable[..., Floats], n_tokens: int, block_length: int
) -> None:
    """The variance of t with nu degrees of freedom is nu / (nu - 2), of a block's mean that of the data."""
    values = np.random.default_rng(1).normal(size=n_tokens)
    blocks = np.mean([np.roll(values, -offset) for offset in range(block_length)], axis=0)
    drawn = draw_tokens(n_tokens, 20_000, np.random.default_rng(2), block_length=block_length)
    means = drawn @ values / drawn.sum(axis=1)
    freedom = n_tokens / block_length - 1
    standard_error = blocks.std() / np.sqrt(freedom)
    for probability in (0.9, 0.975, 0.995):
        quantile = (np.quantile(means, probability) - np.quantile(means, 1 - probability)) / 2
        assert quantile / standard_error == pytest.approx(t.ppf(probability, freedom), rel=0.08)


@pytest.mark.parametrize("block_length", [0, 9, 20])
def test_blocks_that_do_not_fit_are_refused(block_length: int) -> None:
    with pytest.raises(ValueError, match=f"has 1 to 8 of them, not {block_length}"):
        token_multiplicities(9, 5, np.random.default_rng(0), block_length=block_length)


@pytest.mark.parametrize("block_length", [1, 5, 40])
def test_no_token_is_absent_under_weights(block_length: int) -> None:
    drawn = token_weights(250, 200, np.random.default_rng(0), block_length=block_length)
    assert drawn.shape == (200, 250)
    assert (drawn > 0).all()
    with pytest.raises(ValueError, match="has 1 to 249"):
        token_weights(250, 5, np.random.default_rng(0), block_length=250)


def test_neighbours_have_like_weights() -> None:
    drawn = token_weights(30, 4000, np.random.default_rng(0), block_length=3)
    together = np.corrcoef((drawn / drawn.sum(axis=1, keepdims=True)).T)[0]
    assert together[[1, 2, 3, 15, 29]] == pytest.approx([0.63, 0.26, -0.1, -0.1, 0.63], abs=0.06)


def test_resamples_repeat_with_the_seed() -> None:
    first, second = (token_multiplicities(9, 20, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_draw_of_one_token_only_is_drawn_again() -> None:
    drawn = token_multiplicities(2, 500, np.random.default_rng(2))
    assert (drawn > 0).all()


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


def test_means_do_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(9)
    values, drawn = rng.normal(size=(7, 80 * 79 // 2)), token_multiplicities(80, 30, rng)
    monkeypatch.setattr(layerclaims.analysis.statistics.bootstrap, "PRODUCT_BYTES", 1)
    found = []
    for n_threads in (1, 3):
        monkeypatch.setattr(layerclaims.analysis.threads, "machine_threads", lambda n=n_threads: n)
        found.append(resampled_means(values, drawn))
    np.testing.assert_array_equal(found[0], found[1])


@pytest.mark.parametrize(
    ("n_profiles", "n_tokens", "n_resamples", "at_once"),
    [
        (30, 250, 1000, [15, 15]),  # worth two threads
        (30, 250, 200, [30]),  # over before another thread has begun
        (8, 1000, 1000, [2, 2, 2, 2]),
        (2, 2000, 1000, [1, 1]),
        (1, 2000, 1000, [1]),
        (30, 1000, 1000, [8, 8, 8, 6]),
    ],
)
def test_profiles_are_shared_out_by_sizes_alone(
    n_profiles: int,
    n_tokens: int,
    n_resamples: int,
    at_once: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = layerclaims.analysis.statistics.bootstrap
    asked: list[int] = []

    def note(values: Floats, weights: Floats, _: object) -> Floats:
        asked.append(len(values))
        return np.zeros((weights.shape[1], len(values)))

    monkeypatch.setattr(module, "_quadratic_forms", note)
    monkeypatch.setattr(layerclaims.analysis.threads, "machine_threads", lambda: 1)
    values = np.broadcast_to(np.zeros(1), (n_profiles, n_tokens * (n_tokens - 1) // 2))
    resampled_means(values, np.ones((n_resamples, n_tokens)))
    assert asked == at_once


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


def test_tokens_by_themselves_are_drawn_as_often_as_there_are_tokens() -> None:
    drawn = token_multiplicities(9, 20, np.random.default_rng(3))
    np.testing.assert_array_equal(drawn, np.random.default_rng(3).multinomial(9, [1 / 9] * 9, size=20))
    weights = token_weights(9, 20, np.random.default_rng(3))
    np.testing.assert_array_equal(weights, np.random.default_rng(3).gamma(8 / 9, size=(20, 9)))


def test_blocks_begin_anywhere_and_there_are_as_many_as_a_chi_square_number() -> None:
    rng = np.random.default_rng(3)
    n_blocks = np.maximum(2, np.rint(rng.chisquare(12 / 3 - 1, 50))).astype(np.int64)
    starts = rng.multinomial(n_blocks, [1 / 12] * 12)
    expected = starts + np.roll(starts, 1, axis=1) + np.roll(starts, 2, axis=1)
    drawn = token_multiplicities(12, 50, np.random.default_rng(3), block_length=3)
    np.testing.assert_array_equal(drawn, expected)
    assert n_blocks.min() == 2
    rng = np.random.default_rng(3)
    rng.chisquare(12 / 3 - 1, 50)
    faint = rng.gamma((n_blocks[:, None] - 1) / 12, size=(50, 12))
    weights = token_weights(12, 50, np.random.default_rng(3), block_length=3)
    sums = faint + np.roll(faint, 1, axis=1) + np.roll(faint, 2, axis=1)
    np.testing.assert_allclose(weights, np.maximum(sums, 1e-9))
    assert sums.min() < 1e-9


@pytest.mark.parametrize("draw", [token_multiplicities, token_weights])
def test_what_a_bootstrap_needs_is_told(draw: Callable[..., Floats]) -> None:
    rng = np.random.default_rng(0)
    for n_tokens in (0, 1):
        with pytest.raises(ValueError, match=f"at least 2 tokens, not {n_tokens}$"):
            draw(n_tokens, 5, rng)
    with pytest.raises(ValueError, match="a block of 9 tokens has 1 to 8 of them, not 9"):
        draw(9, 5, rng, block_length=9)
    assert draw(9, 5, rng, block_length=8).shape == (5, 9)


def test_every_resample_needs_a_pair_and_two_tokens_are_one() -> None:
    values = np.array([5.0, 7, 9])  # of the first with the second and third, and of these two
    two = np.array([[1.0, 0, 3], [0, 2, 2]])
    assert resampled_means(values, two).tolist() == [7, 9]
    for bad in ([0, 0, 3.0], [1, 1, -1.0], [1, 1, np.nan]):
        with pytest.raises(ValueError, match="at least 0 and two tokens"):
            resampled_means(values, np.array([two[0], bad]))


def test_weights_between_whole_numbers_weigh_pairs_by_their_products() -> None:
    values, weights = np.array([5.0, 7, 9]), np.array([[0.5, 1.5, 0.25]])
    pairs = np.array([0.5 * 1.5, 0.5 * 0.25, 1.5 * 0.25])
    assert resampled_means(values, weights)[0] == pytest.approx(pairs @ values / pairs.sum())


def test_there_may_be_as_many_resamples_as_tokens() -> None:
    rng = np.random.default_rng(8)
    values, drawn = rng.normal(size=(2, 45)), token_multiplicities(10, 10, rng)
    np.testing.assert_allclose(resampled_means(values, drawn)[3:], resampled_means(values, drawn[3:]))


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_a_missing_value_is_named_by_its_place(value: float) -> None:
    values = np.zeros((2, 3))
    values[1, 2] = value
    with pytest.raises(ValueError, match=r"^the pair value at \(1, 2\) is not finite$"):
        resampled_means(values, np.ones((1, 3)))


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
    ("draw", "n_tokens"), [(normal_products, 60), (normal_products, 120), (skewed_distances, 120)]
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
