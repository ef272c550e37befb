"""Claims whose assertions are all just met are refuted by chance as rarely as the correction promises."""

import numpy as np
import pytest

from layerclaims.calibration.boundary import (
    N_ASSERTIONS,
    Boundary,
    boundary_table,
    count_verdicts,
    decide_assertions,
)


def test_the_planted_numbers_correlate_as_they_say() -> None:
    numbers = np.concatenate([Boundary(0.3, 0.8).draw(np.random.default_rng(seed)) for seed in range(40)])
    assert np.corrcoef(numbers.T)[0, 1] == pytest.approx(0.8, abs=0.05)
    assert np.corrcoef(numbers[:-1, 3], numbers[1:, 3])[0, 1] == pytest.approx(0.3, abs=0.05)
    assert numbers.mean() == pytest.approx(0, abs=0.05)


def test_every_assertion_is_decided_by_its_own_number() -> None:
    numbers = Boundary(0.0, 0.0).draw(np.random.default_rng(0))
    numbers[:, 1] += 5
    numbers[:, 2] -= 5
    verdicts = [one.verdict for one in decide_assertions(numbers, np.random.default_rng(1))]
    assert verdicts[1:3] == ["supported", "refuted"]


def test_every_draw_gives_each_claim_one_verdict_before_and_after() -> None:
    boundary = Boundary(0.0, 0.0)
    found = count_verdicts(boundary, 3)
    for n_assertions in N_ASSERTIONS:
        for kind in ("as they are", "corrected"):
            assert sum(n for (own, when, _), n in found.items() if (own, when) == (n_assertions, kind)) == 3
    assert len(boundary_table({boundary: found}, 3)) == 2 + len(N_ASSERTIONS)


@pytest.mark.slow
def test_chance_refutes_a_claim_of_twelve_assertions_in_at_most_5_percent() -> None:
    found = count_verdicts(Boundary(0.3, 0.0), 150)
    assert found[12, "as they are", "refuted"] > 0.15 * 150
    assert found[12, "corrected", "refuted"] <= 0.05 * 150 + 6  # and two standard errors and a quarter
