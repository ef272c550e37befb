"""Known counts: which claims travel, and what untrained weights say about them."""

import pytest

from layerclaims.decision import Verdict
from layerclaims.report.comparison.comparison import compare
from layerclaims.report.comparison.support import (
    Support,
    by_extent,
    scope,
    summary,
    support_sentence,
    supports,
)
from layerclaims.report.comparison.terminal_lines import support_lines
from layerclaims.report.language.words import load_words
from layerclaims.report.records.evidence import ClaimRecord, Evidence
from tests.report.builder import make_claim, make_evidence, make_subject, make_twins

WORDS = load_words("en")


def run(*claims: ClaimRecord, model: str = "example/tiny-model") -> Evidence:
    subject = make_subject(12, 30, model=model)
    return make_evidence(claims=list(claims), profiles=None, subject=subject)


def claim(verdict: Verdict, reached: bool | None = None, claim_id: str = "mi-declines") -> ClaimRecord:
    """Make a claim whose numbers untrained twins, where there are some, reach or not."""
    made = make_claim(claim_id, verdict)
    twins = None if reached is None else make_twins(14.2, learned=not reached)
    assertions = [one.model_copy(update={"twins": twins}) for one in made.assertions]
    return made.model_copy(update={"assertions": assertions})


def support_of(*verdicts: tuple[Verdict, bool | None]) -> Support:
    return supports(compare([run(claim(*verdict)) for verdict in verdicts]))[0]


@pytest.mark.parametrize(
    ("verdicts", "extent", "share"),
    [
        (["supported", "supported", "not_applicable"], "everywhere", (2, 2)),
        (["supported", "refuted", "inconclusive"], "some", (1, 3)),
        (["refuted", "inconclusive"], "nowhere", (0, 2)),
        (["not_applicable", "not_applicable"], "not_applicable", (0, 0)),
    ],
)
def test_runs_to_which_a_claim_does_not_apply_are_not_counted(
    verdicts: list[Verdict], extent: str, share: tuple[int, int]
) -> None:
    support = support_of(*((verdict, None) for verdict in verdicts))
    assert support.extent == extent
    assert (support.share.holds, support.share.of) == share


def test_a_run_without_the_claim_counts_nowhere() -> None:
    support = supports(
        compare([run(claim("supported")), run(claim("refuted", claim_id="covariance-grows"))])
    )[0]
    assert (support.row.id, support.share.of) == ("mi-declines", 1)
    assert support_sentence(support, WORDS) == "Supported in the one run where it applies."


def test_the_sentence_names_what_the_other_runs_found() -> None:
    support = support_of(("supported", None), ("refuted", None), ("refuted", None), ("inconclusive", None))
    assert support_sentence(support, WORDS) == (
        "Supported in 1 of the 4 runs where it applies: refuted in 2 and inconclusive in 1."
    )


@pytest.mark.parametrize(
    ("reached", "expected"),
    [
        (
            [True, True, None],
            "Of the runs that support it, 2 measured untrained weights too, which do as well",
        ),
        (
            [False, False, None],
            "Of the runs that support it, 2 measured untrained weights too, which do not.",
        ),
        (
            [True, False, None],
            "Of the runs that support it, 2 measured untrained weights too, which do in 1.",
        ),
        ([None, None], ""),
    ],
)
def test_untrained_weights_speak_where_they_were_measured(reached: list[bool | None], expected: str) -> None:
    sentence = support_sentence(support_of(*(("supported", one) for one in reached)), WORDS)
    assert expected in sentence
    assert ("says nothing about learning" in sentence) == (reached == [True, True, None])
    assert ("untrained" in sentence) == bool(expected)


def test_untrained_weights_of_a_run_that_refutes_the_claim_say_nothing() -> None:
    assert support_of(("refuted", True), ("supported", None)).untrained.of == 0


def test_claims_that_travel_farthest_come_first() -> None:
    rows = {
        "mi-declines": ("refuted", "refuted"),
        "covariance-grows": ("supported", "refuted"),
        "variance-grows": ("supported", "supported"),
    }
    runs = [run(*(claim(pair[i], claim_id=name) for name, pair in rows.items())) for i in (0, 1)]  # type: ignore[arg-type]
    found = supports(compare(runs))
    order = [support.row.id for group in by_extent(found).values() for support in group]
    assert order == ["variance-grows", "covariance-grows", "mi-declines"]
    assert summary(found, WORDS) == (
        "Of 3 claims, 1 is supported wherever it applies, 1 is supported in some runs and "
        "1 is supported in no run"
    )


def test_the_terminal_marks_what_untrained_weights_support() -> None:
    found = supports(compare([run(claim("supported", True)), run(claim("supported", False))]))
    assert list(support_lines(found, 80, WORDS)) == [
        "supported wherever they apply (1): mi-declines*",
        "  * supported by untrained weights as well, where these were measured",
    ]


def test_runs_of_one_model_are_said_to_be_of_one() -> None:
    runs = compare([run(), run(), run(model="another")]).runs
    assert scope(runs, WORDS) == "3 runs of 2 models on 1 text"
