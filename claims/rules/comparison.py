"""Which measures put the layers into an order that can be relied on."""

from dataclasses import replace

from layerclaims.analysis.kinds import MARK_NAMES, Kind
from layerclaims.analysis.measurement.levels import Specification
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.pairs.mutual_information import Estimator
from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.decision import Decision, Parameter, decide, not_applicable
from layerclaims.analysis.statistics.order import order_confirmed, told_apart
from layerclaims.analysis.statistics.trends import kendall_tau
from layerclaims.claims.criteria import CHANGE, MISLEADING, SAME_RANKING
from layerclaims.claims.rules.preconditions import missing_thirds
from layerclaims.claims.rules.trends import FIRST


def ranking_with_bins(measurement: Measurement, *, kind: Kind, bins: int) -> Decision:
    """Compare the layers' order by mean MI with the order by MI of other bins."""
    other = replace(measurement.specification, bins=bins)
    return _information_ranking(measurement, kind, other, f"{bins} bins", {"kind": kind, "bins": bins})


def ranking_by_estimator(measurement: Measurement, *, kind: Kind, estimator: Estimator) -> Decision:
    """Compare the layers' order by mean MI with the order by another estimator of MI."""
    other = replace(measurement.specification, estimator=estimator)
    name = f"the {estimator.replace('_', '-')} estimator"
    return _information_ranking(measurement, kind, other, name, {"kind": kind, "estimator": estimator})


def order_by_covariance(measurement: Measurement, *, kind: Kind) -> Decision:
    """Measure how far mean Pearson correlation confirms the layers' order by mean covariance.

    Kendall's tau would do where both change. Where correlation is about constant its order is chance, and
    covariance misleads all the same.
    """
    quantity = f"how far mean Pearson's r of {MARK_NAMES[kind]} confirms the layers' order by mean covariance"
    covariance, pearson = (measurement.profile(kind, measure) for measure in ("covariance", "pearson"))
    reason = missing_thirds(measurement)
    if not reason and told_apart(covariance.mean[FIRST:], CHANGE) < 0.5:
        reason = "mean covariance hardly differs between the layers, so it puts them into no order"
    if reason:
        return not_applicable(quantity, reason, {"kind": kind})
    estimate = percentile_estimate(
        float(order_confirmed(covariance.mean[FIRST:], pearson.mean[FIRST:], CHANGE)),
        order_confirmed(covariance.resampled[:, FIRST:], pearson.resampled[:, FIRST:], CHANGE),
        n=measurement.n_tokens(kind),
    )
    return decide(quantity, estimate, MISLEADING, {"kind": kind})


def _information_ranking(
    measurement: Measurement,
    kind: Kind,
    other: Specification,
    name: str,
    parameters: dict[str, Parameter],
) -> Decision:
    quantity = f"Kendall's tau of the layers by mean MI of {MARK_NAMES[kind]} as measured and with {name}"
    reason = missing_thirds(measurement)
    if other == measurement.specification:
        reason = f"the measurement itself is made with {name}"
    if reason:
        return not_applicable(quantity, reason, parameters)
    one, two = (m.profile(kind, "mutual_information") for m in (measurement, measurement.respecified(other)))
    estimate = percentile_estimate(
        float(kendall_tau(one.mean[FIRST:], two.mean[FIRST:])),
        kendall_tau(one.resampled[:, FIRST:], two.resampled[:, FIRST:]),
        n=measurement.n_tokens(kind),
    )
    return decide(quantity, estimate, SAME_RANKING, parameters)
