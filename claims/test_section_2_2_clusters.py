"""Section 2.2: past layer 1 the clusters of commas persist and blur, then dissolve into one cloud.

By layers 7, 8 and 9 they are one cloud, and deep layers no longer keep the partition.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.clusters.probe import area_under_curve, probe_scores
from layerclaims.analysis.clusters.token_groups import token_groups
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.claim import Claim, figure
from layerclaims.claims.document import COMMAS, DOCUMENT, LAST_LAYER
from layerclaims.claims.shared.clusters import clusters_gone, clusters_left, comma_clusters
from layerclaims.claims.shared.preconditions import missing_depth, missing_thirds, without_clusters
from layerclaims.decision import Criterion, Decision, Parameter, decide, not_applicable
from layerclaims.judging import Judge
from layerclaims.message import message

clusters_fade = Claim(
    DOCUMENT,
    id="clusters-fade",
    section="2.2",
    statement=message("The clusters of commas persist past layer 1 and blur with depth."),
    figures=(figure("clusters", measure="covariance", first=1, last=9),),
)
clusters_dissolve = Claim(
    DOCUMENT,
    id="clusters-dissolve",
    section="2.2",
    statement=message(
        "By layers 7, 8 and 9 the clusters of commas have dissolved into one cloud without structure."
    ),
    figures=(
        figure("histograms", measure="covariance", layers=(1, 3, 5, 7, 8, 9)),
        figure("clusters", measure="covariance", first=7, last=9),
    ),
)
deep_layers_drop_partition = Claim(
    DOCUMENT,
    id="deep-layers-drop-partition",
    section="2.2",
    statement=message("Deep layers no longer hold the partition of the commas that layer 1 makes."),
    figures=(figure("pair_sorts", measure="covariance", kind=COMMAS, layers=(1, 16, LAST_LAYER)),),
)

HALFWAY = 4  # between layer 1, where the clusters are sharp, and layer 7, where they should be gone
GONE_BY = 9

SEVERAL_CLUSTERS = Criterion(
    "at least",
    2,
    message("To persist halfway to layer 7 is to be more than one cloud still; some may have merged."),
)
BLURRED = Criterion(
    "at least",
    0.5,
    message(
        "The index runs from 1, nothing between two clusters, to 0, one mode, and clusters count as separate "
        "from 0.5 on: to lose half of the scale takes the clearest clusters to the edge of being one."
    ),
)
DISSOLUTION_BAND = Criterion(
    "within",
    6,
    message(
        "The document says around layers 7, 8 and 9, judged by eye; one layer either side allows for the eye."
    ),
    upper=10,
)
PARTITION_LOST = Criterion(
    "at most",
    0.65,
    message(
        "Chance is 0.5. With 250 tokens chance alone reaches up to 0.65 with its interval; a probe that does "
        "better than that finds something of the partition."
    ),
)


def clusters_persist(measurement: Measurement) -> Decision:
    """Count the clusters of comma covariance halfway to the layers where they should be gone."""
    return clusters_left(measurement, document_layer=HALFWAY, criterion=SEVERAL_CLUSTERS)


def separation_lost(measurement: Measurement) -> Decision:
    """Measure how much less the separation index is at layer 9 than at layer 1."""
    last = measurement.layer_of(GONE_BY)
    quantity = message(
        "the loss of the separation index of comma covariance from layer 1 to layer {layer}", layer=last
    )
    if reason := missing_depth(measurement, GONE_BY):
        return not_applicable(quantity, reason, {"last_layer": last})
    if undecided := without_clusters(measurement, quantity, {"last_layer": last}):
        return undecided
    before, after = (measurement.clusters(COMMAS, "covariance", layer) for layer in (1, last))
    estimate = percentile_estimate(
        before.separation - after.separation,
        before.resampled_separation - after.resampled_separation,
        n=measurement.n_tokens(COMMAS),
    )
    return decide(quantity, estimate, BLURRED, {"last_layer": last})


def dissolution_layer(measurement: Measurement) -> Decision:
    """Find the layer from which on comma covariance is one cluster, on the document's scale of layers."""
    n_blocks = measurement.reference_blocks or measurement.n_layers
    quantity = message(
        "the layer from which on the covariance of commas is one cloud, on a scale of {blocks} blocks,",
        blocks=n_blocks,
    )
    if undecided := without_clusters(measurement, quantity):
        return undecided
    found = comma_clusters(measurement)
    counts = np.array([layer.count for layer in found])
    resampled = np.stack([layer.resampled_counts for layer in found], axis=1)
    scale = n_blocks / measurement.n_layers
    estimate = percentile_estimate(
        float(_first_layer_of_one_cluster(counts[None])[0] * scale),
        _first_layer_of_one_cluster(resampled) * scale,
        n=measurement.n_tokens(COMMAS),
        is_count=True,
    )
    return decide(quantity, estimate, DISSOLUTION_BAND)


def _first_layer_of_one_cluster(counts: NDArray[np.number]) -> NDArray[np.float64]:
    """Find the layer after the last one with several clusters; ``counts`` begins at layer 1."""
    several = counts > 1
    last = counts.shape[1] - 1 - several[:, ::-1].argmax(axis=1)
    return np.where(several.any(axis=1), last + 2, 1).astype(np.float64)


def partition_probed(measurement: Measurement) -> Decision:
    """Measure how well a linear probe finds layer 1's groups of commas, on average over the last third."""
    last = measurement.n_layers
    first = last - last // 3 + 1
    quantity = message(
        "the mean area under the curve of a probe for layer 1's groups at layers {first} to {last}",
        first=first,
        last=last,
    )
    parameters: dict[str, Parameter] = {"first_layer": first, "last_layer": last}
    if reason := missing_thirds(measurement):
        return not_applicable(quantity, reason, parameters)
    if undecided := without_clusters(measurement, quantity, parameters):
        return undecided
    n_tokens = measurement.n_tokens(COMMAS)
    labels = token_groups(measurement.values(COMMAS, "covariance", 1), n_tokens)
    # Row 0 is the sample itself.
    weights = np.vstack([np.ones(n_tokens), measurement.multiplicities[COMMAS]])
    areas = []
    for layer in range(first, last + 1):
        rng = np.random.default_rng([measurement.specification.seed, layer])
        scores = probe_scores(measurement.activations(COMMAS, layer), labels, rng)
        areas.append(area_under_curve(scores, labels, weights))
    mean = np.mean(areas, axis=0)
    estimate = percentile_estimate(float(mean[0]), mean[1:], n=n_tokens)
    return decide(quantity, estimate, PARTITION_LOST, parameters)


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
