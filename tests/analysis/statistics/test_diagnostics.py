import numpy as np
import pytest

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.pairs.pairwise import pairwise_measures
from layerclaims.analysis.statistics.diagnostics import (
    compare_declines,
    covariance_by_dimension,
    crowded_share,
    top_share,
    without_top,
)
from layerclaims.analysis.statistics.profile import Profile

N_TOKENS, HIDDEN = 60, 400


def test_a_third_of_evenly_spread_dimensions_lies_in_any_third_of_the_range() -> None:
    assert crowded_share([np.arange(300.0), np.arange(300.0) * 7 - 3]) == pytest.approx(1 / 3, abs=0.01)


@pytest.mark.parametrize("sides", [(40, -40), (40, 40)])
def test_dimensions_that_stretch_the_range_crowd_the_others(sides: tuple[float, float]) -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(20, HIDDEN))
    plain = crowded_share(values, outlier_sd=0)
    values[:, :2] = sides
    assert plain < 0.8
    assert crowded_share(values, outlier_sd=0) > 0.98


def test_outliers_are_left_out_before_the_range_is_taken() -> None:
    values = np.random.default_rng(0).normal(size=(20, HIDDEN))
    expected = crowded_share(values[:, 1:], outlier_sd=0)
    values[:, 0] = 40
    assert crowded_share(values, outlier_sd=5) == pytest.approx(expected)


def test_scale_and_shift_do_not_matter_to_the_crowded_share() -> None:
    values = np.random.default_rng(0).normal(size=(20, HIDDEN))
    assert crowded_share(4 * values + 8) == pytest.approx(crowded_share(values))


def test_a_constant_activation_is_not_crowded() -> None:
    with pytest.raises(ValueError, match="constant"):
        crowded_share(np.ones((3, 10)))


def test_contributions_of_dimensions_sum_to_the_mean_covariance() -> None:
    values = np.random.default_rng(0).normal(size=(N_TOKENS, HIDDEN)) + np.arange(HIDDEN) / 100
    covariance = pairwise_measures(values, outlier_sd=0).covariance
    contributions = covariance_by_dimension(values, outlier_sd=0)
    assert contributions.shape == (HIDDEN,)
    assert contributions.sum() == pytest.approx(covariance.mean())


def test_contributions_stay_close_to_the_mean_covariance_where_outliers_are_dropped() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=HIDDEN) + 0.5 * rng.normal(size=(N_TOKENS, HIDDEN))
    values[rng.random(values.shape) < 0.002] = 50
    values[:, 7] = 50
    covariance = pairwise_measures(values, outlier_sd=5).covariance
    assert covariance_by_dimension(values, outlier_sd=5).sum() == pytest.approx(covariance.mean(), rel=0.01)
    assert covariance_by_dimension(values, outlier_sd=0).sum() != pytest.approx(covariance.mean(), rel=0.1)


def test_massive_dimensions_carry_nearly_all_covariance() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=HIDDEN) + 0.5 * rng.normal(size=(N_TOKENS, HIDDEN))
    before = top_share(covariance_by_dimension(values, outlier_sd=0))
    values[:, [3, 30, 300]] += 50
    contributions = covariance_by_dimension(values, outlier_sd=0)
    assert before < 0.1
    # Each adds 50 squared over 400; all others together add about 1.
    assert top_share(contributions) == pytest.approx(18.75 / 19.75, abs=0.02)
    assert set(np.argsort(contributions)[-3:].tolist()) == {3, 30, 300}


def test_the_top_share_counts_negative_contributions_by_size() -> None:
    assert top_share(np.array([4.0, -3.0, 2.0, -1.0, 0.0]), 2) == pytest.approx(0.7)


def test_what_is_left_without_the_top_keeps_its_sign() -> None:
    assert without_top(np.array([4.0, -3.0, 2.0, -1.0, 0.0]), 2) == 1


