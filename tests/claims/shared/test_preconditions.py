"""A presupposition is there, absent, or open; and a model may be too shallow."""

import pytest

from layerclaims.analysis.statistics.estimate import Estimate
from layerclaims.claims.shared.preconditions import (
    PRESUPPOSED,
    missing_depth,
    missing_thirds,
    presupposed_clusters,
    unless_presupposed,
    without_clusters,
)
from layerclaims.decision import Decision, decide, not_applicable
from layerclaims.message import message
from tests.claims.shared.means import Means

ABSENT = message("there are none")
ASKED = message("the assertion's own number")


def presupposed(low: float, high: float) -> Decision:
    return decide(message("the number"), Estimate(low, low, high), PRESUPPOSED, {"layer": 1})


def test_at_least_two_clusters_are_presupposed() -> None:
    assert [presupposed(count, count).verdict for count in (1, 2, 3)] == ["refuted", "supported", "supported"]


def test_clusters_are_presupposed_of_commas_at_layer_1() -> None:
    decision = presupposed_clusters(Means(counts={1: 3, 2: 1}).measurement)
    assert decision.supported
    assert decision.parameters == {"layer": 1}
    assert str(decision.quantity) == "the number of clusters of pairs of commas at layer 1"


def test_where_there_are_no_clusters_at_layer_1_nothing_that_presupposes_them_applies() -> None:
    assert without_clusters(Means(counts={1: 3, 2: 1}).measurement, ASKED) is None
    decision = without_clusters(Means(counts={1: 1, 2: 3}).measurement, ASKED, {"layer": 9})
    reason = message("pairs of commas form no separate clusters at layer 1 to begin with")
    assert decision == not_applicable(ASKED, reason, {"layer": 9})


def test_an_assertion_is_decided_where_its_presupposition_holds() -> None:
    assert unless_presupposed(presupposed(2, 3), ABSENT, ASKED, {}) is None


def test_an_assertion_does_not_apply_where_its_presupposition_is_absent() -> None:
    decision = unless_presupposed(presupposed(1, 1), ABSENT, ASKED, {"layer": 9})
    assert decision == not_applicable(ASKED, ABSENT, {"layer": 9})


def test_an_assertion_whose_presupposition_does_not_apply_does_not_either() -> None:
    open_ = not_applicable(message("the number"), message("no pairs"))
    assert unless_presupposed(open_, ABSENT, ASKED) == not_applicable(ASKED, ABSENT, {})


def test_an_open_presupposition_is_named_and_decides() -> None:
    decision = unless_presupposed(presupposed(1, 3), ABSENT, ASKED, {"layer": 9})
    assert decision is not None
    assert decision.verdict == "inconclusive"
    assert decision.parameters == {"layer": 1}
    assert str(decision.quantity) == "what the claim presupposes, the number,"


@pytest.mark.parametrize(("layer", "is_missing"), [(1, True), (2, False), (3, False)])
def test_a_layer_that_would_be_read_at_layer_1_is_missing(layer: int, is_missing: bool) -> None:
    assert (missing_depth(Means().measurement, layer) is not None) == is_missing


def test_a_model_that_is_too_shallow_is_named_with_both_depths() -> None:
    of_24 = missing_depth(Means(n_layers=1, reference_blocks=24).measurement, 20)
    assert str(of_24) == "with 1 blocks, the document's layer 20 of 24 is layer 1 itself"
    own = missing_depth(Means(n_layers=1).measurement, 20)
    assert str(own) == "with 1 blocks, the document's layer 20 of 1 is layer 1 itself"


@pytest.mark.parametrize(("blocks", "is_missing"), [(2, True), (3, False), (4, False)])
def test_thirds_need_three_blocks(blocks: int, is_missing: bool) -> None:
    reason = missing_thirds(Means(n_layers=blocks).measurement)
    assert (reason is not None) == is_missing
    if reason is not None:
        assert str(reason) == "a model with 2 blocks has no thirds of its depth to compare"
