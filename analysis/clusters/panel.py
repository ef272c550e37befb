"""A panel of rules that count the clusters of pairs.

No single rule decides. The margin of covariance misses strips that the plane shows; the plane may show more
than one number of clumps where it is cut along the clearest direction; groups of tokens may be there though
their pairs blur. docs/cluster-methods.md has each rule's errors and says why two of them are main.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.counting import RULES, Clusters, resampled_clusters
from layerclaims.analysis.clusters.mode_rules import Rules
from layerclaims.analysis.clusters.plane import clearest_projection, symmetric_log
from layerclaims.analysis.clusters.tokens.counts import count_blocks, count_mixture
from layerclaims.analysis.clusters.tokens.rules import TOKEN_RULES, TokenRules
from layerclaims.analysis.clusters.tokens.token_plane import token_plane
from layerclaims.analysis.pairs.pair_values import count_tokens

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Pairs: TypeAlias = Mapping[str, Floats]
"""Measures of all pairs of n tokens at one layer by name, in the order of ``numpy.triu_indices(n, 1)``."""
Counted: TypeAlias = tuple[Integers, Floats | None]
"""Number of clusters in each resample, and their separation index where the rule has one."""

SHALLOW = Rules(valley_depth=0.3, min_share=0.002, min_pairs=0, carrier_share=0.016, max_carried=0.79)
"""Valleys of 30%, and clusters down to the pairs within a tenth of the tokens, also in their resamples.

These hold as few as 11 different ones of 25 tokens, 4 of which take part in 73% of the pairs, and 0.2% of all
pairs. Up to five odd tokens of 250 are no cluster: 4 of them take part in 80% of their pairs or more.
"""
PLANE_RULES = SHALLOW._replace(valley_depth=0.5, min_pairs=30)
"""The same with deep valleys: along the clearest of many directions one cloud shows shallow ones."""

KEPT_DEPTH = 0.3
"""Depth of a valley below which a resample has lost a cluster of the sample's.