@pytest.mark.parametrize(("contributions", "n_top"), [([1.0, 2.0, 3.0], 3), ([1.0, 2.0], 0), ([0.0] * 5, 3)])
def test_a_top_share_that_says_nothing_is_refused(contributions: list[float], n_top: int) -> None:
    with pytest.raises(ValueError, match=r"no top|no shares"):
        top_share(np.array(contributions), n_top)


def make_profile(means: list[float], noise: float, rng: np.random.Generator) -> Profile:
    mean = np.array(means)
    return Profile(mean, mean + noise * rng.normal(size=(200, len(mean))))


def test_a_decline_under_both_ways_to_bin_is_left_whole() -> None:
    rng = np.random.default_rng(0)
    falling = make_profile([9, 2.0, 2.0, 1.5, 1.5, 1.0, 1.0], 0.01, rng)
    scaled = Profile(2 * falling.mean, 2 * falling.resampled)
    decline = compare_declines(falling, scaled, n_tokens=250)
    assert decline.equal_width.value == pytest.approx(0.5)
    assert decline.equal_frequency.value == pytest.approx(0.5)
    assert decline.left is not None
    assert (decline.left.low, decline.left.high) == pytest.approx((1, 1))


def test_a_decline_that_the_bins_make_leaves_nothing() -> None:
    rng = np.random.default_rng(0)
    falling = make_profile([9, 2.0, 2.0, 1.5, 1.5, 1.0, 1.0], 0.01, rng)
    level = make_profile([9, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0], 0.01, rng)
    decline = compare_declines(falling, level, n_tokens=250)
    assert decline.left is not None
    assert decline.left.low < 0 < decline.left.high < 0.1


def test_without_a_certain_decline_there_is_none_to_share() -> None:
    rng = np.random.default_rng(0)
    level = make_profile([9, 2.0, 2.0, 2.0, 2.0, 2.0, 1.99], 0.01, rng)
    assert compare_declines(level, level, n_tokens=250).left is None


def test_profiles_of_different_layers_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="same resamples"):
        compare_declines(make_profile([1.0] * 5, 0, rng), make_profile([1.0] * 6, 0, rng), n_tokens=250)
    with pytest.raises(ValueError, match="no beginning, middle and end"):
        compare_declines(make_profile([1.0] * 3, 0, rng), make_profile([1.0] * 3, 0, rng), n_tokens=250)


def test_activations_with_missing_values_are_refused() -> None:
    values = np.ones((3, 10))
    values[1, 2] = np.nan
    for function in (crowded_share, covariance_by_dimension):
        with pytest.raises(ValueError, match="finite"):
            function(values)
    with pytest.raises(ValueError, match="activations must be"):
        crowded_share(np.ones(10))


def test_the_fullest_third_holds_both_its_ends_and_tokens_are_averaged() -> None:
    # A third of the range is 1, 3 and 3; the shares are 2, 3 and 2 of 4.
    tokens = np.array([[0.0, 1, 2, 3], [0, 0, 0, 9], [0, 4, 8, 9]])
    assert crowded_share(tokens, outlier_sd=0) == pytest.approx((2 + 3 + 2) / 12)
    assert crowded_share(tokens[[1, 1, 0]], outlier_sd=0) == pytest.approx((3 + 3 + 2) / 12)


def with_dimension_at(deviations: float) -> np.ndarray:
    """Draw tokens of which one dimension lies about this many standard deviations from the others."""
    values = np.random.default_rng(4).normal(size=(20, HIDDEN))
    values[:, 0] = deviations
    return values


def test_dimensions_beyond_five_standard_deviations_are_dropped_unless_it_is_said_otherwise() -> None:
    values = with_dimension_at(8)
    assert (
        crowded_share(values) == crowded_share(values, outlier_sd=5) != crowded_share(values, outlier_sd=10)
    )
    np.testing.assert_array_equal(
        covariance_by_dimension(values), covariance_by_dimension(values, outlier_sd=5)
    )
    assert covariance_by_dimension(values)[0] == 0, "every token drops it"
    assert covariance_by_dimension(values, outlier_sd=10)[0] > 0.1


