"""Orders that are confirmed, contradicted and left open count as they should."""

import numpy as np
import pytest
from scipy.stats import kendalltau, somersd

from layerclaims.analysis.statistics.order import (
    either_tells_apart,
    order_agreement,
    order_confirmed,
    told_apart,
)

RISING = np.array([1.0, 2.0, 4.0, 8.0])


def test_an_order_confirms_itself_and_contradicts_its_reverse() -> None:
    assert order_confirmed(RISING, 3 * RISING, 0.1) == 1
    assert order_confirmed(RISING, RISING[::-1], 0.1) == -1


def test_a_profile_that_hardly_changes_confirms_nothing() -> None:
    assert order_confirmed(RISING, np.array([1.0, 1.01, 1.02, 1.03]), 0.1) == 0


def test_layers_that_the_profile_does_not_tell_apart_are_left_out() -> None:
    # Only the last layer is told apart from the three others, and the other profile agrees on it.
    assert order_confirmed(np.array([1.0, 1.01, 1.02, 2.0]), np.array([3.0, 2.0, 1.0, 9.0]), 0.1) == 1


def test_half_confirmed_half_open_is_a_half() -> None:
    # Of (1,2), (1,4), (1,8), (2,4), (2,8), (4,8), those with the last layer are confirmed, the others open.
    assert order_confirmed(RISING, np.array([1.0, 1.0, 1.0, 2.0]), 0.1) == 0.5


def test_without_tolerance_it_is_somers_d() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 5, 12).astype(float), rng.integers(0, 5, 12).astype(float)
    assert order_confirmed(x, y, 0.0) == pytest.approx(somersd(x, y).statistic)


def test_resamples_on_leading_axes_are_carried_along() -> None:
    stacked = np.stack([RISING, RISING[::-1]])
    np.testing.assert_array_equal(order_confirmed(RISING, stacked, 0.1), [1, -1])


def test_values_around_zero_are_told_apart_by_the_larger_magnitude() -> None:
    assert order_confirmed(RISING, np.array([-2.0, -1.0, 1.0, 2.0]), 0.1) == 1


def test_a_constant_profile_tells_nothing_apart() -> None:
    assert told_apart(np.ones(5), 0.1) == 0
    assert np.isnan(order_confirmed(np.ones(4), RISING, 0.1))


def test_told_apart_counts_pairs_beyond_the_tolerance() -> None:
    assert told_apart(np.array([1.0, 1.05, 2.0]), 0.1) == pytest.approx(2 / 3)


@pytest.mark.parametrize("profile", [np.array([1.0]), np.array([1.0, np.nan])])
def test_bad_profiles_are_refused(profile: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"profile"):
        told_apart(profile, 0.1)


def noisy(profile: np.ndarray, n: int = 200, noise: float = 0.01) -> np.ndarray:
    return np.asarray(profile * np.exp(noise * np.random.default_rng(1).normal(size=(n, len(profile)))))


def test_agreement_without_tolerance_is_kendalls_tau() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.permutation(12).astype(float), rng.permutation(12).astype(float)
    assert order_agreement(x, y, 0.0) == pytest.approx(kendalltau(x, y).statistic)


def test_agreement_is_the_same_either_way_round() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(5, 1, (2, 30, 8))
    np.testing.assert_array_equal(order_agreement(x, y, 0.1), order_agreement(y, x, 0.1))


def test_two_flat_profiles_agree_whatever_their_noise() -> None:
    flat = noisy(np.ones(24))
    assert (order_agreement(flat[:100], flat[100:], 0.1) == 1).all()
    assert (either_tells_apart(flat[:100], flat[100:], 0.1) == 0).all()
    # Kendall's tau of the same noise is about 0.
    assert abs(order_agreement(flat[:100], flat[100:], 0.0).mean()) < 0.05


def test_a_flat_profile_does_not_agree_with_one_that_falls() -> None:
    falling, flat = noisy(np.linspace(1, 0.6, 24)), noisy(np.ones(24))[::-1]
    assert abs(order_agreement(falling, flat, 0.1).mean()) < 0.15


