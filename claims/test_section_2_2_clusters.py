"""Section 2.2: past layer 1 the clusters of commas persist and blur, then dissolve into one cloud.

By layers 7, 8 and 9 they are one cloud, and deep layers no longer keep the partition.
"""

import numpy as np
import pytest

from layerclaims.analysis.clusters.partition import explained_share
from layerclaims.analysis.clusters.plane import symmetric_log
from layerclaims.analysis.measurement.cluster_counts import two_groups
from layerclaims.analysis.measurement.measurement import CLUSTER_RESAMPLES, Measurement
from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.claim import Claim, Judge, figure
from layerclaims.claims.document import COMMAS, DOCUMENT, LAST_LAYER
from layerclaims.claims.notes.clusters import note_partition_probe
from layerclaims.claims.shared.clusters import clusters_gone, clusters_left, comma_separation
from layerclaims.claims.shared.preconditions import missing_depth, missing_thirds, without_clusters
from layerclaims.decision import Criterion, Decision, Parameter, decide, not_applicable
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
    notes=(note_partition_probe,),
)

HALFWAY = 4  # between layer 1, where the clusters are sharp, and layer 7, where they should be gone
STILL_THERE = 5
GONE_BY = 9

SEVERAL_CLUSTERS = Criterion(
    "at least",
    2,
    message("To persist halfway to layer 7 is to be more than one cloud still; some may have merged."),
)
NOT_GONE_BEFORE = Criterion(
    "at least",
    2,
    message(
        "Clusters that dissolve around layers 7, 8 and 9, as the document says, are still there at layer 5; "
        "layer 6 is left open, for the document judged by eye."
    ),
)
BLURRED = Criterion(
    "at least",
    0.5,
    message(
        "The index runs from 1, nothing between two clusters, to 0, one mode, and clusters count as separate "
        "from 0.5 on: to lose half of the scale takes the clearest clusters to the edge of being one."
    ),
)
PARTITION_LOST = Criterion(
    "at most",
    0.1,
    message(
        "Separate clusters explain two thirds of the variance of pairs and more. A tenth is what groups "
        "explain whose clusters of pairs lie half a standard deviation apart: that is one cloud."
    ),
)


def clusters_persist(measurement: Measurement) -> Decision:
    """Count the clusters of pairs of commas halfway to the layers where they should be gone."""
    return clusters_left(measurement, document_layer=HALFWAY, criterion=SEVERAL_CLUSTERS)


def separation_lost(measurement: Measurement) -> Decision:
    """Measure how much less the separation index is at layer 9 than at layer 1."""
    last = measurement.layer_of(GONE_BY)
    quantity = message(
        "the loss of the separation index of pairs of commas from layer 1 to layer {layer}", layer=last
    )
    if reason := missing_depth(measurement, GONE_BY):
        return not_applicable(quantity, reason, {"last_layer": last})
    if undecided := without_clusters(measurement, quantity, {"last_layer": last}):
        return undecided
    before, after = (comma_separation(measurement, layer) for layer in (1, last))
    estimate = percentile_estimate(
        before.separation - after.separation,
        before.resampled_separation - after.resampled_separation,
        n=measurement.n_tokens(COMMAS),
    )
    return decide(quantity, estimate, BLURRED, {"last_layer": last})


def clusters_not_gone_before(measurement: Measurement) -> Decision:
    """Count the clusters of pairs of commas at layer 5, from which on they may dissolve."""
    return clusters_left(measurement, document_layer=STILL_THERE, criterion=NOT_GONE_BEFORE)


def partition_kept(measurement: Measurement) -> Decision:
    """Measure how much of covariance layer 1's groups of commas explain, on average over the last third.

    Covariance is taken on a logarithmic scale, on which a token's amplitude adds to all its pairs.
    """
    last = measurement.n_layers
    first = last - last // 3 + 1
    quantity = message(
        "the share of the variance of log covariance that layer 1's groups of commas explain, on average at "
        "layers {first} to {last},",
        first=first,
        last=last,
    )
    parameters: dict[str, Parameter] = {"first_layer": first, "last_layer": last}
    if reason := missing_thirds(measurement):
        return not_applicable(quantity, reason, parameters)
    if undecided := without_clusters(measurement, quantity, parameters):
        return undecided
    n_tokens = measurement.n_tokens(COMMAS)
    labels = two_groups(measurement, COMMAS, 1)
    # Row 0 is the sample itself.
    weights = np.vstack([np.ones(n_tokens), measurement.multiplicities[COMMAS][:CLUSTER_RESAMPLES]])
    shares = [
        explained_share(symmetric_log(measurement.values(COMMAS, "covariance", layer)), labels, weights)
        for layer in range(first, last + 1)
    ]
    mean = np.mean(shares, axis=0)
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
@pytest.mark.parametrize("document_layer", [GONE_BY])
def test_commas_are_one_cloud(document_layer: int, judge: Judge) -> None:
    decision = judge(clusters_gone, document_layer=document_layer)
    assert decision.supported, decision.message


@clusters_dissolve
def test_commas_are_not_one_cloud_long_before(judge: Judge) -> None:
    decision = judge(clusters_not_gone_before)
    assert decision.supported, decision.message


@deep_layers_drop_partition
def test_the_groups_of_layer_1_do_not_explain_covariance_in_the_last_third(judge: Judge) -> None:
    decision = judge(partition_kept)
    assert decision.supported, decision.message
