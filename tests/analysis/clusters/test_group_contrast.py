import numpy as np
import pytest

from layerclaims.analysis.clusters.group_contrast import GroupContrast, group_contrast, split_half_agreement
from layerclaims.analysis.pairs.pairwise import pairwise_measures

N_TOKENS, HIDDEN = 60, 400


def make_two_groups(
    factor: float, rng: np.random.Generator, noise: float = 0.3
) -> tuple[np.ndarray, np.ndarray]:
    """Tokens of one direction, of which every other one is longer by a factor."""
    labels = np.arange(N_TOKENS) % 2
    tokens = rng.normal(size=HIDDEN) + noise * rng.normal(size=(N_TOKENS, HIDDEN))
    return np.where(labels, factor, 1.0)[:, None] * tokens, labels


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


@pytest.mark.parametrize(
    ("low", "high", "share"),
    [
        (-1.0, -2.0, None),
        (0.0, 2.0, None),
        (2.0, 0.0, None),
        (2.0, 2.0, None),
        (1.0, 4.0, 0.5),
        (4.0, 1.0, -0.5),
    ],
)
def test_a_share_is_of_two_positive_covariances_that_differ(
    low: float, high: float, share: float | None
) -> None:
    labels = np.array([0, 0, 1, 1])
    # Of the six pairs the first is within group 0, the last within group 1, the four others between.
    covariance = np.array([low, 3, 3, 3, 3, high])
    deviations = np.array([1.0, 7, 7, 7, 7, 2])
    contrast = group_contrast(covariance, deviations, covariance / 10, np.array([1.0, 3, 4, 8]), labels)
    assert contrast.covariance == pytest.approx((low, 3, high))
    assert contrast.pearson == pytest.approx((low / 10, 0.3, high / 10))
    assert contrast.scale_ratio == 6 / 2
    assert contrast.scale_share == share


@pytest.mark.parametrize("labels", [[0, 0, 0, 1], [1, 1, 1, 0], [0, 0, 0, 0]])
def test_both_groups_need_two_tokens(labels: list[int]) -> None:
    with pytest.raises(ValueError, match="two tokens"):
        group_contrast(np.ones(6), np.ones(6), np.ones(6), np.ones(4), np.array(labels))


def test_halves_are_the_even_and_the_odd_dimensions_without_their_outliers() -> None:
    rng = np.random.default_rng(5)
    real, even, odd = (np.arange(N_TOKENS) % number == 0 for number in (2, 3, 5))
    values = np.where(real, 1.6, 1.0)[:, None] * (
        rng.normal(size=HIDDEN) + 0.1 * rng.normal(size=(N_TOKENS, HIDDEN))
    )
    values[:, 2], values[:, 3] = np.where(even, 90, -90), np.where(odd, 90, -90)
    assert split_half_agreement(values) == split_half_agreement(values, outlier_sd=5) == 1
    # With the outliers one half shows the groups of dimension 2, and the other half those of dimension 3.
    same = np.mean(even == odd)
    assert split_half_agreement(values, outlier_sd=0) == max(same, 1 - same) < 1
