"""Counting clusters of pairs, against planted truth."""

import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.clusters.counting import (
    RULES,
    cluster_bounds,
    find_clusters,
    resampled_clusters,
)
from tests.analysis.planted import FIRST, N_TOKENS, SECOND, additive_pairs, bootstrap, scaled_pairs


@pytest.mark.parametrize("large", [0.2, 0.3, 0.5, 0.7, 0.8])
def test_two_token_groups_that_differ_in_scale_make_three_clusters(large: float) -> None:
    rng = np.random.default_rng(1)
    values, groups = scaled_pairs(rng, large, spread=0.03)
    assert find_clusters(values).n_clusters == 3
    assert np.percentile(resampled_clusters(values, bootstrap(rng))[0], [2.5, 97.5]).tolist() == [3, 3]
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
        assert find_clusters(values).n_clusters == 1
        assert np.mean(resampled_clusters(values, bootstrap(rng))[0] == 1) >= 0.975


@pytest.mark.parametrize("n_odd", [1, 5])
def test_a_few_odd_tokens_are_no_cluster_however_often_they_are_resampled(n_odd: int) -> None:
    rng = np.random.default_rng(2)
    effects = rng.normal(size=N_TOKENS)
    effects[:n_odd] = 30
    values = additive_pairs(effects, rng)
    multiplicities = np.ones((4, N_TOKENS))
    multiplicities[:, :n_odd] = np.array([1, 2, 5, 8])[:, None]
    assert find_clusters(values).n_clusters == 1
    assert resampled_clusters(values, multiplicities)[0].tolist() == [1, 1, 1, 1]
    # The strands are there: without the rule on tokens they count.
    blind = RULES._replace(max_carried=np.inf)
    assert resampled_clusters(values, multiplicities[3:], rules=blind)[0][0] > 1


def test_a_group_with_as_many_pairs_as_the_strands_of_odd_tokens_is_a_cluster() -> None:
    rng = np.random.default_rng(3)
    values, _ = scaled_pairs(rng, 0.15, spread=0.02)
    assert np.mean(values > cluster_bounds(values)[1]) < 0.03
    assert find_clusters(values).n_clusters == 3


def test_a_cluster_below_the_smallest_share_does_not_count() -> None:
    rng = np.random.default_rng(4)
    for share, clusters in ((0.006, 1), (0.02, 2)):
        values = rng.normal(size=len(FIRST))
        values[rng.random(len(values)) < share] += 12
        assert find_clusters(values).n_clusters == clusters


def test_bounds_lie_in_the_valleys() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(size=len(FIRST)) + rng.choice([-2.5, 2.5], size=len(FIRST))
    np.testing.assert_allclose(cluster_bounds(values), [0], atol=0.2)


def test_counts_and_index_do_not_depend_on_scale_shift_or_direction() -> None:
    values, _ = scaled_pairs(np.random.default_rng(5), 0.3, spread=0.06)
    for other in (1e-9 * values, 1e9 * values, values + 10, -values):
        assert find_clusters(other).n_clusters == find_clusters(values).n_clusters == 3
        assert find_clusters(other).separation == pytest.approx(find_clusters(values).separation, abs=0.03)


def test_clusters_do_not_depend_on_the_order_of_the_tokens() -> None:
    rng = np.random.default_rng(6)
    values, _ = scaled_pairs(rng, 0.4, spread=0.07)
    matrix = np.zeros((N_TOKENS, N_TOKENS))
    matrix[FIRST, SECOND] = matrix[SECOND, FIRST] = values
    order = rng.permutation(N_TOKENS)
    shuffled = matrix[np.ix_(order, order)][FIRST, SECOND]
    np.testing.assert_allclose(cluster_bounds(shuffled), cluster_bounds(values))
    assert find_clusters(shuffled).separation == pytest.approx(find_clusters(values).separation)


def test_separation_falls_from_one_to_zero_as_clusters_blur() -> None:
    medians = []
    for spread in (0.02, 0.06, 0.08, 0.1, 0.3):
        pairs = [scaled_pairs(np.random.default_rng(seed), 0.4, spread)[0] for seed in range(5)]
        medians.append(np.median([find_clusters(values).separation for values in pairs]))
    assert np.all(np.diff(medians) < 0)
    assert medians[0] > 0.95
    assert medians[-1] < 0.05


