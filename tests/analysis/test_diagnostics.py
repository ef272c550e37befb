import numpy as np
import pytest

from analysis.diagnostics import (
    GroupContrast,
    central_share,
    covariance_by_dimension,
    group_contrast,
    split_half_agreement,
    top_share,
)
from analysis.pairwise import pairwise_measures

N_TOKENS, HIDDEN = 60, 400


def make_two_groups(
    factor: float, rng: np.random.Generator, noise: float = 0.3
) -> tuple[np.ndarray, np.ndarray]:
    """Tokens of one direction, of which every other one is longer by a factor."""
    labels = np.arange(N_TOKENS) % 2
    tokens = rng.normal(size=HIDDEN) + noise * rng.normal(size=(N_TOKENS, HIDDEN))
    return np.where(labels, factor, 1.0)[:, None] * tokens, labels


def test_a_third_of_evenly_spread_dimensions_is_central() -> None:
    assert central_share([np.arange(300.0), np.arange(300.0) * 7 - 3]) == pytest.approx(1 / 3, abs=0.01)


def test_a_dimension_that_stretches_the_range_makes_the_others_central() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(20, HIDDEN))
    plain = central_share(values, outlier_sd=0)
    values[:, 0], values[:, 1] = 40, -40
    assert plain < 0.75
    assert central_share(values, outlier_sd=0) > 0.98


def test_outliers_are_left_out_before_the_range_is_taken() -> None:
    values = np.random.default_rng(0).normal(size=(20, HIDDEN))
    expected = central_share(values[:, 1:], outlier_sd=0)
    values[:, 0] = 40
    assert central_share(values, outlier_sd=5) == pytest.approx(expected)


def test_scale_and_shift_do_not_matter_to_the_central_share() -> None:
    values = np.random.default_rng(0).normal(size=(20, HIDDEN))
    assert central_share(4 * values + 8) == pytest.approx(central_share(values))


def test_a_constant_activation_has_no_central_share() -> None:
    with pytest.raises(ValueError, match="constant"):
        central_share(np.ones((3, 10)))


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
    assert top_share(contributions) > 0.95
    assert set(np.argsort(contributions)[-3:].tolist()) == {3, 30, 300}


def test_the_top_share_counts_negative_contributions_by_size() -> None:
    assert top_share(np.array([4.0, -3.0, 2.0, -1.0, 0.0]), 2) == pytest.approx(0.7)


@pytest.mark.parametrize(("contributions", "n_top"), [([1.0, 2.0, 3.0], 3), ([1.0, 2.0], 0), ([0.0] * 5, 3)])
def test_a_top_share_that_says_nothing_is_refused(contributions: list[float], n_top: int) -> None:
    with pytest.raises(ValueError, match="no top"):
        top_share(np.array(contributions), n_top)


def contrast_of(values: np.ndarray, labels: np.ndarray) -> GroupContrast:
    pairs = pairwise_measures(values)
    return group_contrast(pairs.covariance, pairs.std_product, pairs.pearson, values.std(axis=1), labels)


def test_groups_that_differ_by_a_factor_differ_in_scale_only() -> None:
    contrast = contrast_of(*make_two_groups(1.6, np.random.default_rng(0)))
    low, between, high = contrast.covariance
    assert contrast.scale_ratio == pytest.approx(1.6, rel=0.02)
    assert contrast.scale_share == pytest.approx(1, abs=0.03)
    # A factor of 1.6 in one partner, and in both.
    assert (between / low, high / low) == pytest.approx((1.6, 1.6**2), rel=0.02)
    assert max(contrast.pearson) - min(contrast.pearson) < 0.01


def test_groups_that_differ_in_direction_do_not_differ_in_scale() -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(N_TOKENS) % 2
    directions, noise = rng.normal(size=(2, HIDDEN)), np.where(labels, 0.3, 0.6)
    values = directions[labels] + noise[:, None] * rng.normal(size=(N_TOKENS, HIDDEN))
    values /= values.std(axis=1, keepdims=True)
    contrast = contrast_of(values, labels)
    assert contrast.scale_ratio == pytest.approx(1)
    assert contrast.scale_share == pytest.approx(0, abs=0.01)
    assert contrast.pearson[1] < min(contrast.pearson[0], contrast.pearson[2]) - 0.5


def test_there_is_no_contrast_to_explain_between_negative_covariances() -> None:
    negative = -np.ones(6)
    contrast = group_contrast(negative, np.ones(6), negative, np.ones(4), np.array([0, 0, 1, 1]))
    assert contrast.scale_share is None


def test_a_group_of_one_token_has_no_pair() -> None:
    with pytest.raises(ValueError, match="two tokens"):
        group_contrast(np.ones(6), np.ones(6), np.ones(6), np.ones(4), np.array([0, 1, 1, 1]))


def test_groups_of_tokens_are_found_again_in_the_other_half_of_the_dimensions() -> None:
    values, _ = make_two_groups(1.6, np.random.default_rng(0))
    assert split_half_agreement(values) == 1


def test_groups_made_by_a_single_dimension_are_not_found_again() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=HIDDEN) + 0.5 * rng.normal(size=(200, HIDDEN))
    values[:, 0] = np.where(np.arange(200) % 2, 60, -60)
    assert split_half_agreement(values, outlier_sd=0) < 0.75


def test_activations_with_missing_values_are_refused() -> None:
    values = np.ones((3, 10))
    values[1, 2] = np.nan
    for function in (central_share, covariance_by_dimension, split_half_agreement):
        with pytest.raises(ValueError, match="finite"):
            function(values)
    with pytest.raises(ValueError, match="activations must be"):
        central_share(np.ones(10))
