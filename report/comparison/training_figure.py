"""Draw claims over training: the value of each claim's deciding assertion by step, a panel for each claim."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from layerclaims.decision import ClaimVerdict
from layerclaims.report.comparison.comparison import ClaimRow, Comparison
from layerclaims.report.comparison.training import Course, Series, training_rows
from layerclaims.report.figures.criterion import (
    ASSERTION_COLUMNS,
    accepted,
    assertion_cells,
    fit_axis,
    numbers_of,
)
from layerclaims.report.figures.drawing import WIDTH, Drawing, Table, line_style, localize
from layerclaims.report.figures.palette import CRITERION, INK, MUTED, PAGE, VERDICT_COLOURS
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.language.words import Words
from layerclaims.report.records.claim_facts import VERDICTS

_COLUMNS = 3
_PANEL_HEIGHT = 1.25
_TINY = 1e-3
"""Largest value at which decimal ticks would be all zeros."""

_MARKERS: dict[ClaimVerdict, str] = {
    "supported": "o",
    "refuted": "s",
    "inconclusive": "D",
    "not_applicable": "x",
    "error": "X",
    "part": ".",
}


def draw_training(comparison: Comparison, words: Words) -> Drawing | None:
    """Draw each claim over the steps of every series; None if no runs are checkpoints of one model."""
    series, rows = training_rows(comparison)
    if not rows:
        return None
    n_lines = math.ceil(len(rows) / _COLUMNS)
    figure = Figure(figsize=(WIDTH, _PANEL_HEIGHT * n_lines + 0.8), layout="constrained")
    panels = panels_in(figure, n_lines, _COLUMNS)
    steps = sorted({step for one in series for step in one.steps})
    for panel, (row, courses) in zip(panels.flat, rows, strict=False):
        _draw_panel(panel, row, courses, series, steps, words)
    for panel in panels.flat[len(rows) :]:
        panel.set_axis_off()
    figure.supxlabel(words.gettext("training step"), fontsize=8, color=MUTED)
    _draw_legend(figure, series, words)
    return Drawing(
        "training", figure, _caption(comparison, rows, series, words), _alternative(rows, words), _table(rows)
    )


def _draw_panel(
    panel: Axes,
    row: ClaimRow,
    courses: Sequence[Course],
    series: Sequence[Series],
    steps: list[int],
    words: Words,
) -> None:
    assertions = [point.assertion for course in courses for point in course.points]
    fit_axis(panel, "y", numbers_of(assertions))
    _step_axis(panel, steps)
    criterion = assertions[-1].criterion
    if criterion is not None:
        low, high = accepted(criterion, *panel.get_ylim())
        panel.axhspan(low, high, color=CRITERION, zorder=0)
        panel.axhline(criterion.bound, color=VERDICT_COLOURS["supported"], linewidth=0.8, zorder=1)
    for course in courses:
        _draw_course(panel, course, series.index(course.series), alone=len(series) == 1)
    unit = assertions[-1].unit
    panel.set_title(f"{row.id} ({words.unit(unit)})" if unit else row.id, fontsize=7.5, pad=3)
    panel.tick_params(labelsize=6.5, pad=2, length=2)
    localize(panel, words)
    if panel.get_yscale() == "linear":
        panel.yaxis.set_major_locator(MaxNLocator(nbins=4))
        if max(map(abs, panel.get_ylim())) < _TINY:
            panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.number(value)))


def _step_axis(panel: Axes, steps: list[int]) -> None:
    """Prepare a logarithmic axis that includes step 0, with ticks at the steps."""
    first = next((step for step in steps if step > 0), 1)
    panel.set_xscale("symlog", linthresh=first, linscale=0.6)
    panel.set_xlim(-0.35 * first if steps[0] == 0 else first / 1.4, steps[-1] * 1.4)
    positive = [step for step in steps if step > 0]
    decades = {10**power for power in range(len(str(steps[-1])))}
    ticks = sorted({0, *decades} & {*steps, *decades} if len(positive) > 5 else set(steps))
    low, high = panel.get_xlim()
    panel.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if low <= tick <= high]))
    panel.xaxis.set_minor_locator(NullLocator())


def _draw_course(panel: Axes, course: Course, place: int, *, alone: bool) -> None:
    colour, dashes = (MUTED, "-") if alone else line_style(place)
    steps = [point.step for point in course.points]
    values = [point.value for point in course.points]
    ends = np.array([point.assertion.interval or (point.value, point.value) for point in course.points])
    panel.plot(steps, values, color=colour, linestyle=dashes, linewidth=1.1, zorder=2)
    panel.fill_between(steps, ends[:, 0], ends[:, 1], color=colour, alpha=0.2, linewidth=0, zorder=1)
    for point in course.points:
        shade = VERDICT_COLOURS[point.verdict]
        panel.plot(
            point.step, point.value, _MARKERS[point.verdict], markersize=3.6, color=shade,
            markerfacecolor=shade if point.decides else PAGE, clip_on=False, zorder=3,
        )  # fmt: skip


def _draw_legend(figure: Figure, series: Sequence[Series], words: Words) -> None:
    """Name the verdicts' marks, and the models' lines if there are several models."""
    handles = [
        Line2D([], [], color=VERDICT_COLOURS[verdict], marker=_MARKERS[verdict], linestyle="", markersize=4)
        for verdict in VERDICTS[:3]
    ]
    labels = [words.verdict(verdict) for verdict in VERDICTS[:3]]
    if len(series) > 1:
        for place, one in enumerate(series):
            colour, dashes = line_style(place)
            handles.append(Line2D([], [], color=colour, linestyle=dashes))
            labels.append(one.name)
    figure.legend(handles, labels, loc="outside upper right", ncols=3, labelcolor=INK)


def _caption(
    comparison: Comparison,
    rows: Sequence[tuple[ClaimRow, list[Course]]],
    series: Sequence[Series],
    words: Words,
) -> str:
    names = words.enumeration([one.name for one in series])
    text = words.gettext(
        "%(models)s over training: of each claim, the value of the assertion that most often decided it, "
        "with its 95%% interval; shaded is what the criterion accepts. The marks are the claim's verdicts; "
        "an open mark says that another of its assertions decided it at that step."
    )
    sentences = [text % {"models": names}]
    shown = {row.id for row, _ in rows}
    missing = [row.id for row in comparison.rows if row.id not in shown]
    if missing:
        text = words.gettext("Without a value at any step: %(claims)s.")
        sentences.append(text % {"claims": words.enumeration(missing)})
    return " ".join(sentences)


def _alternative(rows: Sequence[tuple[ClaimRow, list[Course]]], words: Words) -> str:
    text = words.gettext(
        "%(claim)s, %(model)s: %(first)s at step %(first_step)s (%(first_verdict)s), %(last)s at step "
        "%(last_step)s (%(last_verdict)s)."
    )
    parts = [words.gettext("Line charts of the claims' values by training step.")]
    for row, courses in rows:
        for course in courses:
            first, last = course.points[0], course.points[-1]
            numbers = {
                "claim": row.id,
                "model": course.series.name,
                "first": words.number(first.value),
                "first_step": words.count(first.step),
                "first_verdict": words.verdict(first.verdict),
                "last": words.number(last.value),
                "last_step": words.count(last.step),
                "last_verdict": words.verdict(last.verdict),
            }
            parts.append(text % numbers)
    return " ".join(parts)


def _table(rows: Sequence[tuple[ClaimRow, list[Course]]]) -> Table:
    table = Table(("model", "step", "claim", "verdict", "decides", *ASSERTION_COLUMNS))
    for row, courses in rows:
        for course in courses:
            for point in course.points:
                decides = "yes" if point.decides else "no"
                place = (course.series.name, point.step, row.id, point.verdict, decides)
                table.rows.append((*place, *assertion_cells(point.assertion)))
    return table
