"""Specification curves show the assertion that they name, coloured by its own verdicts."""

from itertools import pairwise
from typing import Any

import pytest

from layerclaims.report.language.words import load_words
from layerclaims.report.page.specification_curve import Curve, specification_curves, specifications_in_words
from layerclaims.report.records.evidence import ClaimRecord
from tests.report.builder import make_claim

WORDS = load_words("en")


def curves_of(claim: ClaimRecord) -> list[Curve]:
    return specification_curves(claim, WORDS)


def changed(claim: ClaimRecord, outcome: dict[str, Any]) -> ClaimRecord:
    data = claim.model_dump()
    for curve in data["specifications"]["assertions"]:
        for known in curve["outcomes"]:
            known.update(outcome)
    return ClaimRecord.model_validate(data)


def test_a_curve_is_sorted_and_shows_the_choices_of_each_value() -> None:
    claim = make_claim("x", "supported")
    curve = curves_of(claim)[0]
    heights = [point.y for point in curve.points]
    assert heights == sorted(heights, reverse=True)
    assert [point.x for point in curve.points] == sorted(point.x for point in curve.points)
    assert len(curve.rows) == 3 + 3 + 2
    assert sum(len(row.places) for row in curve.rows) == 3 * len(curve.points)
    first = {row.label for row in curve.rows if 0 in row.places}
    assert first == {"bins: 8", "outliers beyond SD: 0", "estimator: histogram"}
    assert curve.points[0].finding == "9.6 (8.6 to 10.6), inconclusive"
    assert curve.points[0].choices.startswith("bins 8, outliers beyond SD 0")
    assert curve.points[-1].x == pytest.approx(curve.points[0].x + curve.step * 17, abs=0.1)


def test_the_deciding_assertion_comes_first_and_every_curve_has_its_own_verdicts() -> None:
    data = make_claim("x", "supported").model_dump()
    data["assertions"][1]["verdict"] = "refuted"
    data["verdict"] = "refuted"
    decisive, other = curves_of(ClaimRecord.model_validate(data))
    assert (decisive.assertion.name, other.assertion.name) == ("x[terminal]", "x[internal]")
    assert (decisive.decides, other.decides) == (True, False)
    for curve, lower in ((decisive, 2), (other, 0)):
        for point in curve.points:
            value = float(point.finding.split()[0])
            assert point.verdict == (
                "supported" if value > 11 else "inconclusive" if value > 9 else "refuted"
            )
        assert float(curve.points[0].finding.split()[0]) == pytest.approx(9.6 - lower)
        assert curve.counts.get("supported", 0) == sum(point.verdict == "supported" for point in curve.points)
    assert decisive.counts != other.counts


def test_an_assertion_is_told_from_one_of_the_same_name_by_its_arguments() -> None:
    data = make_claim("x", "supported").model_dump()
    for assertion, curve, kind in zip(
        data["assertions"], data["specifications"]["assertions"], ("internal", "terminal"), strict=True
    ):
        assertion.update(name="it grows", arguments={"kind": kind})
        curve.update(assertion="it grows", arguments={"kind": kind})
    first, second = curves_of(ClaimRecord.model_validate(data))
    assert first.points[0].finding.startswith("9.6")
    assert second.points[0].finding.startswith("7.6")


def test_specifications_that_leave_an_assertion_out_are_not_counted() -> None:
    data = make_claim("x", "supported").model_dump()
    data["specifications"]["assertions"][0]["outcomes"][3:] = [None] * 15
    first, second = curves_of(ClaimRecord.model_validate(data))
    assert (first.n, len(first.points)) == (3, 3)
    assert second.n == 18


def test_what_the_criterion_accepts_is_shaded_up_to_the_bound() -> None:
    curve = curves_of(make_claim("x", "supported"))[0]
    assert curve.region is not None
    for point in curve.points:
        if point.verdict == "supported":
            assert curve.region[0] <= point.y <= curve.region[1]


def test_equal_values_do_not_break_the_scale() -> None:
    curve = curves_of(changed(make_claim("x", "supported"), {"value": 5.0, "interval": None}))[0]
    assert len({point.y for point in curve.points}) == 1
    assert curve.ticks


def test_orders_of_magnitude_are_drawn_as_ratios() -> None:
    data = make_claim("x", "supported").model_dump()
    for place, outcome in enumerate(data["specifications"]["assertions"][0]["outcomes"]):
        value = 10.0 ** (place % 6)
        outcome.update(value=value, interval=(value, value))
    curve = curves_of(ClaimRecord.model_validate(data))[0]
    heights = sorted({point.y for point in curve.points}, reverse=True)
    steps = [low - high for low, high in pairwise(heights)]
    assert steps == pytest.approx([steps[0]] * 5, abs=0.2)
    assert "1,000" in [label for _, label in curve.ticks]


def test_specifications_that_claims_share_are_written_once() -> None:
    claims = [make_claim(name, "supported") for name in "ab"]
    numbers = specifications_in_words(claims, WORDS)
    assert list(numbers.values()) == list(range(18))
    for claim in claims:
        assert {point.choices for curve in curves_of(claim) for point in curve.points} == set(numbers)


def test_long_options_are_written_out_below_their_choice() -> None:
    data = make_claim("x", "supported").model_dump()
    rules = ["plane, log r", "plane, log r, shallow valleys", "token groups, shallow valleys"]
    for place, result in enumerate(data["specifications"]["results"]):
        result["choices"]["counting"] = rules[place % 3]
    curve = curves_of(ClaimRecord.model_validate(data))[0]
    first = next(place for place, row in enumerate(curve.rows) if row.label == "clusters counted by:")
    assert curve.rows[first].places == ()
    assert [row.label for row in curve.rows[first + 1 : first + 4]] == [
        "plane of log covariance and log r",
        "plane of log covariance and log r, shallow valleys",
        "groups of tokens, shallow valleys",
    ]
    assert curve.points[0].x > curve.left > curves_of(make_claim("x", "supported"))[0].left
