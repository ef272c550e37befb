"""Intervals at any level, and of counts."""

import numpy as np
import pytest

from layerclaims.analysis.statistics.estimate import Estimate, exact, percentile_estimate

THOUSANDTHS = np.arange(1001) / 1000


def test_the_interval_is_the_central_95_percent() -> None:
    estimate = percentile_estimate(0.5, THOUSANDTHS, n=10)
    assert [estimate.low, estimate.high] == pytest.approx([0.025, 0.975])
    assert estimate.level == 0.95


def test_a_higher_level_takes_a_wider_interval_from_the_same_resamples() -> None:
    wider = percentile_estimate(0.5, THOUSANDTHS, unit="times", n=10).at_level(0.99)
    assert [wider.low, wider.high] == pytest.approx([0.005, 0.995])
    assert (wider.level, wider.value, wider.unit, wider.n) == (0.99, 0.5, "times", 10)
    assert wider.at_level(0.95) == percentile_estimate(0.5, THOUSANDTHS, unit="times", n=10)


def test_an_exact_estimate_has_no_other_interval() -> None:
    assert exact(3.0).at_level(0.99) == exact(3.0)


def test_the_interval_holds_the_value_at_every_level() -> None:
    estimate = percentile_estimate(2.0, THOUSANDTHS, n=10)
    assert estimate.high == estimate.at_level(0.5).high == 2.0


def test_ends_of_counts_are_counts() -> None:
    # 1 in 26 of 1000 resamples, 2 in 948 and 3 in 26; the lower end is 1 while 1 has a share of 2.5%.
    for n_outer, low, high in ((26, 1, 3), (25, 1, 2), (24, 2, 2)):
        counts = np.repeat([1.0, 2.0, 3.0], [n_outer, 1000 - 2 * n_outer, n_outer])
        estimate = percentile_estimate(2, counts, n=10, is_discrete=True)
        assert (estimate.low, estimate.high) == (low, high)
        assert estimate.at_level(0.99).low == 1


def test_the_resamples_do_not_decide_equality() -> None:
    estimate = percentile_estimate(0.5, THOUSANDTHS, n=10)
    assert estimate == Estimate(0.5, estimate.low, estimate.high, n=10, method="token bootstrap")