def test_a_profile_with_a_constant_bias_agrees() -> None:
    """Finer bins add a constant to MI, which makes all relative differences smaller."""
    falling = np.linspace(1, 0.6, 24)
    assert order_agreement(falling, falling + 3, 0.1) == 1


def test_opposite_orders_disagree_wholly() -> None:
    assert order_agreement(RISING, RISING[::-1], 0.1) == -1


def test_only_pairs_that_one_of_the_two_tells_apart_count() -> None:
    # The last layer is told apart from three others, on which both agree; the others are reversed noise.
    first, second = np.array([1.0, 1.01, 1.02, 2.0]), np.array([1.02, 1.01, 1.0, 1.5])
    assert order_agreement(first, second, 0.1) == 1
    assert either_tells_apart(first, second, 0.1) == 0.5


def test_a_difference_is_held_against_the_larger_of_two_magnitudes() -> None:
    assert told_apart(np.array([10.0, 11.05]), 0.1) == 0
    assert told_apart(np.array([10.0, 11.2]), 0.1) == 1


def test_a_tie_in_one_of_two_orders_agrees_and_disagrees_in_nothing() -> None:
    assert order_agreement(np.array([1.0, 2, 3]), np.array([1.0, 1, 3]), 0) == pytest.approx(2 / 3)


def test_several_profiles_are_confirmed_one_by_one() -> None:
    profiles, other = np.array([[1.0, 2, 3], [1, 1, 3]]), np.array([1.0, 3, 2])
    expected = [order_confirmed(profile, other, 0.1) for profile in profiles]
    assert order_confirmed(profiles, other, 0.1).tolist() == expected


def test_one_pair_of_layers_is_enough() -> None:
    up, down = np.array([1.0, 2.0]), np.array([2.0, 1.0])
    for function in (order_confirmed, order_agreement):
        assert function(up, up, 0.1) == 1
        assert function(up, down, 0.1) == -1


def test_a_difference_of_the_tolerance_itself_tells_nothing_apart() -> None:
    assert told_apart(np.array([8.0, 10.0]), 0.25) == 0
    assert told_apart(np.array([8.0, 10.0]), 0.2) == 0
    assert told_apart(np.array([8.0, 10.0]), 0.19) == 1


def test_profiles_on_leading_axes_have_results_of_their_own() -> None:
    profiles = np.array([[1.0, 2, 3], [1, 1, 3], [1, 1, 1]])
    other = np.array([1.0, 3, 2])
    for function in (order_agreement, either_tells_apart, order_confirmed):
        expected = [function(profile, other, 0.1) for profile in profiles]
        np.testing.assert_array_equal(function(profiles, other, 0.1), expected)
        backwards = [function(other, profile, 0.1) for profile in profiles]
        np.testing.assert_array_equal(function(other, profiles, 0.1), backwards)
    assert told_apart(profiles, 0.1).tolist() == [1, 2 / 3, 0]


def test_whole_numbers_are_ordered_as_numbers() -> None:
    falling = np.array([3, 2, 1], np.uint8)
    assert order_confirmed(falling, np.array([3.0, 2, 1]), 0.1) == 1  # type: ignore[arg-type]
    assert order_agreement(falling, np.array([1.0, 2, 3]), 0.1) == -1  # type: ignore[arg-type]


@pytest.mark.parametrize("profile", [np.array(1.0), np.array([1.0]), np.ones((3, 1))])
def test_a_single_layer_has_no_order(profile: np.ndarray) -> None:
    with pytest.raises(ValueError, match="two layers at least"):
        told_apart(profile, 0.1)


@pytest.mark.parametrize("missing", [np.nan, np.inf])
def test_a_layer_without_a_finite_value_is_refused(missing: float) -> None:
    with pytest.raises(ValueError, match="not finite at every layer"):
        order_agreement(np.array([1.0, 2.0]), np.array([missing, 2.0]), 0.1)
