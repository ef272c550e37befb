"""Counts of clusters have intervals as wide as their rule's part in the panel's answer needs."""

from dataclasses import replace

import numpy as np
import pytest

from layerclaims.analysis.clusters.counting import Clusters
from layerclaims.analysis.clusters.panel import MARGIN, PANEL, PLANE
from layerclaims.analysis.measurement.cluster_counts import (
    OPEN_RESAMPLES,
    PANEL_RESAMPLES,
    estimate_most,
    n_resamples,
)

(OPEN,) = (rule for rule in PANEL if rule.open_level is not None)


def clusters(*counts: int) -> Clusters:
    """Give counts in the sample, the first one, and in its resamples."""
    separations = np.full(len(counts) - 1, np.nan)
    return Clusters(counts[0], np.array(counts[1:], np.float64), np.nan, separations)


@pytest.mark.parametrize(("n_threes", "high"), [(1, 1), (3, 3), (6, 3)])
def test_one_in_forty_resamples_widens_the_interval_of_a_main_rule(n_threes: int, high: int) -> None:
    found = clusters(1, *[1] * (100 - n_threes), *[3] * n_threes)
    estimate = estimate_most(PLANE, [found], 250)
    assert (estimate.value, estimate.low, estimate.high, estimate.level) == (1, 1, high, 0.95)


@pytest.mark.parametrize(("n_threes", "high"), [(1, 1), (3, 1), (5, 3)])
def test_one_in_five_widens_that_of_a_rule_that_keeps_a_claim_open(n_threes: int, high: int) -> None:
    found = clusters(1, *[1] * (20 - n_threes), *[3] * n_threes)
    estimate = estimate_most(OPEN, [found], 250)
    assert (estimate.value, estimate.low, estimate.high, estimate.level) == (1, 1, high, 0.6)
    alone = estimate_most(replace(OPEN, is_main=True), [found], 250)  # as under a specification
    assert (alone.high, alone.level) == (3, 0.95)


def test_every_other_rule_counts_in_the_sample_alone() -> None:
    estimate = estimate_most(MARGIN, [clusters(2), clusters(1)], 250)
    assert (estimate.value, estimate.low, estimate.high, estimate.resampled) == (2, 2, 2, None)


def test_a_rule_counts_in_no_more_resamples_than_it_needs() -> None:
    assert [n_resamples(rule) for rule in (PLANE, OPEN, MARGIN)] == [PANEL_RESAMPLES, OPEN_RESAMPLES, 0]
