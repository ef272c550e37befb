"""A panel of rules that count the clusters of pairs, and the answer that they give together.

No single rule decides. The margin of covariance misses strips that the plane shows; the plane may show more
than one number of clumps where it is cut along the clearest direction; groups of tokens may be there though
their pairs blur. docs/cluster-methods.md has each rule's errors and says why two of them are main.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.counting import RULES, resampled_clusters
from layerclaims.analysis.clusters.mode_kernels import Rules
from layerclaims.analysis.clusters.plane import clearest_projection, symmetric_log
from layerclaims.analysis.clusters.token_modes import count_blocks, count_mixture, token_plane
from layerclaims.analysis.pairs.pair_values import count_tokens
from layerclaims.analysis.statistics.estimate import LEVEL, Estimate

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Answer = Literal["supported", "refuted", "inconclusive"]

SHALLOW = Rules(valley_depth=0.3, min_share=0.002, min_pairs=0, carrier_share=0.016, max_carried=0.79)
"""Valleys of 30%, and clusters down to the pairs within a tenth of the tokens, also in their resamples.

These hold as few as 11 different ones of 25 tokens, 4 of which take part in 73% of the pairs, and 0.2% of all
pairs. Up to five odd tokens of 250 are no cluster: 4 of them take part in 80% of their pairs or more.
"""


@dataclass(frozen=True)
class PairPlane:
    """The measures of all pairs of n tokens at one layer, in the order of ``numpy.triu_indices(n, 1)``.

    Attributes
    ----------
    covariance : ndarray of float64, shape (n_pairs,)
        In squared units of the activations.
    pearson : ndarray of float64, shape (n_pairs,)
    information : ndarray of float64, shape (n_pairs,)
        Mutual information, in bits.
    """

    covariance: Floats
    pearson: Floats
    information: Floats


@dataclass(frozen=True)
class CountingRule:
    """A member of the panel.

    Attributes
    ----------
    name, description : str
        What the rule counts; the description is a sentence.
    count : callable
        From the pairs and multiplicities of shape (n_resamples, n_tokens) to counts of shape (n_resamples,).
    is_main : bool
        Whether a claim needs this rule's agreement to be supported.
    """

    name: str
    description: str
    count: Callable[[PairPlane, Floats], Integers]
    is_main: bool = False


@dataclass(frozen=True)
class MemberCount:
    """What one rule finds: the count in the sample with its interval, a whole number each."""

    rule: CountingRule
    estimate: Estimate


def _margin(rules: Rules) -> Callable[[PairPlane, Floats], Integers]:
    def count(pairs: PairPlane, multiplicities: Floats) -> Integers:
        return resampled_clusters(pairs.covariance, multiplicities, rules=rules)[0]

    return count


def _projection(rules: Rules, *, information: bool = False) -> Callable[[PairPlane, Floats], Integers]:
    def count(pairs: PairPlane, multiplicities: Floats) -> Integers:
        dependence = pairs.information if information else symmetric_log(pairs.pearson)
        projected = clearest_projection(symmetric_log(pairs.covariance), dependence, rules)
        return resampled_clusters(projected, multiplicities, rules=rules)[0]

    return count


def _token_groups(pairs: PairPlane, multiplicities: Floats) -> Integers:
    return count_blocks(token_plane(pairs.covariance, pairs.pearson), multiplicities)


def _token_mixture(pairs: PairPlane, multiplicities: Floats) -> Integers:
    return count_mixture(token_plane(pairs.covariance, pairs.pearson), multiplicities)


PANEL: tuple[CountingRule, ...] = (
    CountingRule(
        "token groups",
        "Groups of tokens along log amplitude and log loading; their blocks of pairs that do not overlap.",
        _token_groups,
        is_main=True,
    ),
    CountingRule(
        "plane, log r",
        "Modes along the clearest of 24 directions of the plane of log covariance and log r, valleys of 30%.",
        _projection(SHALLOW),
        is_main=True,
    ),
    CountingRule(
        "token mixture",
        "Gaussian components of the tokens, one to three by BIC; their blocks of pairs that do not overlap.",
        _token_mixture,
    ),
    CountingRule(
        "plane, log r, deep valleys",
        "Modes along the clearest of 24 directions of that plane, valleys of 50%, clusters of 1% of pairs.",
        _projection(RULES),
    ),
    CountingRule(
        "plane, MI",
        "Modes along the clearest of 24 directions of the plane of log covariance and MI, valleys of 30%.",
        _projection(SHALLOW, information=True),
    ),
    CountingRule(
        "margin", "Modes of covariance, valleys of 50% and clusters of 1% of the pairs.", _margin(RULES)
    ),
    CountingRule("margin, shallow valleys", "Modes of covariance, valleys of 30%.", _margin(SHALLOW)),
    CountingRule(
        "margin, narrow bandwidth",
        "Modes of covariance at three quarters of the usual bandwidth.",
        _margin(RULES._replace(bandwidth=0.45)),
    ),
    CountingRule(
        "margin, wide bandwidth",
        "Modes of covariance at one and a half times the usual bandwidth.",
        _margin(RULES._replace(bandwidth=0.9)),
    ),
)


def count_estimate(count: int, resampled: Integers, *, n_tokens: int = 0) -> Estimate:
    """Make an estimate of a count whose interval has whole numbers as its ends.

    Parameters
    ----------
    count : int
        In the sample itself.
    resampled : ndarray of int64, shape (n_resamples,)
        In token resamples.
    n_tokens : int
        Behind the count.

    Returns
    -------
    Estimate
        In clusters. The ends are counts that resamples show, percentiles of the inverted distribution without
        interpolation, widened to hold ``count``.

    References
    ----------
    Hyndman and Fan (1996), Sample quantiles in statistical packages, The American Statistician 50, type 1.
    """
    tail = (1 - LEVEL) / 2
    low, high = (int(end) for end in np.quantile(resampled, [tail, 1 - tail], method="inverted_cdf"))
    return Estimate(count, min(low, count), max(high, count), "clusters", n_tokens, "token bootstrap")


def count_with_panel(
    pairs: PairPlane, multiplicities: Floats, rules: Sequence[CountingRule] = PANEL
) -> tuple[MemberCount, ...]:
    """Let every rule count the clusters of the pairs.

    Parameters
    ----------
    pairs : PairPlane
    multiplicities : ndarray of float64, shape (n_resamples, n_tokens)
        Token resamples, from `analysis.statistics.bootstrap.token_multiplicities`.
    rules : sequence of CountingRule

    Returns
    -------
    tuple of MemberCount
        One for each rule, in their order.

    Raises
    ------
    ValueError
        If the measures are not finite or are not those of all pairs of the same tokens.
    """
    sizes = [count_tokens(values) for values in (pairs.covariance, pairs.pearson, pairs.information)]
    if set(sizes) != {multiplicities.shape[1]}:
        raise ValueError(
            f"covariance, r, MI and multiplicities are of {sizes} and {multiplicities.shape[1]} tokens"
        )
    with_sample = np.concatenate([np.ones((1, sizes[0])), multiplicities])
    found = []
    for rule in rules:
        counts = rule.count(pairs, with_sample)
        found.append(MemberCount(rule, count_estimate(int(counts[0]), counts[1:], n_tokens=sizes[0])))
    return tuple(found)


def joint_answer(members: Sequence[MemberCount], wanted: int) -> Answer:
    """Say what the panel as a whole says about a number of clusters.

    Supported where every main rule finds the number in the sample and over its whole interval. Refuted where
    no rule at all finds it in the sample and no main rule finds it anywhere in its interval. A minor rule's
    interval does not keep a claim open: among several rules and hundreds of resamples, one shows nearly any
    small number now and then.

    Parameters
    ----------
    members : sequence of MemberCount
        At least one of a main rule.
    wanted : int

    Returns
    -------
    {"supported", "refuted", "inconclusive"}

    Raises
    ------
    ValueError
        If no rule is main.
    """
    main = [member.estimate for member in members if member.rule.is_main]
    if not main:
        raise ValueError("a panel needs at least one main rule")
    if all(estimate.low == estimate.high == wanted for estimate in main):
        return "supported"
    found_by_any = any(member.estimate.value == wanted for member in members)
    if found_by_any or any(estimate.low <= wanted <= estimate.high for estimate in main):
        return "inconclusive"
    return "refuted"
