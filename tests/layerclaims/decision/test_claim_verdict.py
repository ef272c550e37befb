"""A claim is as good as its worst assertion."""

import pytest

from layerclaims.decision import Verdict, combine, part_of


@pytest.mark.parametrize(
    ("verdicts", "claim"),
    [
        (["supported", "supported"], "supported"),
        (["supported", "not_applicable"], "supported"),
        (["supported", "inconclusive"], "inconclusive"),
        (["inconclusive", "refuted"], "refuted"),
        (["supported", "refuted", "not_applicable"], "refuted"),
        (["not_applicable"], "not_applicable"),
        ([], "not_applicable"),
    ],
)
def test_a_claim_is_as_good_as_its_worst_assertion(verdicts: list[Verdict], claim: Verdict) -> None:
    assert combine(verdicts) == claim


@pytest.mark.parametrize("others", [[], ["supported"], ["refuted"], ["not_applicable", "inconclusive"]])
def test_where_one_assertion_is_an_error_the_others_decide_nothing(others: list[Verdict]) -> None:
    assert combine(["error", *others]) == "error"
    assert combine([*others, "error"]) == "error"


def test_a_part_of_the_assertions_is_said_with_both_numbers() -> None:
    assert str(part_of(2, 3)) == "2 of 3 assertions"
