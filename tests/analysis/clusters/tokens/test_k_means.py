"""Groups are those that scikit-learn finds from the same random numbers."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from layerclaims.analysis.clusters.tokens.k_means import k_means
from tests.analysis.clusters.tokens.draws import draw_points


@pytest.mark.parametrize("seed", range(40))
def test_groups_are_those_of_scikit_learn(seed: int) -> None:
    points = draw_points(seed)
    for n_groups in (1, 2, 3):
        given, random = (np.random.RandomState(seed) for _ in range(2))
        expected = KMeans(n_groups, n_init=1, random_state=given).fit(points).labels_
        np.testing.assert_array_equal(k_means(points, n_groups, random), expected)
        assert given.uniform() == random.uniform()  # as many numbers were drawn


def test_far_points_are_groups_of_their_own() -> None:
    points = np.repeat([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]], [50, 5, 1], axis=0)
    groups = k_means(points, 3, np.random.RandomState(1))
    assert sorted(np.bincount(groups)) == [1, 5, 50]
    assert [len(set(own)) for own in np.split(groups, [50, 55])] == [1, 1, 1]
