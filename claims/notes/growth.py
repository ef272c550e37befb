"""What carries the growth of covariance, and what the final norm leaves of it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.diagnostics import covariance_by_dimension, top_share, without_top
from layerclaims.analysis.threads import each_in_threads
from layerclaims.claims.document import DOCUMENT
from layerclaims.claims.notes import HALF
from layerclaims.claims.shared.growth import FIRST
from layerclaims.message import Message, Percent, message
from layerclaims.report.records.evidence import TokenGroups

Floats = NDArray[np.float64]

FEW = 3
"""Dimensions that count as a few: so many are massive in the models in which they were first described."""


def note_growth(measurement: Measurement, _groups: Sequence[TokenGroups]) -> list[Message]:
    """Say what carries the growth of each kind's covariance, and what the final norm leaves of it."""
    notes = []
    for kind in measurement.kinds:
        mean = measurement.profile(kind, "covariance").mean
        if not 0 < mean[FIRST] < mean[-1] or 0 in mean[FIRST:]:  # a level of zeros has no shares
            continue
        notes.append(dimensions_behind_growth(measurement, kind))
        normed = measurement.final_norm_level
        if normed is not None:
            notes.append(final_norm_and_growth(measurement, normed, kind))
    return notes


def dimensions_behind_growth(measurement: Measurement, kind: str) -> Message:
    """Say whether a few massive dimensions carry covariance and its growth."""
    outlier_sd, last = measurement.specification.outlier_sd, measurement.n_layers

    def by_dimension(layer: int) -> Floats:
        return covariance_by_dimension(measurement.activations(kind, layer), outlier_sd=outlier_sd)

    levels = each_in_threads(by_dimension, range(FIRST, last + 1))
    shares = [top_share(level, FEW) for level in levels]
    with_outliers = covariance_by_dimension(measurement.activations(kind, last), outlier_sd=0)
    conclusion, without = _growth_without_few(levels[0], levels[-1])
    return message(
        "{conclusion}: {carried}; {without}. With no outlier dropped, the {few} largest would make {share} "
        "at layer {last}.",
        conclusion=conclusion,
        carried=_carried(shares, len(levels[0]), kind),
        without=without,
        few=FEW,
        share=Percent(share=top_share(with_outliers, FEW)),
        last=last,
    )


def _carried(shares: Sequence[float], n_dimensions: int, kind: str) -> Message:
    """Say what share of the covariance the largest dimensions make, from layer 1 to the last."""
    peak = int(np.argmax(shares))
    return message(
        "the {few} largest of {dimensions} dimensions make {first_share} of what adds up to the mean "
        "covariance of {kind} at layer {first}, {peak_share} at layer {peak}, where it is most, and "
        "{last_share} at layer {last}",
        few=FEW,
        dimensions=n_dimensions,
        first_share=Percent(share=shares[0]),
        kind=DOCUMENT.kind(kind).name,
        first=FIRST,
        peak_share=Percent(share=shares[peak]),
        peak=FIRST + peak,
        last_share=Percent(share=shares[-1]),
        last=FIRST + len(shares) - 1,
    )


def _growth_without_few(first: Floats, last: Floats) -> tuple[Message, Message]:
    """Say whether the growth is that of a few dimensions, and what is left of it without them.

    Parameters
    ----------
    first, last : ndarray of float64, shape (hidden,)
        What each dimension adds to the mean covariance at layer 1 and at the last layer.
    """
    growth = float(last.sum() / first.sum())
    before, after = (without_top(level, FEW) for level in (first, last))
    if min(before, after) <= 0:
        return (
            message("Most of the growth is that of a few dimensions"),
            message("without them the mean covariance is not positive"),
        )
    without = message(
        "without them it grows {without} times instead of {growth}",
        without=float(after / before),
        growth=growth,
    )
    if np.log(after / before) < HALF * np.log(growth):
        return message("Most of the growth is that of a few dimensions"), without
    return message("The growth is not that of a few dimensions"), without


def final_norm_and_growth(measurement: Measurement, normed: Measurement, kind: str) -> Message:
    """Say what the final norm, which transformers' list of hidden states ends with, leaves of the growth."""
    profile = measurement.profile(kind, "covariance")
    before, first = float(profile.mean[-1]), float(profile.mean[FIRST])
    after = float(normed.profile(kind, "covariance").mean[0])
    numbers = message(
        "at the last level mean covariance of {kind} is {before} before the norm and {after} after it, "
        "{growth_before} and {growth_after} times its value at layer {first}",
        kind=DOCUMENT.kind(kind).name,
        before=before,
        after=after,
        growth_before=before / first,
        growth_after=after / first,
        first=FIRST,
    )
    if after <= 0 or np.log(after / first) < HALF * np.log(before / first):
        return message(
            "In the list of hidden states, whose last entry is normed, most growth is undone: {numbers}.",
            numbers=numbers,
        )
    return message(
        "In the list of hidden states, whose last entry is normed, most growth remains: {numbers}.",
        numbers=numbers,
    )
