"""A number of clusters is decided by all rules, and a share of layers by few of them."""

import pytest

from layerclaims.analysis.clusters.panel import PANEL
from layerclaims.claims.document import COMMAS
from layerclaims.claims.shared.panel import decide_count, decide_share
from layerclaims.counting_rules import RULE_NAMES
from layerclaims.decision import Criterion, Decision
from layerclaims.message import message
from tests.claims.shared.means import N_TOKENS, Means

THREE = Criterion("exactly", 3, message("for this test"))
MAIN = ["groups of tokens", "plane of log covariance and log r"]


def decided(means: Means, layer: int) -> Decision:
    return decide_count(means.measurement, COMMAS, layer, message("the number"), THREE, {"layer": layer})


def test_every_rule_has_its_name() -> None:
    assert list(RULE_NAMES) == [rule.name for rule in PANEL]
    assert len({str(name) for name in RULE_NAMES.values()}) == len(PANEL)


def test_at_one_layer_every_rule_counts_and_the_main_ones_support() -> None:
    decision = decided(Means(counts={2: 3, (2, "margin"): 1}), 2)
    assert decision.supported
    assert [str(found.rule) for found in decision.findings] == [str(RULE_NAMES[rule.name]) for rule in PANEL]
    assert [str(found.rule) for found in decision.findings if found.is_main] == MAIN
    assert [found.estimate.value for found in decision.findings].count(1) == 1
    assert decision.parameters == {"layer": 2}
    assert decision.estimate is not None
    assert (decision.estimate.value, decision.estimate.n) == (3, N_TOKENS)


@pytest.mark.parametrize(("name", "verdict"), [("token groups", "inconclusive"), ("margin", "inconclusive")])
def test_one_rule_that_finds_the_number_keeps_a_refutation_from_standing(name: str, verdict: str) -> None:
    assert decided(Means(), 2).verdict == "refuted"
    assert decided(Means(counts={(2, name): 3}), 2).verdict == verdict


def test_over_several_layers_the_main_rules_and_the_margin_find_the_share_with_several_clusters() -> None:
    half = Criterion("at most", 0.5, message("for this test"))
    means = Means(counts={1: 2, 2: 3, 3: 1, 4: 1, (1, "margin"): 1})
    decision = decide_share(means.measurement, COMMAS, [1, 2, 3, 4], message("the share"), half, {})
    assert decision.supported
    assert [str(found.rule) for found in decision.findings] == [*MAIN, "covariance alone"]
    assert [found.estimate.value for found in decision.findings] == [0.5, 0.5, 0.25]


def test_a_rule_that_a_specification_names_decides_alone() -> None:
    (found,) = decided(Means(counting="margin", counts={2: 3}), 2).findings
    assert (str(found.rule), found.is_main) == ("covariance alone", True)
