"""Every claim about words is supported where it is planted true, and refuted where it is planted false."""

import re

import numpy as np
import pytest

import contextuality
from contextuality.document import DOCUMENT, FUNCTION_WORDS, RANDOM, WORDS, is_word
from contextuality.error_rates import VERDICTS, count_verdicts, scenarios
from contextuality.planted import ALL_TRUE, SCENARIOS, plant
from contextuality.similarity import adjusted_self_similarity, anisotropy
from contextuality.test_context_specificity import words_above
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.calibration.claim_reader import read_claims
from layerclaims.fixtures.assembly.evidence_record import document_record
from layerclaims.report.language.catalogues import document_messages, read_translations
from layerclaims.report.language.words import available_languages, load_words
from tests.command import ROOT

GAP = re.compile(r"\{\w+\}")
CLAIMS = read_claims(contextuality)
README = (ROOT / "examples" / "contextuality" / "README.md").read_text(encoding="utf-8")
# Words that are equally alike differ by chance: most draws are inconclusive.
NO_DIFFERENCE = "they are as alike as the others"


def planted(truth: str) -> list[tuple[str, str]]:
    return [(claim, name) for claim in SCENARIOS for own, name in scenarios(claim) if own == truth]


@pytest.mark.parametrize(("claim", "name"), planted("true"))
def test_a_claim_is_supported_where_it_is_planted_true(claim: str, name: str) -> None:
    assert count_verdicts(claim, scenarios(claim)["true", name], 3) == {"supported": 3}


@pytest.mark.parametrize(("claim", "name"), planted("false"))
def test_a_claim_is_refuted_where_it_is_planted_false(claim: str, name: str) -> None:
    counts = count_verdicts(claim, scenarios(claim)["false", name], 3)
    assert counts["supported"] == 0
    assert counts["refuted"] == 3 or name == NO_DIFFERENCE


def test_every_claim_has_plantings_and_is_in_the_readme() -> None:
    assert set(SCENARIOS) == set(CLAIMS)
    for claim, assertions in CLAIMS.items():
        assert f"`{claim}`" in README
        assert all(assertion.claim.figures for assertion in assertions)
        assert str(assertions[0].claim.section) in DOCUMENT.sections


def test_the_readme_s_table_says_what_is_asked_of_the_rules() -> None:
    table = README.split("<!-- begin calibration -->\n")[1].split("<!-- end calibration -->")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]
    expected = [(f"`{claim}`", name, truth) for claim in SCENARIOS for truth, name in scenarios(claim)]
    assert [tuple(row[:3]) for row in rows] == expected
    for row in rows:
        counts = dict(zip(VERDICTS, map(int, row[3:]), strict=True))
        n_draws = sum(counts.values())
        assert n_draws >= 20
        if row[2] == "true":
            assert counts["supported"] >= 0.95 * n_draws, row
        if row[2] == "false":
            assert counts["supported"] <= 0.05 * n_draws, row


def test_planted_similarities_are_measured() -> None:
    measurement = plant(ALL_TRUE.but(unevenness=0.0, anisotropy=((0, 0.4),), hidden=512), seed=0)
    np.testing.assert_allclose(anisotropy(measurement).mean, 0.4, atol=0.03)
    depth = np.linspace(0, 1, 12)
    function, other = 0.6 - 0.5 * depth, 0.8 - 0.5 * depth
    expected = 0.6 * (3 * function + 8 * other) / 11
    np.testing.assert_allclose(adjusted_self_similarity(measurement).mean, expected, atol=0.03)


def test_the_share_of_words_above_is_counted() -> None:
    measurement = plant(ALL_TRUE.but(function_words=((0, 0.9),), other_words=((0, 0.1),)), seed=0)
    decision = words_above(measurement, word="the")
    assert decision.estimate is not None
    assert (decision.estimate.value, decision.verdict) == (0.0, "refuted")


def test_a_vector_of_zeros_has_no_verdict() -> None:
    drawn = plant(ALL_TRUE, seed=0)
    residual = {kind: drawn.residual[kind].copy() for kind in drawn.kinds}
    residual["the"][5, 0] = 0
    decision = words_above(Measurement(residual, specification=drawn.specification), word="the")
    assert decision.verdict == "not_applicable"
    assert "it is undefined for these tokens" in decision.message


def test_two_blocks_have_no_thirds() -> None:
    measurement = plant(ALL_TRUE.but(n_layers=2), seed=0)
    for claim in ("upper-layers-are-more-anisotropic", "self-similarity-falls"):
        (assertion,) = CLAIMS[claim]
        decision = assertion.decide(measurement)
        assert decision.verdict == "not_applicable"
        assert "a profile of 2 layers has no thirds to compare" in decision.message


def test_the_evidence_says_which_kind_is_chosen_otherwise() -> None:
    chosen = {kind.key: kind.sampling for kind in document_record(DOCUMENT).kinds}
    assert chosen == {RANDOM: "random"} | dict.fromkeys(WORDS)


def test_every_sentence_is_translated_with_its_gaps() -> None:
    assert DOCUMENT.translations is not None
    sources = {str(found.id) for found in document_messages(DOCUMENT.translations.parent) if found.id}
    translations = read_translations(DOCUMENT.translations)
    assert set(translations) == set(available_languages()[1:])
    for translated in translations.values():
        assert set(translated) == sources, "run python -m layerclaims.report messages examples/contextuality"
        for source, target in translated.items():
            assert sorted(GAP.findall(source)) == sorted(GAP.findall(target)), source


def test_what_its_rules_say_is_in_the_reader_s_language() -> None:
    words = load_words("vi").of_document(document_record(DOCUMENT))
    measurement = plant(ALL_TRUE, seed=0)
    for assertions in CLAIMS.values():
        for assertion in assertions:
            decision = assertion.decide(measurement)
            assert words.knows(assertion.claim.statement)
            assert words.knows(decision.sentence)
            assert "{" not in words.say(decision.sentence)
    assert words.say(CLAIMS["representations-are-anisotropic"][0].decide(measurement).sentence).startswith(
        "độ tương tự cosin trung bình thấp nhất của từ ngẫu nhiên ở các lớp từ 1 trở đi là "
    )


def test_kinds_are_random_words_and_eleven_words() -> None:
    assert DOCUMENT.kind_keys == (RANDOM, *WORDS)
    assert set(FUNCTION_WORDS) < set(WORDS)
    assert DOCUMENT.kind("the").recognise(",", " The", " river")
    assert not DOCUMENT.kind("the").recognise(",", " the", "sis")


@pytest.mark.parametrize(
    ("token", "after", "expected"),
    [
        (" river", " is", True),
        (" riv", "er", False),
        ("er", " is", False),
        (" 3", ".", False),
        (" it", "'", True),
    ],
)
def test_random_words_are_whole_words(token: str, after: str, expected: bool) -> None:
    assert is_word(" the", token, after) is expected


def test_the_readme_names_the_command_of_the_example() -> None:
    command = "pytest examples/contextuality/ --model smollm2-135m --corpus embedded"
    assert command in README.splitlines()
