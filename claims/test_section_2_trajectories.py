"""Section 2: the clusters' way through the layers.

At the embedding all tokens of a kind are one point, for attention has not acted yet. Past layer 1 the
three clusters of commas blur, and by layers 7, 8 and 9 they are one cloud.
"""

import pytest

from analysis.kinds import KINDS, Kind
from claims.judging import Judge
from claims.rules.clusters import clusters_gone, dissolution_layer
from claims.rules.embedding import kinds_differ, tokens_coincide

embedding_two_points = pytest.mark.claim(
    "embedding-two-points",
    section="2.1",
    statement="At layer 0 all tokens of a kind coincide: 250 commas and 250 full stops make two points.",
)
clusters_dissolve = pytest.mark.claim(
    "clusters-dissolve",
    section="2.2",
    statement="By layers 7, 8 and 9 the clusters of commas have dissolved into one cloud without structure.",
)


@embedding_two_points
@pytest.mark.parametrize("kind", KINDS)
def test_all_tokens_of_a_kind_coincide_at_layer_0(kind: Kind, judge: Judge) -> None:
    decision = judge(tokens_coincide, kind=kind)
    assert decision.supported, decision.message


@embedding_two_points
def test_the_two_kinds_are_two_points_at_layer_0(judge: Judge) -> None:
    decision = judge(kinds_differ)
    assert decision.supported, decision.message


@clusters_dissolve
@pytest.mark.parametrize("document_layer", [7, 8, 9])
def test_commas_are_one_cloud(document_layer: int, judge: Judge) -> None:
    decision = judge(clusters_gone, document_layer=document_layer)
    assert decision.supported, decision.message


@clusters_dissolve
def test_commas_dissolve_a_third_of_the_way(judge: Judge) -> None:
    decision = judge(dissolution_layer)
    assert decision.supported, decision.message
