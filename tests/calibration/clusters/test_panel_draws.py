"""The panel's answers on one draw, and the best split that they are compared with."""

import numpy as np
import pytest
from scipy.stats import norm

from layerclaims.calibration.clusters.panel_draws import best_split, draw_answers, is_supported, measure_plane
from layerclaims.calibration.clusters.panel_errors import DESIGN, SETS, TEST
from layerclaims.calibration.clusters.token_worlds import TokenWorld, draw_world

TWO_GROUPS = TokenWorld(
    n_tokens=80, hidden=200, shares=(0.5, 0.5), amplitudes=(1, 1.6), log_odds=(1, 1), amplitude_spread=0.03
)


def test_design_and_test_share_no_kind() -> None:
    assert not {planting.world for planting in DESIGN} & {planting.world for planting in TEST}
    for plantings in SETS.values():
        names = [planting.name for planting in plantings]
        assert len(set(names)) == len(names)
        assert {planting.truth for planting in plantings} >= {1, 2, 3, 6}


def test_three_planted_clusters_are_supported_and_one_is_not() -> None:
    rng = np.random.default_rng(0)
    activations, _ = draw_world(TWO_GROUPS, rng)
    pairs = measure_plane(activations)
    assert draw_answers(pairs, 80, rng).answers[3] == "supported"
    assert is_supported(pairs, 80, rng, 3)
    activations, _ = draw_world(TokenWorld(), rng)
    pairs = measure_plane(activations)
    assert draw_answers(pairs, 250, rng).answers == {3: "refuted", 1: "supported"}
    assert not is_supported(pairs, 250, rng, 3)


def test_the_best_split_of_gaussian_clusters_errs_as_their_overlap_says() -> None:
    # Log covariance at 0, 3 and 6 standard deviations with 1/4, 1/2 and 1/4 of the pairs. The best boundaries
    # lie where the weighted densities are equal: log(2) / 3 from the middle, towards the smaller cluster.
    rng = np.random.default_rng(1)
    groups = np.arange(200) % 2
    first, second = np.triu_indices(200, 1)
    values = 3.0 * (groups[first] + groups[second]) + rng.normal(size=len(first))
    noise = 0.001 * rng.normal(size=(2, len(first)))
    pairs = {
        "covariance": np.exp(0.1 * values),
        "pearson": np.exp(noise[0]),
        "mutual_information": noise[1],
    }
    shift = np.log(2) / 3
    expected = 1 - 0.5 * norm.sf(1.5 - shift) - norm.sf(1.5 + shift)
    assert best_split(pairs, groups, rng) == pytest.approx(expected, abs=0.012)
