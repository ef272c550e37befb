"""Profiles by layer: the mean of each pair measure, with its interval."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from layerclaims.analysis.kinds import KINDS
from layerclaims.report.figures.drawing import (
    WIDTH,
    Drawing,
    Table,
    layer_axis,
    legend_above,
    localize,
    plot_profile,
)
from layerclaims.report.figures.palette import KIND_COLOURS, MUTED
from layerclaims.report.records.store import MEASURES
from layerclaims.report.study import Study, as_floats

_LOGARITHMIC_FROM = 20.0
"""Ratio of the largest to the smallest mean from which a linear axis hides the small ones."""


def draw_profiles(study: Study) -> Drawing | None:
    """Draw the three measures' means by layer, both kinds; None without profiles."""
    if study.evidence.profiles is None:
        return None
    figure = Figure(figsize=(WIDTH, 2.5), layout="constrained")
    panels = figure.subplots(1, len(MEASURES))
    for panel, measure in zip(panels, MEASURES, strict=True):
        draw_measure(panel, study, measure)
        panel.set_title(_title(study, measure))
    legend_above(figure, panels[0])
    words = study.words
    caption = words.gettext(
        "Mean over the pairs of each kind by layer, in the residual stream. Bands are 95% intervals of the "
        "mean from resampling tokens. Open marks at the right: the last layer after the model's final norm."
    )
    return Drawing("profiles", figure, caption, _alternative(study), _table(study))


def draw_measure(panel: Axes, study: Study, measure: str) -> None:
    """Draw one measure's means and intervals for both kinds."""
    for kind in KINDS:
        means = study.means(kind, measure)
        layers = np.arange(len(means), dtype=np.float64)
        plot_profile(panel, layers, means, kind, study.words.kind(kind))
        intervals = [summary.mean_interval for summary in study.profile(kind, measure)]
        low, high = (as_floats([None if i is None else i[end] for i in intervals]) for end in (0, 1))
        panel.fill_between(layers, low, high, color=KIND_COLOURS[kind], alpha=0.18, linewidth=0)
        _mark_final_norm(panel, study, kind, measure)
    if needs_logarithm(study, measure):
        panel.set_yscale("log")
    else:
        _leave_out_embedding(panel, study, measure)
    layer_axis(panel, study.n_levels, study.words)
    localize(panel, study.words)


def _leave_out_embedding(panel: Axes, study: Study, measure: str) -> None:
    """Name layer 0's value instead of drawing it where it would flatten the profile after it."""
    means = np.array([study.means(kind, measure) for kind in KINDS])
    later = means[:, 1:][np.isfinite(means[:, 1:])]
    if later.size < 2 or not np.isfinite(means[:, 0]).all():
        return
    low, high = later.min(), later.max()
    if means[:, 0].max() <= high + 0.5 * (high - low):
        return
    margin = 0.08 * (high - low)
    panel.set_ylim(low - margin, high + 2.5 * margin)
    values = dict.fromkeys(study.words.number(value) for value in means[:, 0])
    text = study.words.gettext("layer 0: %(values)s") % {"values": ", ".join(values)}
    panel.text(0.5, 0.99, text, transform=panel.transAxes, ha="center", va="top", color=MUTED, fontsize=7)


def needs_logarithm(study: Study, measure: str) -> bool:
    """Tell whether the means after the embedding are positive and differ too much for a linear axis."""
    means = np.concatenate([study.means(kind, measure)[1:] for kind in KINDS])
    means = means[np.isfinite(means)]
    return bool(means.size and means.min() > 0 and means.max() / means.min() > _LOGARITHMIC_FROM)


def _mark_final_norm(panel: Axes, study: Study, kind: str, measure: str) -> None:
    profiles = study.evidence.profiles
    record = profiles.final_norm.get(kind) if profiles is not None else None
    summaries = getattr(record, measure) if record is not None else []
    if summaries and summaries[0].mean is not None:
        panel.plot(
            study.n_levels - 1, summaries[0].mean, marker="o", markersize=4.5, markerfacecolor="none",
            markeredgecolor=KIND_COLOURS[kind], linestyle="",
        )  # fmt: skip


def _title(study: Study, measure: str) -> str:
    _ = study.words.gettext
    titles = {
        "mutual_information": _("mutual information (bits)"),
        "covariance": _("covariance"),
        "pearson": _("Pearson correlation"),
    }
    return titles[measure]


def _alternative(study: Study) -> str:
    words = study.words
    parts = []
    for measure in MEASURES:
        for kind in KINDS:
            means = study.means(kind, measure)
            if len(means) > 1 and np.isfinite(means[[1, -1]]).all():
                text = words.gettext(
                    "%(measure)s of %(kind)s: %(first)s at layer 1, %(last)s at layer %(layer)s."
                )
                parts.append(
                    text
                    % {
                        "measure": words.measure(measure),
                        "kind": words.kind(kind),
                        "first": words.number(means[1]),
                        "last": words.number(means[-1]),
                        "layer": len(means) - 1,
                    }
                )
    return words.gettext("Line charts of means by layer.") + " " + " ".join(parts)


def _table(study: Study) -> Table:
    columns = ("measure", "kind", "layer", "mean", "mean_low", "mean_high", "q05", "q25", "q50", "q75", "q95")
    table = Table(columns)
    for measure in (*MEASURES, "std"):
        for kind in KINDS:
            for layer, s in enumerate(study.profile(kind, measure)):
                low, high = s.mean_interval or (None, None)
                table.rows.append(
                    (measure, kind, layer, s.mean, low, high, s.q05, s.q25, s.q50, s.q75, s.q95)
                )
    return table
