"""Section 4: what the document concludes.

Kinds of punctuation are separated in the first 10 layers. To compare layers with each other, MI can be
relied on and raw covariance cannot.
"""

from dataclasses import replace

import numpy as np
import pytest

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.analysis.pairs.estimators import Estimator
from layerclaims.analysis.statistics.order import (
    either_tells_apart,
    order_agreement,
    order_confirmed,
    told_apart,
)
from layerclaims.claim import Claim, Judge, figure
from layerclaims.claims.document import COMMAS, DOCUMENT, KINDS
from layerclaims.claims.shared.clusters import comma_separation
from layerclaims.claims.shared.growth import CHANGE, FIRST
from layerclaims.claims.shared.panel import decide_share
from layerclaims.claims.shared.preconditions import missing_thirds, unless_presupposed, without_clusters
from layerclaims.claims.shared.resampled import decide_resampled
from layerclaims.decision import Criterion, Decision, Parameter, not_applicable
from layerclaims.message import Message, Percent, message

syntax_in_early_layers = Claim(
    DOCUMENT,
    id="syntax-in-early-layers",
    section="4",
    statement=message("Separating kinds of commas is mostly the business of the first 10 layers."),
    figures=(figure("clusters", measure="covariance", first=1, last=10),),
)
mi_compares_across_layers = Claim(
    DOCUMENT,
    id="mi-compares-across-layers",
    section="4",
    statement=message(
        "MI is a safe measure to compare layers with: their order does not hang on the estimator."
    ),
    figures=(figure("assertions"),),
)
covariance_misleads_across_layers = Claim(
    DOCUMENT,
    id="covariance-misleads-across-layers",
    section="4",
    statement=message(
        "Comparing raw covariance between layers misleads: Pearson's r does not confirm their order."
    ),
    figures=(figure("rank_agreement", measures=("covariance", "pearson")),),
)

EARLY = 10
ESTIMATOR_NAMES: dict[Estimator, Message] = {
    "equal_width": message("the equal-width estimator"),
    "equal_frequency": message("the equal-frequency estimator"),
    "miller_madow": message("the miller-madow estimator"),
}

MOSTLY_EARLY = Criterion(
    "at least",
    0.75,
    message(
        "Mostly means three quarters at the least. A separation that stayed the same at all depths would "
        "have 10 of 24 layers' worth, 0.42, in the first 10."
    ),
)
HARDLY_LATER = Criterion(
    "at most",
    0.25,
    message(
        "Mostly means three quarters at the least: at three quarters of the later layers the commas are one "
        "cloud."
    ),
)
SAME_RANKING = Criterion(
    "at least", 0.6, message("Kendall's tau of 0.6 puts four of five pairs of layers into the same order.")
)
ORDERED = Criterion(
    "at least",
    0.5,
    message("Covariance puts the layers into an order if it tells at least half of their pairs apart."),
)
MISLEADING = Criterion(
    "at most",
    0.5,
    message(
        "1 is an order that Pearson's r always confirms; a guide that is contradicted in a quarter of all "
        "comparisons, or goes unconfirmed in half, misleads."
    ),
)


def early_share(measurement: Measurement) -> Decision:
    """Measure the share of the separation index, summed over layers, that falls to the first 10."""
    last = measurement.layer_of(EARLY)
    quantity = message("the share of the separation of pairs of commas in layers 1 to {layer}", layer=last)
    if undecided := without_clusters(measurement, quantity, {"last_layer": last}):
        return undecided
    found = [comma_separation(measurement, layer) for layer in range(1, measurement.n_layers + 1)]
    # A cloud has a small index by chance; only clusters that are counted are separate.
    index = np.array([layer.separation * (layer.count > 1) for layer in found])
    resampled = np.stack(
        [layer.resampled_separation * (layer.resampled_counts > 1) for layer in found], axis=1
    )
    value, shares = (values[..., :last].sum(axis=-1) / values.sum(axis=-1) for values in (index, resampled))
    return decide_resampled(
        quantity, float(value), shares, MOSTLY_EARLY, {"last_layer": last}, n=measurement.n_tokens(COMMAS)
    )


def clusters_later(measurement: Measurement) -> Decision:
    """Measure the share of the layers after the first 10 at which pairs of commas form several clusters."""
    last = measurement.layer_of(EARLY)
    quantity = message(
        "the share of the layers past layer {layer} at which pairs of commas form several clusters",
        layer=last,
    )
    if last == measurement.n_layers:
        reason = message("there is no layer past {layer}", layer=last)
        return not_applicable(quantity, reason, {"first_layer": last + 1})
    if undecided := without_clusters(measurement, quantity, {"first_layer": last + 1}):
        return undecided
    layers = range(last + 1, measurement.n_layers + 1)
    return decide_share(measurement, COMMAS, layers, quantity, HARDLY_LATER, {"first_layer": last + 1})


def ranking_with_bins(measurement: Measurement, *, kind: str, bins: int) -> Decision:
    """Compare the layers' order by mean MI with the order by MI of other bins."""
    other = replace(measurement.specification, bins=bins)
    name = message("{bins} bins", bins=bins)
    return _information_ranking(measurement, kind, other, name, {"kind": kind, "bins": bins})


