"""The panel of counting rules, against planted groups of tokens."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

import layerclaims.analysis.clusters.panel
from layerclaims.analysis.clusters.counting import RULES, find_clusters, resampled_clusters
from layerclaims.analysis.clusters.mode_rules import Rules
from layerclaims.analysis.clusters.panel import (
    PANEL,
    PLANE,
    PLANE_RULES,
    SHALLOW,
    CountingRule,
    Pairs,
    count_by_rule,
)
from layerclaims.analysis.clusters.plane import clearest_projection, symmetric_log
from layerclaims.analysis.clusters.tokens.counts import count_blocks, count_mixture
from layerclaims.analysis.clusters.tokens.rules import TOKEN_RULES
from layerclaims.analysis.clusters.tokens.token_plane import token_plane
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
    assert find_clusters(pairs["covariance"]).n_clusters == 1
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


def rule_named(name: str) -> CountingRule:
    (found,) = (rule for rule in PANEL if rule.name == name)
    return found


def test_each_rule_has_its_name_its_part_and_its_measures() -> None:
    covariance, both = ("covariance",), ("covariance", "pearson")
    assert [(rule.name, rule.is_main, rule.open_level, rule.measures) for rule in PANEL] == [
        ("token groups", True, None, both),
        ("plane, log r", True, None, both),
        ("token mixture", False, None, both),
        ("token groups, shallow valleys", False, 0.75, both),
        ("plane, log r, shallow valleys", False, None, both),
        ("plane, MI", False, None, ("covariance", "mutual_information")),
        ("margin", False, None, covariance),
        ("margin, shallow valleys", False, None, covariance),
        ("margin, narrow bandwidth", False, None, covariance),
        ("margin, wide bandwidth", False, None, covariance),
    ]
    assert len({rule.description for rule in PANEL}) == len(PANEL)


def test_the_rules_are_those_that_were_calibrated() -> None:
    shallow = Rules(
        bandwidth=0.6, valley_depth=0.3, min_share=0.002, min_pairs=0, carrier_share=0.016, max_carried=0.79
    )
    assert shallow == SHALLOW
    assert shallow._replace(valley_depth=0.5, min_pairs=30) == PLANE_RULES


ONE = np.ones((1, N_TOKENS))


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("margin", RULES),
        ("margin, shallow valleys", SHALLOW),
        ("margin, narrow bandwidth", RULES._replace(bandwidth=0.45)),
        ("margin, wide bandwidth", RULES._replace(bandwidth=0.9)),
    ],
)
def test_a_margin_is_counted_by_its_own_rules(name: str, rules: Rules) -> None:
    counts = set()
    for distance in (2.5, 3.1, 3.5, 3.9, 4.4):
        rng = np.random.default_rng(7)
        values = rng.normal(size=len(FIRST)) + distance * rng.integers(2, size=len(FIRST))
        drawn = resamples(rng, 3)
        found = count_by_rule(rule_named(name), {"covariance": values}, drawn)
        expected = resampled_clusters(values, np.concatenate([ONE, drawn]), rules=rules)
        assert [found.count, *found.resampled_counts] == expected[0].tolist()
        assert [found.separation, *found.resampled_separation] == expected[1].tolist()
        counts.add(found.count)
    assert counts == {1, 2}


@pytest.mark.parametrize(
    ("name", "measure", "rules"),
    [
        ("plane, log r", "pearson", PLANE_RULES),
        ("plane, log r, shallow valleys", "pearson", SHALLOW),
        ("plane, MI", "mutual_information", PLANE_RULES),
    ],
)
def test_a_plane_is_counted_along_its_clearest_direction_by_its_own_rules(
    name: str, measure: str, rules: Rules
) -> None:
    counts = set()
    for spread in (0.02, 0.08, 0.12, 0.16):
        rng = np.random.default_rng(8)
        groups = np.where(np.arange(N_TOKENS) % 2, 0.25, -0.25)
        pairs = plane_of(groups + spread * rng.normal(size=N_TOKENS), -0.4 + 0.03 * rng.normal(size=N_TOKENS))
        drawn = resamples(rng, 6)
        found = count_by_rule(rule_named(name), pairs, drawn)
        dependence = pairs[measure] if measure == "mutual_information" else symmetric_log(pairs[measure])
        along = clearest_projection(symmetric_log(pairs["covariance"]), dependence, rules)
        rows = np.concatenate([ONE, drawn])
        fewest, separations = resampled_clusters(along, rows, rules=rules)
        most, _ = resampled_clusters(along, rows, rules=rules._replace(valley_depth=0.3))
        assert found.count == fewest[0]
        assert found.resampled_counts.tolist() == np.clip(fewest[0], fewest, most)[1:].tolist()
        assert [found.separation, *found.resampled_separation] == separations.tolist()
        counts.add(found.count)
    assert len(counts) > 1


def blurred(seed: int, spread: float) -> Pairs:
    """Two groups of tokens that touch: some resamples show a valley between them that the sample lacks."""
    rng = np.random.default_rng(seed)
    groups = np.where(np.arange(N_TOKENS) % 2, 0.25, -0.25)
    amplitude = groups + spread * rng.normal(size=N_TOKENS)
    return plane_of(amplitude, -0.4 + 0.05 * rng.normal(size=N_TOKENS))


def test_groups_of_tokens_are_new_in_a_resample_by_deeper_valleys_or_as_deep_ones() -> None:
    # Tokens lie evenly; resamples that hold ever fewer of the middle ones have ever deeper valleys.
    level = np.linspace(-0.4, 0.4, N_TOKENS)
    pairs = plane_of(level, -0.4 + 0.02 * np.cos(5.0 * np.arange(N_TOKENS)))
    drawn = np.where(np.abs(level) < 0.12, np.array([[1.0], [0.5], [0.3], [0.2], [0.1]]), 1.0)
    plane = token_plane(pairs["covariance"], pairs["pearson"])
    assert count_blocks(plane, drawn).tolist() == [1, 1, 3, 3, 3]
    found = count_by_rule(rule_named("token groups"), pairs, drawn)
    assert (found.count, found.resampled_counts.tolist()) == (1, [1, 1, 1, 3, 3])
    loose = count_by_rule(rule_named("token groups, shallow valleys"), pairs, drawn)
    assert (loose.count, loose.resampled_counts.tolist()) == (3, [3] * 5)
    assert loose.count > count_blocks(plane, ONE, TOKEN_RULES._replace(valley_depth=0.4, max_overlap=0.2))


def test_the_shallow_rule_takes_new_groups_by_valleys_as_deep_as_the_samples() -> None:
    level = 0.2 * norm.ppf((np.arange(N_TOKENS) + 0.5) / N_TOKENS)
    pairs = plane_of(level, -0.4 + 0.02 * np.cos(5.0 * np.arange(N_TOKENS)))
    # Between these weights the counts change, at which one hangs on the last bits that a processor computes.
    drawn = np.where(np.abs(level) < 0.14, np.array([[0.5], [0.2], [0.05]]), 1.0)
    loose = count_by_rule(rule_named("token groups, shallow valleys"), pairs, drawn)
    assert (loose.count, loose.resampled_counts.tolist()) == (3, [3, 5, 9])


@pytest.mark.parametrize(("step", "clusters"), [(0.2, 3), (0.3, 1)])
def test_the_shallow_rule_lets_blocks_overlap_by_a_fifth_and_no_more(step: float, clusters: int) -> None:
    rng = np.random.default_rng(0)
    level = np.where(np.arange(N_TOKENS) % 2, step, 0)
    pearson = np.exp(-0.8 + 0.01 * rng.normal(size=len(FIRST)))
    spread = step - 0.1  # the wider step has the wider blocks, which overlap by a little more than a fifth
    covariance = np.exp(level[FIRST] + level[SECOND] + spread * rng.normal(size=len(FIRST))) * pearson
    pairs = {"covariance": covariance, "pearson": pearson}
    assert count_by_rule(rule_named("token groups, shallow valleys"), pairs, ONE).count == clusters
    assert count_by_rule(rule_named("token groups"), pairs, ONE).count == 1


def test_a_mixture_is_counted_in_every_resample() -> None:
    pairs, drawn = blurred(0, 0.05), resamples(np.random.default_rng(0), 5)
    found = count_by_rule(rule_named("token mixture"), pairs, drawn)
    plane = token_plane(pairs["covariance"], pairs["pearson"])
    assert [found.count, *found.resampled_counts] == count_mixture(
        plane, np.concatenate([ONE, drawn])
    ).tolist()
    assert found.count == 3


@pytest.mark.parametrize("rule", PANEL, ids=lambda rule: rule.name)
def test_a_pair_without_a_value_counts_as_one_without_dependence(rule: CountingRule) -> None:
    pairs = strips(np.random.default_rng(3))
    undefined = {name: np.where(FIRST == 4, np.nan, values) for name, values in pairs.items()}
    zeros = {name: np.where(FIRST == 4, 0.0, values) for name, values in pairs.items()}
    drawn = resamples(np.random.default_rng(0), 4)
    one, other = (count_by_rule(rule, found, drawn) for found in (undefined, zeros))
    assert one.count == other.count
    np.testing.assert_array_equal(one.resampled_counts, other.resampled_counts)
    np.testing.assert_array_equal(one.separation, other.separation)
