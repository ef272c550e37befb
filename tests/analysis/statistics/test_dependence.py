"""Dependence along the text: block lengths, effective tokens and overlap with known answers."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import lfilter

from layerclaims.analysis.statistics.dependence import (
    autocorrelation,
    block_length,
    effective_tokens,
    least_error_length,
    longest_overlap,
    overlapping_share,
    token_series,
    without_overlap,
)

Floats = NDArray[np.float64]


def autoregressive(rho: float, n_tokens: int, seed: int = 0, n_rows: int = 1) -> Floats:
    steps = np.random.default_rng(seed).normal(size=(n_rows, n_tokens + 100))
    return np.asarray(lfilter([1], [1, -rho], steps, axis=1)[:, 100:])


def steps(n_tokens: int, pace: float) -> Floats:
    """Make a series that no generator draws: the sines of squares."""
    return np.asarray(np.sin(np.arange(n_tokens) ** 2 * pace))


def test_autocorrelation_is_the_hand_counted_one() -> None:
    # 1, 2, 3 less their mean are -1, 0, 1: the sum of squares is 2, at lag 1 it is 0, at lag 2 it is -1.
    np.testing.assert_allclose(autocorrelation(np.array([[1.0, 2.0, 3.0]])), [1, 0, -0.5], atol=1e-15)


def test_autocorrelation_averages_rows_whatever_their_scale() -> None:
    rows = np.array([[1.0, 2.0, 3.0], [100.0, 0.0, 100.0], [-10.0, 10.0, 0.0]])
    # At lag 1: 0 / 2, -2 * 2 / 6 and -1 / 2. At lag 2: -1 / 2, 1 / 6 and 0.
    expected = [1, (0 - 4 / 6 - 1 / 2) / 3, (-1 / 2 + 1 / 6 + 0) / 3]
    np.testing.assert_allclose(autocorrelation(rows), expected, atol=1e-15)


def test_constant_and_missing_rows_say_nothing() -> None:
    rows = np.array([np.full(5, 3.0), np.full(5, np.nan), 3 + 1e-9 * np.arange(5)])
    np.testing.assert_array_equal(autocorrelation(rows), [1, 0, 0, 0, 0])
    assert block_length(autocorrelation(rows)) == 1


# Computed by arch 8.0.0: arch.bootstrap.optimal_block_length, column "circular".
@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (np.cumsum(steps(60, 0.7)), 12.060091242094803),
        (np.cumsum(steps(60, 1.3)), 6.8547112259550085),
        (np.cumsum(steps(250, 0.7)), 25.15048841370835),
        (steps(61, 0.7)[:-1] + 0.5 * steps(61, 0.7)[1:], 2.138292965638754),
        (steps(251, 0.7)[:-1] + 0.5 * steps(251, 0.7)[1:], 3.787816540261376),
    ],
)
def test_the_length_of_least_error_is_that_of_another_implementation(series: Floats, expected: float) -> None:
    assert least_error_length(autocorrelation(series[None])) == pytest.approx(expected, rel=1e-9)


def test_blocks_are_longer_than_those_of_least_error_by_the_sixth_root_of_the_tokens() -> None:
    correlations = autocorrelation((steps(251, 0.7)[:-1] + 0.5 * steps(251, 0.7)[1:])[None])
    assert block_length(correlations) == 10  # 3.79 * 250 ** (1 / 6) = 9.5, rounded up


def test_stronger_dependence_asks_for_longer_blocks() -> None:
    lengths = [
        block_length(autocorrelation(autoregressive(rho, 250, n_rows=20))) for rho in (0, 0.3, 0.6, 0.8)
    ]
    assert lengths[0] <= 3
    assert lengths == sorted(lengths)
    assert lengths[2] > 2 * lengths[0]


@pytest.mark.parametrize("n_tokens", [2, 3, 5, 11, 12, 40])
def test_blocks_stay_short_where_tokens_are_few(n_tokens: int) -> None:
    length = block_length(autocorrelation(autoregressive(0.9, n_tokens)))
    assert 1 <= length <= max(1, n_tokens // 6)


@pytest.mark.parametrize("rho", [0.3, 0.6])
def test_effective_tokens_approach_those_of_an_autoregression(rho: float) -> None:
    """Their share is (1 - rho) / (1 + rho) for an endless text."""
    correlations = autocorrelation(autoregressive(rho, 5000))
    assert effective_tokens(correlations, 40) == pytest.approx(5000 * (1 - rho) / (1 + rho), rel=0.12)


def test_effective_tokens_of_a_hand_counted_series() -> None:
    # 4 / (1 + 2 * (2/3 * 0.5 + 1/3 * 0.25)) = 4 / (11/6)
    assert effective_tokens(np.array([1, 0.5, 0.25, 0.9]), 3) == pytest.approx(24 / 11)


def test_alternating_tokens_count_for_more_than_they_are() -> None:
    assert effective_tokens(np.array([1, -0.5, 0.2, 0]), 2) == pytest.approx(8)


def test_token_series_are_amplitude_and_mean_correlation() -> None:
    values = np.random.default_rng(1).normal(size=(6, 40)) * np.arange(1, 7)[:, None]
    amplitude, likeness = token_series(values, outlier_sd=0)
    np.testing.assert_allclose(amplitude, np.log(values.std(axis=1, ddof=1)))
    correlations = np.corrcoef(values)
    np.testing.assert_allclose(likeness, (correlations.sum(axis=1) - 1) / 5)


def test_a_massive_dimension_is_left_out_of_the_series() -> None:
    values = np.random.default_rng(2).normal(size=(5, 60))
    massive = np.column_stack([values, [1e4, -2e4, 3e4, 1e4, 5e4]])
    np.testing.assert_allclose(token_series(massive), token_series(values), atol=1e-9)


def test_a_constant_token_has_no_series() -> None:
    values = np.random.default_rng(3).normal(size=(4, 9))
    values[2] = 7
    assert np.isnan(token_series(values)[0, 2])


def test_windows_overlap_up_to_the_last_token_that_both_read() -> None:
    # Windows of 20 before and 10 after: a gap of 30 shares one token, a gap of 31 none.
    assert overlapping_share([100, 130, 161], 20, 10) == 0.5
    assert overlapping_share([161, 100, 130], 20, 10) == 0.5
    assert overlapping_share([7], 20, 10) == 0


def test_the_most_windows_that_overlap_with_one_are_counted() -> None:
    # From 10 on, 31, 35 and 40 are within 30 tokens; from 100 on there is none.
    assert longest_overlap([40, 10, 31, 35, 100], 20, 10) == 3
    assert longest_overlap([40, 10, 31, 35, 100], 20, 0) == 2
    assert longest_overlap([7], 20, 10) == 0


def test_chosen_windows_do_not_overlap() -> None:
    positions = np.array([50, 0, 10, 31, 62, 61])
    chosen = without_overlap(positions, 20, 10)
    assert positions[chosen].tolist() == [0, 31, 62]
    assert overlapping_share(positions[chosen], 20, 10) == 0


def correlations(n_tokens: int, first: list[float], rest: float = 0.0) -> Floats:
    """Give autocorrelations of 1 at lag 0, of some first lags, and the same at all others."""
    return np.concatenate([[1], first, np.full(n_tokens - 1 - len(first), rest)])


@pytest.mark.parametrize(
    ("autocorrelations", "curvature", "spectrum"),
    [
        # None is small: 6 lags, the last that 7 tokens have, of weights 1, 1, 1, 2 / 3, 1 / 3, 0.
        (correlations(7, [], 0.9), 2 * 0.9 * (1 + 2 + 3 + 8 / 3 + 5 / 3), 1 + 2 * 0.9 * 4),
        # All below 0.28, so that the first lag counts as the last that matters: 2 lags, of weights 1 and 0.
        (correlations(100, [0.2, 0.2, 0.2, 0.2]), 2 * 0.2, 1 + 2 * 0.2),
        # The second is small, with the next four: 4 lags, of weights 1, 1, 1 / 2, 0.
        (correlations(12, [0.9, 0, 0.2, 0.1]), 2 * (0.9 + 0.1 * 3), 1 + 2 * (0.9 + 0.1)),
        # 2 * sqrt(log10(10000) / 10000) is 0.04, which matters: 8 lags, the first 4 in full.
        (correlations(10000, [0.04, 0.04, 0.04]), 2 * 0.04 * (1 + 2 + 3), 1 + 2 * 0.04 * 3),
    ],
)
def test_the_length_of_least_error_is_the_hand_counted_one(
    autocorrelations: Floats, curvature: float, spectrum: float
) -> None:
    expected = (1.5 * (curvature / spectrum) ** 2 * len(autocorrelations)) ** (1 / 3)
    assert least_error_length(autocorrelations) == pytest.approx(expected, rel=1e-12)


def test_independent_tokens_are_blocks_of_their_own() -> None:
    assert least_error_length(correlations(60, [])) == 0
    assert block_length(correlations(60, [])) == 1


@pytest.mark.parametrize(("n_tokens", "length"), [(11, 1), (12, 2), (17, 2), (18, 3)])
def test_blocks_of_tokens_that_depend_much_are_a_sixth_of_them(n_tokens: int, length: int) -> None:
    assert block_length(correlations(n_tokens, [0.9, 0.9, 0.9], 0.8)) == length


def test_of_tokens_at_one_position_the_first_is_chosen() -> None:
    positions = np.tile([300, 200, 100, 0], 50)
    assert without_overlap(positions, 20, 10).tolist() == [3, 2, 1, 0]


def test_no_tokens_are_chosen_from_none() -> None:
    assert np.arange(3)[without_overlap(np.arange(0), 20, 10)].tolist() == []
