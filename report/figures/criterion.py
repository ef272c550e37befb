"""Axes that show values with their criteria, and the range of an axis that a criterion accepts."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from layerclaims.report.figures.drawing import Cell
from layerclaims.report.records.evidence import AssertionRecord, CriterionRecord

ASSERTION_COLUMNS = ("assertion", "value", "low", "high", "unit", "relation", "bound", "upper")

_LOGARITHMIC_FROM = 100.0


def numbers_of(assertions: Sequence[AssertionRecord]) -> list[float]:
    """List the numbers that an axis must include: values, ends of intervals and bounds."""
    numbers: list[float] = []
    for assertion in assertions:
        assert assertion.value is not None
        bounds = [] if assertion.criterion is None else [assertion.criterion.bound]
        numbers += [assertion.value, *(assertion.interval or ()), *bounds]
    return numbers


def assertion_cells(assertion: AssertionRecord | None) -> tuple[Cell, ...]:
    """Return a table's cells for an assertion, in the order of `ASSERTION_COLUMNS`."""
    if assertion is None:
        return (None,) * len(ASSERTION_COLUMNS)
    low, high = assertion.interval or (None, None)
    asked = assertion.criterion
    wanted = (None, None, None) if asked is None else (asked.relation, asked.bound, asked.upper)
    return (assertion.name, assertion.value, low, high, assertion.unit, *wanted)


def fit_axis(panel: Axes, axis: str, numbers: Sequence[float]) -> None:
    """Choose a linear, logarithmic or symmetric logarithmic axis by the range of the numbers."""
    values = np.array(numbers)
    low, high = values.min(), values.max()
    least = values[values > 0].min(initial=np.inf)
    set_scale, set_limits = getattr(panel, f"set_{axis}scale"), getattr(panel, f"set_{axis}lim")
    if low < 0 or high / least <= _LOGARITHMIC_FROM:
        room = 0.06 * (high - low) or 1.0
        set_limits(low - room, high + room)
    elif low > 0:
        set_scale("log")
        set_limits(low / 3, high * 3)
    else:
        set_scale("symlog", linthresh=least)
        set_limits(-least / 3, high * 3)


def accepted(criterion: CriterionRecord, low: float, high: float) -> tuple[float, float]:
    """Return the range that a criterion accepts, on an axis from low to high."""
    match criterion.relation:
        case "at least" | "above":
            return criterion.bound, high
        case "at most" | "below":
            return low, criterion.bound
        case "exactly":
            return criterion.bound, criterion.bound
        case "within":
            return criterion.bound, high if criterion.upper is None else criterion.upper
