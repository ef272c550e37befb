"""A number that misses its criterion says which way it goes, and by how much it misses."""

import pytest

from layerclaims.analysis.statistics.estimate import Estimate, exact
from layerclaims.decision import Criterion, Relation, decide, not_applicable
from layerclaims.message import message


def told(
    relation: Relation, bound: float, no_effect: float | None, value: float, low: float, high: float
) -> str:
    upper = bound + 4 if relation == "within" else None
    criterion = Criterion(relation, bound, message("for this test"), upper, no_effect)
    return str(decide(message("a number"), Estimate(value, low, high), criterion).shortfall)


@pytest.mark.parametrize(
    ("relation", "bound", "value", "low", "high", "sentence"),
    [
        ("at most", 0.9, 0.94, 0.92, 0.96, "it falls by 6%, and a fall of at least 10% is asked for"),
        ("at most", 0.9, 0.89, 0.85, 0.93, "it falls by 11%, and a fall of at least 10% is asked for"),
        ("at most", 0.9, 1.2, 1.1, 1.3, "it rises by 20%, and a fall of at least 10% is asked for"),
        (
            "at most", 0.9, 0.99, 0.96, 1.03,
            "whether it rises or falls is open, and a fall of at least 10% is asked for",
        ),
        ("at most", 1.25, 2.5, 2.1, 3, "it grows 2.5 times, and a rise of at most 25% is asked for"),
        ("at least", 10, 4, 3, 5, "it grows 4 times, and growth of at least 10 times is asked for"),
        ("at least", 10, 0.08, 0.07, 0.1, "it falls by 92%, and growth of at least 10 times is asked for"),
        ("above", 2, 1.4, 1.2, 2.1, "it rises by 40%, and growth of at least 2 times is asked for"),
        ("below", 2, 2, 1.5, 3, "it grows 2 times, and growth of at most 2 times is asked for"),
        ("at most", 3, 4, 3.5, 5, "it grows 4 times, and growth of at most 3 times is asked for"),
        ("above", 1.1, 0.5, 0.4, 0.6, "it falls by 50%, and a rise of at least 10% is asked for"),
        ("above", 1, 0.5, 0.4, 0.6, "it falls by 50%, and a rise of at least 0% is asked for"),
        ("below", 1.1, 1.4, 1.2, 1.6, "it rises by 40%, and a rise of at most 10% is asked for"),
        ("above", 0.9, 0.5, 0.4, 0.6, "it falls by 50%, and a fall of at most 10% is asked for"),
        (
            "at most", 0.5, 1.5, 1, 2,
            "whether it rises or falls is open, and a fall of at least 50% is asked for",
        ),
        (
            "at most", 0.5, 0.8, 0.6, 1,
            "whether it rises or falls is open, and a fall of at least 50% is asked for",
        ),
    ],
)  # fmt: skip
def test_a_ratio_says_its_change_and_the_change_that_is_asked_for(
    relation: Relation, bound: float, value: float, low: float, high: float, sentence: str
) -> None:
    assert told(relation, bound, 1, value, low, high) == sentence


@pytest.mark.parametrize(
    ("value", "low", "high", "sentence"),
    [
        (-0.3, -0.4, -0.2, "it is negative, and it lies 0.2 above the criterion"),
        (0.1, -0.1, 0.3, "its sign is open, and it lies 0.6 above the criterion"),
        (0.5, 0.4, 0.6, "it is positive, and it lies 1 above the criterion"),
        (0.5, 0, 0.6, "its sign is open, and it lies 1 above the criterion"),
        (-0.3, -0.4, 0, "its sign is open, and it lies 0.2 above the criterion"),
        (-0.55, -0.65, -0.4, "it is negative, and its interval reaches 0.1 past the criterion"),
    ],
)
def test_a_correlation_says_its_sign_and_its_distance(
    value: float, low: float, high: float, sentence: str
) -> None:
    assert told("at most", -0.5, 0, value, low, high) == sentence


@pytest.mark.parametrize(
    ("relation", "bound", "value", "low", "high", "sentence"),
    [
        ("exactly", 3, 1, 1, 1, "it lies 2 below the criterion"),
        ("exactly", 3, 3, 1, 4, "its interval reaches 2 past the criterion"),
        ("within", 6, 12, 12, 14, "it lies 2 above the criterion"),
        ("above", 6, 4, 3, 5, "it lies 2 below the criterion"),
        ("above", 6, 8, 3, 9, "its interval reaches 3 past the criterion"),
        ("at least", 6, 8, 5, 9, "its interval reaches 1 past the criterion"),
        ("below", 6, 8, 3, 9, "it lies 2 above the criterion"),
        ("below", 6, 4, 3, 9, "its interval reaches 3 past the criterion"),
        ("at most", 6, 6, 3, 9, "its interval reaches 3 past the criterion"),
        ("within", 6, 7, 3, 8, "its interval reaches 3 past the criterion"),
    ],
)
def test_any_other_number_says_its_distance(
    relation: Relation, bound: float, value: float, low: float, high: float, sentence: str
) -> None:
    assert told(relation, bound, None, value, low, high) == sentence


def test_a_tests_message_ends_with_it() -> None:
    criterion = Criterion("at most", 0.9, message("for this test"), no_effect=1)
    decision = decide(message("MI"), Estimate(0.94, 0.92, 0.96, "times"), criterion)
    assert decision.message.endswith(
        "at most 0.9: refuted; it falls by 6%, and a fall of at least 10% is asked for"
    )


def test_what_is_supported_or_does_not_apply_misses_nothing() -> None:
    assert decide(message("n"), exact(3), Criterion("exactly", 3, message("for this test"))).shortfall is None
    assert not_applicable(message("n"), message("there is none")).shortfall is None
