import pytest

from layerclaims.report.page.interval_mark import WIDTH, mark
from layerclaims.report.records.evidence import CriterionRecord


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
