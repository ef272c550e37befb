"""The panel of counting rules, against planted groups of tokens."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.clusters.counting import count_clusters
from layerclaims.analysis.clusters.panel import (
    PANEL,
    Answer,
    CountingRule,
    MemberCount,
    PairPlane,
    count_estimate,
    count_with_panel,
    joint_answer,
)
from layerclaims.analysis.statistics.bootstrap import token_multiplicities

N_TOKENS = 120
FIRST, SECOND = np.triu_indices(N_TOKENS, 1)


def plane_of(amplitude: NDArray[np.float64], loading: NDArray[np.float64], *, seed: int = 0) -> PairPlane:
    """Pairs of tokens of given log amplitude and log loading, the MI that of Gaussians."""
    noise = 0.01 * np.random.default_rng(seed).normal(size=len(FIRST))
    pearson = np.exp(loading[FIRST] + loading[SECOND] + noise)
    covariance = np.exp(amplitude[FIRST] + amplitude[SECOND]) * pearson
    return PairPlane(covariance, pearson, -0.5 * np.log2(1 - pearson**2))


def strips(rng: np.random.Generator) -> PairPlane:
    """Two groups of tokens, louder ones less alike, so that the margins overlap and the plane has strips."""
    louder = np.arange(N_TOKENS) % 2
    loading = -0.35 - 0.12 * louder + 0.08 * rng.normal(size=N_TOKENS)
    return plane_of(0.4 * louder + 0.02 * rng.normal(size=N_TOKENS), np.minimum(loading, -0.05))


def one_strip(rng: np.random.Generator) -> PairPlane:
    loading = np.minimum(-0.4 + 0.04 * rng.normal(size=N_TOKENS), -0.05)
    return plane_of(0.05 * rng.normal(size=N_TOKENS), loading)


def resamples(rng: np.random.Generator, number: int = 30) -> NDArray[np.float64]:
    return token_multiplicities(N_TOKENS, number, rng)


def member(value: int, low: int, high: int, *, main: bool = True) -> MemberCount:
    rule = CountingRule("rule", "A rule.", lambda _pairs, rows: np.ones(len(rows), np.int64), main)
    return MemberCount(rule, replace(count_estimate(value, np.array([value])), low=low, high=high))


def test_strips_that_no_margin_shows_are_three_clusters() -> None:
    rng = np.random.default_rng(1)
    pairs = strips(rng)
    assert count_clusters(pairs.covariance) == 1
    members = count_with_panel(pairs, resamples(rng))
    found = {each.rule.name: each.estimate.value for each in members}
    assert found["margin"] == 1
    assert found["token groups"] == found["plane, log r"] == 3
    assert joint_answer(members, 3) == "supported"
    assert joint_answer(members, 1) == "inconclusive"  # the margins' rules find one


def test_one_strip_is_one_cluster_for_all_rules() -> None:
    rng = np.random.default_rng(2)
    members = count_with_panel(one_strip(rng), resamples(rng))
    assert [each.estimate.value for each in members] == [1] * len(PANEL)
    assert joint_answer(members, 1) == "supported"
    assert joint_answer(members, 3) == "refuted"


def test_rules_are_named_once_and_some_but_not_all_are_main() -> None:
    assert len({rule.name for rule in PANEL}) == len(PANEL)
    assert 0 < sum(rule.is_main for rule in PANEL) < len(PANEL)
    assert all(rule.description.endswith(".") for rule in PANEL)


def test_ends_of_a_count_are_counts_that_resamples_show() -> None:
    estimate = count_estimate(1, np.array([1] * 97 + [4] * 3))  # interpolated, the upper end would be 2.6
    assert (estimate.value, estimate.low, estimate.high) == (1, 1, 4)
    estimate = count_estimate(3, np.array([1] * 2 + [3] * 98))
    assert (estimate.value, estimate.low, estimate.high) == (3, 3, 3)


@pytest.mark.parametrize("seed", range(5))
def test_every_end_is_a_whole_number(seed: int) -> None:
    rng = np.random.default_rng(seed)
    resampled = rng.integers(1, 5, size=int(rng.integers(1, 60)))
    estimate = count_estimate(2, resampled)
    assert {estimate.low, estimate.high} <= {*resampled.tolist(), 2}


def test_the_interval_holds_the_count_of_the_sample() -> None:
    estimate = count_estimate(3, np.array([1, 1, 1, 2]))
    assert (estimate.low, estimate.high) == (1, 3)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([member(3, 3, 3), member(3, 3, 3), member(1, 1, 1, main=False)], "supported"),
        ([member(3, 3, 3), member(3, 2, 3)], "inconclusive"),
        ([member(3, 3, 3), member(1, 1, 1)], "inconclusive"),
        ([member(1, 1, 3), member(1, 1, 1)], "inconclusive"),
        ([member(1, 1, 2), member(1, 1, 1), member(3, 3, 3, main=False)], "inconclusive"),
        ([member(1, 1, 2), member(2, 2, 2), member(1, 1, 5, main=False)], "refuted"),
    ],
)
def test_joint_answer(members: list[MemberCount], expected: Answer) -> None:
    assert joint_answer(members, 3) == expected


def test_a_panel_without_a_main_rule_gives_no_answer() -> None:
    with pytest.raises(ValueError, match="at least one main rule"):
        joint_answer([member(3, 3, 3, main=False)], 3)


def test_measures_of_other_tokens_are_refused() -> None:
    rng = np.random.default_rng(3)
    pairs = one_strip(rng)
    with pytest.raises(ValueError, match="120, 120, 119"):
        count_with_panel(replace(pairs, information=np.ones(119 * 118 // 2)), resamples(rng))
