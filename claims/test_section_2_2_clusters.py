"""Section 2: the clusters' way through the layers.

At the embedding all tokens of a kind are one point, for attention has not acted yet. Past layer 1 the
three clusters of commas persist and blur, by layers 7, 8 and 9 they are one cloud, and deep layers no
longer keep the partition.
"""

import pytest

from layerclaims.analysis.kinds import KINDS, Kind
from layerclaims.claims.judging import Judge
from layerclaims.claims.rules.clusters import (
    clusters_gone,
    clusters_persist,
    dissolution_layer,
    separation_lost,
)
from layerclaims.claims.rules.embedding import (
    kinds_differ,
    mixing_separates,
    positions_decide,
    tokens_coincide,
)
from layerclaims.claims.rules.partition import partition_probed

embedding_two_points = pytest.mark.claim(
    "embedding-two-points",
    section="2.1",
    statement="At layer 0 all tokens of a kind coincide: 250 commas and 250 full stops make two points.",
)
embedding_cause = pytest.mark.claim(
    "embedding-cause",
    section="2.1",
    statement="The tokens coincide at layer 0 because they are the same token at the same position.",
)
clusters_fade = pytest.mark.claim(
    "clusters-fade",
    section="2.2",
    statement="The clusters of commas persist past layer 1 and blur with depth.",
)
clusters_dissolve = pytest.mark.claim(
    "clusters-dissolve",
    section="2.2",
    statement="By layers 7, 8 and 9 the clusters of commas have dissolved into one cloud without structure.",
)
deep_layers_drop_partition = pytest.mark.claim(
    "deep-layers-drop-partition",
    section="2.2",
    statement="Deep layers no longer hold the partition of the commas that layer 1 makes.",
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


@embedding_cause
def test_other_tokens_are_other_points(judge: Judge) -> None:
    decision = judge(mixing_separates)
    assert decision.supported, decision.message


@embedding_cause
def test_other_positions_are_other_points_exactly_where_positions_are_added(judge: Judge) -> None:
    decision = judge(positions_decide)
    assert decision.supported, decision.message


@clusters_fade
def test_clusters_of_commas_persist_halfway_to_layer_7(judge: Judge) -> None:
    decision = judge(clusters_persist)
    assert decision.supported, decision.message


@clusters_fade
def test_clusters_of_commas_blur_up_to_layer_9(judge: Judge) -> None:
    decision = judge(separation_lost)
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


@deep_layers_drop_partition
def test_a_probe_does_not_find_the_partition_in_the_last_third(judge: Judge) -> None:
    decision = judge(partition_probed)
    assert decision.supported, decision.message
