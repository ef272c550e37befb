"""The tables of power."""

import numpy as np

from layerclaims.calibration.clusters.power import CELLS, Outcome, band_table, draw_outcome, planted_outcomes
from layerclaims.calibration.clusters.token_worlds import draw_world


def test_every_cell_is_drawn_once_in_as_many_rounds_as_cells_are_left_out() -> None:
    assert len(set(CELLS)) == len(CELLS) == 3 * 3 * 4 * 3 * 2
    assert [cell for cell, _ in planted_outcomes(1, len(CELLS))] == [CELLS[0]]


def test_wide_groups_are_split_worse_and_clear_ones_are_supported() -> None:
    clear = next(cell for cell in CELLS if cell[:4] == (0.02, 0.2, 0.5, 2.5))
    blurred = next(cell for cell in CELLS if cell[:4] == (0.1, 1.1, 0.5, 1.2))
    outcomes = []
    for cell in (clear, blurred):
        rng = np.random.default_rng(0)
        activations, groups = draw_world(cell.world().but(n_tokens=80, hidden=200), rng)
        outcomes.append(draw_outcome(activations, groups, rng))
    assert outcomes[0].split > 0.99 > 0.9 > outcomes[1].split
    assert outcomes[0].answer == "supported"
    assert outcomes[1].answer != "supported"
    assert [outcome.three_if_told for outcome in outcomes] == [True, False]


def test_bands_hold_each_draw_once() -> None:
    outcomes = [Outcome(split, "supported", True) for split in (1.0, 0.95, 0.949, 0.9, 0.8, 0.79)]
    counted = [int(line.split("|")[2]) for line in band_table(outcomes, "tokens").splitlines()[2:]]
    assert counted == [2, 2, 1, 1]
