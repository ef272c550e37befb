"""The document's first part, as far as the second builds on it.

At layer 1 covariance and MI correlate one way over all pairs of commas and the other way inside the
clusters (Simpson's paradox); at layer 20 the clusters are one.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.clusters.pair_correlation import pair_correlation
from layerclaims.analysis.measurement.cluster_counts import clusters_of_pairs
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.claim import Claim, Judge, figure
from layerclaims.claims.document import COMMAS, DOCUMENT
from layerclaims.claims.shared.clusters import clusters_gone
from layerclaims.claims.shared.preconditions import without_clusters
from layerclaims.claims.shared.resampled import decide_resampled
from layerclaims.decision import Criterion, Decision
from layerclaims.message import message

simpson_paradox = Claim(
    DOCUMENT,
    id="simpson-paradox",
    section="companion",
    statement=message(
        "At layer 1 covariance and MI correlate negatively over all pairs of commas and positively inside "
        "each cluster."
    ),
    figures=(figure("simpson", kind=COMMAS, layer=1),),
)
layer20_one_cluster = Claim(
    DOCUMENT,
    id="layer20-one-cluster",
    section="companion",
    statement=message("At layer 20 the clusters of commas have become one."),
    figures=(figure("histograms", measure="covariance", layers=(1, 20)),),
)

NEGATIVE = Criterion("below", 0, message("The sign is what the document states."), no_effect=0)
POSITIVE = Criterion("above", 0, message("The sign is what the document states."), no_effect=0)


def correlation_overall(measurement: Measurement) -> Decision:
    """Correlate covariance and MI over all pairs of commas at layer 1."""
    quantity = message("the correlation of covariance and MI over all pairs of commas at layer 1")
    if undecided := without_clusters(measurement, quantity, {"layer": 1}):
        return undecided
    covariance, information = _pairs(measurement)
    correlations = pair_correlation(covariance, information, _weights(measurement))
    return decide_resampled(
        quantity,
        float(correlations[0]),
        correlations[1:],
        NEGATIVE,
        {"layer": 1},
        n=measurement.n_tokens(COMMAS),
    )


def correlation_inside(measurement: Measurement) -> Decision:
    """Correlate covariance and MI inside each cluster of commas at layer 1; the lowest decides."""
    quantity = message(
        "the lowest correlation of covariance and MI inside a cluster of comma pairs at layer 1"
    )
    if undecided := without_clusters(measurement, quantity, {"layer": 1}):
        return undecided
    covariance, information = _pairs(measurement)
    weights = _weights(measurement)
    clusters = clusters_of_pairs(measurement, COMMAS, 1)
    correlations = np.min(
        [
            pair_correlation(covariance, information, weights, clusters == number)
            for number in range(int(clusters.max()) + 1)
        ],
        axis=0,
    )
    return decide_resampled(
        quantity,
        float(correlations[0]),
        correlations[1:],
        POSITIVE,
        {"layer": 1},
        n=measurement.n_tokens(COMMAS),
    )


def _pairs(measurement: Measurement) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return covariance and MI of all pairs of commas at layer 1."""
    return (
        measurement.values(COMMAS, "covariance", 1),
        measurement.values(COMMAS, "mutual_information", 1),
    )


def _weights(measurement: Measurement) -> NDArray[np.float64]:
    """Stack the resamples' multiplicities below a first row of ones for the sample itself."""
    return np.vstack([np.ones(measurement.n_tokens(COMMAS)), measurement.multiplicities[COMMAS]])


@simpson_paradox
def test_covariance_and_information_correlate_negatively_over_all_pairs(judge: Judge) -> None:
    decision = judge(correlation_overall)
    assert decision.supported, decision.message


@simpson_paradox
def test_covariance_and_information_correlate_positively_inside_clusters(judge: Judge) -> None:
    decision = judge(correlation_inside)
    assert decision.supported, decision.message


@layer20_one_cluster
@pytest.mark.parametrize("document_layer", [20])
def test_commas_are_one_cluster_again(document_layer: int, judge: Judge) -> None:
    decision = judge(clusters_gone, document_layer=document_layer)
    assert decision.supported, decision.message
