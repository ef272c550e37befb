"""Whether deep layers still know the two groups of commas that layer 1 tells apart."""

import numpy as np

from layerclaims.analysis.clusters.probe import area_under_curve, probe_scores
from layerclaims.analysis.clusters.token_groups import token_groups
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.decision import Decision, decide, not_applicable
from layerclaims.claims.criteria import PARTITION_LOST
from layerclaims.claims.rules.preconditions import missing_clusters, missing_thirds


def partition_probed(measurement: Measurement) -> Decision:
    """Measure how well a linear probe finds layer 1's groups of commas, on average over the last third."""
    last = measurement.n_layers
    first = last - last // 3 + 1
    quantity = f"the mean area under the curve of a probe for layer 1's groups at layers {first} to {last}"
    reason = missing_clusters(measurement) or missing_thirds(measurement)
    if reason:
        return not_applicable(quantity, reason, {"first_layer": first, "last_layer": last})
    n_tokens = measurement.n_tokens("internal")
    labels = token_groups(measurement.moments("internal", 1).covariance, n_tokens)
    # Row 0 is the sample itself.
    weights = np.vstack([np.ones(n_tokens), measurement.multiplicities["internal"]])
    areas = np.mean(
        [
            area_under_curve(
                probe_scores(
                    measurement.activations("internal", layer),
                    labels,
                    np.random.default_rng([measurement.specification.seed, layer]),
                ),
                labels,
                weights,
            )
            for layer in range(first, last + 1)
        ],
        axis=0,
    )
    estimate = percentile_estimate(float(areas[0]), areas[1:], n=n_tokens)
    return decide(quantity, estimate, PARTITION_LOST, {"first_layer": first, "last_layer": last})
