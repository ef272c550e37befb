"""Intervals at any level, and of counts."""

import numpy as np
import pytest

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.statistics.estimate import Estimate, exact, joint_estimate, percentile_estimate

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


@pytest.mark.parametrize("ends", [(np.nan, 0, 0), (0, -np.inf, 0), (0, 0, np.inf)])
def test_numbers_that_no_verdict_can_be_read_from_are_refused(ends: tuple[float, float, float]) -> None:
    with pytest.raises(UndefinedResultError, match="not finite"):
        Estimate(*ends)


def test_an_interval_ends_no_lower_than_it_begins() -> None:
    with pytest.raises(ValueError, match=r"\[2, 1\] is upside down"):
        Estimate(1, 2, 1)
    assert Estimate(1, 1, 1).low == 1


def test_an_estimate_says_nothing_that_it_was_not_given() -> None:
    plain = Estimate(1.0, 0.0, 2.0)
    assert (plain.unit, plain.n, plain.method, plain.level) == ("", 0, "", 0.95)
    assert plain.resampled is None
    assert not plain.is_discrete
    resampled = percentile_estimate(0.5, THOUSANDTHS, n=10)
    assert (resampled.unit, resampled.method, resampled.is_discrete) == ("", "token bootstrap", False)
    certain = exact(3.0)
    assert (certain.value, certain.low, certain.high) == (3, 3, 3)
    assert (certain.unit, certain.n, certain.method) == ("", 0, "exact")


def test_an_estimate_is_written_without_its_resamples() -> None:
    assert "resampled" not in repr(percentile_estimate(0.5, THOUSANDTHS, n=10))


def test_estimates_of_one_quantity_are_joined_to_the_widest_interval_around_the_first_number() -> None:
    first = percentile_estimate(0.5, THOUSANDTHS, unit="times", n=10)
    joint = joint_estimate([first, Estimate(0.4, -1, 0.6), Estimate(0.7, 0.6, 3)])
    assert joint == Estimate(0.5, -1, 3, "times", 10, "token bootstrap")
    assert joint.resampled is None
    assert joint_estimate([first, exact(0.5)]) == first


def test_the_interval_of_a_value_above_or_below_all_resamples_reaches_it() -> None:
    for value, low, high in ((-1, -1, 0.975), (2, 0.025, 2)):
        estimate = percentile_estimate(value, THOUSANDTHS, n=10)
        assert [estimate.low, estimate.high] == pytest.approx([low, high])
