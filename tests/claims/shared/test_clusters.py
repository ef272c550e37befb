"""Clusters of pairs of commas: their number at a layer, and what is left of them later."""

import pytest

from layerclaims.claims.document import COMMAS, FULL_STOPS
from layerclaims.claims.shared.clusters import (
    ONE_CLUSTER,
    cluster_count,
    clusters_gone,
    clusters_left,
    comma_separation,
)
from layerclaims.decision import Criterion
from layerclaims.message import message
from tests.claims.shared.means import Means

FEW = Criterion("at most", 2, message("for this test"))


def test_clusters_are_counted_at_the_layer_that_stands_for_the_documents() -> None:
    means = Means(n_layers=4, counts={4: 2})
    decision = cluster_count(means.measurement, kind=FULL_STOPS, document_layer=20, criterion=FEW)
    assert decision.supported
    assert decision.parameters == {"kind": FULL_STOPS, "layer": 4}
    assert str(decision.quantity) == "the number of clusters of pairs of full stops at layer 4"
    assert decision.criterion == FEW


@pytest.mark.parametrize(("left", "verdict"), [(1, "supported"), (2, "refuted")])
def test_clusters_are_gone_where_one_is_left(left: int, verdict: str) -> None:
    decision = clusters_gone(Means(counts={1: 3, 3: left}).measurement, document_layer=3)
    assert decision.verdict == verdict
    assert decision.criterion == ONE_CLUSTER
    assert (ONE_CLUSTER.relation, ONE_CLUSTER.bound) == ("exactly", 1)
    assert decision.parameters == {"kind": COMMAS, "layer": 3}


def test_clusters_that_never_were_are_neither_left_nor_gone() -> None:
    decision = clusters_left(Means(counts={3: 2}).measurement, document_layer=3, criterion=FEW)
    assert decision.verdict == "not_applicable"
    assert (str(decision.quantity), decision.parameters) == (
        "the number of clusters at layer 3",
        {"layer": 3},
    )
    assert "form no separate clusters at layer 1" in str(decision.reason)


def test_a_model_without_a_later_layer_has_none_left() -> None:
    means = Means(n_layers=1, counts={1: 3})
    decision = clusters_left(means.measurement, document_layer=20, criterion=FEW)
    assert decision.verdict == "not_applicable"
    assert decision.parameters == {"layer": 1}
    assert "is layer 1 itself" in str(decision.reason)


def test_separation_is_that_of_the_plane_at_the_layer() -> None:
    assert comma_separation(Means(counts={(2, "plane, log r"): 3}).measurement, 2).count == 3