def test_a_second_cluster_counts_exactly_where_the_index_reaches_the_valley_depth() -> None:
    found = set()
    for seed in range(30):
        rng = np.random.default_rng(seed)
        values, _ = scaled_pairs(rng, 0.4, spread=rng.uniform(0.07, 0.12))
        assert (find_clusters(values).n_clusters > 1) == (
            find_clusters(values).separation >= RULES.valley_depth
        )
        found.add(find_clusters(values).n_clusters > 1)
    assert found == {True, False}


def test_resampling_every_token_once_changes_nothing() -> None:
    values, _ = scaled_pairs(np.random.default_rng(7), 0.3, spread=0.08)
    once = np.ones((2, N_TOKENS))
    once[1] *= 3
    assert resampled_clusters(values, once)[0].tolist() == [find_clusters(values).n_clusters] * 2
    np.testing.assert_allclose(resampled_clusters(values, once)[1], find_clusters(values).separation)


def test_multiplicities_weigh_the_pairs_of_both_tokens() -> None:
    rng = np.random.default_rng(8)
    values, groups = scaled_pairs(rng, 0.4, spread=0.03)
    only = np.stack([groups == 0, groups == 1, groups >= 0]).astype(float)
    assert resampled_clusters(values, only)[0].tolist() == [1, 1, 3]
    assert find_clusters(values, only[0]).n_clusters == 1
    assert find_clusters(values, only[0]).separation < 0.5 < find_clusters(values).separation
    assert len(cluster_bounds(values, only[0])) == 0


def test_a_resample_of_half_the_tokens_is_measured_as_if_they_were_all() -> None:
    values, _ = scaled_pairs(np.random.default_rng(8), 0.4, spread=0.07)
    half = np.arange(N_TOKENS) % 2 == 0
    alone = find_clusters(values[half[FIRST] & half[SECOND]]).separation
    assert find_clusters(values, 2.0 * half).separation == pytest.approx(alone, abs=0.005)
    assert alone < 0.95  # far enough from the end of the scale for a wrong bandwidth to show


def test_a_point_beside_a_tight_point_is_a_cluster() -> None:
    values = np.where(FIRST < 100, 1.0, 2.0)
    assert find_clusters(values).n_clusters == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros(31_124), "not all pairs"),
        (np.zeros(45), "20 tokens or more, not of 10"),
        (np.full(31_125, np.nan), "undefined for a pair"),
        (np.r_[np.zeros(31_124), np.inf], "undefined for a pair"),
        (np.zeros((2, 31_125)), "one-dimensional"),
    ],
)
def test_bad_values_are_refused(values: NDArray[np.float64], message: str) -> None:
    for function in (find_clusters, cluster_bounds):
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
        find_clusters(values, weights)
    with pytest.raises(ValueError, match=message):
        resampled_clusters(values, weights[None])


FEW = 60
ONE, OTHER = np.triu_indices(FEW, 1)
N_PAIRS = len(ONE)
UNEVEN = 1.0 + np.arange(FEW) % 3


def two_lumps(distance: float) -> NDArray[np.float64]:
    """Draw pairs, which here depend on no tokens, from two Gaussians."""
    rng = np.random.default_rng(0)
    return rng.permutation(rng.normal(size=N_PAIRS) + distance * (np.arange(N_PAIRS) % 2))


