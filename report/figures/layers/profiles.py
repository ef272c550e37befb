"""Profiles by layer: the mean of each pair measure, with its interval."""

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
    panel_grid,
    panels_of,
    plot_profile,
    profile_points,
)
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.palette import MUTED
from layerclaims.report.records.evidence import LayerSummary
from layerclaims.report.study import Study

_LOGARITHMIC_FROM = 20.0
"""Ratio of the largest to the smallest mean from which a linear axis hides the small ones."""


def draw_profiles(study: Study) -> Drawing | None:
    """Draw the measures' means by layer, all kinds in each panel; None without profiles."""
    if not study.profiled_kinds or not study.measures:
        return None
    figure = Figure(figsize=(WIDTH, 0.3 + 2.2 * panel_grid(len(study.measures))[0]), layout=MeasuredLayout())
    panels = panels_of(figure, len(study.measures))
    points: list[PointText] = []
    for panel, measure in zip(panels, study.measures, strict=True):
        points += draw_measure(panel, study, measure, study.profiled_kinds)
        panel.set_title(study.axis_label(measure))
    legend_above(figure, panels[0])
    words = study.words
    caption = words.gettext(
        "Mean over the pairs of each kind by layer, in the residual stream. Bands are 95% intervals of the "
        "mean from resampling tokens. Open marks at the right: the last layer after the model's final norm."
    )
    return Drawing("profiles", figure, caption, _alternative(study), _table(study), points)


def draw_measure(panel: Axes, study: Study, measure: str, kinds: Sequence[str]) -> list[PointText]:
    """Draw one measure's means and intervals for some kinds, and return what is said of each."""
    points = []
    for kind in kinds:
        means = study.means(kind, measure)
        plot_profile(panel, study, kind, means)
        low, high = study.mean_intervals(kind, measure)
        colour = kind_style(study, kind).colour
        panel.fill_between(np.arange(len(means)), low, high, color=colour, alpha=0.18, linewidth=0)
        points += profile_points(panel, study, kind, means, (low, high))
        _mark_final_norm(panel, study, kind, measure)
    if needs_logarithm(study, measure, kinds):
        panel.set_yscale("log")
    else:
        _leave_out_embedding(panel, study, measure, kinds)
    layer_axis(panel, study.n_levels, study.words)
    localize(panel, study.words)
    return points


def _leave_out_embedding(panel: Axes, study: Study, measure: str, kinds: Sequence[str]) -> None:
    """Write layer 0's values as text instead of drawing them where they would flatten the profile."""
    profiles = [study.means(kind, measure) for kind in kinds]
    first = np.array([means[0] for means in profiles if len(means)])
    later = np.concatenate([means[1:] for means in profiles])
    later = later[np.isfinite(later)]
    if later.size < 2 or not np.isfinite(first).all():
        return
    low, high = later.min(), later.max()
    if first.max() <= high + 0.5 * (high - low):
        return
    margin = 0.08 * (high - low)
    panel.set_ylim(low - margin, high + 2.5 * margin)
    values = dict.fromkeys(study.words.number(value) for value in first)
    text = study.words.gettext("layer 0: %(values)s") % {"values": ", ".join(values)}
    panel.text(0.5, 0.99, text, transform=panel.transAxes, ha="center", va="top", color=MUTED, fontsize=7)


def needs_logarithm(study: Study, measure: str, kinds: Sequence[str]) -> bool:
    """Return whether the means after the embedding are positive and differ too much for a linear axis."""
    means = np.concatenate([study.means(kind, measure)[1:] for kind in kinds] or [np.empty(0)])
    means = means[np.isfinite(means)]
    return bool(means.size and means.min() > 0 and means.max() / means.min() > _LOGARITHMIC_FROM)


def _final_norm(study: Study, kind: str, measure: str) -> LayerSummary | None:
    profiles = study.evidence.profiles
    record = profiles.final_norm.get(kind) if profiles is not None else None
    summaries = record.measures.get(measure, []) if record is not None else []
    return summaries[0] if summaries else None


def _mark_final_norm(panel: Axes, study: Study, kind: str, measure: str) -> None:
    summary = _final_norm(study, kind, measure)
    if summary is not None and summary.mean is not None:
        panel.plot(
            study.n_levels - 1, summary.mean, marker="o", markersize=4.5, markerfacecolor="none",
            markeredgecolor=kind_style(study, kind).colour, linestyle="",
        )  # fmt: skip


def _alternative(study: Study) -> str:
    words = study.words
    text = words.gettext("%(measure)s of %(kind)s: %(first)s at layer 1, %(last)s at layer %(layer)s.")
    parts = []
    for measure in study.measures:
        for kind in study.profiled_kinds:
            means = study.means(kind, measure)
            if len(means) > 1 and np.isfinite(means[[1, -1]]).all():
                numbers = {"first": words.number(means[1]), "last": words.number(means[-1])}
                names = {"measure": study.title(measure), "kind": words.kind(kind)}
                parts.append(text % {**names, **numbers, "layer": len(means) - 1})
    return words.gettext("Line charts of means by layer.") + " " + " ".join(parts)


def _table(study: Study) -> Table:
    """List the means that are drawn, those after the final norm at the layer ``final norm``."""
    table = Table(("measure", "kind", "layer", "mean", "mean_low", "mean_high"))
    for measure in study.measures:
        for kind in study.profiled_kinds:
            listed: list[tuple[int | str, LayerSummary]] = list(enumerate(study.profile(kind, measure)))
            last = _final_norm(study, kind, measure)
            for layer, summary in [*listed, *([] if last is None else [("final norm", last)])]:
                low, high = summary.mean_interval or (None, None)
                table.rows.append((measure, kind, layer, summary.mean, low, high))
    return table
