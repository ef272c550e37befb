"""The dip test on dependent pairs."""

import numpy as np
import pytest

from layerclaims.analysis.clusters.counting import (
    cluster_bounds,
    find_clusters,
    resampled_clusters,
)
from layerclaims.analysis.pairs.pair_values import pair_index
from layerclaims.calibration.clusters.unimodality import dip_statistic, unimodality_p_value
from tests.analysis.planted import FIRST, N_TOKENS, SECOND, bootstrap, scaled_pairs


def test_values_that_differ_by_rounding_only_are_one_cluster() -> None:
    rng = np.random.default_rng(9)
    rounding = 3.7 + 1e-7 * rng.choice([-1, 0, 1], size=len(FIRST))
    for values in (np.zeros(len(FIRST)), np.full(len(FIRST), -2.5), rounding):
        assert find_clusters(values).n_clusters == 1
        assert find_clusters(values).separation == 0
        assert len(cluster_bounds(values)) == 0
        assert resampled_clusters(values, bootstrap(rng, 3))[0].tolist() == [1, 1, 1]
        assert unimodality_p_value(values, rng) == 1


def test_the_dip_of_known_samples() -> None:
    assert dip_statistic(np.arange(10.0)) == pytest.approx(1 / 20)  # the least that is possible: 1 / 2n
    two_points = np.repeat([0.0, 1.0], 50)
    assert dip_statistic(two_points) == pytest.approx(1 / 4)  # the most
    # Computed with the diptest package 0.12.0, dipstat.
    assert dip_statistic(np.array([0.0, 1, 2, 3, 20, 21, 22, 23])) == pytest.approx(0.2125)
    assert dip_statistic(np.array([-3.0, -2, -1, 0, 5])) == dip_statistic(-np.array([5.0, 0, -1, -2, -3]))


def test_pairs_of_a_matching_are_looked_up_where_they_are() -> None:
    np.testing.assert_array_equal(pair_index(FIRST, SECOND, N_TOKENS), np.arange(len(FIRST)))


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
