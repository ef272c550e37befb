"""The claims are those of the design, and each is decided by rules with their parameters."""

import pytest

from layerclaims.calibration.claim_reader import read_claims

IDS = [
    "layer1-three-clusters",
    "layer1-mi-one-cloud",
    "embedding-two-points",
    "embedding-cause",
    "clusters-fade",
    "clusters-dissolve",
    "deep-layers-drop-partition",
    "mi-declines",
    "covariance-grows",
    "opposite-trends",
    "mi-scale-invariant",
    "covariance-scale-dependent",
    "variance-grows",
    "variance-explains-growth",
    "pearson-removes-growth",
    "syntax-in-early-layers",
    "mi-compares-across-layers",
    "covariance-misleads-across-layers",
    "simpson-paradox",
    "layer20-one-cluster",
]


def test_the_claims_are_the_twenty_of_the_design_in_the_documents_order() -> None:
    assert list(read_claims()) == IDS


def test_every_parametrized_test_is_one_assertion() -> None:
    assertions = read_claims()["mi-scale-invariant"]
    chosen = {
        (a.parameters["kind"], a.parameters["document_layer"], a.parameters["factor"]) for a in assertions
    }
    assert len(assertions) == len(chosen) == 2 * 2 * 3


@pytest.mark.parametrize("claim", IDS)
def test_a_claim_is_stated_in_one_section_by_one_sentence(claim: str) -> None:
    assertions = read_claims()[claim]
    assert len({id(assertion.claim) for assertion in assertions}) == 1
    assert assertions[0].claim.statement.text.endswith(".")
    assert len({(a.name, tuple(a.parameters.items())) for a in assertions}) == len(assertions)
