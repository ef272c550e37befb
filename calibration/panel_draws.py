"""Ask the panel of counting rules about one draw of activations whose groups are known."""

import warnings
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.preprocessing import scale

from layerclaims.analysis.clusters.panel import (
    PANEL,
    Answer,
    MemberCount,
    PairPlane,
    count_estimate,
    count_with_panel,
    joint_answer,
)
from layerclaims.analysis.clusters.plane import symmetric_log
from layerclaims.analysis.pairs.pairwise import pairwise_measures
from layerclaims.analysis.statistics.bootstrap import token_multiplicities

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

N_RESAMPLES = 100
SPLIT_PAIRS = 6000
"""Pairs that the best split is fitted to; a share of 0.95 of them has a standard error of 0.003."""


@dataclass(frozen=True)
class PanelDraw:
    """What the panel says of one draw.

    Attributes
    ----------
    members : tuple of MemberCount
        In the order of `PANEL`; only those of main rules have intervals.
    answers : dict
        Number of clusters asked for, to the panel's joint answer.
    """

    members: tuple[MemberCount, ...]
    answers: dict[int, Answer]

    @property
    def counts(self) -> tuple[int, ...]:
        """The number of clusters that each rule finds in the sample."""
        return tuple(int(member.estimate.value) for member in self.members)


def measure_plane(activations: NDArray[np.floating]) -> PairPlane:
    """Measure all pairs of one layer, of shape (n_tokens, hidden), with the defaults of the claims."""
    measured = pairwise_measures(activations)
    return PairPlane(measured.covariance, measured.pearson, measured.mutual_information)


def draw_answers(
    pairs: PairPlane, n_tokens: int, rng: np.random.Generator, wanted: tuple[int, ...] = (3, 1)
) -> PanelDraw:
    """Count with every rule in the sample, with the main ones in resamples too, and answer.

    The joint answer does not read the intervals of other rules, so they are not resampled.
    """
    sample = np.ones((1, n_tokens))
    members: list[MemberCount] = []
    for rule in PANEL:
        if rule.is_main:
            members += count_with_panel(pairs, token_multiplicities(n_tokens, N_RESAMPLES, rng), [rule])
        else:
            counts = rule.count(pairs, sample)
            members.append(MemberCount(rule, count_estimate(int(counts[0]), counts, n_tokens=n_tokens)))
    return PanelDraw(tuple(members), {number: joint_answer(members, number) for number in wanted})


def is_supported(pairs: PairPlane, n_tokens: int, rng: np.random.Generator, wanted: int) -> bool:
    """Tell whether the panel supports a number; resamples only where the main rules find it in the sample."""
    sample = np.ones((1, n_tokens))
    main = [rule for rule in PANEL if rule.is_main]
    if any(rule.count(pairs, sample)[0] != wanted for rule in main):
        return False
    members = count_with_panel(pairs, token_multiplicities(n_tokens, N_RESAMPLES, rng), main)
    return joint_answer(members, wanted) == "supported"


def best_split(pairs: PairPlane, groups: Integers, rng: np.random.Generator) -> float:
    """Share of pairs that the best straight or curved split of the plane assigns to their true cluster.

    Linear and quadratic discriminants are fitted, with the true clusters known, to log covariance and log r,
    where strips are straight, and to covariance and MI as they are; the best of the four counts.

    Parameters
    ----------
    pairs : PairPlane
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
        np.stack([symmetric_log(pairs.covariance), symmetric_log(pairs.pearson)], axis=1)[chosen],
        np.stack([pairs.covariance, pairs.information], axis=1)[chosen],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a cluster of few pairs has a singular covariance matrix
        return max(
            float(method().fit(plane, labels).score(plane, labels))
            for plane in map(scale, planes)  # scikit-learn's tolerance of rank is absolute
            for method in (LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis)
        )