A resample has the noise of the sample and as much again, so a valley that is 50% deep or little more in the
sample is shallower in many of them. New clusters must be as far apart as in the sample.
"""


EFFECTIVE_SHARE = 0.5
"""Kish's effective share of the tokens in a resample: new groups need valleys as deep as half of the
tokens would (`TokenRules.valley_depth`)."""


@dataclass(frozen=True)
class CountingRule:
    """A member of the panel.

    Attributes
    ----------
    name, description : str
        What the rule counts; the description is a sentence.
    count : callable
        From the pairs and multiplicities of shape (n_resamples, n_tokens) to counts of shape (n_resamples,)
        and their separation indices, `None` for rules on tokens.
    measures : tuple of str
        The pair measures that it reads.
    is_main : bool
        Whether a claim needs this rule's agreement to be supported.
    open_level : float or None
        Of a rule that is not main: the central share of its resamples that must not reach a number before a
        claim that asks for it is refuted. `None` for rules of which the count in the sample is enough.
    """

    name: str
    description: str
    count: Callable[[Pairs, Floats], Counted]
    measures: tuple[str, ...] = ("covariance", "pearson")
    is_main: bool = False
    open_level: float | None = None


def _margin(rules: Rules) -> Callable[[Pairs, Floats], Counted]:
    def count(pairs: Pairs, multiplicities: Floats) -> Counted:
        return resampled_clusters(pairs["covariance"], multiplicities, rules=rules)

    return count


def _projection(rules: Rules, *, information: bool = False) -> Callable[[Pairs, Floats], Counted]:
    def count(pairs: Pairs, multiplicities: Floats) -> Counted:
        dependence = pairs["mutual_information"] if information else symmetric_log(pairs["pearson"])
        projected = clearest_projection(symmetric_log(pairs["covariance"]), dependence, rules)
        counts, separations = resampled_clusters(projected, multiplicities, rules=rules)
        fewer = counts < counts[0]  # the first row is the sample
        if fewer.any() and rules.valley_depth > KEPT_DEPTH:
            kept = rules._replace(valley_depth=KEPT_DEPTH)
            most, _ = resampled_clusters(projected, multiplicities[fewer], rules=kept)
            counts[fewer] = np.clip(counts[0], counts[fewer], most)
        return counts, separations

    return count


def _token_groups(rules: TokenRules, *, new_as_deep: bool = False) -> Callable[[Pairs, Floats], Counted]:
    deeper = rules._replace(valley_depth=1 - (1 - rules.valley_depth) * math.sqrt(EFFECTIVE_SHARE))

    def count(pairs: Pairs, multiplicities: Floats) -> Counted:
        plane = token_plane(pairs["covariance"], pairs["pearson"])
        counts = count_blocks(plane, multiplicities, rules)
        more = counts > counts[0]  # the first row is the sample
        if more.any() and not new_as_deep:
            counts[more] = np.maximum(counts[0], count_blocks(plane, multiplicities[more], deeper))
        return counts, None

    return count


def _token_mixture(pairs: Pairs, multiplicities: Floats) -> Counted:
    return count_mixture(token_plane(pairs["covariance"], pairs["pearson"]), multiplicities), None


PLANE = CountingRule(
    "plane, log r",
    "Modes along the clearest of 24 directions of the plane of log covariance and log r, valleys of 50%.",
    _projection(PLANE_RULES),
    is_main=True,
)
MARGIN = CountingRule(
    "margin",
    "Modes of covariance, valleys of 50% and clusters of 1% of the pairs.",
    _margin(RULES),
    ("covariance",),
)
PANEL: tuple[CountingRule, ...] = (
    CountingRule(
        "token groups",
        "Groups of tokens along log amplitude and log loading; their blocks of pairs that do not overlap.",
        _token_groups(TOKEN_RULES),
        is_main=True,
    ),
    PLANE,
    CountingRule(
        "token mixture",
        "Gaussian components of the tokens, one to three by BIC; their blocks of pairs that do not overlap.",
        _token_mixture,
    ),
    CountingRule(
        "token groups, shallow valleys",
        "Groups of tokens with valleys of 20% between them; blocks of pairs may overlap by 20%.",
        _token_groups(TOKEN_RULES._replace(valley_depth=0.2, max_overlap=0.2), new_as_deep=True),
        open_level=0.75,
    ),
    CountingRule(
        "plane, log r, shallow valleys",
        "Modes along the clearest of 24 directions of that plane, valleys of 30%.",
        _projection(SHALLOW),
    ),
    CountingRule(
        "plane, MI",
        "Modes along the clearest of 24 directions of the plane of log covariance and MI, valleys of 50%.",
        _projection(PLANE_RULES, information=True),
        ("covariance", "mutual_information"),
    ),
    MARGIN,
    CountingRule(
        "margin, shallow valleys",
        "Modes of covariance, valleys of 30%.",
        _margin(SHALLOW),
        ("covariance",),
    ),
    CountingRule(
        "margin, narrow bandwidth",
        "Modes of covariance at three quarters of the usual bandwidth.",
        _margin(RULES._replace(bandwidth=0.45)),
        ("covariance",),
    ),
    CountingRule(
        "margin, wide bandwidth",
        "Modes of covariance at one and a half times the usual bandwidth.",
        _margin(RULES._replace(bandwidth=0.9)),
        ("covariance",),
    ),
)


def count_by_rule(rule: CountingRule, pairs: Pairs, multiplicities: Floats) -> Clusters:
    """Count the clusters of the pairs by one rule, in the sample and in token resamples.

    Parameters
    ----------
    rule : CountingRule
    pairs : mapping
        At least the rule's measures. Where one is undefined for a pair, as r is for a token that does not
        vary, the pair counts as one without dependence: 0.
    multiplicities : ndarray of float64, shape (n_resamples, n_tokens)
        Token resamples, from `analysis.statistics.bootstrap.token_weights`; may be none.

    Returns
    -------
    Clusters

    Raises
    ------
    ValueError
        If a measure is not that of all pairs of the tokens.
    """
    n_tokens = multiplicities.shape[1]
    defined = {name: np.where(np.isnan(pairs[name]), 0.0, pairs[name]) for name in rule.measures}
    sizes = [count_tokens(values) for values in defined.values()]
    if set(sizes) != {n_tokens}:
        raise ValueError(f"{', '.join(rule.measures)} are of {sizes} tokens, the resamples of {n_tokens}")
    counts, separations = rule.count(defined, np.concatenate([np.ones((1, n_tokens)), multiplicities]))
    if separations is None:
        separations = np.full(len(counts), np.nan)
    return Clusters(int(counts[0]), counts[1:].astype(np.float64), float(separations[0]), separations[1:])
