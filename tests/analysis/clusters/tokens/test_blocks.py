"""Blocks of pairs, and how far they overlap."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from scipy.stats import norm

from layerclaims.analysis.clusters.tokens.blocks import (
    block_moments,
    block_overlaps,
    count_separate,
    join_blocks,
)
from layerclaims.analysis.clusters.tokens.rules import TOKEN_RULES
from layerclaims.analysis.clusters.tokens.token_plane import token_plane
from tests.analysis.clusters.tokens.planted import EVEN, amplitudes, pairs_of


def block_overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Give the overlap of one pair of blocks."""
    return float(block_overlaps(one[None], other[None])[0])


def test_overlap_is_the_tail_beyond_the_middle() -> None:
    # Unit Gaussians four apart along y: the best split lies two standard deviations from either.
    one = np.array([1, 0, 0, 1, 0, 1.0])
    other = np.array([1, 0, 4, 1, 0, 17.0])
    assert block_overlap(one, other) == pytest.approx(0.02275, abs=1e-5)
    assert block_overlap(one, one) == 0.5


def test_only_groups_with_weight_have_blocks() -> None:
    plane = token_plane(*pairs_of(amplitudes((0.5, 0.5), (1.0, 1.6))))
    groups = np.repeat([0, 1], 80)
    weights = np.stack([EVEN, 1 - groups, groups, 0 * groups, np.r_[1.0, np.zeros(159)]])
    assert count_separate(plane.pairs, groups, weights, TOKEN_RULES).tolist() == [3, 1, 1, 0, 0]


def test_moments_are_sums_over_ordered_pairs_of_the_two_groups_under_weights() -> None:
    rng = np.random.default_rng(3)
    x, y = (matrix + matrix.T for matrix in rng.normal(size=(2, 9, 9)))
    np.fill_diagonal(x, 0)
    np.fill_diagonal(y, 0)
    groups, weights = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2]), rng.exponential(size=(4, 9))
    found = block_moments(np.stack([x, y]), groups, weights)
    products = [1 - np.eye(9), x, y, x * x, x * y, y * y]
    for resample, product, one, other in np.ndindex(found.shape):
        weighted = np.outer(weights[resample], weights[resample]) * products[product]
        expected = weighted[groups == one][:, groups == other].sum()
        assert found[resample, product, one, other] == pytest.approx(expected, abs=1e-12)


def block(x: float, y: float, xx: float, xy: float, yy: float) -> NDArray[np.float64]:
    """Give a block's moments by its mean and its covariance matrix."""
    return np.array([1, x, y, xx + x * x, xy + x * y, yy + y * y])


@pytest.mark.parametrize(
    ("one", "other", "deviations"),
    [
        # Spreads of 1 and 3 along x, eight apart: two deviations from either.
        (block(0, 5, 1, 0, 1), block(8, 5, 9, 0, 1), 2),
        # Fisher's direction is (1, 1 / 2): four apart along it, with a spread of the root of 2 each.
        (block(1, 1, 1, 0, 4), block(3, 5, 1, 0, 4), 4 / np.sqrt(8)),
        # Along (1, -1) / root 2 the spread is a half and the distance root 8.
        (block(0, 0, 1, 0.75, 1), block(2, -2, 1, 0.75, 1), np.sqrt(8)),
    ],
)
def test_blocks_overlap_along_fishers_direction(
    one: NDArray[np.float64], other: NDArray[np.float64], deviations: float
) -> None:
    assert block_overlap(one, other) == pytest.approx(norm.cdf(-deviations), rel=1e-6)
    assert block_overlap(other, one) == pytest.approx(norm.cdf(-deviations), rel=1e-6)


def test_points_overlap_where_they_are_the_same() -> None:
    point = block(1, 2, 0, 0, 0)
    assert block_overlap(point, point) == 0.5
    assert block_overlap(point, block(1, 3, 0, 0, 0)) == 0


@pytest.mark.parametrize("distance", [0.02, 0.2, 1.0])
def test_blocks_that_hardly_differ_overlap_nearly_by_half(distance: float) -> None:
    one, other = block(0, 0, 1, 0, 1), block(0, distance, 1, 0, 1)
    assert block_overlap(one, other) == pytest.approx(norm.cdf(-distance / 2))


def test_blocks_are_joined_by_chains_of_overlaps_in_each_resample() -> None:
    blocks = np.stack(np.triu_indices(3))
    found = set()
    for rng in map(np.random.default_rng, range(20)):
        places = 14 * rng.random((5, 6))
        rows = np.array([[block(place, 0, 1, 0, 1) for place in row] for row in places])
        moments = np.zeros((5, 6, 3, 3))
        moments[:, :, blocks[0], blocks[1]] = rows.transpose(0, 2, 1)
        joined = join_blocks(moments, blocks, TOKEN_RULES)
        for row, clusters in zip(rows, joined, strict=True):
            one, other = (index.ravel() for index in np.indices((6, 6)))
            overlap = block_overlaps(row[one], row[other]).reshape(6, 6) > TOKEN_RULES.max_overlap
            assert clusters.tolist() == connected_components(overlap)[1].tolist()
            found.add(clusters.max() + 1)
    assert found > {2, 3}
