"""The groups of tokens behind the clusters of pairs."""

import numpy as np
import pytest

from layerclaims.analysis.clusters.counting import cluster_bounds, find_clusters
from layerclaims.analysis.clusters.token_groups import MIN_GROUP_SHARE, PURE, group_purity, token_groups
from tests.analysis.planted import FIRST, N_TOKENS, SECOND, additive_pairs, scaled_pairs


def test_token_groups_are_found_from_scale() -> None:
    for large in (0.15, 0.5, 0.8):
        values, groups = scaled_pairs(np.random.default_rng(12), large, spread=0.04)
        labels = token_groups(values, N_TOKENS)
        np.testing.assert_array_equal(labels, groups)
        assert group_purity(values, labels, cluster_bounds(values)) > 0.99


def test_token_groups_are_found_from_kind_where_token_means_say_nothing() -> None:
    rng = np.random.default_rng(13)
    groups = np.tile([0, 1], N_TOKENS // 2)
    values = np.where(groups[FIRST] == groups[SECOND], 1.0, 0.4) + 0.05 * rng.normal(size=len(FIRST))
    labels = token_groups(values, N_TOKENS)
    assert np.mean(labels == groups) in (0, 1)
    assert group_purity(values, labels, cluster_bounds(values)) == 1


def test_token_groups_are_found_from_token_means_where_kind_says_nothing() -> None:
    rng = np.random.default_rng(13)
    groups = np.tile([0, 0, 1, 0, 1], N_TOKENS // 5)
    labels = token_groups(additive_pairs(groups.astype(float), rng), N_TOKENS)
    np.testing.assert_array_equal(labels, groups)


def test_groups_that_mean_nothing_score_no_better_than_chance() -> None:
    rng = np.random.default_rng(14)
    values, groups = scaled_pairs(rng, 0.15, spread=0.03)
    bounds = cluster_bounds(values)
    assert np.mean(values < bounds[0]) > 0.7  # what predicting the largest cluster for all would score
    assert group_purity(values, groups, bounds) == 1
    assert group_purity(values, rng.permutation(groups), bounds) < 0.65


def test_purity_counts_the_pairs_that_the_groups_predict() -> None:
    labels = np.repeat([0, 1], [10, 10])
    kinds = labels[np.triu_indices(20, 1)[0]] + labels[np.triu_indices(20, 1)[1]]
    values = kinds.astype(float)
    values[np.flatnonzero(kinds == 0)[:19]] = 2
    assert group_purity(values, labels, np.array([0.5, 1.5])) == pytest.approx((190 - 19) / 190)


def test_groups_and_purity_refuse_what_they_cannot_use() -> None:
    values = np.random.default_rng(15).normal(size=len(FIRST))
    labels = np.arange(N_TOKENS) % 2
    with pytest.raises(ValueError, match="249 tokens"):
        token_groups(values, 249)
    with pytest.raises(ValueError, match="rounding"):
        token_groups(np.ones(len(FIRST)), N_TOKENS)
    with pytest.raises(ValueError, match="nothing for token groups"):
        group_purity(values, labels, np.empty(0))
    with pytest.raises(ValueError, match="0 or 1"):
        group_purity(values, labels + 1, np.zeros(1))
    with pytest.raises(ValueError, match="0 or 1"):
        group_purity(values, labels[:-1], np.zeros(1))


@pytest.mark.parametrize("n_tokens", [30, 60, 600])
def test_other_numbers_of_tokens_work(n_tokens: int) -> None:
    values, groups = scaled_pairs(np.random.default_rng(16), 0.5, 0.02, n_tokens)
    assert find_clusters(values).n_clusters == 3
    np.testing.assert_array_equal(token_groups(values, n_tokens), groups)
    assert find_clusters(scaled_pairs(np.random.default_rng(16), 0.0, 0.02, n_tokens)[0]).n_clusters == 1


def apart(n_tokens: int, n_large: int, step: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Make pairs of tokens, the last of which add a step to each of their pairs; returns their groups too."""
    groups = (np.arange(n_tokens) >= n_tokens - n_large).astype(np.int64)
    first, second = np.triu_indices(n_tokens, 1)
    return step * (groups[first] + groups[second]) + 1e-3 * np.sin(np.arange(len(first))), groups


@pytest.mark.parametrize("n_tokens", [20, 40])
def test_a_group_of_two_of_forty_tokens_is_the_smallest(n_tokens: int) -> None:
    values, groups = apart(n_tokens, 2)
    np.testing.assert_array_equal(token_groups(values, n_tokens), groups)
    np.testing.assert_array_equal(token_groups(-values, n_tokens), 1 - groups)
    assert (MIN_GROUP_SHARE, PURE) == (0.05, 0.9)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_group_of_two_of_fifty_tokens_is_too_small_whichever_side_it_is_on(sign: int) -> None:
    values, groups = apart(50, 2, sign)
    labels = token_groups(values, 50)
    larger = labels if sign > 0 else 1 - labels
    assert larger.sum() == 3
    assert larger[groups == 1].tolist() == [1, 1]


def test_the_scale_of_the_values_does_not_matter() -> None:
    values, groups = apart(30, 12)
    for factor in (1e-12, 1e12):
        np.testing.assert_array_equal(token_groups(factor * values, 30), groups)
    np.testing.assert_array_equal(token_groups(values - 1e3, 30), groups)


@pytest.mark.parametrize("factor", [1e-60, 1e-12, 1e60])
def test_the_scale_of_the_values_does_not_matter_to_groups_by_kind(factor: float) -> None:
    values = np.random.default_rng(13).normal(
        size=len(FIRST)
    )  # no groups: many directions are nearly as good
    np.testing.assert_array_equal(token_groups(factor * values, N_TOKENS), token_groups(values, N_TOKENS))


def test_two_tokens_far_from_all_others_do_not_hide_two_kinds() -> None:
    kinds = np.tile([0, 1], 20)
    effects = np.zeros(40)
    effects[[3, 10]] = [2.6, -2.6]
    first, second = np.triu_indices(40, 1)
    values = np.where(kinds[first] == kinds[second], 1.0, 0.0) + effects[first] + effects[second]
    assert np.mean(token_groups(values, 40) == kinds) in (0, 1)


def test_the_cut_that_explains_most_is_the_one_where_the_pairs_differ_most() -> None:
    # Three groups: of the first two 8 and 10 tokens, which differ by less than the third does from both.
    level = np.repeat([0.0, 0.4, 2.0], [8, 10, 7])
    first, second = np.triu_indices(25, 1)
    labels = token_groups(level[first] + level[second], 25)
    assert labels.tolist() == [0] * 18 + [1] * 7


def test_the_group_whose_own_pairs_are_higher_is_group_1_though_its_tokens_are_not() -> None:
    # Pairs inside the smaller group are highest, and those between the groups lowest.
    groups = np.repeat([0, 1], [20, 10])
    first, second = np.triu_indices(30, 1)
    kinds = groups[first] + groups[second]
    values = np.array([1.0, 0.0, 1.2])[kinds]
    np.testing.assert_array_equal(token_groups(values, 30), groups)
    np.testing.assert_array_equal(token_groups(np.array([1.2, 0.0, 1.0])[kinds], 30), 1 - groups)


@pytest.mark.parametrize(
    ("bounds", "share"),
    [
        ([0.5], 1.0),
        ([1.5], 1.0),
        ([0.5, 1.5], 1.0),
        ([-1.0], 1 - 45 / 190),
        ([-1.0, 3.0], 1 - (45 + 45) / 190),
        ([0.5, 1.5, 9.0], 1.0),
    ],
)
def test_every_cluster_is_predicted_by_some_kind_of_pair_up_to_three(
    bounds: list[float], share: float
) -> None:
    labels = np.repeat([0, 1], [10, 10])
    first, second = np.triu_indices(20, 1)
    values = (labels[first] + labels[second]).astype(float)
    # 45 pairs in each group and 100 between; where a cluster is empty, a kind of pair is lost to it.
    assert group_purity(values, labels, np.array(bounds)) == pytest.approx(share)


def best_groups(values: np.ndarray, n_tokens: int) -> np.ndarray:
    """Split tokens as the method describes, by comparing the explained variance of every cut in turn."""
    first, second = np.triu_indices(n_tokens, 1)
    matrix = np.zeros((n_tokens, n_tokens))
    matrix[first, second] = matrix[second, first] = values - values.mean()
    means = matrix.sum(axis=0) / (n_tokens - 1)
    centred = matrix - means[:, None] - means
    np.fill_diagonal(centred, 0)
    sizes, axes = np.linalg.eigh(centred)
    found = []
    for order in (np.argsort(means), np.argsort(axes[:, np.abs(sizes).argmax()])):
        for size in range(2, n_tokens - 1):
            labels = np.ones(n_tokens, np.int64)
            labels[order[:size]] = 0
            kinds = labels[first] + labels[second]
            parts = [values[kinds == kind] for kind in range(3)]
            explained = sum(len(part) * (part.mean() - values.mean()) ** 2 for part in parts)
            found.append((explained, parts[2].mean() > parts[0].mean(), labels))
    _, upright, labels = max(found, key=lambda one: one[0])
    return labels if upright else 1 - labels


@pytest.mark.parametrize("seed", range(6))
def test_the_cut_is_the_one_that_explains_most_of_all(seed: int) -> None:
    """Pairs without groups: many cuts explain nearly the same."""
    rng = np.random.default_rng(seed)
    effects, (first, second) = 0.2 * rng.standard_t(3, size=24), np.triu_indices(24, 1)
    values = effects[first] + effects[second] + 0.2 * rng.normal(size=len(first))
    np.testing.assert_array_equal(token_groups(values, 24), best_groups(values, 24))


def test_the_cut_of_few_tokens_is_the_one_that_explains_most_of_all() -> None:
    """Of 20 tokens, the fewest that there may be, each has a large part in the means of all others."""
    for seed in range(60):
        values = np.random.default_rng(seed).standard_t(3, size=190)
        np.testing.assert_array_equal(token_groups(values, 20), best_groups(values, 20))


def test_a_small_group_with_the_higher_pairs_is_group_1() -> None:
    groups = (np.arange(40) >= 38).astype(np.int64)
    first, second = np.triu_indices(40, 1)
    values = np.array([0.9, 0.0, 1.0])[groups[first] + groups[second]]
    np.testing.assert_array_equal(token_groups(values, 40), groups)
    np.testing.assert_array_equal(
        token_groups(np.array([1.0, 0.0, 0.9])[groups[first] + groups[second]], 40), 1 - groups
    )
