"""Interval marks: a value and its interval beside the criterion, as coordinates for the template."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from layerclaims.report.records.evidence import AssertionRecord, CriterionRecord

WIDTH = 120.0
"""Of a mark, in its own units; the value's dot and the ends of the axis fit inside."""

_MARGIN = 6.0
_LOGARITHMIC_FROM = 20.0


@dataclass(frozen=True)
class IntervalMark:
    """Horizontal coordinates from 0 to `WIDTH`.

    Attributes
    ----------
    value : float
    low, high : float
        Ends of the interval; equal to ``value`` where there is none.
    region_low, region_high : float
        The range that the criterion accepts, to an end of the mark where it is open.
    bounds : tuple of float
        Criterion bounds: one, or two for ``"within"``.
    logarithmic : bool
    """

    value: float
    low: float
    high: float
    region_low: float
    region_high: float
    bounds: tuple[float, ...]
    logarithmic: bool


def mark(
    value: float | None, interval: tuple[float, float] | None, criterion: CriterionRecord | None
) -> IntervalMark | None:
    """Place a value, its interval and its criterion; None where value or criterion is missing."""
    if value is None or criterion is None:
        return None
    return _placed(value, interval, criterion, _scale(_numbers(value, interval, criterion)))


def _numbers(value: float, interval: tuple[float, float] | None, criterion: CriterionRecord) -> list[float]:
    """List the numbers that a mark must hold."""
    return [value, *(interval or ()), *_bounds(criterion)]


def _bounds(criterion: CriterionRecord) -> tuple[float, ...]:
    return (criterion.bound,) if criterion.upper is None else (criterion.bound, criterion.upper)


def _scale(numbers: list[float]) -> "_Scale":
    return _Scale(numbers, min(numbers) > 0 and max(numbers) / min(numbers) > _LOGARITHMIC_FROM)


def _placed(
    value: float | None,
    interval: tuple[float, float] | None,
    criterion: CriterionRecord | None,
    place: "_Scale",
) -> IntervalMark | None:
    if value is None or criterion is None:
        return None
    low, high = interval or (value, value)
    bounds, logarithmic = _bounds(criterion), place.logarithmic
    edges = tuple(place(bound) for bound in bounds)
    region = _region(criterion, edges)
    return IntervalMark(place(value), place(low), place(high), *region, edges, logarithmic)


def marks_on_one_scale(assertions: Sequence[AssertionRecord | None]) -> list[IntervalMark | None]:
    """Place several values of one kind on one scale, so that they can be compared; None stays None."""
    known = [
        _numbers(one.value, one.interval, one.criterion)
        for one in assertions
        if one is not None and one.value is not None and one.criterion is not None
    ]
    numbers = [number for found in known for number in found]
    if not numbers:
        return [None] * len(assertions)
    scale = _scale(numbers)
    return [
        None if one is None else _placed(one.value, one.interval, one.criterion, scale) for one in assertions
    ]


def mark_of(assertion: AssertionRecord) -> IntervalMark | None:
    """Place an assertion's value, interval and criterion."""
    return mark(assertion.value, assertion.interval, assertion.criterion)


class _Scale:
    """Places numbers between the margins, on a linear or a logarithmic axis."""

    def __init__(self, numbers: list[float], logarithmic: bool) -> None:
        self.logarithmic = logarithmic
        places = [self._along(number) for number in numbers]
        self._low, self._high = min(places), max(places)
        if self._low == self._high:
            half = abs(self._low) or 1.0
            self._low, self._high = self._low - half, self._high + half
        # Room beyond the outermost number, so that an open side of the criterion shows.
        room = 0.18 * (self._high - self._low)
        self._low, self._high = self._low - room, self._high + room

    def _along(self, number: float) -> float:
        return math.log(number) if self.logarithmic else number

    def __call__(self, number: float) -> float:
        share = (self._along(number) - self._low) / (self._high - self._low)
        return round(_MARGIN + share * (WIDTH - 2 * _MARGIN), 2)


def _region(criterion: CriterionRecord, edges: tuple[float, ...]) -> tuple[float, float]:
    match criterion.relation:
        case "at least" | "above":
            return edges[0], WIDTH
        case "at most" | "below":
            return 0.0, edges[0]
        case "exactly":
            return edges[0] - 3, edges[0] + 3
        case "within":
            return edges[0], edges[1]