def ranking_by_estimator(measurement: Measurement, *, kind: str, estimator: Estimator) -> Decision:
    """Compare the layers' order by mean MI with the order by another estimator of MI."""
    other = replace(measurement.specification, estimator=estimator)
    parameters: dict[str, Parameter] = {"kind": kind, "estimator": estimator}
    return _information_ranking(measurement, kind, other, ESTIMATOR_NAMES[estimator], parameters)


def _information_ranking(
    measurement: Measurement,
    kind: str,
    other: Specification,
    name: Message,
    parameters: dict[str, Parameter],
) -> Decision:
    reason = missing_thirds(measurement)
    if other == measurement.specification:
        reason = message("the measurement itself is made with {other}", other=name)
    if reason:
        quantity = message("Kendall's tau of the layers by mean MI of {kind}", kind=DOCUMENT.kind(kind).name)
        return not_applicable(quantity, reason, parameters)
    one, two = (m.profile(kind, "mutual_information") for m in (measurement, measurement.respecified(other)))
    quantity = message(
        "Kendall's tau of the layers by mean MI of {kind} as measured and with {other}, over the {share} of "
        "pairs of layers that differ by a tenth,",
        kind=DOCUMENT.kind(kind).name,
        other=name,
        share=Percent(share=float(either_tells_apart(one.mean[FIRST:], two.mean[FIRST:], CHANGE))),
    )
    return decide_resampled(
        quantity,
        float(order_agreement(one.mean[FIRST:], two.mean[FIRST:], CHANGE)),
        order_agreement(one.resampled[:, FIRST:], two.resampled[:, FIRST:], CHANGE),
        SAME_RANKING,
        parameters,
        n=measurement.n_tokens(kind),
    )


def order_by_covariance(measurement: Measurement, *, kind: str) -> Decision:
    """Measure how far mean Pearson correlation confirms the layers' order by mean covariance.

    Kendall's tau would do where both change. Where correlation is about constant its order is chance, and
    covariance misleads all the same.
    """
    quantity = message(
        "how far mean Pearson's r of {kind} confirms the layers' order by mean covariance",
        kind=DOCUMENT.kind(kind).name,
    )
    if reason := missing_thirds(measurement):
        return not_applicable(quantity, reason, {"kind": kind})
    ordered = layers_told_apart(measurement, kind=kind)
    absent = message("mean covariance hardly differs between the layers, so it puts them into no order")
    if undecided := unless_presupposed(ordered, absent, quantity, {"kind": kind}):
        return undecided
    covariance, pearson = (measurement.profile(kind, measure) for measure in ("covariance", "pearson"))
    if not np.isfinite(pearson.mean[FIRST:]).all():
        constant = message("a token is constant at some layer, so Pearson's r is undefined there")
        return not_applicable(quantity, constant, {"kind": kind})
    return decide_resampled(
        quantity,
        float(order_confirmed(covariance.mean[FIRST:], pearson.mean[FIRST:], CHANGE)),
        order_confirmed(covariance.resampled[:, FIRST:], pearson.resampled[:, FIRST:], CHANGE),
        MISLEADING,
        {"kind": kind},
        n=measurement.n_tokens(kind),
    )


def layers_told_apart(measurement: Measurement, *, kind: str) -> Decision:
    """Count the pairs of layers that mean covariance tells apart, as a share of all."""
    profile = measurement.profile(kind, "covariance")
    return decide_resampled(
        message(
            "the share of pairs of layers whose mean covariance of {kind} differs by a tenth",
            kind=DOCUMENT.kind(kind).name,
        ),
        float(told_apart(profile.mean[FIRST:], CHANGE)),
        told_apart(profile.resampled[:, FIRST:], CHANGE),
        ORDERED,
        {"kind": kind},
        n=measurement.n_tokens(kind),
    )


@syntax_in_early_layers
def test_most_separation_lies_in_the_first_10_layers(judge: Judge) -> None:
    decision = judge(early_share)
    assert decision.supported, decision.message


@syntax_in_early_layers
def test_few_later_layers_have_several_clusters(judge: Judge) -> None:
    decision = judge(clusters_later)
    assert decision.supported, decision.message


@mi_compares_across_layers
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bins", [10, 30])
def test_the_order_of_layers_does_not_hang_on_bins(kind: str, bins: int, judge: Judge) -> None:
    decision = judge(ranking_with_bins, kind=kind, bins=bins)
    assert decision.supported, decision.message


@mi_compares_across_layers
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("estimator", ["equal_frequency", "miller_madow"])
def test_the_order_of_layers_does_not_hang_on_the_estimator(
    kind: str, estimator: Estimator, judge: Judge
) -> None:
    decision = judge(ranking_by_estimator, kind=kind, estimator=estimator)
    assert decision.supported, decision.message


@covariance_misleads_across_layers
@pytest.mark.parametrize("kind", KINDS)
def test_correlation_does_not_confirm_the_order_of_layers_by_covariance(kind: str, judge: Judge) -> None:
    decision = judge(order_by_covariance, kind=kind)
    assert decision.supported, decision.message
