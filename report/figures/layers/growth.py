"""Growth with depth: means relative to layer 1, and what the criterion accepts."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from layerclaims.report.figures.drawing import (
    WIDTH,
    Drawing,
    PointText,
    Table,
    kind_style,
    layer_axis,
    legend_above,
    localize,
    plot_profile,
    profile_points,
)
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.palette import CRITERION, MUTED
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.records.evidence import ClaimRecord
from layerclaims.report.study import FloatArray, Study


def draw_growth(study: Study, name: str, claim: ClaimRecord, measures: Sequence[str]) -> Drawing | None:
    """Draw each layer's mean as a multiple of layer 1's; None where no layer has such a multiple.

    Parameters
    ----------
    study : Study
    name : str
        File stem.
    claim : ClaimRecord
        What its criterion accepts is drawn as a band.
    measures : sequence of str
        One panel each, the one that the criterion is about first; ``"variance"`` is the square of the
        profile ``std``.
    """
    known = [relative_means(study, kind, measure) for kind in study.profiled_kinds for measure in measures]
    if not any(np.isfinite(values).any() for values in known):
        return None
    figure = Figure(figsize=(WIDTH, 2.7), layout=MeasuredLayout())
    panels = panels_in(figure, 1, len(measures))[0]
    points: list[PointText] = []
    for panel, measure in zip(panels, measures, strict=True):
        points += _draw_panel(panel, study, measure)
    _draw_criterion(panels[0], study, claim)
    legend_above(figure, panels[0])
    caption = study.words.gettext(
        "Mean at each layer, in multiples of that at layer 1. Shaded: where the deepest layer has to lie "
        "for the claim to hold."
    )
    return Drawing(name, figure, caption, _alternative(study, measures), _table(study, measures), points)


def relative_means(study: Study, kind: str, measure: str) -> FloatArray:
    """Give a measure's means over the one at layer 1, NaN where a ratio means nothing."""
    means = study.means(kind, "std") ** 2 if measure == "variance" else study.means(kind, measure)
    if len(means) < 2 or not means[1] > 0:
        return np.full(len(means), np.nan)
    return np.asarray(np.where(means > 0, means, np.nan) / means[1])


def relative_intervals(study: Study, kind: str, measure: str) -> tuple[FloatArray, FloatArray] | None:
    """Give the ends of the means' intervals over the mean at layer 1; None where they are not known."""
    if measure == "variance" or not np.isfinite(relative_means(study, kind, measure)).any():
        return None
    scale = study.means(kind, measure)[1]
    low, high = study.mean_intervals(kind, measure)
    return low / scale, high / scale


def _draw_panel(panel: Axes, study: Study, measure: str) -> list[PointText]:
    points = []
    for kind in study.profiled_kinds:
        values = relative_means(study, kind, measure)
        plot_profile(panel, study, kind, values)
        interval = relative_intervals(study, kind, measure)
        points += profile_points(panel, study, kind, values, interval)
        if interval is not None:
            colour = kind_style(study, kind).colour
            panel.fill_between(np.arange(len(values)), *interval, color=colour, alpha=0.18)
    _set_scale(panel)
    panel.set_title(panel_title(study, measure))
    layer_axis(panel, study.n_levels, study.words)
    localize(panel, study.words)
    return points


def _set_scale(panel: Axes) -> None:
    """Take a logarithmic axis where the lines, which are positive, span more than a factor of ten."""
    low, high = panel.dataLim.y0, panel.dataLim.y1
    if 10 * low < high:
        panel.set_yscale("log")
    else:
        panel.set_ylim(bottom=0)


def panel_title(study: Study, measure: str) -> str:
    """Name a measure's growth."""
    return study.words.gettext("%(measure)s, times layer 1") % {"measure": study.title(measure)}


def _draw_criterion(panel: Axes, study: Study, claim: ClaimRecord) -> None:
    """Shade what the claim's criterion on growth accepts."""
    asked = (
        item.criterion for item in claim.assertions if item.unit == "times" and item.criterion is not None
    )
    criterion = next(asked, None)
    if criterion is None or criterion.bound <= 0:
        return
    low, high = panel.get_ylim()
    low, high = min(low, criterion.bound * 0.8), max(high, criterion.bound * 1.25)
    upward = criterion.relation in ("at least", "above")
    ends = (criterion.bound, high) if upward else (low, criterion.bound)
    panel.axhspan(*ends, color=CRITERION, zorder=0)
    panel.set_ylim(low, high)
    panel.annotate(
        study.words.criterion(criterion), (1, criterion.bound), xycoords=("axes fraction", "data"),
        xytext=(-3, 3 if upward else -3), textcoords="offset points", ha="right",
        va="bottom" if upward else "top", color=MUTED, fontsize=7.5,
    )  # fmt: skip


def _alternative(study: Study, measures: Sequence[str]) -> str:
    words = study.words
    text = words.gettext("%(measure)s of %(kind)s at the deepest layer: %(times)s times that at layer 1.")
    parts = []
    for measure in measures:
        for kind in study.profiled_kinds:
            values = relative_means(study, kind, measure)
            if len(values) and np.isfinite(values[-1]):
                numbers = {
                    "measure": study.title(measure),
                    "kind": words.kind(kind),
                    "times": words.number(values[-1]),
                }
                parts.append(text % numbers)
    return words.gettext("Line charts of growth by layer.") + " " + " ".join(parts)


def _table(study: Study, measures: Sequence[str]) -> Table:
    table = Table(("measure", "kind", "layer", "times_layer_1", "low", "high"))
    for measure in measures:
        for kind in study.profiled_kinds:
            values = relative_means(study, kind, measure)
            nothing = np.full(len(values), np.nan)
            interval = relative_intervals(study, kind, measure) or (nothing, nothing)
            for layer, numbers in enumerate(np.stack([values, *interval], axis=1).tolist()):
                known = (number if np.isfinite(number) else None for number in numbers)
                table.rows.append((measure, kind, layer, *known))
    return table
