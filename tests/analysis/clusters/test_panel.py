"""The panel of counting rules, against planted groups of tokens."""

import numpy as np
import pytest
from numpy.typing import NDArray

import layerclaims.analysis.clusters.panel
from layerclaims.analysis.clusters.counting import count_clusters
from layerclaims.analysis.clusters.panel import (
    PANEL,
    PLANE,
    PLANE_RULES,
    CountingRule,
    Pairs,
    count_by_rule,
)
from layerclaims.analysis.clusters.token_modes import count_blocks, token_plane
from layerclaims.analysis.statistics.bootstrap import token_weights

N_TOKENS = 120
FIRST, SECOND = np.triu_indices(N_TOKENS, 1)


def plane_of(amplitude: NDArray[np.float64], loading: NDArray[np.float64], *, seed: int = 0) -> Pairs:
    """Pairs of tokens of given log amplitude and log loading, the MI that of Gaussians."""
    noise = 0.01 * np.random.default_rng(seed).normal(size=len(FIRST))
    pearson = np.exp(loading[FIRST] + loading[SECOND] + noise)
    covariance = np.exp(amplitude[FIRST] + amplitude[SECOND]) * pearson
    information = -0.5 * np.log2(1 - pearson**2)
    return {"covariance": covariance, "pearson": pearson, "mutual_information": information}


def strips(rng: np.random.Generator) -> Pairs:
    """Two groups of tokens, louder ones less alike, so that the margins overlap and the plane has strips."""
    louder = np.arange(N_TOKENS) % 2
    loading = -0.35 - 0.12 * louder + 0.08 * rng.normal(size=N_TOKENS)
    return plane_of(0.4 * louder + 0.02 * rng.normal(size=N_TOKENS), np.minimum(loading, -0.05))


def one_strip(rng: np.random.Generator) -> Pairs:
    loading = np.minimum(-0.4 + 0.04 * rng.normal(size=N_TOKENS), -0.05)
    return plane_of(0.05 * rng.normal(size=N_TOKENS), loading)


def resamples(rng: np.random.Generator, number: int = 30) -> NDArray[np.float64]:
    return token_weights(N_TOKENS, number, rng)


def test_strips_that_no_margin_shows_are_three_clusters() -> None:
    rng = np.random.default_rng(1)
    pairs = strips(rng)
    assert count_clusters(pairs["covariance"]) == 1
    found = {rule.name: count_by_rule(rule, pairs, resamples(rng)) for rule in PANEL}
    assert found["margin"].count == 1
    for rule in PANEL:
        if rule.is_main:
            assert found[rule.name].count == 3
            assert set(found[rule.name].resampled_counts) == {3}


def test_a_resample_keeps_the_shallower_valleys_of_the_sample_and_gets_no_new_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = token_weights(N_TOKENS, 100, np.random.default_rng(1))

    def plane_counts(spread: float) -> tuple[int, list[int]]:
        groups = np.where(np.arange(N_TOKENS) % 2, 0.25, -0.25)
        amplitude = groups + spread * np.random.default_rng(5).normal(size=N_TOKENS)
        found = count_by_rule(PLANE, plane_of(amplitude, np.full(N_TOKENS, -0.3)), drawn)
        return found.count, np.bincount(found.resampled_counts.astype(int), minlength=4).tolist()

    near, beyond = plane_counts(0.09), plane_counts(0.105)  # valleys of a little more than 50%, and of less
    assert near == (3, [0, 0, 0, 100])
    monkeypatch.setattr(layerclaims.analysis.clusters.panel, "KEPT_DEPTH", PLANE_RULES.valley_depth)
    assert plane_counts(0.09)[1][3] < 90
    assert plane_counts(0.105) == beyond
    assert beyond[0] == 1


def test_a_resample_has_new_groups_of_tokens_only_where_valleys_are_deeper_than_in_the_sample() -> None:
    rng = np.random.default_rng(12)
    even = 0.3 * rng.uniform(-1, 1, N_TOKENS)  # no groups, but no peak either
    pairs = plane_of(even, -0.4 + 0.02 * rng.normal(size=N_TOKENS))
    drawn = token_weights(N_TOKENS, 100, rng)
    found = count_by_rule(PANEL[0], pairs, drawn)
    as_deep = count_blocks(token_plane(pairs["covariance"], pairs["pearson"]), drawn)
    assert found.count == 1
    assert np.bincount(as_deep, minlength=4).tolist() == [0, 95, 0, 5]
    assert set(found.resampled_counts) == {1}


def test_one_strip_is_one_cluster_for_all_rules() -> None:
    rng = np.random.default_rng(2)
    pairs = one_strip(rng)
    assert [count_by_rule(rule, pairs, resamples(rng)).count for rule in PANEL] == [1] * len(PANEL)


def test_rules_are_named_once_and_some_but_not_all_are_main() -> None:
    assert len({rule.name for rule in PANEL}) == len(PANEL)
    assert 0 < sum(rule.is_main for rule in PANEL) < len(PANEL)
    assert all(rule.description.endswith(".") for rule in PANEL)


def test_only_rules_on_pairs_have_a_separation_index() -> None:
    pairs = strips(np.random.default_rng(3))
    none = np.empty((0, N_TOKENS))
    with_index = [rule.name for rule in PANEL if np.isfinite(count_by_rule(rule, pairs, none).separation)]
    assert with_index == [rule.name for rule in PANEL if "token" not in rule.name]
    assert count_by_rule(PLANE, pairs, none).separation > 0.9


@pytest.mark.parametrize("rule", PANEL, ids=lambda rule: rule.name)
def test_tokens_that_are_all_alike_are_one_cluster(rule: CountingRule) -> None:
    alike = np.ones(len(FIRST))
    undefined = np.full(len(FIRST), np.nan)
    pairs = {"covariance": alike, "pearson": undefined, "mutual_information": alike}
    assert count_by_rule(rule, pairs, resamples(np.random.default_rng(4), 3)).count == 1


def test_measures_of_other_tokens_are_refused() -> None:
    rng = np.random.default_rng(3)
    pairs = {**one_strip(rng), "pearson": np.ones(119 * 118 // 2)}
    with pytest.raises(ValueError, match=r"covariance, pearson are of \[120, 119\] tokens"):
        count_by_rule(PLANE, pairs, resamples(rng))
