from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from layerclaims.analysis.statistics.trends import (
    decompose_growth,
    kendall_tau,
    log2_growth,
    spearman,
    theil_sen,
)

Floats = NDArray[np.float64]


@pytest.fixture(params=["distinct", "ties"])
def profiles(request: pytest.FixtureRequest) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(0)
    if request.param == "ties":
        return rng.integers(0, 6, (20, 31)).astype(float), rng.integers(0, 6, (20, 31)).astype(float)
    return rng.normal(size=(20, 31)), rng.normal(size=(20, 31))


def test_slopes_equal_those_of_scipy(profiles: tuple[Floats, Floats]) -> None:
    expected = [stats.theilslopes(profile).slope for profile in profiles[0]]
    np.testing.assert_allclose(theil_sen(profiles[0]), expected, atol=1e-12)


def test_kendall_equals_that_of_scipy(profiles: tuple[Floats, Floats]) -> None:
    expected = [stats.kendalltau(*pair).statistic for pair in zip(*profiles, strict=True)]
    np.testing.assert_allclose(kendall_tau(*profiles), expected, atol=1e-12)


def test_spearman_equals_that_of_scipy(profiles: tuple[Floats, Floats]) -> None:
    expected = [stats.spearmanr(*pair).statistic for pair in zip(*profiles, strict=True)]
    np.testing.assert_allclose(spearman(*profiles), expected, atol=1e-12)


def test_a_line_has_its_slope_in_spite_of_an_outlier() -> None:
    profile = 3 - 0.25 * np.arange(31.0)
    profile[7] = 1e6
    assert theil_sen(profile) == pytest.approx(-0.25)


@pytest.mark.parametrize("correlation", [kendall_tau, spearman])
def test_orders_correlate_at_one_when_equal_and_minus_one_when_turned(
    correlation: Callable[[Floats, Floats], Floats],
) -> None:
    profile = np.exp(np.arange(9.0))
    assert correlation(profile, profile**3) == pytest.approx(1)
    assert correlation(profile, -profile) == pytest.approx(-1)


@pytest.mark.parametrize("correlation", [kendall_tau, spearman])
def test_a_constant_has_no_order(correlation: Callable[[Floats, Floats], Floats]) -> None:
    profiles = np.stack([np.full(5, 0.1), np.arange(5.0)])
    assert np.isnan(correlation(profiles, np.arange(5.0))).tolist() == [True, False]


def test_resamples_are_compared_with_one_profile_or_each_with_its_own() -> None:
    rng = np.random.default_rng(1)
    resampled, profile = rng.normal(size=(4, 3, 10)), rng.normal(size=10)
    assert spearman(resampled, profile).shape == (4, 3)
    assert kendall_tau(resampled, profile)[2, 1] == kendall_tau(resampled[2, 1], profile)


def test_growth_is_in_doublings_over_the_reference() -> None:
    profile = np.array([[1.0, 2.0, 16.0], [5.0, 10.0, 2.5]])
    np.testing.assert_allclose(log2_growth(profile, 1), [[-1, 0, 3], [-1, 0, -2]])


def test_growth_of_one_factor_is_given_to_that_factor() -> None:
    flat, growing = np.full(4, 0.5), np.array([1.0, 4.0, 16.0, 64.0])
    by_scale = decompose_growth(growing * flat, growing, flat, 0)
    np.testing.assert_allclose(by_scale.standard_deviations, by_scale.total)
    np.testing.assert_allclose(by_scale.correlation, 0)
    by_correlation = decompose_growth(growing * flat, flat, growing, 0)
    np.testing.assert_allclose(by_correlation.correlation, [0, 2, 4, 6])
    for parts in (by_scale, by_correlation):
        np.testing.assert_allclose(parts.remainder, 0, atol=1e-12)


def test_the_remainder_is_what_means_of_products_add() -> None:
    rng = np.random.default_rng(2)
    std_product, pearson = rng.uniform(1, 9, (6, 500)), rng.uniform(0.1, 1, (6, 500))
    pearson[3:] = np.sort(pearson[3:])
    std_product[3:] = np.sort(std_product[3:])
    parts = decompose_growth(
        (std_product * pearson).mean(axis=1), std_product.mean(axis=1), pearson.mean(axis=1), 0
    )
    np.testing.assert_allclose(
        parts.total, parts.standard_deviations + parts.correlation + parts.remainder, atol=1e-12
    )
    assert (parts.remainder[3:] > 0.2).all(), "pairs of large spread correlate more there"


@pytest.mark.parametrize("value", [0.0, -1.0])
def test_growth_from_or_to_nothing_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match=f"the profile holds {value}"):
        log2_growth(np.array([1.0, value, 2.0]), 0)


def test_missing_values_are_named() -> None:
    profile = np.ones((2, 5))
    profile[1, 3] = np.nan
    with pytest.raises(ValueError, match=r"not finite at \(1, 3\)"):
        theil_sen(profile)


@pytest.mark.parametrize("shape", [(), (1,), (4, 1)])
def test_a_single_layer_has_no_trend(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="two layers"):
        theil_sen(np.ones(shape))