def deepest_valley(values: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[float, float]:
    """Give depth and place of the deepest valley of the density that the method describes, on no grid."""
    q05, q95 = np.quantile(values, [0.05, 0.95])
    effective = weights.sum() ** 2 / (weights @ weights) / FEW
    bandwidth = 0.6 * N_PAIRS**-0.2 * (q95 - q05) / 3.29 * effective**-0.4
    places = np.linspace(values.min(), values.max(), 1500)
    kernels = np.exp(-0.5 * ((places[:, None] - values) / bandwidth) ** 2)
    density = kernels @ (weights[ONE] * weights[OTHER])
    below = np.maximum.accumulate(density)
    above = np.maximum.accumulate(density[::-1])[::-1]
    middle = (places > np.quantile(values, 0.02)) & (places < np.quantile(values, 0.98))
    depths = np.where(middle, 1 - density / np.minimum(below, above), 0)
    return float(depths.max()), float(places[depths.argmax()])


@pytest.mark.parametrize("weights", [np.ones(FEW), UNEVEN], ids=["even", "uneven"])
@pytest.mark.parametrize("distance", [2.6, 3.4, 4.0, 5.0])
def test_the_index_is_the_depth_of_the_densitys_deepest_valley(
    distance: float, weights: NDArray[np.float64]
) -> None:
    values = two_lumps(distance)
    depth, place = deepest_valley(values, weights)
    assert find_clusters(values, weights).separation == pytest.approx(depth, abs=0.004)
    bounds = cluster_bounds(values, weights)
    assert len(bounds) == (depth >= 0.5)
    if len(bounds):
        assert bounds == pytest.approx([place], abs=0.03)
    counts, separations = resampled_clusters(values, np.stack([weights, UNEVEN]))
    assert counts[0] == 1 + len(bounds)
    assert separations[0] == find_clusters(values, weights).separation


def test_bounds_of_values_turned_around_are_the_bounds_turned_around() -> None:
    values = two_lumps(4.0) + 0.3
    np.testing.assert_allclose(cluster_bounds(-values), -cluster_bounds(values), atol=1e-9)


SMALL_CLUSTERS = RULES._replace(min_share=0.002, min_pairs=0, max_carried=np.inf)


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize(("share", "clusters"), [(0.0035, 1), (0.0075, 2)])
def test_the_extreme_half_percent_at_each_end_forms_no_cluster(
    side: int, share: float, clusters: int
) -> None:
    values = np.random.default_rng(2).normal(size=N_PAIRS)
    values[: round(share * N_PAIRS)] = side * (30 + np.linspace(-1, 1, round(share * N_PAIRS)))
    assert find_clusters(values, rules=SMALL_CLUSTERS).n_clusters == clusters


def test_values_that_differ_by_rounding_are_one_cluster_without_a_valley() -> None:
    values: NDArray[np.float64] = np.array([0.1 + 1e-18 * place for place in range(N_PAIRS)])
    assert find_clusters(values).n_clusters == 1
    assert find_clusters(values).separation == 0
    assert cluster_bounds(values).shape == (0,)
    counts, separations = resampled_clusters(values, np.ones((3, FEW)))
    assert (counts.tolist(), separations.tolist()) == ([1, 1, 1], [0, 0, 0])
    assert counts.dtype == np.int64


@pytest.mark.parametrize(("wrong", "message"), [(np.nan, "finite"), (np.inf, "finite"), (-1.0, "negative")])
def test_one_bad_weight_is_refused(wrong: float, message: str) -> None:
    weights = np.ones((2, FEW))
    weights[1, 3] = wrong
    with pytest.raises(ValueError, match=message):
        resampled_clusters(two_lumps(4.0), weights)


def test_every_resample_needs_two_tokens_and_no_more() -> None:
    two = np.zeros((2, FEW))
    two[:, :2] = 1
    assert resampled_clusters(two_lumps(4.0), two)[0].tolist() == [1, 1]
    two[1, 1] = 0
    with pytest.raises(ValueError, match="at least two tokens"):
        resampled_clusters(two_lumps(4.0), two)


def test_whole_numbers_are_weights_too() -> None:
    values, weights = two_lumps(4.0), (1 + np.arange(FEW) % 3).astype(np.int64)
    assert find_clusters(values, weights).separation == find_clusters(values, UNEVEN).separation  # type: ignore[arg-type]
    rows = weights[None]
    assert resampled_clusters(values, rows)[1] == resampled_clusters(values, UNEVEN[None])[1]  # type: ignore[arg-type]


def test_other_rules_count_otherwise() -> None:
    values = two_lumps(3.4)
    depth, _ = deepest_valley(values, np.ones(FEW))
    for by, clusters in ((-0.006, 2), (0.006, 1)):
        rules = RULES._replace(valley_depth=depth + by)
        assert find_clusters(values, rules=rules).n_clusters == clusters
        assert len(cluster_bounds(values, rules=rules)) == clusters - 1
        assert resampled_clusters(values, np.ones((1, FEW)), rules=rules)[0].tolist() == [clusters]


def test_resamples_that_lack_other_tokens_are_counted_as_if_each_were_alone() -> None:
    """Their pairs are counted anew: with those of the resample before, a few tokens might rule."""
    rng = np.random.default_rng(3)
    values, groups = scaled_pairs(rng, 0.4, spread=0.06)
    few = np.flatnonzero(groups == 1)[:3]
    lacking = np.where(groups == 0, 1.0, 0.0)
    lacking[few] = 20
    rows = np.stack([np.ones(N_TOKENS), lacking, np.ones(N_TOKENS), *bootstrap(rng, 3), lacking])
    alone = [find_clusters(values, row) for row in rows]
    counts, separations = resampled_clusters(values, rows)
    assert counts.tolist() == [found.n_clusters for found in alone]
    assert separations.tolist() == [found.separation for found in alone]
    assert len({*counts.tolist()}) > 1
