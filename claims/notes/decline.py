"""Whether the bins make the decline of mutual information."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.diagnostics import compare_declines, crowded_share
from layerclaims.analysis.statistics.trends import sixth_of
from layerclaims.claims.document import DOCUMENT
from layerclaims.claims.notes import HALF
from layerclaims.claims.shared.growth import FIRST
from layerclaims.decision import measured
from layerclaims.message import Message, Percent, message
from layerclaims.report.records.evidence import TokenGroups

Floats = NDArray[np.float64]

STRETCH = 0.02
"""Smallest change of the crowded share that is mentioned: a dozen dimensions of the smallest models."""


def note_bins_behind_decline(measurement: Measurement, _groups: Sequence[TokenGroups]) -> list[Message]:
    """Say of each kind whether MI falls because a few dimensions stretch the range of the bins."""
    other = replace(measurement.specification, estimator="equal_frequency")
    equal_frequency = measurement.respecified(other)
    return [bins_behind_decline(measurement, equal_frequency, kind) for kind in measurement.kinds]


def bins_behind_decline(measurement: Measurement, equal_frequency: Measurement, kind: str) -> Message:
    """Compare the decline of mean MI with the one that bins of equal frequency show."""
    decline = compare_declines(
        measurement.profile(kind, "mutual_information"),
        equal_frequency.profile(kind, "mutual_information"),
        n_tokens=measurement.n_tokens(kind),
    )
    numbers = message(
        "mean MI of {kind} in the last sixth of the layers, relative to the earlier ones, is {equal_width} "
        "with equal-width bins, and {equal_frequency} with equal-frequency bins, which no range can stretch",
        kind=DOCUMENT.kind(kind).name,
        equal_width=measured(decline.equal_width),
        equal_frequency=measured(decline.equal_frequency),
    )
    if decline.left is None:
        conclusion = message("There is no clear decline for the bins to explain: {numbers}.", numbers=numbers)
    elif decline.left.high < HALF:
        conclusion = message("Most of the decline is made by the bins: {numbers}.", numbers=numbers)
    elif decline.left.low >= HALF:
        conclusion = message("The decline is not made by the bins: {numbers}.", numbers=numbers)
    else:
        conclusion = message(
            "How much of the decline is made by the bins stays open: {numbers}.", numbers=numbers
        )
    return message("{first} {second}", first=conclusion, second=_crowding(measurement, kind))


def _crowding(measurement: Measurement, kind: str) -> Message:
    """Say whether deep layers stretch an activation's range more than early ones."""
    early, late = _crowded_shares(measurement, kind)
    shares = {"early": Percent(share=early), "late": Percent(share=late)}
    if abs(late - early) < STRETCH:
        return message(
            "The share of dimensions that crowd into one third of an activation's range stays at {late}: "
            "deep layers stretch the range no more than early ones.",
            late=shares["late"],
        )
    if late > early:
        return message(
            "The share of dimensions that crowd into one third of an activation's range rises from {early} "
            "to {late}: deep layers stretch the range more than early ones.",
            **shares,
        )
    return message(
        "The share of dimensions that crowd into one third of an activation's range falls from {early} to "
        "{late}: deep layers stretch the range no more than early ones.",
        **shares,
    )


def _crowded_shares(measurement: Measurement, kind: str) -> tuple[float, float]:
    """Average the crowded share over the first and the last sixth of the layers."""
    sixth = sixth_of(measurement.n_layers)
    ends = (range(FIRST, FIRST + sixth), range(measurement.n_layers + 1 - sixth, measurement.n_layers + 1))
    outlier_sd = measurement.specification.outlier_sd
    early, late = (
        float(
            np.mean([crowded_share(measurement.activations(kind, k), outlier_sd=outlier_sd) for k in layers])
        )
        for layers in ends
    )
    return early, late
