"""What the clusters of commas stand for, and what of them a linear probe finds later."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.probe import GAP, fewest_probed, probe_areas
from layerclaims.analysis.clusters.token_groups import PURE
from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.measurement.cluster_counts import joint_count
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.dependence import longest_overlap
from layerclaims.claims.document import COMMAS
from layerclaims.claims.shared.growth import FIRST
from layerclaims.message import Message, Percent, message
from layerclaims.report.records.evidence import TokenGroups

Floats = NDArray[np.float64]

FOUND = 0.05
"""Largest share of shifted labels that reach a probe's area where its groups count as found."""


def note_cluster_origin(measurement: Measurement, groups: Sequence[TokenGroups]) -> list[Message]:
    """Say whether clusters of comma pairs stand for kinds of commas."""
    count = joint_count(measurement, COMMAS, FIRST)
    counted = message(
        "{count} (95% interval {low} to {high})",
        count=round(count.value),
        low=round(count.low),
        high=round(count.high),
    )
    record = next((group for group in groups if group.kind == COMMAS), None)
    if record is None or record.purity is None:
        return [
            message(
                "The clusters of comma pairs at layer {layer} number {counted}: there are none "
                "to be read as kinds of commas.",
                layer=FIRST,
                counted=counted,
            )
        ]
    placed = message(
        "two groups of {first} and {second} commas predict the cluster of {share} of the pairs, and the "
        "clusters number {counted}",
        first=record.sizes[0],
        second=record.sizes[1],
        share=Percent(share=record.purity),
        counted=counted,
    )
    if record.purity >= PURE and count.value <= 3:
        return [message("Clusters of pairs are not kinds of commas: {placed}.", placed=placed)]
    return [
        message(
            "Two kinds of commas are not enough to explain the clusters of pairs: {placed}.", placed=placed
        )
    ]


def note_partition_probe(measurement: Measurement, groups: Sequence[TokenGroups]) -> list[Message]:
    """Say whether a linear probe finds layer 1's groups of commas in deep layers, however they differ."""
    record = next((group for group in groups if group.kind == COMMAS), None)
    last = measurement.n_layers
    layers = range(last - last // 3 + 1, last + 1)
    gap = _probe_gap(measurement)
    if record is None or not layers or measurement.n_tokens(COMMAS) < fewest_probed(gap):
        return []
    order = np.argsort(measurement.positions.get(COMMAS, np.arange(measurement.n_tokens(COMMAS))))
    labels = np.array(record.labels)[order]
    try:
        areas = probe_areas((measurement.activations(COMMAS, layer)[order] for layer in layers), labels, gap)
    except UndefinedResultError:
        return []
    chance = float((areas >= areas[0]).mean())
    numbers = message(
        "the mean area under its curve at layers {first} to {last} is {area}, and {chance} of the shifts of "
        "the labels along the text reach as much",
        first=layers[0],
        last=last,
        area=float(areas[0]),
        chance=Percent(share=chance),
    )
    if chance <= FOUND:
        return [
            message(
                "A linear probe still finds layer 1's two groups of commas in deep layers: {numbers}. "
                "That is a trace in some direction, not a partition of covariance.",
                numbers=numbers,
            )
        ]
    return [
        message(
            "A linear probe does not find layer 1's two groups of commas in deep layers: {numbers}.",
            numbers=numbers,
        )
    ]


def _probe_gap(measurement: Measurement) -> int:
    """Count the commas beside a tested one to which the probe is not fitted, since their windows overlap."""
    if measurement.reach is None or COMMAS not in measurement.positions:
        return GAP
    return max(1, longest_overlap(measurement.positions[COMMAS], measurement.reach, 0))
