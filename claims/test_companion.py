"""The document's first part, as far as the second builds on it.

At layer 1 covariance and MI correlate one way over all pairs of commas and the other way inside the
clusters (Simpson's paradox); at layer 20 the clusters are one.
"""

import pytest

from layerclaims.claims.judging import Judge
from layerclaims.claims.rules.clusters import clusters_gone
from layerclaims.claims.rules.paradox import correlation_inside, correlation_overall

simpson_paradox = pytest.mark.claim(
    "simpson-paradox",
    section="companion",
    statement="At layer 1 covariance and MI correlate negatively over all pairs of commas and positively "
    "inside each cluster.",
)
layer20_one_cluster = pytest.mark.claim(
    "layer20-one-cluster",
    section="companion",
    statement="At layer 20 the clusters of commas have become one.",
)


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
