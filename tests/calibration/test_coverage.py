"""What is planted to measure coverage is what it says, and coverage is counted."""

import numpy as np
import pytest

from layerclaims.analysis.statistics.dependence import autocorrelation, token_series
from layerclaims.calibration.coverage import (
    KIND,
    Coverage,
    Text,
    coverage_table,
    is_covered,
    measure_coverage,
    quantities,
)


@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_tokens_correlate_with_the_next_as_planted(rho: float) -> None:
    levels = Text(rho, 2000).draw(np.random.default_rng(0)).residual[KIND]
    amplitude, likeness = token_series(levels[0])
    for series in (amplitude, likeness):
        assert autocorrelation(series[None])[1] == pytest.approx(rho, abs=0.12)
    steps = np.corrcoef(levels[0][:400] - levels[0].mean(axis=0))
    assert np.diag(steps, 1).mean() == pytest.approx(rho, abs=0.15)


def test_the_truth_does_not_depend_on_the_neighbours() -> None:
    spreads = [
        token_series(Text(rho, 4000).draw(np.random.default_rng(1)).residual[KIND][1])[0].std()
        for rho in (0.0, 0.6)
    ]
    assert spreads[0] == pytest.approx(spreads[1], rel=0.08)


def test_coverage_is_the_share_of_draws_whose_interval_holds_the_truth() -> None:
    text = Text(0.3, 40)
    truth = {name: value for name, value, _ in quantities(text.draw(np.random.default_rng([2, 0])))}
    truth["mean covariance"] = 1e9
    found = measure_coverage(text, truth, 2)
    assert found.blocks["mean covariance"] == found.independent["mean covariance"] == [False, False]
    # The truth is the first draw's own number for the others, which its interval holds.
    assert all(held[0] for name, held in found.blocks.items() if name != "mean covariance")
    assert len(found.lengths) == len(found.effective) == 2
    rows = coverage_table({text: found})
    assert len(rows) == 3
    assert "| 0.0 (0.0) |" in rows[2]


@pytest.mark.parametrize(
    ("rho", "n_held", "covered"), [(0.0, 93, True), (0.0, 92, False), (0.6, 90, True), (0.6, 89, False)]
)
def test_a_share_below_the_one_that_is_asked_for_is_missed(rho: float, n_held: int, covered: bool) -> None:
    found = Coverage(blocks={"mean MI": [True] * n_held + [False] * (100 - n_held)})
    assert is_covered(Text(rho, 250), found) is covered
    assert is_covered(Text(rho, 120), found)
