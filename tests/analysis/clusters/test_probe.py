"""A probe finds what is linearly there and nothing else; its area is that of hand-counted scores."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from layerclaims.analysis.clusters.probe import area_under_curve, probe_scores

N_TOKENS = 120


def draw(distance: float, seed: int, hidden: int = 64) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = np.arange(N_TOKENS) % 2
    values = rng.normal(size=(N_TOKENS, hidden))
    values[:, 0] += distance * labels
    return values, labels


def area(values: np.ndarray, labels: np.ndarray) -> float:
    scores = probe_scores(values, labels, np.random.default_rng(0))
    return float(area_under_curve(scores, labels, np.ones((1, len(labels))))[0])


def test_groups_far_apart_are_found() -> None:
    assert area(*draw(distance=8, seed=0)) > 0.95


def test_groups_that_do_not_differ_score_at_chance_on_average() -> None:
    # Deviation of the mean of 20 areas: 0.053 / sqrt(20) = 0.012; fitting on the rest biases it down.
    areas = [area(*draw(distance=0, seed=seed, hidden=32)) for seed in range(20)]
    assert np.mean(areas) == pytest.approx(0.5, abs=0.04)


def test_more_dimensions_than_tokens_do_not_find_what_is_not_there() -> None:
    areas = [area(*draw(distance=0, seed=seed, hidden=300)) for seed in range(10)]
    assert np.mean(areas) == pytest.approx(0.5, abs=0.06)


def test_a_difference_of_scale_along_a_common_direction_is_found() -> None:
    rng = np.random.default_rng(1)
    labels = np.arange(N_TOKENS) % 2
    factors = np.where(labels == 1, 1.6, 1.0)[:, None]
    values = factors * (rng.normal(size=64) + 0.3 * rng.normal(size=(N_TOKENS, 64)))
    assert area(values, labels) > 0.95


def test_the_scale_of_a_dimension_does_not_matter() -> None:
    values, labels = draw(distance=2, seed=2)
    factors = 10.0 ** np.random.default_rng(3).integers(-6, 7, values.shape[1])
    assert area(values * factors, labels) == pytest.approx(area(values, labels), abs=1e-6)


def test_a_token_is_scored_by_a_probe_that_has_not_seen_its_label() -> None:
    # 120 tokens in 300 dimensions can be separated at will: fitted tokens would be scored perfectly.
    values, _ = draw(distance=0, seed=4, hidden=300)
    labels = np.random.default_rng(5).permutation(np.arange(N_TOKENS) % 2)
    assert area(values, labels) < 0.75


def test_the_same_generator_gives_the_same_scores() -> None:
    values, labels = draw(distance=1, seed=6)
    first, second = (probe_scores(values, labels, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_small_group_means_fewer_folds() -> None:
    values, _ = draw(distance=0, seed=8)
    labels = (np.arange(N_TOKENS) < 2).astype(np.int64)
    assert np.isfinite(probe_scores(values, labels, np.random.default_rng(0))).all()


def test_area_counts_pairs_in_order_and_ties_half() -> None:
    scores, labels = np.array([0.0, 1.0, 1.0, 2.0]), np.array([0, 0, 1, 1])
    # (1 > 0), (1 = 1), (2 > 0), (2 > 1): 3.5 of 4.
    assert area_under_curve(scores, labels, np.ones((1, 4))) == pytest.approx(3.5 / 4)


def test_area_agrees_with_scikit_learn_under_multiplicities() -> None:
    rng = np.random.default_rng(9)
    scores, labels = rng.normal(size=50).round(1), np.arange(50) % 2
    multiplicities = rng.multinomial(50, np.full(50, 0.02), size=5).astype(np.float64)
    expected = [roc_auc_score(labels, scores, sample_weight=weights) for weights in multiplicities]
    np.testing.assert_allclose(area_under_curve(scores, labels, multiplicities), expected, rtol=1e-12)


def test_a_resample_without_a_group_is_refused() -> None:
    with pytest.raises(ValueError, match="no token of one of the two groups"):
        area_under_curve(np.arange(4.0), np.array([0, 0, 1, 1]), np.array([[2.0, 2, 0, 0]]))


@pytest.mark.parametrize(
    ("values", "labels", "message"),
    [
        (np.full((4, 3), np.nan), np.array([0, 1, 0, 1]), "finite"),
        (np.zeros((4, 3)), np.array([0, 1, 2, 1]), "labels must be 0 or 1"),
        (np.zeros((4, 3)), np.array([0, 1, 0]), "labels must be 0 or 1"),
        (np.zeros((4, 3)), np.array([0, 0, 0, 1]), "two tokens of each group"),
    ],
)
def test_bad_input_is_refused(values: np.ndarray, labels: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        probe_scores(values, labels, np.random.default_rng(0))