def test_each_dimension_contributes_its_mean_product_over_pairs() -> None:
    values = np.array([[1.0, 2, 6], [0, 4, 2], [3, 0, 0]])
    centred = values - values.mean(axis=1, keepdims=True)
    pairs = [(0, 1), (0, 2), (1, 2)]
    expected = np.mean([centred[i] * centred[j] / (3 - 1) for i, j in pairs], axis=0)
    np.testing.assert_allclose(covariance_by_dimension(values, outlier_sd=0), expected)


def test_the_three_largest_are_the_top_unless_it_is_said_otherwise() -> None:
    contributions = np.array([4.0, -3.0, 2.0, -1.0, 0.5])
    assert top_share(contributions) == pytest.approx(9 / 10.5)
    assert without_top(contributions) == -0.5


def test_of_equal_contributions_the_first_are_the_top() -> None:
    contributions = np.where(np.arange(301) % 3 == 0, 1.0, -1.0)
    assert without_top(contributions, 100) == (101 - 34) - (200 - 66)


def test_a_top_that_is_not_there_is_told_by_both_numbers() -> None:
    with pytest.raises(UndefinedResultError) as caught:
        without_top(np.array([1.0, 2.0]), 3)
    assert str(caught.value) == "2 contributions have no top 3"
    assert top_share(np.array([1.0, 3.0]), 1) == 0.75


def test_small_contributions_have_shares_too() -> None:
    assert top_share(np.array([0.0, 1.0, 0.0, 0.0]), 1) == 1


def test_declines_are_ratios_of_as_many_tokens_and_their_share_a_plain_number() -> None:
    falling = make_profile([9, 2.0, 2.0, 1.5, 1.5, 1.0, 1.0], 0.01, np.random.default_rng(0))
    less = make_profile([9, 2.0, 2.0, 1.5, 1.5, 1.5, 1.5], 0.01, np.random.default_rng(1))
    decline = compare_declines(falling, less, n_tokens=250)
    assert decline.left is not None
    assert [one.unit for one in (decline.equal_width, decline.equal_frequency, decline.left)] == [
        *["times"] * 2,
        "",
    ]
    assert {one.n for one in (decline.equal_width, decline.equal_frequency, decline.left)} == {250}
    assert (decline.equal_width.value, decline.equal_frequency.value) == (0.5, 0.75)
    assert decline.left.value == 0.5


FALLING, FLAT, RISING = [9.0, 2, 2, 1], [9.0, 2, 2, 2], [9.0, 2, 2, 3]


@pytest.mark.parametrize(
    ("mean", "resampled"),
    [
        (FLAT, [FALLING, FALLING]),
        (FALLING, [FALLING, FLAT]),
        (FALLING, [RISING, FALLING]),
        (RISING, [RISING]),
    ],
)
def test_there_is_a_decline_to_share_only_below_one_in_the_sample_and_in_every_resample(
    mean: list[float], resampled: list[list[float]]
) -> None:
    profile = Profile(np.array(mean), np.array(resampled))
    assert compare_declines(profile, profile, n_tokens=250).left is None
    falling = Profile(np.array(FALLING), np.array([FALLING]))
    assert compare_declines(falling, falling, n_tokens=250).left is not None


def test_two_tokens_of_two_dimensions_are_enough_and_fewer_are_not() -> None:
    assert covariance_by_dimension([[0, 1], [0, 3]], outlier_sd=0).tolist() == [0.75, 0.75]
    for shape in ((1, 4), (4, 1), (2, 2, 2), (4,)):
        with pytest.raises(ValueError, match="activations must be"):
            covariance_by_dimension(np.ones(shape))


@pytest.mark.parametrize("missing", [np.nan, np.inf])
def test_one_value_that_is_not_finite_is_refused(missing: float) -> None:
    values = np.arange(8.0).reshape(2, 4)
    values[1, 2] = missing
    with pytest.raises(UndefinedResultError, match="an activation is not finite"):
        covariance_by_dimension(values)
