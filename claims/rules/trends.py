"""How the mean pair measures change with depth."""

from analysis.decision import Criterion, Decision, decide, not_applicable, percentile_estimate
from analysis.kinds import MARK_NAMES, Kind
from analysis.measurement import Measure, Measurement
from analysis.trends import theil_sen
from claims.criteria import FALLING, GROWTH_REMOVED, LOWER_THAN_BEFORE, TENFOLD

# Layer 0 holds equal vectors only, so every trend begins at layer 1.
FIRST = 1


def information_slope(measurement: Measurement, *, kind: Kind) -> Decision:
    """Measure the slope of mean MI over the layers from 1 on."""
    profile = measurement.profile(kind, "mutual_information")
    estimate = percentile_estimate(
        float(theil_sen(profile.mean[FIRST:])),
        theil_sen(profile.resampled[:, FIRST:]),
        unit="bits a layer",
        n=measurement.n_tokens(kind),
    )
    return decide(f"the slope of mean MI of {MARK_NAMES[kind]}", estimate, FALLING, {"kind": kind})


def information_thirds(measurement: Measurement, *, kind: Kind) -> Decision:
    """Compare mean MI of the last third of the layers with the first third."""
    profile = measurement.profile(kind, "mutual_information")
    third = measurement.n_layers // 3
    value, resampled = (
        means[..., -third:].mean(axis=-1) / means[..., FIRST : FIRST + third].mean(axis=-1)
        for means in (profile.mean, profile.resampled)
    )
    estimate = percentile_estimate(float(value), resampled, unit="times", n=measurement.n_tokens(kind))
    return decide(
        f"mean MI of {MARK_NAMES[kind]} in the last third of the layers, relative to the first third,",
        estimate,
        LOWER_THAN_BEFORE,
        {"kind": kind},
    )


def covariance_growth(measurement: Measurement, *, kind: Kind) -> Decision:
    """Measure how many times its value at layer 1 mean covariance reaches at the last layer."""
    return _growth(measurement, kind, "covariance", TENFOLD)


def correlation_growth(measurement: Measurement, *, kind: Kind) -> Decision:
    """Measure the growth of mean Pearson correlation where covariance grows tenfold."""
    grown = covariance_growth(measurement, kind=kind)
    if not grown.supported:
        reason = f"there is no tenfold growth to remove: {grown.message}"
        return not_applicable("growth of mean Pearson's r", reason, {"kind": kind})
    return _growth(measurement, kind, "pearson", GROWTH_REMOVED)


def _growth(measurement: Measurement, kind: Kind, measure: Measure, criterion: Criterion) -> Decision:
    name = {"covariance": "covariance", "pearson": "Pearson's r"}[measure]
    quantity = f"mean {name} of {MARK_NAMES[kind]} at layer {measurement.n_layers}, relative to layer 1,"
    profile = measurement.profile(kind, measure)
    if not (profile.mean[FIRST] > 0 and (profile.resampled[:, FIRST] > 0).all()):
        reason = f"mean {name} at layer 1 is not clearly positive, so nothing can be a multiple of it"
        return not_applicable(quantity, reason, {"kind": kind})
    estimate = percentile_estimate(
        float(profile.mean[-1] / profile.mean[FIRST]),
        profile.resampled[:, -1] / profile.resampled[:, FIRST],
        unit="times",
        n=measurement.n_tokens(kind),
    )
    return decide(quantity, estimate, criterion, {"kind": kind})
