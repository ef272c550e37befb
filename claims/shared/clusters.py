"""Count the clusters of pairs of commas, at one layer and from layer to layer."""

from layerclaims.analysis.clusters.counting import Clusters
from layerclaims.analysis.clusters.panel import PLANE
from layerclaims.analysis.measurement.cluster_counts import counted
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.claims.document import COMMAS, DOCUMENT
from layerclaims.claims.shared.panel import decide_count
from layerclaims.claims.shared.preconditions import missing_depth, without_clusters
from layerclaims.decision import Criterion, Decision, not_applicable
from layerclaims.message import message

ONE_CLUSTER = Criterion("exactly", 1, message("One cloud without structure is one cluster."))


def cluster_count(
    measurement: Measurement, *, kind: str, document_layer: int, criterion: Criterion
) -> Decision:
    """Count the clusters of pairs at the layer that stands for the document's."""
    layer = measurement.layer_of(document_layer)
    quantity = message(
        "the number of clusters of pairs of {kind} at layer {layer}",
        kind=DOCUMENT.kind(kind).name,
        layer=layer,
    )
    return decide_count(measurement, kind, layer, quantity, criterion, {"kind": kind, "layer": layer})


def clusters_left(measurement: Measurement, *, document_layer: int, criterion: Criterion) -> Decision:
    """Count the clusters of pairs of commas at a layer after the one where they formed."""
    layer = measurement.layer_of(document_layer)
    quantity = message("the number of clusters at layer {layer}", layer=layer)
    if reason := missing_depth(measurement, document_layer):
        return not_applicable(quantity, reason, {"layer": layer})
    return without_clusters(measurement, quantity, {"layer": layer}) or cluster_count(
        measurement, kind=COMMAS, document_layer=document_layer, criterion=criterion
    )


def clusters_gone(measurement: Measurement, *, document_layer: int) -> Decision:
    """Count the clusters of pairs of commas at a layer by which they should have dissolved."""
    return clusters_left(measurement, document_layer=document_layer, criterion=ONE_CLUSTER)


def comma_separation(measurement: Measurement, layer: int) -> Clusters:
    """Measure the separation of the clusters of pairs of commas in the plane of covariance and dependence."""
    return counted(measurement, PLANE, COMMAS, layer)
