"""A verdict follows from the whole interval, never from the number alone."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from layerclaims.analysis.statistics.estimate import Estimate, exact
from layerclaims.decision import (
    UNDECIDED,
    VERDICT_WORDS,
    Criterion,
    Relation,
    Verdict,
    not_applicable,
    raised,
)
from layerclaims.message import message
from tests.layerclaims.decision.criteria import criterion

FINITE = st.floats(-1e6, 1e6)
RELATIONS: tuple[Relation, ...] = ("at least", "at most", "above", "below")


@pytest.mark.parametrize(
    ("relation", "bound", "low", "high", "verdict"),
    [
        ("at least", 10, 10, 12, "supported"),
        ("at least", 10, 9.9, 12, "inconclusive"),
        ("at least", 10, 8, 9.9, "refuted"),
        ("at least", 10, 8, 10, "inconclusive"),
        ("above", 10, 10, 12, "inconclusive"),
        ("above", 10, 10.1, 12, "supported"),
        ("above", 10, 8, 10, "refuted"),
        ("at most", 1, 0, 1, "supported"),
        ("at most", 1, 0, 1.1, "inconclusive"),
        ("at most", 1, 1, 1.1, "inconclusive"),
        ("at most", 1, 1.01, 1.1, "refuted"),
        ("below", 0, -2, -1, "supported"),
        ("below", 0, -2, 0, "inconclusive"),
        ("below", 0, 0, 1, "refuted"),
        ("exactly", 3, 3, 3, "supported"),
        ("exactly", 3, 2, 3, "inconclusive"),
        ("exactly", 3, 2, 4, "inconclusive"),
        ("exactly", 3, 1, 2, "refuted"),
        ("exactly", 3, 4, 4, "refuted"),
    ],
)
def test_the_interval_decides(
    relation: Relation, bound: float, low: float, high: float, verdict: Verdict
) -> None:
    assert criterion(relation, bound).judge(Estimate((low + high) / 2, low, high)) == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (6, 10, "supported"),
        (7, 8, "supported"),
        (5, 8, "inconclusive"),
        (8, 12, "inconclusive"),
        (5, 12, "inconclusive"),  # the whole band lies inside the interval, its ends do not
        (10, 12, "inconclusive"),
        (2, 5.9, "refuted"),
        (10.1, 24, "refuted"),
    ],
)
def test_a_band_is_met_inside_and_missed_outside(low: float, high: float, verdict: Verdict) -> None:
    assert criterion("within", 6, 10).judge(Estimate(low, low, high)) == verdict


@given(relation=st.sampled_from(RELATIONS), bound=FINITE, ends=st.tuples(FINITE, FINITE))
def test_an_exact_number_is_never_inconclusive_and_an_interval_agrees_with_all_its_numbers(
    relation: Relation, bound: float, ends: tuple[float, float]
) -> None:
    low, high = sorted(ends)
    asked = criterion(relation, bound)
    assert asked.judge(exact(low)) == ("supported" if asked.holds(low) else "refuted")
    inside = {asked.holds(number) for number in np.linspace(low, high, 9)}
    verdict = asked.judge(Estimate(low, low, high))
    if verdict == "supported":
        assert inside == {True}
    elif verdict == "refuted":
        assert inside == {False}
    else:
        assert asked.holds(low) != asked.holds(high)


@pytest.mark.parametrize("arguments", [("within", 6, "why"), ("at least", 6, "why", 7.0)])
def test_an_upper_end_belongs_to_bands_alone(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="upper end"):
        Criterion(*arguments)


@pytest.mark.parametrize(
    ("held", "text"),
    [
        (criterion("at least", 10), "at least 10"),
        (criterion("at most", 0.5), "at most 0.5"),
        (criterion("above", 0), "above 0"),
        (criterion("below", 1), "below 1"),
        (criterion("exactly", 3), "exactly 3"),
        (criterion("within", 6, 10), "within 6 to 10"),
    ],
)
def test_a_criterion_is_written_alike_as_text_and_as_message(held: Criterion, text: str) -> None:
    assert held.text == text
    assert str(held.words) == text


@pytest.mark.parametrize(
    ("relation", "margins"),
    [("at least", [-2, 0, 3]), ("above", [-2, 0, 3]), ("at most", [2, 0, -3]), ("below", [2, 0, -3])],
)
def test_a_margin_is_positive_inside_and_negative_outside(relation: Relation, margins: list[float]) -> None:
    assert criterion(relation, 10).margin(np.array([8.0, 10.0, 13.0])).tolist() == margins


@pytest.mark.parametrize("held", [criterion("exactly", 3), criterion("within", 6, 10)])
def test_a_criterion_of_two_sides_has_no_margin(held: Criterion) -> None:
    with pytest.raises(ValueError, match=f"'{held.relation}' has two sides"):
        held.margin(np.array([1.0]))


def test_what_has_no_number_is_undecided() -> None:
    decisions = [not_applicable(message("it"), message("why")), raised(message("it"), ValueError())]
    assert tuple(decision.verdict for decision in decisions) == UNDECIDED


def test_verdicts_in_words_are_their_names() -> None:
    assert {verdict: str(word) for verdict, word in VERDICT_WORDS.items()} == {
        "supported": "supported",
        "refuted": "refuted",
        "inconclusive": "inconclusive",
        "not_applicable": "not applicable",
        "error": "error",
    }


@given(
    st.sampled_from(RELATIONS),
    st.floats(0.1, 100),
    st.floats(0.1, 100),
    st.tuples(st.floats(0.01, 0.9), st.floats(0.01, 0.9)),
    st.sampled_from(["", "times"]),
    st.floats(-1, 2),
)
def test_what_lies_in_the_undecided_range_is_inconclusive_and_what_lies_outside_is_decided(
    relation: Relation, bound: float, value: float, widths: tuple[float, float], unit: str, place: float
) -> None:
    held = criterion(relation, bound)
    estimate = Estimate(value, value * (1 - widths[0]), value * (1 + widths[1]), unit)
    ((low, high),) = held.undecided(estimate)
    assert low < bound < high
    moved = low + place * (high - low)
    assume(min(abs(place), abs(place - 1)) > 1e-3 and (unit == "" or moved > 0))
    if unit == "times":
        ends = moved * estimate.low / value, moved * estimate.high / value
    else:
        ends = moved - (value - estimate.low), moved + (estimate.high - value)
    is_open = held.judge(Estimate(moved, *ends, unit)) == "inconclusive"
    assert is_open == (0 < place < 1)


def test_a_band_has_a_range_around_either_end() -> None:
    band = criterion("within", 6, 10)
    assert band.undecided(Estimate(7, 6.5, 9)) == [(4, 6.5), (8, 10.5)]


def test_the_interval_of_a_ratio_grows_with_it_and_is_moved_where_it_reaches_zero() -> None:
    ratio = Estimate(2, 1, 4, "times")
    assert criterion("at least", 10).undecided(ratio) == [(5, 20)]
    assert criterion("at least", 10).undecided(Estimate(2, 0, 4, "times")) == [(8, 12)]
    assert criterion("at least", 0).undecided(ratio) == [(-2, 1)]


@pytest.mark.parametrize(
    ("held", "estimate"),
    [
        (criterion("at most", 1e-6), exact(0.0)),
        (criterion("exactly", 3), Estimate(3, 1, 3)),
    ],
)
def test_exact_quantities_and_counts_have_no_undecided_range(held: Criterion, estimate: Estimate) -> None:
    assert held.undecided(estimate) == []
