"""Clusters are counted by the panel or by one rule, in the sample and in the resamples of main rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
import pytest

from layerclaims.analysis.clusters.counting import Clusters
from layerclaims.analysis.clusters.panel import MARGIN, PANEL, PLANE, CountingRule
from layerclaims.analysis.measurement.cluster_counts import (
    OPEN_RESAMPLES,
    PANEL_RESAMPLES,
    clusters_of_pairs,
    counted,
    counted_layers,
    counting_rules,
    estimate_count,
    estimate_share,
    estimated_count,
    estimated_share,
    joint_count,
    two_groups,
)
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from tests.analysis.levels import random_measurement

N_TOKENS, N_RESAMPLES = 60, 103
FIRST, SECOND = np.triu_indices(N_TOKENS, 1)
RNG = np.random.default_rng(0)
(OPEN,) = (rule for rule in PANEL if rule.open_level is not None)
GROUPS = (np.arange(N_TOKENS) >= 40).astype(np.int64)


@dataclass
class Level:
    """Plays a measurement of one level, and keeps what is derived from it."""

    pairs: Mapping[str, np.ndarray] = field(default_factory=dict)
    counts: Mapping[str, list[int]] = field(default_factory=dict)
    counting: str = "panel"
    asked: list[tuple[object, ...]] = field(default_factory=list)
    resampling: tuple[int, int, None] = (N_RESAMPLES, 0, None)

    @property
    def weights(self) -> dict[str, np.ndarray]:
        return {"a": np.ones((N_RESAMPLES, N_TOKENS))}

    def n_tokens(self, _kind: str) -> int:
        return N_TOKENS

    def derived(
        self,
        name: tuple[Any, ...],
        kind: str,
        layer: int,
        measures: tuple[str, ...],
        make: Callable[..., object],
    ) -> object:
        self.asked.append((name, kind, layer, measures))
        if name[0] == "counted" and self.counts:
            return clusters(self.counts[name[1]][layer])
        return make({measure: self.pairs[measure] for measure in measures})

    @property
    def measurement(self) -> Measurement:
        return cast(Measurement, self)


def clusters(count: int, resampled: tuple[int, ...] = ()) -> Clusters:
    drawn = np.array(resampled or [count] * 3, dtype=float)
    return Clusters(count, drawn, 0.5, np.full(len(drawn), 0.5))


def of_groups(factor: float) -> dict[str, np.ndarray]:
    """Make pairs of tokens of two groups whose amplitudes differ by a factor."""
    amplitudes = np.where(GROUPS, factor, 1.0) * np.exp(0.02 * RNG.normal(size=N_TOKENS))
    correlation = np.clip(0.9 + 0.005 * RNG.normal(size=len(FIRST)), -1, 1)
    return {"covariance": amplitudes[FIRST] * amplitudes[SECOND] * correlation, "pearson": correlation}


def test_the_panel_counts_or_the_named_rule_as_a_main_one() -> None:
    assert counting_rules(Level().measurement) == PANEL
    (rule,) = counting_rules(Level(counting="margin").measurement)
    assert (rule.name, rule.is_main, rule.count) == ("margin", True, MARGIN.count)


@pytest.mark.parametrize(
    ("rule", "n_counted"), [(PLANE, PANEL_RESAMPLES), (OPEN, OPEN_RESAMPLES), (MARGIN, 0)]
)
def test_a_rule_counts_in_no_more_resamples_than_it_needs(rule: CountingRule, n_counted: int) -> None:
    level = Level(of_groups(3))
    found = counted(level.measurement, rule, "a", 2)
    assert len(found.resampled_counts) == n_counted
    assert level.asked == [
        (("counted", rule.name, rule.is_main, N_RESAMPLES, 0, None), "a", 2, rule.measures)
    ]
    assert (PANEL_RESAMPLES, OPEN_RESAMPLES) == (100, 40)


def test_the_share_of_layers_with_several_clusters_is_taken_in_each_resample() -> None:
    found = [clusters(2, (1, 1, 3, 2)), clusters(1, (1, 4, 1, 3)), clusters(1), clusters(1)]
    found = [replace(each, resampled_counts=np.resize(each.resampled_counts, 4)) for each in found]
    estimate = estimate_share(PLANE, found, 7)
    assert (estimate.value, estimate.low, estimate.high, estimate.n) == (0.25, 0, 0.5, 7)
    central = estimate.at_level(0.4)
    assert (central.low, central.high) == (0.25, 0.25)
    assert estimate_share(MARGIN, found, 7).high == 0.25


def test_another_rule_has_only_its_number_in_the_sample() -> None:
    estimate = estimate_count(MARGIN, clusters(2, (1, 4)), 7)
    assert (estimate.value, estimate.low, estimate.high, estimate.n) == (2, 2, 2, 7)
    assert estimate.method == "count in the sample"


@pytest.mark.parametrize(("n_threes", "high"), [(2, 1), (5, 1), (6, 3)])
def test_more_than_one_in_eight_resamples_widens_the_interval_of_a_rule_that_keeps_a_claim_open(
    n_threes: int, high: int
) -> None:
    found = clusters(1, (*[1] * (40 - n_threes), *[3] * n_threes))
    estimate = estimate_count(OPEN, found, 250)
    assert (estimate.value, estimate.low, estimate.high, estimate.level) == (1, 1, high, 0.75)
    alone = estimate_count(replace(OPEN, is_main=True), found, 250)  # as under a specification
    assert (alone.high, alone.level) == (3, 0.95)


def test_layers_are_counted_one_by_one() -> None:
    level = Level(counts={"margin": [1, 5, 2]})
    assert estimated_count(level.measurement, MARGIN, "a", 1).value == 5
    assert estimated_share(level.measurement, MARGIN, "a", [0, 2]).value == 0.5
    assert [asked[2] for asked in level.asked] == [1, 0, 2]


def test_the_main_rules_together_give_one_interval() -> None:
    counts = {rule.name: [0, 9] for rule in PANEL} | {"token groups": [0, 3], "plane, log r": [0, 1]}
    estimate = joint_count(Level(counts=counts).measurement, "a", 1)
    assert (estimate.value, estimate.low, estimate.high, estimate.n) == (3, 1, 3, N_TOKENS)


@pytest.mark.parametrize("factor", [3.0, 1 / 3])
def test_the_group_whose_pairs_covary_more_is_group_1(factor: float) -> None:
    level = Level(of_groups(factor))
    expected = GROUPS if factor > 1 else 1 - GROUPS
    assert two_groups(level.measurement, "a", 2).tolist() == expected.tolist()
    assert level.asked == [(("two groups",), "a", 2, ("covariance", "pearson"))]


def test_without_groups_those_that_explain_covariance_best_are_given() -> None:
    covariance = 1 + 0.3 * RNG.normal(size=N_TOKENS)[FIRST] + 0.01 * RNG.normal(size=len(FIRST))
    level = Level({"covariance": covariance, "pearson": np.full(len(FIRST), 0.9)})
    assert set(two_groups(level.measurement, "a", 2).tolist()) == {0, 1}


def test_a_pair_without_a_correlation_does_not_keep_tokens_from_their_groups() -> None:
    pairs = of_groups(3)
    pairs["pearson"][5] = np.nan
    level = Level(pairs)
    assert set(two_groups(level.measurement, "a", 2).tolist()) == {0, 1}
    assert len(clusters_of_pairs(level.measurement, "a", 2)) == len(FIRST)


def test_pairs_of_two_groups_are_in_three_clusters() -> None:
    level = Level(of_groups(3))
    found = clusters_of_pairs(level.measurement, "a", 2)
    sorts = GROUPS[FIRST] + GROUPS[SECOND]
    assert len({(int(sort), int(cluster)) for sort, cluster in zip(sorts, found, strict=True)}) == 3
    assert level.asked == [(("clusters of pairs",), "a", 2, ("covariance", "pearson"))]


def test_where_tokens_show_no_groups_pairs_are_split_by_covariance() -> None:
    covariance = np.where(RNG.random(len(FIRST)) < 0.5, 1.0, 3.0) + 0.05 * RNG.normal(size=len(FIRST))
    level = Level({"covariance": covariance, "pearson": np.full(len(FIRST), 0.9)})
    assert clusters_of_pairs(level.measurement, "a", 2).tolist() == (covariance > 2).astype(int).tolist()


def test_what_was_counted_until_now_is_told_by_layer_and_nothing_more_is_counted() -> None:
    measurement = random_measurement(Specification(n_resamples=10, block_length=1))
    assert counted_layers(measurement, MARGIN, "internal") == {}
    found = {layer: counted(measurement, MARGIN, "internal", layer) for layer in (0, 2, 4)}
    assert counted_layers(measurement, MARGIN, "internal") == found
    assert counted_layers(measurement, MARGIN, "terminal") == {}
    assert counted_layers(measurement, PLANE, "internal") == {}
    assert counted_layers(measurement, replace(MARGIN, is_main=True), "internal") == {}
    other = measurement.respecified(replace(measurement.specification, seed=1))
    assert counted_layers(other, MARGIN, "internal") == {}
    bins = measurement.respecified(replace(measurement.specification, bins=7))
    assert counted_layers(bins, MARGIN, "internal").keys() == found.keys(), "covariance has no bins"


def test_two_groups_of_one_amplitude_are_told_by_their_covariance() -> None:
    """Tokens of two kinds: the pairs inside each covary more than those between, and one kind's most."""
    first, second = GROUPS[FIRST], GROUPS[SECOND]
    for high, low in ((1.0, 0.9), (0.9, 1.0)):
        correlation = np.where(first != second, 0.3, np.where(first == 1, high, low))
        correlation = correlation * np.exp(0.01 * np.random.default_rng(1).normal(size=len(FIRST)))
        level = Level({"covariance": correlation, "pearson": correlation})
        groups = two_groups(level.measurement, "a", 2)
        assert groups.tolist() == (GROUPS if high > low else 1 - GROUPS).tolist()


def test_three_groups_of_tokens_are_given_as_the_two_that_explain_most() -> None:
    sizes = np.repeat([1.0, 1.6, 4.0], 20)
    correlation = 0.9 * np.exp(0.005 * np.random.default_rng(1).normal(size=len(FIRST)))
    covariance = sizes[FIRST] * sizes[SECOND] * correlation
    groups = two_groups(Level({"covariance": covariance, "pearson": correlation}).measurement, "a", 2)
    assert groups.tolist() == [0] * 40 + [1] * 20


def test_pairs_are_in_their_groups_clusters_though_covariance_shows_none() -> None:
    """Louder tokens are as much less alike, so that all pairs covary by the same."""
    sorts = GROUPS[FIRST] + GROUPS[SECOND]
    noise = np.exp(0.01 * np.random.default_rng(1).normal(size=len(FIRST)))
    pearson = np.array([0.9, 0.6, 0.4])[sorts] * noise
    covariance = np.array([1.0, 1.5, 2.25])[sorts] * pearson
    found = clusters_of_pairs(Level({"covariance": covariance, "pearson": pearson}).measurement, "a", 2)
    assert len({*zip(sorts.tolist(), found.tolist(), strict=True)}) == len(set(found.tolist())) == 3
