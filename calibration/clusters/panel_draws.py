"""Ask the panel of counting rules about one draw of activations whose groups are known."""

import warnings
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.preprocessing import scale

from layerclaims.analysis.clusters.panel import PANEL, CountingRule, Pairs, count_by_rule
from layerclaims.analysis.clusters.plane import symmetric_log
from layerclaims.analysis.measurement.cluster_counts import PANEL_RESAMPLES, estimate_count, n_resamples
from layerclaims.analysis.pairs.pairwise import pairwise_measures
from layerclaims.analysis.statistics.bootstrap import token_weights
from layerclaims.counting_rules import RULE_NAMES
from layerclaims.decision import Criterion, Finding, Verdict, decide_jointly
from layerclaims.message import Message

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SPLIT_PAIRS = 6000
"""Pairs that the best split is fitted to; a share of 0.95 of them has a standard error of 0.003."""


@dataclass(frozen=True)
class PanelDraw:
    """What the panel says of one draw.

    Attributes
    ----------
    findings : tuple of Finding
        In the order of `PANEL`.
    answers : dict
        Number of clusters asked for, to the panel's verdict.
    """

    findings: tuple[Finding, ...]
    answers: dict[int, Verdict]

    @property
    def counts(self) -> tuple[int, ...]:
        """The number of clusters that each rule finds in the sample."""
        return tuple(int(finding.estimate.value) for finding in self.findings)


def measure_plane(activations: NDArray[np.floating]) -> Pairs:
    """Measure all pairs of one layer, of shape (n_tokens, hidden), with the defaults of the claims."""
    measured = pairwise_measures(activations)
    return {
        "covariance": measured.covariance,
        "pearson": measured.pearson,
        "mutual_information": measured.mutual_information,
    }


def draw_answers(
    pairs: Pairs, n_tokens: int, rng: np.random.Generator, wanted: tuple[int, ...] = (3, 1)
) -> PanelDraw:
    """Count with every rule and decide, as claims do."""
    resamples = token_weights(n_tokens, PANEL_RESAMPLES, rng)
    findings = tuple(_find(rule, pairs, resamples) for rule in PANEL)
    return PanelDraw(findings, {number: _verdict(findings, number) for number in wanted})


def is_supported(pairs: Pairs, n_tokens: int, rng: np.random.Generator, wanted: int) -> bool:
    """Tell whether the panel supports a number; resamples only where the main rules find it in the sample."""
    none = np.empty((0, n_tokens))
    main = [rule for rule in PANEL if rule.is_main]
    if any(count_by_rule(rule, pairs, none).count != wanted for rule in main):
        return False
    resamples = token_weights(n_tokens, PANEL_RESAMPLES, rng)
    return _verdict(tuple(_find(rule, pairs, resamples) for rule in main), wanted) == "supported"


def _find(rule: CountingRule, pairs: Pairs, resamples: Floats) -> Finding:
    found = count_by_rule(rule, pairs, resamples[: n_resamples(rule)])
    return Finding(RULE_NAMES[rule.name], rule.is_main, estimate_count(rule, found, resamples.shape[1]))


def _verdict(findings: tuple[Finding, ...], wanted: int) -> Verdict:
    criterion = Criterion("exactly", wanted, Message(text="The number that is asked for."))
    return decide_jointly(Message(text="the number of clusters"), findings, criterion).verdict


def best_split(pairs: Pairs, groups: Integers, rng: np.random.Generator) -> float:
    """Share of pairs that the best straight or curved split of the plane assigns to their true cluster.

    Linear and quadratic discriminants are fitted, with the true clusters known, to log covariance and log r,
    where strips are straight, and to covariance and MI as they are; the best of the four counts.

    Parameters
    ----------
    pairs : mapping
        Measure to its values of all pairs.
    groups : ndarray of int64, shape (n_tokens,)
        Each unordered pair of groups is a cluster.
    rng : numpy.random.Generator
        Chooses `SPLIT_PAIRS` of the pairs.

    Returns
    -------
    float
        0 to 1.
    """
    first, second = np.triu_indices(len(groups), 1)
    number = int(groups.max()) + 1
    codes = {pair: code for code, pair in enumerate(combinations_with_replacement(range(number), 2))}
    chosen = rng.permutation(len(first))[:SPLIT_PAIRS]
    low = np.minimum(groups[first], groups[second])[chosen]
    high = np.maximum(groups[first], groups[second])[chosen]
    labels = np.array([codes[pair] for pair in zip(low.tolist(), high.tolist(), strict=True)])
    planes = (
        np.stack([symmetric_log(pairs["covariance"]), symmetric_log(pairs["pearson"])], axis=1)[chosen],
        np.stack([pairs["covariance"], pairs["mutual_information"]], axis=1)[chosen],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a cluster of few pairs has a singular covariance matrix
        return max(
            float(method().fit(plane, labels).score(plane, labels))
            for plane in map(scale, planes)  # scikit-learn's tolerance of rank is absolute
            for method in (LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis)
        )
