"""How many clusters the pairs form, how clearly, and what becomes of them with depth."""

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.kinds import MARK_NAMES, Kind
from layerclaims.analysis.measurement.levels import Measure
from layerclaims.analysis.measurement.measurement import DOCUMENT_LAYERS, Clusters, Measurement
from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.decision import Criterion, Decision, decide, not_applicable
from layerclaims.claims.criteria import (
    BLURRED,
    DISSOLUTION_BAND,
    MOSTLY_EARLY,
    ONE_CLUSTER,
    SEVERAL_CLUSTERS,
)
from layerclaims.claims.rules.preconditions import missing_clusters, missing_depth

NAMES: dict[Measure, str] = {"mutual_information": "MI", "covariance": "covariance", "pearson": "Pearson's r"}
HALFWAY = 4  # between layer 1, where the clusters are sharp, and layer 7, where they should be gone
GONE_BY = 9
EARLY = 10

Floats = NDArray[np.float64]


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


def clusters_in_information(measurement: Measurement) -> Decision:
    """Count the clusters of comma MI at layer 1, where covariance has several."""
    reason = missing_clusters(measurement)
    if reason:
        return not_applicable("the number of clusters in the MI of commas at layer 1", reason, {"layer": 1})
    return cluster_count(
        measurement, kind="internal", measure="mutual_information", document_layer=1, criterion=ONE_CLUSTER
    )


def clusters_left(measurement: Measurement, *, document_layer: int, criterion: Criterion) -> Decision:
    """Count the clusters of comma covariance at a layer after the one where they formed."""
    layer = measurement.layer_of(document_layer)
    reason = missing_clusters(measurement) or missing_depth(measurement, document_layer)
    if reason:
        return not_applicable(f"the number of clusters at layer {layer}", reason, {"layer": layer})
    return cluster_count(
        measurement,
        kind="internal",
        measure="covariance",
        document_layer=document_layer,
        criterion=criterion,
    )


def clusters_persist(measurement: Measurement) -> Decision:
    """Count the clusters of comma covariance halfway to the layers where they should be gone."""
    return clusters_left(measurement, document_layer=HALFWAY, criterion=SEVERAL_CLUSTERS)


def clusters_gone(measurement: Measurement, *, document_layer: int) -> Decision:
    """Count the clusters of comma covariance at a layer by which they should have dissolved."""
    return clusters_left(measurement, document_layer=document_layer, criterion=ONE_CLUSTER)


def separation_lost(measurement: Measurement) -> Decision:
    """Measure how much less the separation index is at layer 9 than at layer 1."""
    last = measurement.layer_of(GONE_BY)
    quantity = f"the loss of the separation index of comma covariance from layer 1 to layer {last}"
    reason = missing_clusters(measurement) or missing_depth(measurement, GONE_BY)
    if reason:
        return not_applicable(quantity, reason, {"last_layer": last})
    before, after = (measurement.clusters("internal", "covariance", layer) for layer in (1, last))
    estimate = percentile_estimate(
        before.separation - after.separation,
        before.resampled_separation - after.resampled_separation,
        n=measurement.n_tokens("internal"),
    )
    return decide(quantity, estimate, BLURRED, {"last_layer": last})


def dissolution_layer(measurement: Measurement) -> Decision:
    """Find the layer from which on comma covariance is one cluster, on the document's scale of 24."""
    quantity = "the layer from which on the covariance of commas is one cloud, on a scale of 24 blocks,"
    reason = missing_clusters(measurement)
    if reason:
        return not_applicable(quantity, reason)
    found = _comma_clusters(measurement, measurement.n_layers)
    counts = np.array([layer.count for layer in found])
    resampled = np.stack([layer.resampled_counts for layer in found], axis=1)
    scale = DOCUMENT_LAYERS / measurement.n_layers
    estimate = percentile_estimate(
        float(_first_of_the_end(counts[None])[0] * scale),
        _first_of_the_end(resampled) * scale,
        n=measurement.n_tokens("internal"),
    )
    return decide(quantity, estimate, DISSOLUTION_BAND)


def early_share(measurement: Measurement) -> Decision:
    """Measure the share of the separation index, summed over layers, that falls to the first 10."""
    last = measurement.layer_of(EARLY)
    quantity = f"the share of the separation of comma covariance in layers 1 to {last}"
    reason = missing_clusters(measurement)
    if reason:
        return not_applicable(quantity, reason, {"last_layer": last})
    found = _comma_clusters(measurement, measurement.n_layers)
    index = np.array([layer.separation for layer in found])
    resampled = np.stack([layer.resampled_separation for layer in found], axis=1)
    value, shares = (values[..., :last].sum(axis=-1) / values.sum(axis=-1) for values in (index, resampled))
    estimate = percentile_estimate(float(value), shares, n=measurement.n_tokens("internal"))
    return decide(quantity, estimate, MOSTLY_EARLY, {"last_layer": last})


def clusters_later(measurement: Measurement) -> Decision:
    """Count the clusters of comma covariance at the layer after the first 10 that has most."""
    last = measurement.layer_of(EARLY)
    quantity = f"the largest number of clusters in the covariance of commas past layer {last}"
    reason = missing_clusters(measurement)
    if reason or last == measurement.n_layers:
        return not_applicable(quantity, reason or f"there is no layer past {last}", {"first_layer": last + 1})
    found = _comma_clusters(measurement, measurement.n_layers)[last:]
    estimate = percentile_estimate(
        max(layer.count for layer in found),
        np.max([layer.resampled_counts for layer in found], axis=0),
        n=measurement.n_tokens("internal"),
    )
    return decide(quantity, estimate, ONE_CLUSTER, {"first_layer": last + 1})


def _comma_clusters(measurement: Measurement, last: int) -> list[Clusters]:
    """Find the clusters of comma covariance at layers 1 to ``last``."""
    return [measurement.clusters("internal", "covariance", layer) for layer in range(1, last + 1)]


def _first_of_the_end(counts: NDArray[np.number]) -> Floats:
    """Find the layer after the last one with several clusters; ``counts`` begins at layer 1."""
    several = counts > 1
    last = counts.shape[1] - 1 - several[:, ::-1].argmax(axis=1)
    return np.where(several.any(axis=1), last + 2, 1).astype(np.float64)
