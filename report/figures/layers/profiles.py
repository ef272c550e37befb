"""Profiles by layer: the mean of each pair measure, with its interval."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from layerclaims.report.figures.drawing import (
    WIDTH,
    Drawing,
    Table,
    kind_style,
    layer_axis,
    legend_above,
    localize,
    panel_grid,
    panels_of,
    plot_profile,
)
from layerclaims.report.figures.palette import MUTED
from layerclaims.report.study import Study

_LOGARITHMIC_FROM = 20.0
"""Ratio of the largest to the smallest mean from which a linear axis hides the small ones."""


def draw_profiles(study: Study) -> Drawing | None:
    """Draw the measures' means by layer, all kinds in each panel; None without profiles."""
    if not study.profiled_kinds or not study.measures:
        return None
    figure = Figure(figsize=(WIDTH, 0.3 + 2.2 * panel_grid(len(study.measures))[0]), layout="constrained")
    panels = panels_of(figure, len(study.measures))
    for panel, measure in zip(panels, study.measures, strict=True):
        draw_measure(panel, study, measure)
        panel.set_title(study.axis_label(measure))
    legend_above(figure, panels[0])
    words = study.words
    caption = words.gettext(
        "Mean over the pairs of each kind by layer, in the residual stream. Bands are 95% intervals of the "
        "mean from resampling tokens. Open marks at the right: the last layer after the model's final norm."
    )
    return Drawing("profiles", figure, caption, _alternative(study), _table(study))


def draw_measure(panel: Axes, study: Study, measure: str) -> None:
    """Draw one measure's means and intervals for every kind."""
    for kind in study.profiled_kinds:
        means = study.means(kind, measure)
        plot_profile(panel, study, kind, means)
        low, high = study.mean_intervals(kind, measure)
        colour = kind_style(study, kind).colour
        panel.fill_between(np.arange(len(means)), low, high, color=colour, alpha=0.18, linewidth=0)
        _mark_final_norm(panel, study, kind, measure)
    if needs_logarithm(study, measure):
        panel.set_yscale("log")
    else:
        _leave_out_embedding(panel, study, measure)
    layer_axis(panel, study.n_levels, study.words)
    localize(panel, study.words)


def _leave_out_embedding(panel: Axes, study: Study, measure: str) -> None:
    """Write layer 0's values as text instead of drawing them where they would flatten the profile."""
    profiles = [study.means(kind, measure) for kind in study.profiled_kinds]
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


def needs_logarithm(study: Study, measure: str) -> bool:
    """Return whether the means after the embedding are positive and differ too much for a linear axis."""
    means = np.concatenate([study.means(kind, measure)[1:] for kind in study.profiled_kinds] or [np.empty(0)])
    means = means[np.isfinite(means)]
    return bool(means.size and means.min() > 0 and means.max() / means.min() > _LOGARITHMIC_FROM)


def _mark_final_norm(panel: Axes, study: Study, kind: str, measure: str) -> None:
    profiles = study.evidence.profiles
    record = profiles.final_norm.get(kind) if profiles is not None else None
    summaries = record.measures.get(measure, []) if record is not None else []
    if summaries and summaries[0].mean is not None:
        panel.plot(
            study.n_levels - 1, summaries[0].mean, marker="o", markersize=4.5, markerfacecolor="none",
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
    columns = ("measure", "kind", "layer", "mean", "mean_low", "mean_high", "q05", "q25", "q50", "q75", "q95")
    table = Table(columns)
    for measure in (*study.measures, "std"):
        for kind in study.profiled_kinds:
            for layer, s in enumerate(study.profile(kind, measure)):
                low, high = s.mean_interval or (None, None)
                table.rows.append(
                    (measure, kind, layer, s.mean, low, high, s.q05, s.q25, s.q50, s.q75, s.q95)
                )
    return table
