"""The coordinates in which strips of pairs are straight."""

import numpy as np
import pytest

from layerclaims.analysis.clusters.counting import RULES, find_clusters
from layerclaims.analysis.clusters.plane import clearest_projection, directions, symmetric_log, whiten


def test_symmetric_log_is_a_logarithm_above_a_quarter_of_the_median() -> None:
    values = np.geomspace(0.25, 100, 50)
    values = np.append(values, np.full(51, 1.0))  # the median is 1
    shifted = symmetric_log(values) - np.log(values)
    np.testing.assert_allclose(shifted, shifted[-1], atol=0.01)


def test_symmetric_log_is_odd_and_free_of_scale() -> None:
    values = np.random.default_rng(0).normal(size=101)
    np.testing.assert_allclose(symmetric_log(-values), -symmetric_log(values))
    np.testing.assert_allclose(symmetric_log(1e-9 * values), symmetric_log(values))
    assert not symmetric_log(np.zeros(5)).any()


def test_whitened_points_are_round_whatever_the_units() -> None:
    rng = np.random.default_rng(1)
    points = np.array([[3.0, 2.9], [0.1, -0.1]]) @ rng.normal(size=(2, 2000))
    np.testing.assert_allclose(np.cov(whiten(points)), np.eye(2), atol=0.15)
    np.testing.assert_allclose(np.cov(whiten(points * np.array([[1e-6], [1e6]]))), np.eye(2), atol=0.15)


def test_whitened_points_lie_around_0() -> None:
    # On both sides of their middle alike, so that no tail moves the mean of the bulk.
    half = np.random.default_rng(1).normal(size=(2, 1000))
    white = whiten(np.concatenate([half, -half], axis=1) + np.array([[100.0], [-7.0]]))
    np.testing.assert_allclose(white.mean(axis=1), 0, atol=1e-9)


def test_points_that_are_one_but_for_a_few_have_no_direction() -> None:
    points = np.full((2, 1000), 7.0)
    points[:, 100:103] += [[1.0, 2.0, -3.0], [2.0, -1.0, 5.0]]
    assert not whiten(points).any()


@pytest.mark.parametrize(("variance", "is_kept"), [(1.5e-10, True), (0.7e-10, False)])
def test_a_direction_counts_from_a_ten_thousand_millionth_of_the_variance_on(
    variance: float, is_kept: bool
) -> None:
    angles = 2 * np.pi * np.arange(1000) / 1000
    across = np.sqrt(variance / 2)  # of either coordinate's; the other direction's variance is nearly 2
    both = np.stack([np.cos(angles) + across * np.sin(angles), np.cos(angles) - across * np.sin(angles)])
    white = whiten(both)
    assert white[1].std() == pytest.approx(1, abs=0.1)
    assert white[0].std() == (pytest.approx(1, abs=0.1) if is_kept else 0)


def test_points_on_a_line_keep_one_coordinate() -> None:
    values = np.random.default_rng(2).normal(size=500)
    white = whiten(np.stack([values, 2 * values]))
    np.testing.assert_allclose(white[0], 0, atol=1e-6)
    assert white[1].std() > 0.9


def test_directions_cover_half_a_circle_evenly() -> None:
    units = directions(4)
    np.testing.assert_allclose(units @ units[0], np.cos(np.pi * np.arange(4) / 4), atol=1e-12)


@pytest.mark.parametrize("slope", [0.5, 1.0, 2.0])
def test_strips_are_seen_across(slope: float) -> None:
    rng = np.random.default_rng(3)
    n_pairs = 120 * 119 // 2
    along, strip = rng.normal(size=n_pairs), rng.integers(3, size=n_pairs)
    across = 0.8 * strip + 0.08 * rng.normal(size=n_pairs)
    first, second = along + across, slope * along - across
    assert find_clusters(first).n_clusters == find_clusters(second).n_clusters == 1
    assert find_clusters(clearest_projection(first, second)).n_clusters == 3


def test_half_a_circle_has_24_directions() -> None:
    assert directions().shape == (24, 2)
    np.testing.assert_allclose(np.linalg.norm(directions(), axis=1), 1)
    np.testing.assert_allclose(directions()[[0, 12]], [[1, 0], [0, 1]], atol=1e-12)


def test_a_coordinate_that_does_not_vary_is_0() -> None:
    values = np.random.default_rng(2).normal(size=500)
    white = whiten(np.stack([values, np.full(500, 7.0)]))
    assert not white[0].any()
    assert white[1].std() == pytest.approx(1, abs=0.1)


def test_a_direction_in_which_points_vary_by_rounding_is_0() -> None:
    values = np.random.default_rng(2).normal(size=500)
    rounding = 1e-13 * np.cos(np.arange(500) * 9)
    white = whiten(np.stack([values, values / 3 + rounding]))
    assert np.abs(white[0]).max() == 0
    assert white[1].std() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(("depth", "clusters", "across"), [(0.3, 3, 0), (0.5, 2, 1)])
def test_the_direction_with_most_clusters_by_the_rules_is_clearest(
    depth: float, clusters: int, across: int
) -> None:
    """Along one coordinate there are two shallow valleys, along the other one deep valley."""
    rng = np.random.default_rng(6)
    n_pairs = 120 * 119 // 2
    coordinates = np.stack(
        [
            3.2 * rng.integers(3, size=n_pairs) + rng.normal(size=n_pairs),
            10 * rng.integers(2, size=n_pairs) + rng.normal(size=n_pairs),
        ]
    )
    rules = RULES._replace(valley_depth=depth)
    assert [find_clusters(values, rules=rules).n_clusters for values in coordinates] == [
        3 if depth < 0.5 else 1,
        2,
    ]
    found = clearest_projection(coordinates[0], coordinates[1], rules)
    assert find_clusters(found, rules=rules).n_clusters == clusters
    assert abs(np.corrcoef(found, coordinates[across])[0, 1]) > 0.95
