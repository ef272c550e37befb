"""Section 3.1: over the layers mean MI slides down while mean covariance grows tens of times."""

from collections.abc import Callable

import numpy as np
import pytest

from layerclaims.analysis.measurement.levels import Floats
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.trends import change_at_end, regained_at_end, spearman
from layerclaims.claim import Claim, Judge, TrendNull, figure
from layerclaims.claims.document import DOCUMENT, KINDS
from layerclaims.claims.notes.decline import note_bins_behind_decline
from layerclaims.claims.notes.growth import note_growth
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
from layerclaims.message import Message, message

FALLEN = Criterion(
    "at most",
    1 - CHANGE,
    message(
        "To fall is to lose at least a tenth: less than that is how much one layer differs from the next."
    ),
    no_effect=1,
)
NOT_REGAINED = Criterion(
    "at most",
    1 + CHANGE,
    message("What has come back by more than a tenth does not fall towards the last layers."),
    no_effect=1,
)
OPPOSITE = Criterion(
    "at most",
    -0.5,
    message(
        "Profiles that run against each other have a clearly negative rank correlation; two profiles that "
        "wobble independently over 24 layers reach -0.5 once in a hundred cases."
    ),
    no_effect=0,
)


def decline_margin(information: Floats) -> Floats:
    """Tell how far mean MI lies inside the criteria of its decline, by the least of kinds and criteria."""
    margins = [
        FALLEN.margin(change_at_end(information)),
        NOT_REGAINED.margin(regained_at_end(information)),
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
    figures=(figure("decline", measure="mutual_information", compared="end"),),
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


def information_at_end(measurement: Measurement, *, kind: str) -> Decision:
    """Compare mean MI of the last sixth of the layers with the lower of the first sixth and first half."""
    quantity = message(
        "mean MI of {kind} in the last sixth of the layers, relative to the earlier ones,",
        kind=DOCUMENT.kind(kind).name,
    )
    return _information_end(measurement, kind, quantity, change_at_end, FALLEN)


def information_regained(measurement: Measurement, *, kind: str) -> Decision:
    """Compare mean MI of the last sixth of the layers with the lowest sixth."""
    quantity = message(
        "mean MI of {kind} in the last sixth of the layers, relative to the lowest sixth,",
        kind=DOCUMENT.kind(kind).name,
    )
    return _information_end(measurement, kind, quantity, regained_at_end, NOT_REGAINED)


def _information_end(
    measurement: Measurement,
    kind: str,
    quantity: Message,
    ratio: Callable[[Floats], Floats],
    criterion: Criterion,
) -> Decision:
    """Hold a ratio of mean MI in the last layers against a criterion."""
    reason = missing_thirds(measurement)
    profile = measurement.profile(kind, "mutual_information")
    means, resampled = profile.mean[FIRST:], profile.resampled[:, FIRST:]
    if reason is None and not ((means > 0).all() and (resampled > 0).all()):
        reason = message("mean MI is not clearly positive at every layer, so nothing can be a share of it")
    if reason:
        return not_applicable(quantity, reason, {"kind": kind})
    return decide_resampled(
        quantity,
        float(ratio(means)),
        ratio(resampled),
        criterion,
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
def test_mean_information_is_lower_in_the_last_layers(kind: str, judge: Judge) -> None:
    decision = judge(information_at_end, kind=kind)
    assert decision.supported, decision.message


@mi_declines
@pytest.mark.parametrize("kind", KINDS)
def test_mean_information_does_not_rise_again(kind: str, judge: Judge) -> None:
    decision = judge(information_regained, kind=kind)
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
