"""Claims about clusters are decided where there are clusters, inconclusive where that is open."""

import pytest

from layerclaims.analysis.measurement.cluster_counts import joint_count
from layerclaims.calibration.claim_reader import Assertion
from layerclaims.calibration.synthetic import DOCUMENT_LIKE
from layerclaims.claims.document import COMMAS
from layerclaims.claims.shared.preconditions import presupposed_clusters
from tests.claims.planted import CLAIMS, measured

SMALL = DOCUMENT_LIKE.but(n_layers=12, n_tokens=60, hidden=192, spread=0.05)
OPEN = SMALL.but(factors=(1.0, 1.42), spread=0.06)
ABSENT = DOCUMENT_LIKE.but(n_layers=12, factors=(1.0,), shares=(1.0,))
CLEAR = SMALL.but(factors=(1.0, 2.2))
PRESUPPOSING = (
    "layer1-mi-one-cloud",
    "clusters-fade",
    "clusters-dissolve",
    "deep-layers-drop-partition",
    "syntax-in-early-layers",
    "simpson-paradox",
    "layer20-one-cluster",
)
ASSERTIONS = [assertion for claim in PRESUPPOSING for assertion in CLAIMS[claim]]


def test_three_clusters_may_be_one_by_their_interval() -> None:
    count = joint_count(measured(OPEN), COMMAS, 1)
    assert (count.value, count.low, count.high) == (3, 1, 3)


@pytest.mark.parametrize("assertion", ASSERTIONS, ids=lambda one: f"{one.claim.id}: {one.name}")
def test_a_claim_is_inconclusive_where_its_clusters_are_uncertain(assertion: Assertion) -> None:
    decision = assertion.decide(measured(OPEN))
    assert decision.estimate == presupposed_clusters(measured(OPEN)).estimate
    assert decision.verdict == "inconclusive"
    assert "what the claim presupposes, the number of clusters" in decision.message


@pytest.mark.parametrize("assertion", ASSERTIONS, ids=lambda one: f"{one.claim.id}: {one.name}")
def test_a_claim_does_not_apply_where_there_are_no_clusters(assertion: Assertion) -> None:
    decision = assertion.decide(measured(ABSENT))
    assert decision.verdict == "not_applicable"
    assert "form no separate clusters at layer 1 to begin with" in str(decision.reason)


@pytest.mark.parametrize("assertion", ASSERTIONS, ids=lambda one: f"{one.claim.id}: {one.name}")
def test_a_claim_is_decided_on_its_own_number_where_there_are_clusters(assertion: Assertion) -> None:
    decision = assertion.decide(measured(CLEAR))
    assert "presupposes" not in decision.message
