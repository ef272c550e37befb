"""Counting clusters of pairs, against planted truth."""

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.clusters import (
    RULES,
    _pair_index,
    cluster_bounds,
    count_clusters,
    dip_statistic,
    group_purity,
    resampled_cluster_counts,
    resampled_separation,
    separation_index,
    token_groups,
    unimodality_p_value,
)

N_TOKENS = 250
FIRST, SECOND = np.triu_indices(N_TOKENS, 1)


def scaled_pairs(
    rng: np.random.Generator, large: float, spread: float, n_tokens: int = N_TOKENS
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Covariance of tokens a * (v + noise), the shared v, a = 1 or 1.6; and the groups."""
    groups = (np.arange(n_tokens) >= round((1 - large) * n_tokens)).astype(np.int64)
    factors = np.where(groups, 1.6, 1.0) * np.exp(spread * rng.normal(size=n_tokens))
    direction = rng.normal(size=200)
    tokens = factors[:, None] * (direction / direction.std() + 0.2 * rng.normal(size=(n_tokens, 200)))
    return np.cov(tokens)[np.triu_indices(n_tokens, 1)], groups


def additive_pairs(effects: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    return effects[FIRST] + effects[SECOND] + 0.05 * rng.normal(size=len(FIRST))


def bootstrap(rng: np.random.Generator, n_resamples: int = 100) -> NDArray[np.float64]:
    return rng.multinomial(N_TOKENS, np.full(N_TOKENS, 1 / N_TOKENS), size=n_resamples).astype(float)


@pytest.mark.parametrize("large", [0.2, 0.3, 0.5, 0.7, 0.8])
def test_two_token_groups_that_differ_in_scale_make_three_clusters(large: float) -> None:
    rng = np.random.default_rng(1)
    values, groups = scaled_pairs(rng, large, spread=0.03)
    assert count_clusters(values) == 3
    assert np.percentile(resampled_cluster_counts(values, bootstrap(rng)), [2.5, 97.5]).tolist() == [3, 3]
    bounds = cluster_bounds(values)
    cluster = np.searchsorted(bounds, values)
    middles = np.array([np.median(values[cluster == number]) for number in range(3)])
    np.testing.assert_allclose(middles / middles[0], np.array([1, 1.6, 2.56]), rtol=0.05)
    np.testing.assert_array_equal(cluster, groups[FIRST] + groups[SECOND])


@pytest.mark.parametrize("name", ["normal", "uniform", "standard_exponential", "t"])
def test_one_cloud_is_one_cluster_whatever_its_shape(name: str) -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        effects = rng.standard_t(3, N_TOKENS) if name == "t" else getattr(rng, name)(size=N_TOKENS)
        values = additive_pairs(effects, rng)
        assert count_clusters(values) == 1
        assert np.mean(resampled_cluster_counts(values, bootstrap(rng)) == 1) >= 0.975


@pytest.mark.parametrize("n_odd", [1, 5])
def test_a_few_odd_tokens_are_no_cluster_however_often_they_are_resampled(n_odd: int) -> None:
    rng = np.random.default_rng(2)
    effects = rng.normal(size=N_TOKENS)
    effects[:n_odd] = 30
    values = additive_pairs(effects, rng)
    multiplicities = np.ones((4, N_TOKENS))
    multiplicities[:, :n_odd] = np.array([1, 2, 5, 8])[:, None]
    assert count_clusters(values) == 1
    assert resampled_cluster_counts(values, multiplicities).tolist() == [1, 1, 1, 1]
    # The strands are there: without the rule on tokens they count.
    blind = RULES._replace(max_carried=np.inf)
    assert resampled_cluster_counts(values, multiplicities[3:], rules=blind)[0] > 1


def test_a_group_with_as_many_pairs_as_the_strands_of_odd_tokens_is_a_cluster() -> None:
    rng = np.random.default_rng(3)
    values, _ = scaled_pairs(rng, 0.15, spread=0.02)
    assert np.mean(values > cluster_bounds(values)[1]) < 0.03
    assert count_clusters(values) == 3


def test_a_cluster_below_the_smallest_share_does_not_count() -> None:
    rng = np.random.default_rng(4)
    for share, clusters in ((0.006, 1), (0.02, 2)):
        values = rng.normal(size=len(FIRST))
        values[rng.random(len(values)) < share] += 12
        assert count_clusters(values) == clusters


def test_bounds_lie_in_the_valleys() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(size=len(FIRST)) + rng.choice([-2.5, 2.5], size=len(FIRST))
    np.testing.assert_allclose(cluster_bounds(values), [0], atol=0.2)


def test_counts_and_index_do_not_depend_on_scale_shift_or_direction() -> None:
    values, _ = scaled_pairs(np.random.default_rng(5), 0.3, spread=0.06)
    for other in (1e-9 * values, 1e9 * values, values + 10, -values):
        assert count_clusters(other) == count_clusters(values) == 3
        assert separation_index(other) == pytest.approx(separation_index(values), abs=0.03)


def test_clusters_do_not_depend_on_the_order_of_the_tokens() -> None:
    rng = np.random.default_rng(6)
    values, _ = scaled_pairs(rng, 0.4, spread=0.07)
    matrix = np.zeros((N_TOKENS, N_TOKENS))
    matrix[FIRST, SECOND] = matrix[SECOND, FIRST] = values
    order = rng.permutation(N_TOKENS)
    shuffled = matrix[np.ix_(order, order)][FIRST, SECOND]
    np.testing.assert_allclose(cluster_bounds(shuffled), cluster_bounds(values))
    assert separation_index(shuffled) == pytest.approx(separation_index(values))


def test_separation_falls_from_one_to_zero_as_clusters_blur() -> None:
    medians = []
    for spread in (0.02, 0.06, 0.08, 0.1, 0.3):
        pairs = [scaled_pairs(np.random.default_rng(seed), 0.4, spread)[0] for seed in range(5)]
        medians.append(np.median([separation_index(values) for values in pairs]))
    assert np.all(np.diff(medians) < 0)
    assert medians[0] > 0.95
    assert medians[-1] < 0.05


def test_a_second_cluster_counts_exactly_where_the_index_reaches_the_valley_depth() -> None:
    found = set()
    for seed in range(30):
        rng = np.random.default_rng(seed)
        values, _ = scaled_pairs(rng, 0.4, spread=rng.uniform(0.07, 0.12))
        assert (count_clusters(values) > 1) == (separation_index(values) >= RULES.valley_depth)
        found.add(count_clusters(values) > 1)
    assert found == {True, False}


def test_resampling_every_token_once_changes_nothing() -> None:
    values, _ = scaled_pairs(np.random.default_rng(7), 0.3, spread=0.08)
    once = np.ones((2, N_TOKENS))
    once[1] *= 3
    assert resampled_cluster_counts(values, once).tolist() == [count_clusters(values)] * 2
    np.testing.assert_allclose(resampled_separation(values, once), separation_index(values))


def test_multiplicities_weigh_the_pairs_of_both_tokens() -> None:
    rng = np.random.default_rng(8)
    values, groups = scaled_pairs(rng, 0.4, spread=0.03)
    only = np.stack([groups == 0, groups == 1, groups >= 0]).astype(float)
    assert resampled_cluster_counts(values, only).tolist() == [1, 1, 3]
    assert count_clusters(values, only[0]) == 1
    assert separation_index(values, only[0]) < 0.5 < separation_index(values)
    assert len(cluster_bounds(values, only[0])) == 0


def test_a_resample_of_half_the_tokens_is_measured_as_if_they_were_all() -> None:
    values, _ = scaled_pairs(np.random.default_rng(8), 0.4, spread=0.07)
    half = np.arange(N_TOKENS) % 2 == 0
    alone = separation_index(values[half[FIRST] & half[SECOND]])
    assert separation_index(values, 2.0 * half) == pytest.approx(alone, abs=0.005)
    assert alone < 0.95  # far enough from the end of the scale for a wrong bandwidth to show


def test_values_that_differ_by_rounding_only_are_one_cluster() -> None:
    rng = np.random.default_rng(9)
    rounding = 3.7 + 1e-7 * rng.choice([-1, 0, 1], size=len(FIRST))
    for values in (np.zeros(len(FIRST)), np.full(len(FIRST), -2.5), rounding):
        assert count_clusters(values) == 1
        assert separation_index(values) == 0
        assert len(cluster_bounds(values)) == 0
        assert resampled_cluster_counts(values, bootstrap(rng, 3)).tolist() == [1, 1, 1]
        assert unimodality_p_value(values, rng) == 1


def test_a_point_beside_a_tight_point_is_a_cluster() -> None:
    values = np.where(FIRST < 100, 1.0, 2.0)
    assert count_clusters(values) == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros(31_124), "not all pairs"),
        (np.zeros(45), "not all pairs"),
        (np.full(31_125, np.nan), "finite"),
        (np.r_[np.zeros(31_124), np.inf], "finite"),
        (np.zeros((2, 31_125)), "one-dimensional"),
    ],
)
def test_bad_values_are_refused(values: NDArray[np.float64], message: str) -> None:
    for function in (count_clusters, separation_index, cluster_bounds):
        with pytest.raises(ValueError, match=message):
            function(values)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.ones(249), "250 tokens"),
        (np.full(250, -1.0), "negative"),
        (np.full(250, np.nan), "finite"),
        (np.eye(1, 250)[0], "at least two"),
    ],
)
def test_bad_weights_are_refused(weights: NDArray[np.float64], message: str) -> None:
    values = np.random.default_rng(0).normal(size=len(FIRST))
    with pytest.raises(ValueError, match=message):
        count_clusters(values, weights)
    with pytest.raises(ValueError, match=message):
        resampled_cluster_counts(values, weights[None])


def test_the_dip_of_known_samples() -> None:
    assert dip_statistic(np.arange(10.0)) == pytest.approx(1 / 20)  # the least that is possible: 1 / 2n
    two_points = np.repeat([0.0, 1.0], 50)
    assert dip_statistic(two_points) == pytest.approx(1 / 4)  # the most
    # Computed with the diptest package 0.12.0, dipstat.
    assert dip_statistic(np.array([0.0, 1, 2, 3, 20, 21, 22, 23])) == pytest.approx(0.2125)
    assert dip_statistic(np.array([-3.0, -2, -1, 0, 5])) == dip_statistic(-np.array([5.0, 0, -1, -2, -3]))


def test_pairs_of_a_matching_are_looked_up_where_they_are() -> None:
    np.testing.assert_array_equal(_pair_index(FIRST, SECOND, N_TOKENS), np.arange(len(FIRST)))


def test_unimodality_is_not_rejected_for_the_unevenness_that_shared_tokens_make() -> None:
    rng = np.random.default_rng(10)
    effects = rng.random(N_TOKENS)
    values = np.maximum(effects[FIRST], effects[SECOND])  # a rising density, in as many steps as tokens
    uniform = [dip_statistic(np.sort(rng.random(len(values)))) for _ in range(20)]
    assert dip_statistic(np.sort(values)) > max(uniform)  # as independent values they would be rejected
    assert unimodality_p_value(values, rng) > 0.05


def test_unimodality_is_rejected_at_most_as_often_as_stated() -> None:
    p_values = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        p_values.append(unimodality_p_value(rng.random(len(FIRST)), rng, n_matchings=20, n_null=400))
    assert np.mean(np.array(p_values) < 0.05) <= 0.05


def test_unimodality_is_rejected_for_separate_clusters_and_not_for_one() -> None:
    rng = np.random.default_rng(11)
    three, _ = scaled_pairs(rng, 0.5, spread=0.03)
    one, _ = scaled_pairs(rng, 0.0, spread=0.03)
    assert unimodality_p_value(three, rng) == pytest.approx(
        2 / 2001
    )  # twice the least of 2,000 under the null
    assert unimodality_p_value(one, rng) > 0.2


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
    assert count_clusters(values) == 3
    np.testing.assert_array_equal(token_groups(values, n_tokens), groups)
    assert count_clusters(scaled_pairs(np.random.default_rng(16), 0.0, 0.02, n_tokens)[0]) == 1
