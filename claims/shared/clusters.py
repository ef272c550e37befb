"""Count the clusters of pairs, at one layer and from layer to layer."""

from layerclaims.analysis.measurement.measurement import Clusters, Measurement
from layerclaims.claims.document import COMMAS, DOCUMENT
from layerclaims.claims.shared.preconditions import missing_depth, without_clusters
from layerclaims.decision import Criterion, Decision, decide, not_applicable
from layerclaims.message import message

ONE_CLUSTER = Criterion("exactly", 1, message("One cloud without structure is one cluster."))
MEASURE_NAMES = {"mutual_information": message("MI"), "covariance": message("covariance")}


def cluster_count(
    measurement: Measurement, *, kind: str, measure: str, document_layer: int, criterion: Criterion
) -> Decision:
    """Count the clusters of a pair measure at the layer that stands for the document's."""
    layer = measurement.layer_of(document_layer)
    quantity = message(
        "the number of clusters in the {measure} of {kind} at layer {layer}",
        measure=MEASURE_NAMES[measure],
        kind=DOCUMENT.kind(kind).name,
        layer=layer,
    )
    count = measurement.cluster_count(kind, measure, layer)
    return decide(quantity, count, criterion, {"kind": kind, "measure": measure, "layer": layer})


def clusters_left(measurement: Measurement, *, document_layer: int, criterion: Criterion) -> Decision:
    """Count the clusters of comma covariance at a layer after the one where they formed."""
    layer = measurement.layer_of(document_layer)
    quantity = message("the number of clusters at layer {layer}", layer=layer)
    if reason := missing_depth(measurement, document_layer):
        return not_applicable(quantity, reason, {"layer": layer})
    return without_clusters(measurement, quantity, {"layer": layer}) or cluster_count(
        measurement, kind=COMMAS, measure="covariance", document_layer=document_layer, criterion=criterion
    )


def clusters_gone(measurement: Measurement, *, document_layer: int) -> Decision:
    """Count the clusters of comma covariance at a layer by which they should have dissolved."""
    return clusters_left(measurement, document_layer=document_layer, criterion=ONE_CLUSTER)


def comma_clusters(measurement: Measurement) -> list[Clusters]:
    """Find the clusters of comma covariance at every layer from 1 on."""
    return [measurement.clusters(COMMAS, "covariance", layer) for layer in range(1, measurement.n_layers + 1)]
