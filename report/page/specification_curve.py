"""Specification curves: an assertion's value under every specification, as coordinates for the template.

Nearly every assertion has one, so the template draws it, at a hundredth of the time of a Matplotlib figure.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from layerclaims.decision import Parameter, Verdict
from layerclaims.report.language.words import Words
from layerclaims.report.records.claim_facts import by_importance
from layerclaims.report.records.evidence import (
    AssertionCurve,
    AssertionOutcome,
    AssertionRecord,
    ClaimRecord,
    CriterionRecord,
)
from layerclaims.text import shorten

WIDTH = 690.0
LABELS = 190
"""Width of the column of labels at the left, where these are short."""
_WIDE_LABELS = 290
_SHORT_LABEL, _LONGEST_LABEL = 34, 52
"""Characters that have room in the one and in the other."""

_TOP = 8.0
_HEIGHT = 110.0
_ROW = 13.0
_GAP = 5.0
_RIGHT = WIDTH - 8.0
_LOGARITHMIC_FROM = 50.0
"""Ratio of the largest to the smallest positive number from which the axis is logarithmic."""

Choices = dict[str, Parameter]


@dataclass(frozen=True)
class CurvePoint:
    """One specification's value; coordinates grow to the right and downwards.

    Attributes
    ----------
    x, y, low, high : float
    verdict : str
        Of the assertion under this specification.
    finding, choices : str
        Value, interval and verdict, and the specification, in words.
    """

    x: float
    y: float
    low: float
    high: float
    verdict: Verdict
    finding: str
    choices: str


@dataclass(frozen=True)
class OptionRow:
    """One option of a choice with the points whose specifications took it, or a choice as their heading."""

    y: float
    label: str
    places: tuple[int, ...]


@dataclass(frozen=True)
class Curve:
    """A drawing of `WIDTH` by ``height``.

    Attributes
    ----------
    assertion : AssertionRecord
        Whose values these are.
    decides : bool
        Whether the claim has its verdict from this assertion.
    height : float
    left : int
        Where labels end and values begin, across.
    points : list of CurvePoint
        Sorted by value.
    step : float
        From one point to the next, across.
    ticks : list of tuple of float and str
        Of the value's axis.
    region : tuple of float, or None
        Upper and lower edge of what the criterion accepts.
    rows : list of OptionRow
        Only choices that vary.
    n : int
        Specifications under which the assertion was decided, drawn or not.
    counts : dict of str to int
        How many of them gave which verdict.
    most_influential : str
    """

    assertion: AssertionRecord
    decides: bool
    height: float
    left: int
    points: list[CurvePoint]
    step: float
    ticks: list[tuple[float, str]]
    region: tuple[float, float] | None
    rows: list[OptionRow]
    n: int
    counts: dict[Verdict, int]
    most_influential: str


def specifications_in_words(claims: Iterable[ClaimRecord], words: Words) -> dict[str, int]:
    """Give each specification a number, one for all claims that are decided under it."""
    records = (claim.specifications for claim in claims)
    told = (
        describe_choices(result.choices, words)
        for record in records
        if record is not None
        for result in record.results
    )
    return {text: place for place, text in enumerate(dict.fromkeys(told))}


def specification_curves(claim: ClaimRecord, words: Words) -> list[Curve]:
    """Draw each assertion's curve, that of the deciding assertion first.

    An assertion with fewer than two values, or without a criterion, has none.
    """
    record = claim.specifications
    if record is None:
        return []
    specifications = [
        _Specification(one.choices, describe_choices(one.choices, words)) for one in record.results
    ]
    curves = {(curve.assertion, frozenset(curve.arguments.items())): curve for curve in record.assertions}
    drawn = []
    for place, assertion in enumerate(by_importance(claim)):
        curve = curves.get((assertion.name, frozenset(assertion.arguments.items())))
        if curve is not None:
            drawn.append(_curve(assertion, place == 0, specifications, curve, words))
    return [curve for curve in drawn if curve is not None]


@dataclass(frozen=True)
class _Specification:
    """Choices of a specification, and the same in words."""

    choices: Choices
    text: str


def _curve(
    assertion: AssertionRecord,
    decides: bool,
    specifications: list[_Specification],
    curve: AssertionCurve,
    words: Words,
) -> Curve | None:
    decided = [outcome for outcome in curve.outcomes if outcome is not None]
    known = [
        _Result(outcome.value, outcome.interval or (outcome.value, outcome.value), outcome, chosen)
        for chosen, outcome in zip(specifications, curve.outcomes, strict=True)
        if outcome is not None and outcome.value is not None
    ]
    if len(known) < 2:
        return None
    known.sort(key=lambda result: result.value)
    scale = _Scale(known, assertion.criterion)
    rows = _rows(known, words)
    left = LABELS if all(len(row.label) <= _SHORT_LABEL for row in rows) else _WIDE_LABELS
    step = round((_RIGHT - left - 12) / (len(known) - 1), 4)
    places = [_short(left + 6 + step * place) for place in range(len(known))]
    verdicts = [outcome.verdict for outcome in decided]
    return Curve(
        assertion=assertion,
        decides=decides,
        left=left,
        height=(rows[-1].y + 8) if rows else _TOP + _HEIGHT + 6,
        points=[_point(result, x, scale, words) for result, x in zip(known, places, strict=True)],
        step=step,
        ticks=[(scale(value), words.number(value)) for value in scale.ticks()],
        region=None if assertion.criterion is None else _region(assertion.criterion, scale),
        rows=rows,
        n=len(decided),
        counts={verdict: verdicts.count(verdict) for verdict in verdicts},
        most_influential=curve.most_influential,
    )


@dataclass(frozen=True)
class _Result:
    """One specification with a value."""

    value: float
    interval: tuple[float, float]
    outcome: AssertionOutcome
    specification: _Specification


class _Scale:
    """Places values from the bottom of the drawing upwards, on a linear or a logarithmic axis."""

    def __init__(self, results: Sequence[_Result], criterion: CriterionRecord | None) -> None:
        values = [number for result in results for number in (result.value, *result.interval)]
        if criterion is not None:
            values += [criterion.bound, criterion.bound if criterion.upper is None else criterion.upper]
        self._logarithmic = min(values) > 0 and max(values) / min(values) > _LOGARITHMIC_FROM
        places = [self._along(value) for value in values]
        low, high = min(places), max(places)
        if low == high:
            half = abs(low) or 1.0
            low, high = low - half, high + half
        room = 0.06 * (high - low)
        self._low, self._high = low - room, high + room

    def _along(self, value: float) -> float:
        return math.log10(value) if self._logarithmic else value

    def __call__(self, value: float) -> float:
        share = (self._along(value) - self._low) / (self._high - self._low)
        return _short(_TOP + _HEIGHT * (1 - share))

    def ticks(self) -> list[float]:
        """Choose three to six round values; on a logarithmic axis powers of ten."""
        if self._logarithmic:
            powers = range(math.ceil(self._low), math.floor(self._high) + 1)
            return [10.0**power for power in powers[:: (len(powers) - 1) // 6 + 1]]
        rough = (self._high - self._low) / 4
        power = float(10 ** math.floor(math.log10(rough)))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
        first = math.ceil(self._low / step)
        return [number * step for number in range(first, math.floor(self._high / step) + 1)]


def _point(result: _Result, x: float, scale: _Scale, words: Words) -> CurvePoint:
    low, high = result.interval
    text = words.number(result.value)
    if low != high:
        text += f" ({words.interval((low, high))})"
    text += f", {words.verdict(result.outcome.verdict)}"
    verdict, places = result.outcome.verdict, (scale(result.value), scale(low), scale(high))
    return CurvePoint(x, *places, verdict, text, result.specification.text)


def describe_choices(choices: Choices, words: Words) -> str:
    """Write a specification in words."""
    return ", ".join(f"{words.choice(name)} {words.option(value)}" for name, value in choices.items())


def _short(place: float) -> float:
    """Round a coordinate to a tenth of a pixel, without the zero that it may end with."""
    rounded = round(place, 1)
    return int(rounded) if rounded == int(rounded) else rounded


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
            return scale(criterion.bound if criterion.upper is None else criterion.upper), edge


def _rows(results: Sequence[_Result], words: Words) -> list[OptionRow]:
    rows: list[OptionRow] = []
    y = _TOP + _HEIGHT + 8
    for name, options in _varied(results).items():
        labels = [f"{words.choice(name)}: {words.option(option)}" for option in options]
        if max(map(len, labels)) > _SHORT_LABEL:  # the choice in a row of its own
            labels = [words.option(option) for option in options]
            y += _ROW
            rows.append(OptionRow(y, f"{words.choice(name)}:", ()))
        for option, label in zip(options, labels, strict=True):
            taken = (
                place
                for place, result in enumerate(results)
                if result.specification.choices.get(name) == option
            )
            y += _ROW
            rows.append(OptionRow(y, shorten(label, _LONGEST_LABEL), tuple(taken)))
        y += _GAP
    return rows


def _varied(results: Sequence[_Result]) -> dict[str, list[Parameter]]:
    """List the choices with more than one option, options in a stable order."""
    options: dict[str, list[Parameter]] = {}
    for result in results:
        for name, value in result.specification.choices.items():
            if value not in options.setdefault(name, []):
                options[name].append(value)
    return {
        name: sorted(values, key=lambda value: (isinstance(value, str), value))
        for name, values in options.items()
        if len(values) > 1
    }
