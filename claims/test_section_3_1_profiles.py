"""Section 3.1: over the layers mean MI slides down while mean covariance grows tens of times."""

import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.trends import spearman, theil_sen
from layerclaims.claim import Claim, TrendNull, figure
from layerclaims.claims.document import DOCUMENT, KINDS
from layerclaims.claims.notes import note_bins_behind_decline, note_growth
from layerclaims.claims.shared.growth import (
    CHANGE,
    FIRST,
    TENFOLD,
    covariance_growth,
    growth_margin,
    mean_profiles,
)
from layerclaims.claims.shared.preconditions import missing_thirds
from layerclaims.claims.shared.resampled import decide_resampled
from layerclaims.decision import Criterion, Decision, not_applicable
from layerclaims.judging import Judge
from layerclaims.message import message

Floats = NDArray[np.float64]

FALLING = Criterion(
    "at most",
    -CHANGE,
    message(
        "To slide down is to lose at least a tenth: less than that is how much one layer differs from the "
        "next."
    ),
)
LOWER_THAN_BEFORE = Criterion(
    "at most",
    1 - CHANGE,
    message("The last third is lower by at least a tenth, for the same reason as the slope."),
)
OPPOSITE = Criterion(
    "at most",
    -0.5,
    message(
        "Profiles that run against each other have a clearly negative rank correlation; two profiles that "
        "wobble independently over 24 layers reach -0.5 once in a hundred cases."
    ),
)


def relative_slope(profile: Floats) -> Floats:
    """Return the change over all layers (last axis) by the median slope, relative to the mean."""
    return np.asarray(theil_sen(profile) * (profile.shape[-1] - 1) / profile.mean(axis=-1))


def last_third_ratio(profile: Floats) -> Floats:
    """Divide the mean of the last third of the layers by that of the first; layers are the last axis."""
    third = profile.shape[-1] // 3
    return np.asarray(profile[..., -third:].mean(axis=-1) / profile[..., :third].mean(axis=-1))


def decline_margin(information: Floats) -> Floats:
    """Tell how far mean MI lies inside the criteria of its decline, by the least of kinds and criteria."""
    margins = [
        FALLING.margin(relative_slope(information)),
        LOWER_THAN_BEFORE.margin(last_third_ratio(information)),
    ]
    return np.asarray(np.min(margins, axis=(0, -1)))


def opposite_margin(information: Floats, covariance: Floats) -> Floats:
    """Tell how far the rank correlation lies inside its criterion, by the least of kinds."""
    return np.asarray(OPPOSITE.margin(spearman(information, covariance)).min(axis=-1))


mi_declines = Claim(
    DOCUMENT,
    id="mi-declines",
    section="3.1",
    statement=message("Mean MI falls towards the last layers."),
    figures=(figure("decline", measure="mutual_information"),),
    notes=(note_bins_behind_decline,),
    null=TrendNull(
        lambda measurement: [mean_profiles(measurement, "mutual_information")], margin=decline_margin
    ),
)
covariance_grows = Claim(
    DOCUMENT,
    id="covariance-grows",
    section="3.1",
    statement=message("Mean covariance grows to tens of times its value at layer 1."),
    figures=(figure("growth", measures=("covariance",)),),
    notes=(note_growth,),
    null=TrendNull(
        lambda measurement: [mean_profiles(measurement, "covariance")],
        margin=lambda covariance: growth_margin(covariance, TENFOLD),
    ),
)
profiles_oppose = Claim(
    DOCUMENT,
    id="opposite-trends",
    section="3.1",
    statement=message("Mean MI and mean covariance run against each other over the layers."),
    figures=(figure("ranks_by_depth", measures=("mutual_information", "covariance")),),
    null=TrendNull(
        lambda measurement: [
            mean_profiles(measurement, measure) for measure in ("mutual_information", "covariance")
        ],
        margin=opposite_margin,
    ),
)


def information_slope(measurement: Measurement, *, kind: str) -> Decision:
    """Measure the change of mean MI over the layers from 1 on, relative to its mean."""
    quantity = message(
        "the change of mean MI of {kind} over all layers, relative to its mean,",
        kind=DOCUMENT.kind(kind).name,
    )
    reason = missing_thirds(measurement)
    if reason:
        return not_applicable(quantity, reason, {"kind": kind})
    profile = measurement.profile(kind, "mutual_information")
    value, resampled = (relative_slope(means[..., FIRST:]) for means in (profile.mean, profile.resampled))
    return decide_resampled(
        quantity, float(value), resampled, FALLING, {"kind": kind}, n=measurement.n_tokens(kind)
    )


def information_thirds(measurement: Measurement, *, kind: str) -> Decision:
    """Compare mean MI of the last third of the layers with the first third."""
    quantity = message(
        "mean MI of {kind} in the last third of the layers, relative to the first third,",
        kind=DOCUMENT.kind(kind).name,
    )
    reason = missing_thirds(measurement)
    if reason:
        return not_applicable(quantity, reason, {"kind": kind})
    profile = measurement.profile(kind, "mutual_information")
    value, resampled = (last_third_ratio(means[..., FIRST:]) for means in (profile.mean, profile.resampled))
    return decide_resampled(
        quantity,
        float(value),
        resampled,
        LOWER_THAN_BEFORE,
        {"kind": kind},
        n=measurement.n_tokens(kind),
        unit="times",
    )


def opposite_trends(measurement: Measurement, *, kind: str) -> Decision:
    """Correlate the ranks of the layers by mean MI with those by mean covariance."""
    quantity = message(
        "the rank correlation of mean MI and mean covariance of {kind} over the layers",
        kind=DOCUMENT.kind(kind).name,
    )
    reason = missing_thirds(measurement)
    information, covariance = (
        measurement.profile(kind, measure) for measure in ("mutual_information", "covariance")
    )
    if reason:
        return not_applicable(quantity, reason, {"kind": kind})
    return decide_resampled(
        quantity,
        float(spearman(information.mean[FIRST:], covariance.mean[FIRST:])),
        spearman(information.resampled[:, FIRST:], covariance.resampled[:, FIRST:]),
        OPPOSITE,
        {"kind": kind},
        n=measurement.n_tokens(kind),
    )


@mi_declines
@pytest.mark.parametrize("kind", KINDS)
def test_mean_information_slopes_down(kind: str, judge: Judge) -> None:
    decision = judge(information_slope, kind=kind)
    assert decision.supported, decision.message


@mi_declines
@pytest.mark.parametrize("kind", KINDS)
def test_mean_information_is_lower_in_the_last_third(kind: str, judge: Judge) -> None:
    decision = judge(information_thirds, kind=kind)
    assert decision.supported, decision.message


@covariance_grows
@pytest.mark.parametrize("kind", KINDS)
def test_mean_covariance_grows_tens_of_times(kind: str, judge: Judge) -> None:
    decision = judge(covariance_growth, kind=kind)
    assert decision.supported, decision.message


@profiles_oppose
@pytest.mark.parametrize("kind", KINDS)
def test_layers_rank_oppositely_by_information_and_covariance(kind: str, judge: Judge) -> None:
    decision = judge(opposite_trends, kind=kind)
    assert decision.supported, decision.message
