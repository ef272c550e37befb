"""A claim's assertions on one axis: values, intervals, and the range that each criterion accepts."""

from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from layerclaims.decision import Parameter
from layerclaims.report.figures.criterion import accepted, fit_axis, numbers_of
from layerclaims.report.figures.drawing import WIDTH, Drawing, Table, kind_style, localize
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.palette import CRITERION, INK
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.records.evidence import AssertionRecord, ClaimRecord
from layerclaims.report.study import Study


def draw_assertions(study: Study, name: str, claim: ClaimRecord) -> Drawing | None:
    """Draw one row an assertion; None where none has a number."""
    shown = [assertion for assertion in claim.assertions if assertion.value is not None]
    if not shown:
        return None
    labels = [_label(study, assertion) for assertion in shown]
    lines = sum(label.count("\n") + 1 for label in labels)
    figure = Figure(figsize=(WIDTH, 0.7 + 0.2 * lines), layout=MeasuredLayout())
    panel = panels_in(figure, 1, 1)[0, 0]
    fit_axis(panel, "x", numbers_of(shown))
    places = np.arange(len(shown))[::-1]
    for place, assertion in zip(places, shown, strict=True):
        _draw_row(panel, study, float(place), assertion)
    panel.set_ylim(-0.6, len(shown) - 0.4)
    panel.set_yticks(places, labels)
    panel.tick_params(axis="y", length=0)
    if shown[0].unit:
        panel.set_xlabel(study.words.unit(shown[0].unit))
    localize(panel, study.words, "x")
    caption = study.words.gettext(
        "The claim's assertions on one axis, with 95% intervals; shaded is what the criterion of each "
        "accepts."
    )
    return Drawing(name, figure, caption, _alternative(study, shown), _table(shown))


def _label(study: Study, assertion: AssertionRecord) -> str:
    """Name an assertion by its parameters, or by its quantity where it has no kind among them."""
    if "kind" not in assertion.parameters:
        return fill(study.words.say(assertion.quantity).rstrip(","), 52)
    return " · ".join(_parameter(study, name, value) for name, value in assertion.parameters.items())


def _parameter(study: Study, name: str, value: Parameter) -> str:
    words = study.words
    shown = words.option(value)
    match name:
        case "kind":
            return words.kind(str(value))
        case "layer":
            return words.gettext("layer %(layer)s") % {"layer": shown}
        case "factor":
            return f"× {shown}"
        case "bins":
            return words.gettext("%(n)s bins") % {"n": shown}
        case "estimator":
            return shown
        case _:
            return f"{words.choice(name)} {shown}"


def _draw_row(panel: Axes, study: Study, place: float, assertion: AssertionRecord) -> None:
    assert assertion.value is not None
    if assertion.criterion is not None:
        low, high = accepted(assertion.criterion, *panel.get_xlim())
        panel.add_patch(Rectangle((low, place - 0.42), high - low, 0.84, color=CRITERION, zorder=0))
    kind = str(assertion.parameters.get("kind", ""))
    colour, marker = INK, "o"
    if kind in study.kinds:
        style = kind_style(study, kind)
        colour, marker = style.colour, style.marker
    panel.plot(assertion.interval or (assertion.value,) * 2, (place, place), color=colour, linewidth=1.8)
    panel.plot(assertion.value, place, marker, color=colour, markersize=4.5, clip_on=False)


def _alternative(study: Study, shown: list[AssertionRecord]) -> str:
    words = study.words
    text = words.gettext("%(name)s: %(value)s, %(verdict)s.")
    parts = [
        text
        % {
            "name": _label(study, assertion).replace("\n", " "),
            "value": words.number(assertion.value or 0.0),
            "verdict": words.verdict(assertion.verdict),
        }
        for assertion in shown
    ]
    return words.gettext("Values of the claim's assertions.") + " " + " ".join(parts)


def _table(shown: list[AssertionRecord]) -> Table:
    table = Table(("assertion", "quantity", "value", "low", "high", "unit", "relation", "bound", "verdict"))
    for assertion in shown:
        low, high = assertion.interval or (None, None)
        asked = assertion.criterion
        relation, bound = (None, None) if asked is None else (asked.relation, asked.bound)
        table.rows.append(
            (assertion.name, str(assertion.quantity), assertion.value, low, high, assertion.unit,
             relation, bound, assertion.verdict)
        )  # fmt: skip
    return table
