import pytest

from layerclaims.report.language.words import load_words
from layerclaims.report.page.interval_mark import WIDTH, mark
from layerclaims.report.page.specification_curve import specification_curve
from layerclaims.report.records.evidence import CriterionRecord
from tests.report.builder import make_claim


def criterion(relation: str, bound: float, upper: float | None = None) -> CriterionRecord:
    return CriterionRecord.model_validate(
        {"relation": relation, "bound": bound, "upper": upper, "reason": {"text": ""}}
    )


def test_values_are_placed_in_their_order() -> None:
    drawn = mark(12, (11, 14), criterion("at least", 10))
    assert drawn is not None
    assert 0 < drawn.bounds[0] < drawn.low < drawn.value < drawn.high < WIDTH
    assert (drawn.region_low, drawn.region_high) == (drawn.bounds[0], WIDTH)


def test_equal_distances_are_drawn_equal() -> None:
    drawn = mark(2, (1, 3), criterion("at most", 4))
    assert drawn is not None
    assert not drawn.logarithmic
    assert drawn.value - drawn.low == pytest.approx(drawn.bounds[0] - drawn.high, abs=0.02)


def test_orders_of_magnitude_are_drawn_as_ratios() -> None:
    drawn = mark(100, (10, 1000), criterion("at least", 1))
    assert drawn is not None
    assert drawn.logarithmic
    assert drawn.value - drawn.low == pytest.approx(drawn.high - drawn.value, abs=0.02)


@pytest.mark.parametrize("value", [0.0, -3.0, 1e-30, 1e30, 10.0])
def test_extreme_values_stay_inside(value: float) -> None:
    for relation in ("at least", "at most", "above", "below", "exactly"):
        drawn = mark(value, None, criterion(relation, 10))
        assert drawn is not None
        assert 0 <= min(drawn.value, drawn.region_low) <= max(drawn.value, drawn.region_high) <= WIDTH


def test_a_band_has_two_bounds() -> None:
    drawn = mark(8, (7, 9), criterion("within", 6, 10))
    assert drawn is not None
    assert drawn.bounds == (drawn.region_low, drawn.region_high)


def test_without_value_or_criterion_there_is_no_mark() -> None:
    assert mark(None, None, criterion("at least", 1)) is None
    assert mark(1, None, None) is None


def test_a_curve_is_sorted_and_shows_the_choices_of_each_value() -> None:
    claim = make_claim("x", "supported")
    assert claim.specifications is not None
    curve = specification_curve(claim, load_words("en"))
    assert curve is not None
    heights = [point.y for point in curve.points]
    assert heights == sorted(heights, reverse=True)
    assert [point.x for point in curve.points] == sorted(point.x for point in curve.points)
    assert len(curve.rows) == 3 + 3 + 2
    assert sum(len(row.places) for row in curve.rows) == 3 * len(curve.points)
    lowest = min(claim.specifications.results, key=lambda result: result.value or 0)
    first = {row.label for row in curve.rows if curve.points[0].x in row.places}
    words = load_words("en")
    assert first == {f"{words.choice(name)}: {words.option(value)}" for name, value in lowest.choices.items()}


def test_what_the_criterion_accepts_is_shaded_up_to_the_bound() -> None:
    curve = specification_curve(make_claim("x", "supported"), load_words("en"))
    assert curve is not None
    assert curve.region is not None
    for point in curve.points:
        if point.verdict == "supported":
            assert curve.region[0] <= point.y <= curve.region[1]


def test_equal_values_do_not_break_the_scale() -> None:
    claim = make_claim("x", "supported")
    assert claim.specifications is not None
    equal = [
        result.model_copy(update={"value": 5.0, "interval": None}) for result in claim.specifications.results
    ]
    curve = specification_curve(
        claim.model_copy(
            update={
                "specifications": claim.specifications.model_copy(update={"results": equal}),
                "assertions": [],
            }
        ),
        load_words("en"),
    )
    assert curve is not None
    assert len({point.y for point in curve.points}) == 1
    assert curve.ticks
