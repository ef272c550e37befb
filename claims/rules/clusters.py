"""How many clusters the pairs form, layer by layer."""

import numpy as np

from analysis.clusters import count_clusters, resampled_cluster_counts
from analysis.decision import Criterion, Decision, decide, not_applicable, percentile_estimate
from analysis.kinds import MARK_NAMES, Kind
from analysis.measurement import CLUSTER_RESAMPLES, DOCUMENT_LAYERS, Measure, Measurement
from claims.criteria import DISSOLUTION_BAND, ONE_CLUSTER

NAMES: dict[Measure, str] = {"mutual_information": "MI", "covariance": "covariance", "pearson": "Pearson's r"}


def cluster_count(
    measurement: Measurement, *, kind: Kind, measure: Measure, document_layer: int, criterion: Criterion
) -> Decision:
    """Count the clusters of a pair measure at the layer that stands for the document's."""
    layer = measurement.layer_of(document_layer)
    return decide(
        f"the number of clusters in the {NAMES[measure]} of {MARK_NAMES[kind]} at layer {layer}",
        measurement.cluster_count(kind, measure, layer),
        criterion,
        {"kind": kind, "measure": measure, "layer": layer},
    )


def missing_clusters(measurement: Measurement) -> str:
    """Say why the clusters of layer 1 have no fate: there are none. Empty where there are some."""
    count = measurement.cluster_count("internal", "covariance", 1)
    if count.low >= 2:
        return ""
    found = f"{count.value:.0f}, interval {count.low:.0f} to {count.high:.0f}"
    return f"the covariance of commas at layer 1 forms no separate clusters to begin with (counted: {found})"


def clusters_gone(measurement: Measurement, *, document_layer: int) -> Decision:
    """Count the clusters of comma covariance at a layer by which they should have dissolved."""
    layer = measurement.layer_of(document_layer)
    reason = missing_clusters(measurement)
    if reason:
        return not_applicable(f"the number of clusters at layer {layer}", reason, {"layer": layer})
    return cluster_count(
        measurement,
        kind="internal",
        measure="covariance",
        document_layer=document_layer,
        criterion=ONE_CLUSTER,
    )


def dissolution_layer(measurement: Measurement) -> Decision:
    """Find the layer from which on comma covariance is one cluster, on the document's scale of 24."""
    quantity = "the layer from which on the covariance of commas is one cloud, on a scale of 24 blocks,"
    reason = missing_clusters(measurement)
    if reason:
        return not_applicable(quantity, reason)
    multiplicities = measurement.multiplicities["internal"][:CLUSTER_RESAMPLES]
    values = [measurement.pairs("internal", layer).covariance for layer in range(1, measurement.n_layers + 1)]
    counts = np.array([count_clusters(layer) for layer in values])
    resampled = np.stack([resampled_cluster_counts(layer, multiplicities) for layer in values], axis=1)
    scale = DOCUMENT_LAYERS / measurement.n_layers
    estimate = percentile_estimate(
        float(_first_of_the_end(counts[None])[0] * scale),
        _first_of_the_end(resampled) * scale,
        unit="",
        n=measurement.n_tokens("internal"),
    )
    return decide(quantity, estimate, DISSOLUTION_BAND)


def _first_of_the_end(counts: np.ndarray) -> np.ndarray:
    """Find the layer after the last one with several clusters; ``counts`` begins at layer 1."""
    several = counts > 1
    last = counts.shape[1] - 1 - several[:, ::-1].argmax(axis=1)
    return np.where(several.any(axis=1), last + 2, 1).astype(np.float64)
