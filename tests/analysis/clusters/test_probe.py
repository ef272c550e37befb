"""A probe finds what is linearly there, and what neighbours share is not taken for it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.clusters.probe import GAP, N_SHIFTS, fewest_probed, probe_areas

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
