"""The specification curve: a claim's value under every specification, as coordinates for the template.

Nearly every claim has one, so the template draws it, at a hundredth of the time of a Matplotlib figure.
"""

import math
from dataclasses import dataclass

from layerclaims.decision import Parameter, Verdict
from layerclaims.message import Message
from layerclaims.report.language.words import Words
from layerclaims.report.records.evidence import ClaimRecord, CriterionRecord, SpecificationResult
from layerclaims.text import shorten

WIDTH = 690.0
LABELS = 190.0
"""Width of the column of labels at the left."""

MAX_SPECIFICATIONS = 240
"""Columns that can still be told apart."""

_TOP = 8.0
_HEIGHT = 110.0
_ROW = 13.0
_GAP = 5.0
_RIGHT = WIDTH - 8.0


@dataclass(frozen=True)
class CurvePoint:
    """One specification's value; coordinates grow to the right and downwards."""

    x: float
    y: float
    low: float
    high: float
    verdict: Verdict


@dataclass(frozen=True)
class OptionRow:
    """One option of one choice, and the places of the specifications that took it."""

    y: float
    label: str
    places: tuple[float, ...]


@dataclass(frozen=True)
class Curve:
    """A drawing of `WIDTH` by ``height``.

    Attributes
    ----------
    height : float
    points : list of CurvePoint
        Sorted by value.
    ticks : list of tuple of float and str
        Of the value's axis.
    region : tuple of float, or None
        Upper and lower edge of what the criterion accepts.
    rows : list of OptionRow
        Only choices that vary.
    n, n_supported, n_not_applicable : int
        Of all specifications, drawn or not.
    most_influential : str
    quantity : Message or None
        What the values are of, where the claim's assertion is known.
    """

    height: float
    points: list[CurvePoint]
    ticks: list[tuple[float, str]]
    region: tuple[float, float] | None
    rows: list[OptionRow]
    n: int
    n_supported: int
    n_not_applicable: int
    most_influential: str
    quantity: Message | None


def specification_curve(claim: ClaimRecord, words: Words) -> Curve | None:
    """Place a claim's specifications; None where fewer than two have a value."""
    record = claim.specifications
    results = [result for result in record.results if result.value is not None] if record is not None else []
    if record is None or len(results) < 2:
        return None
    results = sorted(results, key=lambda result: result.value or 0.0)[:MAX_SPECIFICATIONS]
    shown = next((assertion for assertion in claim.assertions if assertion.name == record.assertion), None)
    criterion = None if shown is None else shown.criterion
    scale = _Scale(results, criterion)
    step = (_RIGHT - LABELS - 12) / max(len(results) - 1, 1)
    places = [round(LABELS + 6 + step * place, 2) for place in range(len(results))]
    rows = _rows(results, places, words)
    return Curve(
        height=(rows[-1].y + 8) if rows else _TOP + _HEIGHT + 6,
        points=[_point(result, x, scale) for result, x in zip(results, places, strict=True)],
        ticks=[(scale(value), words.number(value)) for value in scale.ticks()],
        region=None if criterion is None else _region(criterion, scale),
        rows=rows,
        n=record.n,
        n_supported=record.n_supported,
        n_not_applicable=sum(result.verdict == "not_applicable" for result in record.results),
        most_influential=record.most_influential,
        quantity=None if shown is None else shown.quantity,
    )


class _Scale:
    """Places values from the bottom of the drawing upwards."""

    def __init__(self, results: list[SpecificationResult], criterion: CriterionRecord | None) -> None:
        values = [
            value
            for result in results
            for value in (result.value, *(result.interval or ()))
            if value is not None
        ]
        if criterion is not None:
            values += [criterion.bound, criterion.bound if criterion.upper is None else criterion.upper]
        self._low: float = min(values)
        self._high: float = max(values)
        if self._low == self._high:
            half = abs(self._low) or 1.0
            self._low, self._high = self._low - half, self._high + half
        room = 0.06 * (self._high - self._low)
        self._low, self._high = self._low - room, self._high + room

    def __call__(self, value: float) -> float:
        share = (value - self._low) / (self._high - self._low)
        return round(_TOP + _HEIGHT * (1 - share), 2)

    def ticks(self) -> list[float]:
        """Choose three to six round values."""
        rough = (self._high - self._low) / 4
        power = float(10 ** math.floor(math.log10(rough)))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
        first = math.ceil(self._low / step)
        return [number * step for number in range(first, math.floor(self._high / step) + 1)]


def _point(result: SpecificationResult, x: float, scale: _Scale) -> CurvePoint:
    assert result.value is not None
    low, high = result.interval or (result.value, result.value)
    return CurvePoint(x, scale(result.value), scale(low), scale(high), result.verdict)


def _region(criterion: CriterionRecord, scale: _Scale) -> tuple[float, float]:
    edge, bottom = scale(criterion.bound), _TOP + _HEIGHT
    match criterion.relation:
        case "at least" | "above":
            return _TOP, edge
        case "at most" | "below":
            return edge, bottom
        case "exactly":
            return edge - 2, edge + 2
        case "within":
            return scale(criterion.upper or criterion.bound), edge


def _rows(results: list[SpecificationResult], places: list[float], words: Words) -> list[OptionRow]:
    rows: list[OptionRow] = []
    y = _TOP + _HEIGHT + 8
    for name, options in _varied(results).items():
        for option in options:
            taken = (
                x for result, x in zip(results, places, strict=True) if result.choices.get(name) == option
            )
            label = f"{words.choice(name)}: {words.option(option)}"
            y += _ROW
            rows.append(OptionRow(y, shorten(label, 34), tuple(taken)))
        y += _GAP
    return rows


def _varied(results: list[SpecificationResult]) -> dict[str, list[Parameter]]:
    """List the choices with more than one option, options in a stable order."""
    options: dict[str, list[Parameter]] = {}
    for result in results:
        for name, value in result.choices.items():
            if value not in options.setdefault(name, []):
                options[name].append(value)
    return {
        name: sorted(values, key=lambda value: (isinstance(value, str), value))
        for name, values in options.items()
        if len(values) > 1
    }
