"""Every claim has what a reader needs: a figure that can be drawn, a reason, a translation."""

import pytest

from layerclaims.calibration.claim_reader import read_criteria
from layerclaims.claim import Claim
from layerclaims.claims.document import DOCUMENT
from layerclaims.report.figures.catalogue import figure_kinds
from layerclaims.report.language.words import available_languages, load_words
from tests.claims.planted import CLAIMS

DECLARED = {claim: assertions[0].claim for claim, assertions in CLAIMS.items()}
LANGUAGES = [language for language in available_languages() if language != "en"]


@pytest.mark.parametrize("claim", DECLARED.values(), ids=DECLARED)
def test_a_claim_names_figures_that_can_be_drawn(claim: Claim) -> None:
    assert claim.figures
    for figure in claim.figures:
        assert set(figure.arguments) <= set(figure_kinds()[figure.kind])


@pytest.mark.parametrize("claim", DECLARED.values(), ids=DECLARED)
def test_a_claim_belongs_to_a_section_of_the_document(claim: Claim) -> None:
    assert claim.document is DOCUMENT
    assert claim.section in DOCUMENT.sections


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("claim", DECLARED.values(), ids=DECLARED)
def test_a_claim_is_stated_in_every_language(claim: Claim, language: str) -> None:
    words = load_words(language)
    assert words.knows(claim.statement)
    assert words.knows(DOCUMENT.sections[claim.section])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", read_criteria())
def test_a_criterion_has_its_reason_in_every_language(name: str, language: str) -> None:
    assert load_words(language).knows(read_criteria()[name].reason)


def test_only_what_rescaling_does_is_an_identity() -> None:
    identities = [name for name, claim in DECLARED.items() if claim.nature == "identity"]
    assert identities == ["mi-scale-invariant", "covariance-scale-dependent"]
