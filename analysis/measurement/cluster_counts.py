"""Clusters of pairs at a layer, counted by the panel of rules or by the one that a specification names."""

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.counting import Clusters, cluster_bounds
from layerclaims.analysis.clusters.panel import PANEL, CountingRule, Integers, Pairs, count_by_rule
from layerclaims.analysis.clusters.token_groups import token_groups
from layerclaims.analysis.clusters.tokens.counts import pair_clusters
from layerclaims.analysis.clusters.tokens.splitting import split_tokens
from layerclaims.analysis.clusters.tokens.token_plane import token_plane
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.estimate import (
    LEVEL,
    Estimate,
    exact,
    joint_estimate,
    percentile_estimate,
)

PANEL_RESAMPLES = 100
"""Token resamples in which each main rule counts."""

OPEN_RESAMPLES = 40
"""Those in which a rule counts that can only keep a claim open: an eighth of them decides, not a fortieth."""


def counting_rules(measurement: Measurement) -> tuple[CountingRule, ...]:
    """List the rules that count: the panel, or the specification's one, which then decides alone."""
    counting = measurement.counting
    if counting == "panel":
        return PANEL
    return tuple(replace(rule, is_main=True) for rule in PANEL if rule.name == counting)


def counted(measurement: Measurement, rule: CountingRule, kind: str, layer: int) -> Clusters:
    """Count a kind's clusters of pairs at a layer by a rule, in as many token resamples as it needs."""
    weights = measurement.weights[kind][: n_resamples(rule)]
    return measurement.derived(
        _name(measurement, rule),
        kind,
        layer,
        rule.measures,
        lambda pairs: count_by_rule(rule, pairs, weights),
    )


def counted_layers(measurement: Measurement, rule: CountingRule, kind: str) -> dict[int, Clusters]:
    """Return what a rule has counted of a kind until now, by layer, without counting anything more."""
    name = _name(measurement, rule)
    layers = range(measurement.n_layers + 1)
    return {
        layer: counted(measurement, rule, kind, layer)
        for layer in layers
        if measurement.is_derived(name, kind, layer, rule.measures)
    }


def _name(measurement: Measurement, rule: CountingRule) -> tuple[Hashable, ...]:
    return "counted", rule.name, rule.is_main, *measurement.resampling


def n_resamples(rule: CountingRule) -> int:
    """Give the number of token resamples in which a rule counts."""
    if rule.is_main:
        return PANEL_RESAMPLES
    return 0 if rule.open_level is None else OPEN_RESAMPLES


def estimated_count(measurement: Measurement, rule: CountingRule, kind: str, layer: int) -> Estimate:
    """Estimate the number of clusters at a layer by a rule; see `estimate_count`."""
    return estimate_count(rule, counted(measurement, rule, kind, layer), measurement.n_tokens(kind))


def estimate_count(rule: CountingRule, found: Clusters, n_tokens: int) -> Estimate:
    """Estimate the number of clusters that a rule finds.

    Returns
    -------
    Estimate
        Of a main rule with a 95% interval from token resamples. The other rules only keep a refutation from
        standing, by what they find in the sample or in the central share `open_level` of resamples: among
        several rules and many resamples one shows nearly any small number now and then.
    """
    return _estimate(rule, found.count, found.resampled_counts, n_tokens)


def estimated_share(
    measurement: Measurement, rule: CountingRule, kind: str, layers: Sequence[int]
) -> Estimate:
    """Estimate the share of some layers at which a rule finds several clusters; see `estimate_share`."""
    found = [counted(measurement, rule, kind, layer) for layer in layers]
    return estimate_share(rule, found, measurement.n_tokens(kind))


def estimate_share(rule: CountingRule, found: Sequence[Clusters], n_tokens: int) -> Estimate:
    """Estimate the share of layers at which a rule finds more than one cluster.

    Returns
    -------
    Estimate
        As `estimate_count`. All layers have the same token resamples, so the share is taken in each. One
        cloud splits in a few of a hundred resamples at some layer, and where that layer is one of many it
        moves the share by little; the largest count over the layers would follow it.
    """
    resampled = np.mean([each.resampled_counts > 1 for each in found], axis=0)
    return _estimate(rule, float(np.mean([each.count > 1 for each in found])), resampled, n_tokens)


def _estimate(rule: CountingRule, value: float, resampled: NDArray[np.float64], n_tokens: int) -> Estimate:
    """Give a number the interval that its rule's part in a joint decision asks for."""
    level = LEVEL if rule.is_main else rule.open_level
    if level is None:
        return exact(value, n=n_tokens, method="count in the sample")
    return percentile_estimate(value, resampled, n=n_tokens, is_discrete=True).at_level(level)


def joint_count(measurement: Measurement, kind: str, layer: int) -> Estimate:
    """Estimate the number of clusters at a layer by the main rules together."""
    rules = [rule for rule in counting_rules(measurement) if rule.is_main]
    return joint_estimate([estimated_count(measurement, rule, kind, layer) for rule in rules])


def two_groups(measurement: Measurement, kind: str, layer: int) -> Integers:
    """Split a kind's tokens into the two groups behind its clusters of pairs.

    Returns
    -------
    ndarray of int64, shape (n_tokens,)
        0 or 1; group 1 is the one whose own pairs have the higher mean covariance. The groups that the rule
        on tokens finds, or where it finds another number, those that explain covariance best.
    """

    def split(pairs: Pairs) -> Integers:
        covariance = pairs["covariance"]
        n_tokens = measurement.n_tokens(kind)
        groups = split_tokens(token_plane(covariance, np.nan_to_num(pairs["pearson"])), np.ones(n_tokens))
        if groups.max() != 1:
            return token_groups(covariance, n_tokens)
        sorts = groups[np.stack(np.triu_indices(n_tokens, 1))].sum(axis=0)
        return groups if covariance[sorts == 2].mean() > covariance[sorts == 0].mean() else 1 - groups

    return measurement.derived(("two groups",), kind, layer, ("covariance", "pearson"), split)


def clusters_of_pairs(measurement: Measurement, kind: str, layer: int) -> Integers:
    """Assign each pair to a cluster, from 0: by groups of tokens, or by covariance where they show none."""

    def assign(pairs: Pairs) -> Integers:
        plane = token_plane(pairs["covariance"], np.nan_to_num(pairs["pearson"]))
        clusters = pair_clusters(plane)
        if clusters.any():
            return clusters
        return np.searchsorted(cluster_bounds(pairs["covariance"]), pairs["covariance"])

    return measurement.derived(("clusters of pairs",), kind, layer, ("covariance", "pearson"), assign)
