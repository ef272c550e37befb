"""The opening is made from the verdicts, and what to cite from the evidence."""

from layerclaims.report.language.words import load_words
from layerclaims.report.page.citation import citations
from layerclaims.report.page.story import answers, certainty, changes, measured
from tests.report.builder import make_claim, make_document, make_evidence, study_of

WORDS = load_words("en")


def test_each_sort_of_verdict_has_its_sentence_with_links() -> None:
    claims = [
        make_claim("mi-declines", "refuted"),
        make_claim("covariance-grows", "supported"),
        make_claim("mi-scale-invariant", "supported"),
        make_claim("clusters-fade", "inconclusive"),
        make_claim("clusters-dissolve", "not_applicable"),
    ]
    found = {answer.verdict: answer.text for answer in answers(make_evidence(claims=claims), WORDS)}
    assert list(found) == ["supported", "refuted", "inconclusive", "not_applicable"]
    assert 'href="#claim-covariance-grows"' in found["supported"]
    assert "1 claim is true by construction" in found["supported"]
    assert 'href="#claim-mi-declines"' in found["refuted"]
    assert "The reason: the model adds no positions to its embedding." in found["not_applicable"]
    assert answers(make_evidence(claims=[]), WORDS) == []


def test_what_it_says_of_the_measurement_comes_from_the_evidence() -> None:
    study = study_of(make_evidence())
    text = measured(study.evidence, study.words)
    for part in ("example/tiny-model", "12 blocks", "30 commas and 30 full stops", "20 tokens before"):
        assert part in text


def test_the_nearest_number_is_the_one_whose_interval_ends_nearest_to_its_criterion() -> None:
    near = make_claim("covariance-grows", "supported")  # 12 to 16.5, at least 10
    far = make_claim("mi-declines", "refuted")  # 1.9 to 2.4
    said = " ".join(changes(make_evidence(claims=[far, near]), WORDS))
    assert "#claim-covariance-grows" in said
    assert "#claim-mi-declines" not in said


def test_controls_and_specifications_that_were_not_measured_are_said() -> None:
    claim = make_claim("mi-declines", "supported").model_copy(update={"controls": [], "specifications": None})
    said = " ".join(certainty(make_evidence(claims=[claim]), WORDS))
    assert "Controls were not measured." in said
    assert "Other specifications were not measured." in said


def test_study_software_and_run_are_cited() -> None:
    document = make_document(title="50% of {braces & more", citation="")
    study, software, run = citations(make_evidence(document=document), "ab" * 32, WORDS)
    assert study.text == "A. Author (2024). 50% of {braces & more. https://example.org/study."
    assert r"title = {50\% of (braces \& more}" in study.bibtex
    assert "url = {https://example.org/study}" in study.bibtex
    assert "version 0.1.0" in software.text
    assert "ab" * 32 in run.text
    assert "ab" * 32 in run.bibtex
