from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import stats

from layerclaims.analysis.statistics.trends import (
    Stretch,
    average_ranks,
    change_at_end,
    decompose_growth,
    log2_growth,
    regained_at_end,
    sixth_of,
    spearman,
    stretches_at_end,
)

Floats = NDArray[np.float64]


@pytest.fixture(params=["distinct", "ties"])
def profiles(request: pytest.FixtureRequest) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(0)
    if request.param == "ties":
        return rng.integers(0, 6, (20, 31)).astype(float), rng.integers(0, 6, (20, 31)).astype(float)
    return rng.normal(size=(20, 31)), rng.normal(size=(20, 31))


def test_spearman_equals_that_of_scipy(profiles: tuple[Floats, Floats]) -> None:
    expected = [stats.spearmanr(*pair).statistic for pair in zip(*profiles, strict=True)]
    np.testing.assert_allclose(spearman(*profiles), expected, atol=1e-12)


def test_orders_correlate_at_one_when_equal_and_minus_one_when_turned() -> None:
    profile = np.exp(np.arange(9.0))
    assert spearman(profile, profile**3) == pytest.approx(1)
    assert spearman(profile, -profile) == pytest.approx(-1)


def test_a_constant_has_no_order() -> None:
    profiles = np.stack([np.full(5, 0.1), np.arange(5.0)])
    assert np.isnan(spearman(profiles, np.arange(5.0))).tolist() == [True, False]


def test_resamples_are_compared_with_one_profile_or_each_with_its_own() -> None:
    rng = np.random.default_rng(1)
    resampled, profile = rng.normal(size=(4, 3, 10)), rng.normal(size=10)
    assert spearman(resampled, profile).shape == (4, 3)
    assert spearman(resampled, profile)[2, 1] == spearman(resampled[2, 1], profile)


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
    with pytest.raises(ValueError, match=f"the profile holds {value:g}"):
        log2_growth(np.array([1.0, value, 2.0]), 0)


def test_missing_values_are_named() -> None:
    profile = np.ones((2, 5))
    profile[1, 3] = np.nan
    with pytest.raises(ValueError, match=r"not finite at \(1, 3\)"):
        spearman(profile, profile)


@pytest.mark.parametrize("shape", [(), (1,), (4, 1)])
def test_a_single_layer_has_no_trend(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="two layers"):
        spearman(np.ones(shape), np.ones(shape))


LAYERS = np.arange(24)


def course(*points: tuple[int, float]) -> Floats:
    """Make a profile of 24 layers that is linear between points."""
    layers, values = zip(*points, strict=True)
    return np.asarray(np.interp(LAYERS, layers, values))


@pytest.mark.parametrize(
    ("profile", "change"),
    [
        (course((0, 1), (23, 0.69)), 0.767),
        (course((0, 1), (19, 1), (23, 0.667)), 0.792),
        (course((0, 1), (23, 0.94)), 0.958),
        (course((0, 1), (12, 1.5), (23, 0.7)), 0.77),
    ],
    ids=["steady", "late", "steady and small", "bump that ends below its beginning"],
)
def test_a_fall_towards_the_last_layers_is_seen(profile: Floats, change: float) -> None:
    assert change_at_end(profile) == pytest.approx(change, abs=0.01)
    assert regained_at_end(profile) == 1


@pytest.mark.parametrize(
    "profile",
    [
        course((0, 1), (5, 0.667), (23, 0.667)),
        course((0, 1), (12, 0.6), (23, 1)),
        course((0, 1), (12, 1.5), (23, 1)),
        course((0, 1), (3, 1.5), (6, 1), (23, 1)),
        course((0, 1), (17, 1), (20, 1.5), (23, 1)),
        course((0, 1), (19, 1), (23, 1.5)),
        course((0, 1), (22, 1), (23, 0.5)),
        course((0, 1), (23, 1.3)),
    ],
    ids=["early", "U", "bump", "early bump", "late bump", "rise at the end", "last layer alone", "rise"],
)
def test_other_profiles_do_not_fall_towards_the_last_layers(profile: Floats) -> None:
    assert change_at_end(profile) > 0.98


def test_a_fall_that_comes_back_at_the_end_is_seen_by_what_it_regains() -> None:
    profile = course((0, 1), (19, 0.6), (23, 0.8))
    assert change_at_end(profile) < 0.9
    assert regained_at_end(profile) > 1.1


def test_a_flat_profile_with_noise_hardly_ever_falls_by_a_tenth() -> None:
    noise = np.exp(0.04 * np.random.default_rng(0).normal(size=(5000, 24)))
    assert np.mean(change_at_end(noise) <= 0.9) < 0.002


def test_changes_do_not_depend_on_the_unit() -> None:
    profile = course((0, 3), (12, 2), (23, 2.2))
    assert change_at_end(7 * profile) == pytest.approx(change_at_end(profile))
    assert regained_at_end(7 * profile) == pytest.approx(regained_at_end(profile))


@pytest.mark.parametrize("n_layers", [3, 4, 6, 12, 48])
def test_changes_are_those_of_models_of_any_depth(n_layers: int) -> None:
    profile = np.linspace(1, 0.5, n_layers)
    assert 0.5 <= change_at_end(profile) < 0.75
    assert regained_at_end(profile) == 1


