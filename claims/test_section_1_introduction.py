"""Section 1: at layer 1 covariance tells kinds of commas apart, and MI hardly does.

The document begins where its first part ended: at layer 1 the covariance of comma pairs falls into
three separate clusters, that of full stops does not, and the MI of comma pairs is one cloud.
"""

import pytest

from layerclaims.analysis.kinds import Kind
from layerclaims.claims.criteria import ONE_CLUSTER, THREE_CLUSTERS
from layerclaims.claims.judging import Judge
from layerclaims.claims.rules.clusters import cluster_count, clusters_in_information

layer1_three_clusters = pytest.mark.claim(
    "layer1-three-clusters",
    section="1",
    statement="At layer 1 the covariance of pairs of commas falls into three separate clusters, that of "
    "full stops into one.",
)
layer1_mi_one_cloud = pytest.mark.claim(
    "layer1-mi-one-cloud",
    section="1",
    statement="MI at layer 1 hardly shows the clusters of commas: there it is one cloud.",
)


@layer1_three_clusters
@pytest.mark.parametrize("kind", ["internal"])
def test_commas_fall_into_three_clusters_at_layer_1(kind: Kind, judge: Judge) -> None:
    decision = judge(
        cluster_count, kind=kind, measure="covariance", document_layer=1, criterion=THREE_CLUSTERS
    )
    assert decision.supported, decision.message


@layer1_three_clusters
@pytest.mark.parametrize("kind", ["terminal"])
def test_full_stops_stay_together_at_layer_1(kind: Kind, judge: Judge) -> None:
    decision = judge(cluster_count, kind=kind, measure="covariance", document_layer=1, criterion=ONE_CLUSTER)
    assert decision.supported, decision.message


@layer1_mi_one_cloud
def test_information_of_commas_is_one_cloud_at_layer_1(judge: Judge) -> None:
    decision = judge(clusters_in_information)
    assert decision.supported, decision.message
