"""Planted tokens have the covariance, correlation and groups that were asked for."""

import numpy as np
import pytest
from scipy.special import expit

from layerclaims.calibration.clusters.token_worlds import Shape, TokenWorld, draw_world


def test_pairs_follow_amplitudes_and_shared_parts() -> None:
    world = TokenWorld(
        n_tokens=40,
        hidden=40_000,
        shares=(0.5, 0.5),
        amplitudes=(1, 2),
        log_odds=(2, 0),
        amplitude_spread=0,
        odds_spread=0,
    )
    activations, groups = draw_world(world, np.random.default_rng(0))
    assert np.bincount(groups).tolist() == [20, 20]
    covariance = np.cov(activations)
    q = expit(2), expit(0)
    for one, other, expected in ((0, 0, q[0]), (1, 1, 4 * q[1]), (0, 1, 2 * np.sqrt(q[0] * q[1]))):
        block = covariance[np.ix_(groups == one, groups == other)]
        mean = block[~np.eye(len(block), dtype=bool)].mean()
        assert mean == pytest.approx(expected, rel=0.03)


def test_directions_correlate_as_asked() -> None:
    world = TokenWorld(
        n_tokens=40, hidden=40_000, shares=(0.5, 0.5), amplitudes=(1, 1), log_odds=(9, 9), cosine=0.4
    )
    activations, groups = draw_world(world, np.random.default_rng(1))
    between = np.asarray(np.corrcoef(activations))[np.ix_(groups == 0, groups == 1)]
    assert between.mean() == pytest.approx(0.4, abs=0.03)


@pytest.mark.parametrize("shape", ["normal", "heavy", "skewed", "flat"])
def test_effects_spread_as_asked_whatever_their_shape(shape: Shape) -> None:
    world = TokenWorld(n_tokens=4000, hidden=50, shape=shape, amplitude_spread=0.2, odds_spread=0)
    activations, _ = draw_world(world, np.random.default_rng(2))
    logarithm = np.log(activations.std(axis=1))
    assert logarithm.std() == pytest.approx(0.22, abs=0.05)  # 0.1 of it is noise of 50 dimensions


def test_neighbours_correlate_as_asked() -> None:
    world = TokenWorld(n_tokens=3000, hidden=60, log_odds=(-9,), neighbour_correlation=0.6)
    activations, _ = draw_world(world, np.random.default_rng(3))
    following = [np.asarray(np.corrcoef(activations[row : row + 2]))[0, 1] for row in range(0, 2999)]
    assert np.mean(following) == pytest.approx(0.6, abs=0.02)


def test_odd_tokens_are_as_many_as_asked_and_massive_dimensions_stand_out() -> None:
    world = TokenWorld(hidden=500, amplitude_spread=0, odd_share=0.06, massive=50)
    activations, _ = draw_world(world, np.random.default_rng(4))
    sizes = activations[:, 3:].std(axis=1)
    assert (sizes > 1.7 * np.median(sizes)).sum() == 15
    assert (np.abs(activations[:, :3]) > 20).all()


def test_a_draw_is_repeatable() -> None:
    first, _ = draw_world(TokenWorld(), np.random.default_rng(5))
    second, _ = draw_world(TokenWorld(), np.random.default_rng(5))
    np.testing.assert_array_equal(first, second)