def test_two_layers_have_no_end_to_compare() -> None:
    with pytest.raises(ValueError, match="2 layers"):
        change_at_end(np.array([1.0, 0.5]))


@pytest.mark.parametrize("statistic", [change_at_end, regained_at_end])
def test_a_change_of_numbers_that_are_not_positive_is_refused(statistic: Callable[[Floats], Floats]) -> None:
    with pytest.raises(ValueError, match="positive"):
        statistic(np.array([1.0, 0.0, 1.0]))


@given(arrays(np.float64, (3, 7), elements=st.sampled_from([-1.0, 0.0, 0.5, 2.0, 1e300])))
def test_ranks_equal_those_of_scipy(profiles: Floats) -> None:
    np.testing.assert_array_equal(average_ranks(profiles), stats.rankdata(profiles, axis=-1))


@pytest.mark.parametrize(("n_layers", "sixth"), [(1, 1), (2, 1), (8, 1), (10, 2), (24, 4), (48, 8)])
def test_a_sixth_is_rounded_and_one_layer_at_least(n_layers: int, sixth: int) -> None:
    assert sixth_of(n_layers) == sixth


# Of 18 layers a sixth is three, whose median one of them does not move.
BEGINS_LOW = np.array([1.0, 1, 9, *[2] * 12, 0.5, 0.5, 9])
FALLS_EARLY = np.array([4.0, 4, 4, *[1] * 5, 30, *[2] * 6, 0.5, 0.5, 0.4])


def test_ends_are_medians_over_a_sixth_and_the_first_half_and_the_lower_one_counts() -> None:
    assert change_at_end(BEGINS_LOW) == 0.5 / 1
    assert change_at_end(FALLS_EARLY) == 0.5 / 1
    np.testing.assert_array_equal(change_at_end(np.stack([BEGINS_LOW, 2 * FALLS_EARLY])), [0.5, 0.5])


@pytest.mark.parametrize("profile", [[5.0, 4, 1, 9, 2], [5.0, 4, 1, 1, 9, 2]])
def test_the_middle_of_an_odd_number_of_layers_belongs_to_the_first_half(profile: list[float]) -> None:
    assert change_at_end(np.array(profile)) == 2 / 4


def test_what_is_regained_is_relative_to_the_lowest_three_neighbours() -> None:
    there_and_back = np.array([4.0, 4, 4, 0.1, 4, 1, 9, 1, *[4] * 7, 2, 2, 30])
    assert regained_at_end(there_and_back) == 2 / 1
    np.testing.assert_array_equal(regained_at_end(np.stack([there_and_back, np.ones(18)])), [2, 1])


def test_stretches_are_the_layers_that_the_changes_compare() -> None:
    assert stretches_at_end(BEGINS_LOW) == {
        "last": Stretch(15, 18, 0.5),
        "earlier": Stretch(0, 3, 1.0),
        "lowest": Stretch(14, 17, 0.5),
    }
    assert stretches_at_end(FALLS_EARLY) == {
        "last": Stretch(15, 18, 0.5),
        "earlier": Stretch(0, 9, 1.0),
        "lowest": Stretch(14, 17, 0.5),
    }
    steady = np.linspace(2, 1, 5)
    assert stretches_at_end(steady) == {
        "last": Stretch(4, 5, 1.0),
        "earlier": Stretch(0, 3, 1.75),
        "lowest": Stretch(4, 5, 1.0),
    }
    assert stretches_at_end(np.array([2.0, 9, 9, 9, 2]))["earlier"] == Stretch(0, 1, 2.0)
    assert stretches_at_end(np.arange(7.0, 1, -1))["earlier"] == Stretch(0, 3, 6.0)


@given(arrays(np.float64, st.integers(3, 30), elements=st.floats(0.1, 10)))
def test_stretches_have_the_medians_of_the_changes(profile: Floats) -> None:
    found = stretches_at_end(profile)
    assert found["last"].median / found["earlier"].median == change_at_end(profile)
    assert found["last"].median / found["lowest"].median == regained_at_end(profile)


def test_two_layers_have_an_order_and_a_growth() -> None:
    assert spearman(np.array([1.0, 2.0]), np.array([5.0, 9.0])) == 1
    assert regained_at_end(np.array([1.0, 3.0])) == 3


def test_profiles_are_taken_in_double_precision() -> None:
    growth = log2_growth(np.array([1, 3], np.float32), 0)
    assert growth.dtype == np.float64
    assert growth[1] == np.log2(3.0)


def test_what_is_wrong_with_a_profile_is_named() -> None:
    with pytest.raises(ValueError, match=r"^a profile of 2 layers has no beginning, middle and end"):
        change_at_end(np.array([2.0, 1.0]))
    with pytest.raises(ValueError, match=r"the profile holds -3$"):
        log2_growth(np.array([[1.0, 2.0], [-1.0, -3.0]]), 0)
    with pytest.raises(ValueError, match=r"not finite at \(2,\)$"):
        spearman(np.array([1.0, 2.0, np.inf]), np.ones(3))
