"""A verdict follows from the whole interval, never from the number alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.statistics.estimate import Estimate, exact, percentile_estimate
from layerclaims.decision import (
    VERDICT_WORDS,
    Criterion,
    Decision,
    Finding,
    Relation,
    Verdict,
    combine,
    decide,
    decide_jointly,
    not_applicable,
    part_of,
    raised,
    reason_of,
)
from layerclaims.message import Measured, Message, format_measured, format_number, message

FINITE = st.floats(-1e6, 1e6)
RELATIONS: tuple[Relation, ...] = ("at least", "at most", "above", "below")


def criterion(relation: Relation, bound: float, upper: float | None = None) -> Criterion:
    return Criterion(relation, bound, Message(text="for this test"), upper)


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


@pytest.mark.parametrize("numbers", [(np.nan, 0, 1), (0, -np.inf, 1), (0, 0, np.inf), (np.nan,) * 3])
def test_numbers_that_no_verdict_can_be_read_from_are_refused(numbers: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        Estimate(*numbers)


def test_an_interval_upside_down_is_refused() -> None:
    with pytest.raises(ValueError, match="upside down"):
        Estimate(1, 2, 0)


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


def test_verdicts_in_words_are_their_names() -> None:
    assert {verdict: str(word) for verdict, word in VERDICT_WORDS.items()} == {
        "supported": "supported",
        "refuted": "refuted",
        "inconclusive": "inconclusive",
        "not_applicable": "not applicable",
        "error": "error",
    }


def test_an_estimate_takes_the_central_95_percent() -> None:
    estimate = percentile_estimate(0.5, np.linspace(0, 1, 1001), unit="bits", n=40)
    assert (estimate.low, estimate.high) == pytest.approx((0.025, 0.975))
    assert (estimate.value, estimate.unit, estimate.n) == (0.5, "bits", 40)


@pytest.mark.parametrize(("value", "ends"), [(-3.0, (-3.0, 0.975)), (7.0, (0.025, 7.0))])
def test_an_interval_holds_its_number_where_resampling_is_biased(
    value: float, ends: tuple[float, float]
) -> None:
    estimate = percentile_estimate(value, np.linspace(0, 1, 1001), n=40)
    assert (estimate.low, estimate.high) == pytest.approx(ends)


def test_resampled_values_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        percentile_estimate(0.5, np.array([0.1, np.nan, 0.3]), n=3)


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


def test_a_message_says_number_interval_criterion_and_verdict() -> None:
    decision = decide(
        Message(text="the growth"),
        Estimate(731.6, 700.9, 766.8, "times"),
        criterion("at least", 10),
        {"kind": "internal"},
    )
    assert decision.supported
    assert decision.parameters == {"kind": "internal"}
    assert decision.message == (
        "the growth is 732 times (95% interval 701 to 767); the criterion is at least 10: supported"
    )


def test_what_is_not_applicable_has_a_reason_and_no_number() -> None:
    decision = not_applicable(Message(text="the growth"), Message(text="there is none"))
    assert decision.verdict == "not_applicable"
    assert not decision.supported
    assert decision.estimate is None
    assert decision.criterion is None
    assert decision.message == "not applicable: there is none"
    assert decision.shortfall is None


def test_a_number_without_a_criterion_decides_nothing() -> None:
    decision = Decision(
        "not_applicable", message("the growth"), estimate=exact(3), reason=message("there is none")
    )
    assert decision.message == "not applicable: there is none"
    assert decision.shortfall is None


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (0.0005, "5.00e-04"),
        (0.001234, "0.00123"),
        (3, "3"),
        (-2.345, "-2.35"),
        (999.6, "1e+03"),
        (12345.6, "12,346"),
        (1.5e6, "1.50e+06"),
        (-1e-9, "-1.00e-09"),
    ],
)
def test_numbers_are_written_with_three_digits(number: float, text: str) -> None:
    assert format_number(number) == text


def test_an_estimate_is_written_with_its_unit_and_interval() -> None:
    measured = Measured(value=0.91, low=0.9, high=0.92, unit="bits")
    assert format_measured(measured) == "0.91 bits (95% interval 0.9 to 0.92)"


def test_an_error_is_written_with_its_class_and_text() -> None:
    decision = raised(message("the number"), ValueError("not {finite}:\n  nan"), {"kind": "internal"})
    assert decision.verdict == "error"
    assert decision.message == "error: its test raised ValueError: not {finite}: nan"
    assert not decision.supported
    assert raised(message("it"), KeyboardInterrupt()).message == "error: its test raised KeyboardInterrupt"


def test_an_undefined_result_is_written_with_its_reason_and_can_be_translated() -> None:
    error = UndefinedResultError("there is no mean of {n} tokens", n=0)
    decision = raised(message("the number"), error)
    assert decision.message == "error: its result is undefined here: there is no mean of 0 tokens"
    assert reason_of(error) == Message(text="there is no mean of {n} tokens", values={"n": 0})


def test_every_kind_of_decision_keeps_its_parameters_or_has_none() -> None:
    held = criterion("at least", 1)
    finding = Finding(message("a rule"), True, exact(2))
    ways: list[Callable[..., Decision]] = [
        lambda *given: decide(message("it"), exact(2), held, *given),
        lambda *given: decide_jointly(message("it"), [finding], held, *given),
        lambda *given: not_applicable(message("it"), message("none"), *given),
        lambda *given: raised(message("it"), ValueError("odd"), *given),
    ]
    for way in ways:
        assert way({"layer": 3}).parameters == {"layer": 3}
        assert way().parameters == {}
        assert way(None).parameters == {}


def test_a_long_error_is_cut_in_its_middle() -> None:
    text = str(raised(message("it"), ValueError("a" * 10_000)).reason)
    kept = text.removeprefix("its test raised ValueError: ")
    assert len(kept) == 300
    assert set(kept) == {"a", "…"}


@pytest.mark.parametrize("others", [[], ["supported"], ["refuted"], ["not_applicable", "inconclusive"]])
def test_where_one_assertion_is_an_error_the_others_decide_nothing(others: list[Verdict]) -> None:
    assert combine(["error", *others]) == "error"
    assert combine([*others, "error"]) == "error"


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


def test_a_part_of_the_assertions_is_said_with_both_numbers() -> None:
    assert str(part_of(2, 3)) == "2 of 3 assertions"
