import pytest

from layerclaims.report.language.words import load_words
from layerclaims.report.page.sentences import (
    finding,
    interval_text,
    refutation,
    separate_windows_text,
    summary_sentence,
)
from layerclaims.report.records.evidence import ClaimRecord, CriterionRecord, Summary
from tests.report.builder import make_claim, make_evidence, missing, study_of

ENGLISH = load_words("en")


def test_the_verdicts_are_summed_up_in_a_sentence() -> None:
    sentence = summary_sentence(make_evidence(), ENGLISH)
    assert sentence == "Of 20 claims, 8 are supported, 4 are refuted, 4 are inconclusive and 4 do not apply"
    few = make_evidence(claims=make_evidence().claims[:2], summary=Summary(supported=1, not_applicable=1))
    assert summary_sentence(few, ENGLISH) == "Of 2 claims, 1 is supported and 1 does not apply"
    assert summary_sentence(make_evidence(claims=[], summary=Summary()), ENGLISH) == "No claim was decided"


def test_a_finding_says_value_interval_and_criterion() -> None:
    assert finding(make_claim("x", "refuted"), ENGLISH) == (
        "Growth of the mean over layer 1, internal is 2.1 times (95% interval 1.9 to 2.4); "
        "the criterion asks for at least 10."
    )


def test_a_finding_of_a_claim_that_does_not_apply_is_its_reason() -> None:
    assert (
        finding(make_claim("x", "not_applicable"), ENGLISH) == "the model adds no positions to its embedding"
    )


def test_exact_numbers_have_no_interval_and_bootstrapped_ones_keep_theirs() -> None:
    data = make_claim("x", "supported").model_dump()
    data["assertions"][0] |= {"value": 1.0, "interval": (1.0, 1.0), "method": "largest of all tokens"}
    data["assertions"][1] |= {"value": 1.0, "interval": (1.0, 1.0), "method": "token bootstrap"}
    claim = ClaimRecord.model_validate(data)
    assert [interval_text(assertion, ENGLISH) for assertion in claim.assertions] == ["exact", "1 to 1"]
    assert "interval" not in finding(claim, ENGLISH)


@pytest.mark.parametrize(
    ("relation", "upper", "sentence"),
    [
        ("at least", None, "An interval wholly below 3 refutes it."),
        ("above", None, "An interval wholly at or below 3 refutes it."),
        ("at most", None, "An interval wholly above 3 refutes it."),
        ("below", None, "An interval wholly at or above 3 refutes it."),
        ("exactly", None, "An interval that does not hold 3 refutes it."),
        ("within", 5.0, "An interval wholly outside 3 to 5 refutes it."),
    ],
)
def test_what_refutes_a_claim_follows_from_its_criterion(
    relation: str, upper: float | None, sentence: str
) -> None:
    fields = {"relation": relation, "bound": 3.0, "upper": upper, "reason": {"text": ""}}
    assert refutation(CriterionRecord.model_validate(fields), ENGLISH) == sentence


def test_a_finding_says_for_each_kind_how_it_misses() -> None:
    words = study_of(make_evidence()).words
    assert finding(missing(), words).endswith(
        "at least 10. Commas: it falls by 6%. Full stops: it falls by 1%."
    )


def test_the_interval_without_overlap_says_how_many_tokens_it_has() -> None:
    data = make_claim("x", "refuted").model_dump()
    data["assertions"][0]["separate_windows"] = {
        "n": 84,
        "value": 2.0,
        "interval": (1.7, 2.6),
        "verdict": "refuted",
    }
    first, *others = ClaimRecord.model_validate(data).assertions
    assert separate_windows_text(first, ENGLISH) == "without overlap, 84 tokens: 1.7 to 2.6"
    assert {separate_windows_text(assertion, ENGLISH) for assertion in others} <= {""}


def test_an_interval_that_is_wider_than_others_says_its_level() -> None:
    data = missing().model_dump()
    data["assertions"][0]["level"] = 0.9875
    claim = ClaimRecord.model_validate(data)
    assert "(98.8% interval 1.9 to 2.4)" in finding(claim, ENGLISH)
    assert [interval_text(assertion, ENGLISH) for assertion in claim.assertions] == [
        "1.9 to 2.4 (98.8%)",
        "1.9 to 2.4",
    ]
