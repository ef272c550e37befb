"""Whether covariance and MI correlate one way over all pairs and the other way inside the clusters."""

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.counting import cluster_bounds
from layerclaims.analysis.clusters.pair_correlation import pair_correlation
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.decision import Decision, decide, not_applicable
from layerclaims.claims.criteria import NEGATIVE, POSITIVE
from layerclaims.claims.rules.preconditions import missing_clusters


def correlation_overall(measurement: Measurement) -> Decision:
    """Correlate covariance and MI over all pairs of commas at layer 1."""
    quantity = "the correlation of covariance and MI over all pairs of commas at layer 1"
    reason = missing_clusters(measurement)
    if reason:
        return not_applicable(quantity, reason, {"layer": 1})
    pairs = measurement.pairs("internal", 1)
    correlations = pair_correlation(pairs.covariance, pairs.mutual_information, _weights(measurement))
    estimate = percentile_estimate(
        float(correlations[0]), correlations[1:], n=measurement.n_tokens("internal")
    )
    return decide(quantity, estimate, NEGATIVE, {"layer": 1})


def correlation_inside(measurement: Measurement) -> Decision:
    """Correlate covariance and MI inside each cluster of commas at layer 1; the lowest decides."""
    quantity = "the lowest correlation of covariance and MI inside a cluster of comma pairs at layer 1"
    reason = missing_clusters(measurement)
    if reason:
        return not_applicable(quantity, reason, {"layer": 1})
    pairs = measurement.pairs("internal", 1)
    bounds = cluster_bounds(pairs.covariance)
    cluster = np.searchsorted(bounds, pairs.covariance)
    correlations = np.min(
        [
            pair_correlation(
                pairs.covariance, pairs.mutual_information, _weights(measurement), cluster == number
            )
            for number in range(len(bounds) + 1)
        ],
        axis=0,
    )
    estimate = percentile_estimate(
        float(correlations[0]), correlations[1:], n=measurement.n_tokens("internal")
    )
    return decide(quantity, estimate, POSITIVE, {"layer": 1})


def _weights(measurement: Measurement) -> NDArray[np.float64]:
    """Give the resamples' multiplicities after a first row for the sample itself."""
    return np.vstack([np.ones(measurement.n_tokens("internal")), measurement.multiplicities["internal"]])
