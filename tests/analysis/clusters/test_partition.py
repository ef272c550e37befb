"""What two groups of tokens explain of their pairs, against hand-counted and planted shares."""

import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.clusters.partition import explained_share

N_TOKENS = 40
FIRST, SECOND = np.triu_indices(N_TOKENS, 1)
LABELS = (np.arange(N_TOKENS) < 16).astype(np.int64)
ONE = np.ones((1, N_TOKENS))
SORTS = LABELS[FIRST] + LABELS[SECOND]


def share(values: NDArray[np.float64], weights: NDArray[np.float64] = ONE) -> float:
    return float(explained_share(values, LABELS, weights)[0])


def test_a_hand_counted_share() -> None:
    # Ten tokens each: 45 pairs of 4, 100 of 0 or 2 in turn, 45 of 3. The mean is 415 / 190; between the sorts
    # lie 45 * (345 / 190)^2 + 100 * (225 / 190)^2 + 45 * (155 / 190)^2, within them 100.
    labels = (np.arange(20) < 10).astype(np.int64)
    sorts = labels[np.stack(np.triu_indices(20, 1))].sum(axis=0)
    values = np.array([4.0, 1.0, 3.0])[sorts]
    values[sorts == 1] += np.tile([-1.0, 1.0], 50)
    between = (45 * 345**2 + 100 * 225**2 + 45 * 155**2) / 190**2
    found = explained_share(values, labels, np.ones((1, 20)))
    assert found[0] == pytest.approx(between / (between + 100))


def test_pairs_that_follow_their_sort_are_explained_whatever_the_three_values() -> None:
    for levels in ((1.0, 2.0, 3.0), (5.0, -1.0, 5.0), (1e6, 1e6 + 1e-3, 1e6 + 3e-3)):
        assert share(np.array(levels)[SORTS]) == pytest.approx(1, abs=1e-6)


def test_noise_is_explained_as_little_as_chance_gives_and_planted_shares_are_found() -> None:
    noise = np.random.default_rng(0).normal(size=len(FIRST))
    assert share(noise) < 0.02
    steps = np.array([-1.0, 0.0, 1.0])[SORTS]
    planted = steps / steps.std() * np.sqrt(0.3 / 0.7) + noise  # three tenths of the variance between sorts
    assert share(planted) == pytest.approx(0.3, abs=0.04)


def test_pairs_that_do_not_vary_are_not_explained() -> None:
    assert share(np.full(len(FIRST), 7.0)) == 0


def test_neither_scale_nor_shift_nor_the_names_of_groups_matter() -> None:
    values = np.random.default_rng(1).normal(size=len(FIRST)) + SORTS
    assert share(1e-9 * values - 3e-9) == pytest.approx(share(values))
    assert explained_share(values, 1 - LABELS, ONE)[0] == pytest.approx(share(values))


def test_weights_count_pairs_as_often_as_their_tokens_are_drawn() -> None:
    values = np.random.default_rng(2).normal(size=len(FIRST)) + SORTS
    weights = np.random.default_rng(3).integers(0, 3, (1, N_TOKENS)).astype(np.float64)
    times = (weights[0, FIRST] * weights[0, SECOND]).astype(int)
    drawn, sorts = np.repeat(values, times), np.repeat(SORTS, times)
    means = np.array([drawn[sorts == sort].mean() for sort in range(3)])
    assert share(values, weights) == pytest.approx(means[sorts].var() / drawn.var())


@pytest.mark.parametrize("labels", [LABELS[1:], LABELS + 1])
def test_labels_that_are_not_two_groups_of_these_tokens_are_refused(labels: NDArray[np.int64]) -> None:
    with pytest.raises(ValueError, match="0 or 1 for each of the 40 tokens"):
        explained_share(np.ones(len(FIRST)), labels, ONE)
