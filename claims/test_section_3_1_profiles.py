"""Section 3.1: over the layers mean MI slides down while mean covariance grows tens of times."""

import pytest

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.analysis.statistics.trends import spearman, theil_sen
from layerclaims.claim import Claim, figure
from layerclaims.claims.document import DOCUMENT, KINDS
from layerclaims.claims.notes import note_bins_behind_decline, note_growth
from layerclaims.claims.shared.growth import CHANGE, FIRST, covariance_growth
from layerclaims.claims.shared.preconditions import missing_thirds
from layerclaims.decision import Criterion, Decision, decide, not_applicable
from layerclaims.judging import Judge
from layerclaims.message import message

mi_declines = Claim(
    DOCUMENT,
    id="mi-declines",
    section="3.1",
    statement=message("Mean MI falls towards the last layers."),
    figures=(figure("decline", measure="mutual_information"),),
    notes=(note_bins_behind_decline,),
)
covariance_grows = Claim(
    DOCUMENT,
    id="covariance-grows",
    section="3.1",
    statement=message("Mean covariance grows to tens of times its value at layer 1."),
    figures=(figure("growth", measures=("covariance",)),),
    notes=(note_growth,),
)
profiles_oppose = Claim(
    DOCUMENT,
    id="opposite-trends",
    section="3.1",
    statement=message("Mean MI and mean covariance run against each other over the layers."),
    figures=(figure("ranks_by_depth", measures=("mutual_information", "covariance")),),
)

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
    value, resampled = (
        theil_sen(means[..., FIRST:]) * (measurement.n_layers - FIRST) / means[..., FIRST:].mean(axis=-1)
        for means in (profile.mean, profile.resampled)
    )
    estimate = percentile_estimate(float(value), resampled, n=measurement.n_tokens(kind))
    return decide(quantity, estimate, FALLING, {"kind": kind})


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
    third = measurement.n_layers // 3
    value, resampled = (
        means[..., -third:].mean(axis=-1) / means[..., FIRST : FIRST + third].mean(axis=-1)
        for means in (profile.mean, profile.resampled)
    )
    estimate = percentile_estimate(float(value), resampled, unit="times", n=measurement.n_tokens(kind))
    return decide(quantity, estimate, LOWER_THAN_BEFORE, {"kind": kind})


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
    estimate = percentile_estimate(
        float(spearman(information.mean[FIRST:], covariance.mean[FIRST:])),
        spearman(information.resampled[:, FIRST:], covariance.resampled[:, FIRST:]),
        n=measurement.n_tokens(kind),
    )
    return decide(quantity, estimate, OPPOSITE, {"kind": kind})


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
