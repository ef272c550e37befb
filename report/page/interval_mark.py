"""Interval marks: a value and its interval beside the criterion, as coordinates for the template."""

import math
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
    low, high = interval or (value, value)
    bounds = (criterion.bound,) if criterion.upper is None else (criterion.bound, criterion.upper)
    numbers = [value, low, high, *bounds]
    logarithmic = min(numbers) > 0 and max(numbers) / min(numbers) > _LOGARITHMIC_FROM
    place = _Scale(numbers, logarithmic)
    edges = tuple(place(bound) for bound in bounds)
    region = _region(criterion, edges)
    return IntervalMark(place(value), place(low), place(high), *region, edges, logarithmic)


def mark_of(assertion: AssertionRecord) -> IntervalMark | None:
    """Place an assertion's value, interval and criterion."""
    return mark(assertion.value, assertion.interval, assertion.criterion)


class _Scale:
    """Places numbers between the margins, on a linear or a logarithmic axis."""

    def __init__(self, numbers: list[float], logarithmic: bool) -> None:
        self._logarithmic = logarithmic
        places = [self._along(number) for number in numbers]
        self._low, self._high = min(places), max(places)
        if self._low == self._high:
            half = abs(self._low) or 1.0
            self._low, self._high = self._low - half, self._high + half
        # Room beyond the outermost number, so that an open side of the criterion shows.
        room = 0.18 * (self._high - self._low)
        self._low, self._high = self._low - room, self._high + room

    def _along(self, number: float) -> float:
        return math.log(number) if self._logarithmic else number

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
