"""A probe finds what is linearly there, and what neighbours share is not taken for it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.clusters.probe import GAP, N_SHIFTS, fewest_probed, probe_areas
from layerclaims.analysis.errors import UndefinedResultError

N_TOKENS = 150


def draw(distance: float, seed: int, hidden: int = 64) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(N_TOKENS) % 2)
    values = rng.normal(size=(N_TOKENS, hidden))
    values[:, 0] += distance * labels
    return values, labels


def p_value(areas: NDArray[np.float64]) -> float:
    return float((areas >= areas[0]).mean())


def test_groups_far_apart_are_found_and_shifted_ones_are_not() -> None:
    values, labels = draw(distance=8, seed=0)
    areas = probe_areas([values, values], labels)
    assert len(areas) == 1 + N_SHIFTS
    assert areas[0] > 0.95
    assert areas[1:].mean() == pytest.approx(0.5, abs=0.03)
    assert p_value(areas) == 0.01


def test_more_dimensions_than_tokens_do_not_find_what_is_not_there() -> None:
    areas = [
        probe_areas([values], labels)[0] for values, labels in (draw(0, seed, 300) for seed in range(10))
    ]
    assert np.mean(areas) == pytest.approx(0.5, abs=0.06)


def test_labels_in_runs_are_not_found_in_activations_that_drift_along_the_text() -> None:
    # With random folds a probe recognises a token's neighbours, which have its label.
    rng = np.random.default_rng(1)
    found = []
    for _ in range(12):
        drift = rng.normal(size=(N_TOKENS + 11, 64))
        values = np.stack([drift[place : place + 12].sum(axis=0) for place in range(N_TOKENS)])
        labels = np.repeat(rng.permutation(np.arange(13) % 2), 12)[:N_TOKENS]
        found.append(p_value(probe_areas([values], labels)))
    assert np.mean(np.array(found) <= 0.1) < 0.35  # one in ten of them, up to chance in 12 draws


def test_a_probe_is_fitted_to_nothing_within_the_gap() -> None:
    # Each token shares a dimension with each of the next five, and labels come in runs of ten: only what
    # overlaps with a tested block tells anything of it.
    values = np.zeros((N_TOKENS, N_TOKENS + 5))
    for place in range(6):
        values[np.arange(N_TOKENS), np.arange(N_TOKENS) + place] = 1
    labels = (np.arange(N_TOKENS) // 10 % 2).astype(np.int64)
    near, far = (probe_areas([values], labels, gap)[0] for gap in (1, 12))
    assert far == pytest.approx(0.5, abs=1e-6)
    assert abs(near - 0.5) > 0.1
    assert fewest_probed(1) == 15


def test_the_scale_of_a_dimension_does_not_matter() -> None:
    values, labels = draw(distance=2, seed=2)
    factors = 10.0 ** np.random.default_rng(3).integers(-6, 7, values.shape[1])
    np.testing.assert_allclose(probe_areas([values * factors], labels), probe_areas([values], labels))


@pytest.mark.parametrize(
    ("values", "labels", "message"),
    [
        (np.full((80, 3), np.nan), np.arange(80) % 2, "finite"),
        (np.zeros((79, 3)), np.arange(80) % 2, "of 80 tokens"),
        (np.zeros((80, 3)), np.arange(80) % 3, "0 and 1"),
        (np.zeros((80, 3)), np.zeros(80, np.int64), "0 and 1"),
        (np.zeros((20, 3)), np.arange(20) % 2, f"needs {fewest_probed(GAP)} tokens, got 20"),
    ],
)
def test_bad_input_is_refused(values: NDArray[np.float64], labels: NDArray[np.int64], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        probe_areas([values], labels)


def area_by_hand(values: NDArray[np.float64], labels: NDArray[np.int64], gap: int) -> float:
    """Measure the area by ridge regression in its closed form, for blocks of equal size."""
    number, hidden = values.shape
    higher = pairs = 0.0
    for block in np.arange(number).reshape(5, -1):
        places = np.arange(number)
        fitted = values[(places < block[0] - gap) | (places > block[-1] + gap)]
        told = labels[(places < block[0] - gap) | (places > block[-1] + gap)]
        centre, spread = fitted.mean(axis=0), fitted.std(axis=0)
        standard = (fitted - centre) / spread
        weights = np.linalg.solve(
            standard.T @ standard + hidden * np.eye(hidden), standard.T @ (told - told.mean())
        )
        scores = (values[block] - centre) / spread @ weights
        ones, zeros = scores[labels[block] == 1], scores[labels[block] == 0]
        higher += float((ones[:, None] > zeros).sum() + 0.5 * (ones[:, None] == zeros).sum())
        pairs += len(ones) * len(zeros)
    return higher / pairs


@pytest.mark.parametrize("gap", [1, 3, 10])
def test_an_area_is_that_of_ridge_regression_on_the_tokens_outside_block_and_gap(gap: int) -> None:
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 2, 60)
    values = rng.normal(size=(60, 7)) * np.geomspace(1, 100, 7) + 0.7 * labels[:, None]
    areas = probe_areas([values], labels, gap)
    assert areas[0] == pytest.approx(area_by_hand(values, labels, gap), abs=1e-12)
    # The first shift is by the gap, and the last by as much the other way round.
    for place, shift in ((1, gap), (-1, -gap)):
        assert areas[place] == pytest.approx(area_by_hand(values, np.roll(labels, shift), gap), abs=1e-12)
    assert len(areas) == 1 + 60 - 2 * gap + 1


def test_layers_are_averaged() -> None:
    labels = np.random.default_rng(4).integers(0, 2, 60)
    layers = [
        labels[:, None] * distance + np.random.default_rng(5).normal(size=(60, 2)) for distance in (0, 1, 9)
    ]
    alone = [probe_areas([layer], labels, 1)[0] for layer in layers]
    assert probe_areas(iter(layers), labels, 1)[0] == pytest.approx(np.mean(alone)) != np.median(alone)


def test_blocks_of_one_group_tell_nothing_and_one_pair_of_tokens_is_enough() -> None:
    values = np.random.default_rng(0).normal(size=(60, 2))
    with pytest.raises(UndefinedResultError, match="no block of the text has tokens of both groups"):
        probe_areas([values], np.repeat([0, 1, 0, 1, 0], 12))
    one = np.eye(1, 10, 4, dtype=np.int64)[0]
    # The other blocks have no token of group 1 to fit to, so the two tokens have the same score.
    assert set(probe_areas([values[:10]], one, 0).tolist()) == {0.5}


def test_a_value_that_is_not_finite_is_refused_wherever_it_is() -> None:
    values, labels = draw(distance=2, seed=2, hidden=3)
    values[-1, 1] = np.inf
    with pytest.raises(ValueError, match=f"activations must be finite, of {N_TOKENS} tokens"):
        probe_areas([values], labels)
    assert (fewest_probed(10), GAP) == (60, 10)
