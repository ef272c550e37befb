"""What is measured, asked and follows is said in a sentence, and so is why nothing follows."""

from collections.abc import Callable

import numpy as np
import pytest

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.statistics.estimate import Estimate, exact, percentile_estimate
from layerclaims.decision import (
    Decision,
    Finding,
    decide,
    decide_jointly,
    not_applicable,
    raised,
    reason_of,
)
from layerclaims.message import Measured, Message, format_measured, format_number, message
from tests.layerclaims.decision.criteria import criterion


@pytest.mark.parametrize("numbers", [(np.nan, 0, 1), (0, -np.inf, 1), (0, 0, np.inf), (np.nan,) * 3])
def test_numbers_that_no_verdict_can_be_read_from_are_refused(numbers: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        Estimate(*numbers)


def test_an_interval_upside_down_is_refused() -> None:
    with pytest.raises(ValueError, match="upside down"):
        Estimate(1, 2, 0)


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
