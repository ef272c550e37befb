"""Section 1: at layer 1 covariance tells kinds of commas apart, and MI hardly does.

The document begins where its first part ended: at layer 1 the covariance of comma pairs falls into
three separate clusters, that of full stops does not, and the MI of comma pairs is one cloud.
"""

import pytest

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.claim import Claim, Judge, figure
from layerclaims.claims.document import COMMAS, DOCUMENT, FULL_STOPS
from layerclaims.claims.notes.clusters import note_cluster_origin
from layerclaims.claims.shared.clusters import ONE_CLUSTER, cluster_count
from layerclaims.claims.shared.preconditions import without_clusters
from layerclaims.decision import Criterion, Decision, decide
from layerclaims.message import message

layer1_three_clusters = Claim(
    DOCUMENT,
    id="layer1-three-clusters",
    section="1",
    statement=message(
        "At layer 1 the covariance of pairs of commas falls into three separate clusters, that of full stops "
        "into one."
    ),
    figures=(
        figure("plane", layer=1),
        figure("pair_sorts", measure="covariance", kind=COMMAS, layers=(1,)),
        figure("token_groups", kind=COMMAS),
    ),
    notes=(note_cluster_origin,),
)
layer1_mi_one_cloud = Claim(
    DOCUMENT,
    id="layer1-mi-one-cloud",
    section="1",
    statement=message("MI at layer 1 hardly shows the clusters of commas: there it is one cloud."),
    figures=(figure("histograms", measure="mutual_information", layers=(1,)),),
)

THREE_CLUSTERS = Criterion("exactly", 3, message("The document counts three separate clusters."))


def clusters_in_information(measurement: Measurement) -> Decision:
    """Count the clusters of comma MI at layer 1, where pairs have several in its plane with covariance."""
    quantity = message("the number of clusters in the MI of commas at layer 1")
    if undecided := without_clusters(measurement, quantity, {"layer": 1}):
        return undecided
    count = measurement.cluster_count(COMMAS, "mutual_information", 1)
    return decide(quantity, count, ONE_CLUSTER, {"layer": 1})


@layer1_three_clusters
@pytest.mark.parametrize("kind", [COMMAS])
def test_commas_fall_into_three_clusters_at_layer_1(kind: str, judge: Judge) -> None:
    decision = judge(cluster_count, kind=kind, document_layer=1, criterion=THREE_CLUSTERS)
    assert decision.supported, decision.message


@layer1_three_clusters
@pytest.mark.parametrize("kind", [FULL_STOPS])
def test_full_stops_stay_together_at_layer_1(kind: str, judge: Judge) -> None:
    decision = judge(cluster_count, kind=kind, document_layer=1, criterion=ONE_CLUSTER)
    assert decision.supported, decision.message


@layer1_mi_one_cloud
def test_information_of_commas_is_one_cloud_at_layer_1(judge: Judge) -> None:
    decision = judge(clusters_in_information)
    assert decision.supported, decision.message
