"""Which measures put the layers into an order that can be relied on."""

from dataclasses import replace

from analysis.decision import Criterion, Decision, Parameter, decide, not_applicable, percentile_estimate
from analysis.kinds import MARK_NAMES, Kind
from analysis.measurement import Measurement, Profile, Specification
from analysis.pairwise import Estimator
from analysis.trends import kendall_tau
from claims.criteria import MISLEADING, SAME_RANKING
from claims.rules.preconditions import missing_thirds
from claims.rules.trends import FIRST


def ranking_with_bins(measurement: Measurement, *, kind: Kind, bins: int) -> Decision:
    """Compare the layers' order by mean MI with the order by MI of other bins."""
    other = replace(measurement.specification, bins=bins)
    return _information_ranking(measurement, kind, other, f"{bins} bins", {"kind": kind, "bins": bins})


def ranking_by_estimator(measurement: Measurement, *, kind: Kind, estimator: Estimator) -> Decision:
    """Compare the layers' order by mean MI with the order by another estimator of MI."""
    other = replace(measurement.specification, estimator=estimator)
    name = f"the {estimator.replace('_', '-')} estimator"
    return _information_ranking(measurement, kind, other, name, {"kind": kind, "estimator": estimator})


def ranking_by_covariance(measurement: Measurement, *, kind: Kind) -> Decision:
    """Compare the layers' order by mean covariance with the order by mean Pearson correlation."""
    quantity = f"Kendall's tau of the layers by mean covariance and by mean Pearson's r of {MARK_NAMES[kind]}"
    profiles = [measurement.profile(kind, measure) for measure in ("covariance", "pearson")]
    return _agreement(measurement, kind, quantity, profiles, MISLEADING, {"kind": kind})


def _information_ranking(
    measurement: Measurement,
    kind: Kind,
    other: Specification,
    name: str,
    parameters: dict[str, Parameter],
) -> Decision:
    quantity = f"Kendall's tau of the layers by mean MI of {MARK_NAMES[kind]} as measured and with {name}"
    if other == measurement.specification:
        return not_applicable(quantity, f"the measurement itself is made with {name}", parameters)
    profiles = [m.profile(kind, "mutual_information") for m in (measurement, measurement.respecified(other))]
    return _agreement(measurement, kind, quantity, profiles, SAME_RANKING, parameters)


def _agreement(
    measurement: Measurement,
    kind: Kind,
    quantity: str,
    profiles: list[Profile],
    criterion: Criterion,
    parameters: dict[str, Parameter],
) -> Decision:
    """Hold the agreement of two orders of the layers against a criterion."""
    reason = missing_thirds(measurement)
    if reason:
        return not_applicable(quantity, reason, parameters)
    one, other = profiles
    estimate = percentile_estimate(
        float(kendall_tau(one.mean[FIRST:], other.mean[FIRST:])),
        kendall_tau(one.resampled[:, FIRST:], other.resampled[:, FIRST:]),
        n=measurement.n_tokens(kind),
    )
    return decide(quantity, estimate, criterion, parameters)
