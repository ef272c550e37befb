"""A measure by depth, with the means of the first and the last third of the layers."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from layerclaims.report.figures.drawing import WIDTH, Drawing, Table, kind_style, legend_above
from layerclaims.report.figures.layers.profiles import draw_measure
from layerclaims.report.study import Study


def draw_decline(study: Study, name: str, measure: str, kinds: Sequence[str] | None = None) -> Drawing | None:
    """Draw a measure's profile and the means of its first and last third; None without profiles.

    Parameters
    ----------
    kinds : sequence of str, optional
        Kinds of tokens to draw; by default all.
    """
    shown = [kind for kind in study.profiled_kinds if kinds is None or kind in kinds]
    if not shown:
        return None
    words = study.words
    figure = Figure(figsize=(WIDTH, 2.8), layout="constrained")
    panel = figure.subplots()
    points = draw_measure(panel, study, measure, shown)
    panel.set_ylabel(study.axis_label(measure))
    table = Table(("kind", "of", "first_layer", "last_layer", "mean", "low", "high"))
    for kind in shown:
        for layer, summary in enumerate(study.profile(kind, measure)):
            ends = summary.mean_interval or (None, None)
            table.rows.append((kind, "layer", layer, layer, summary.mean, *ends))
        for third, (start, stop, mean) in thirds(study, kind, measure).items():
            panel.hlines(mean, start, stop, color=kind_style(study, kind).colour, linewidth=5, alpha=0.3)
            table.rows.append((kind, f"{third} third", start, stop, mean, None, None))
    legend_above(figure, panel)
    caption = words.gettext(
        "Mean %(measure)s of pairs by layer, bands are 95%% intervals from resampling tokens. Thick "
        "bars: the means over the first and the last third of the layers after the embedding."
    )
    caption %= {"measure": study.title(measure)}
    return Drawing(name, figure, caption, _alternative(study, measure, shown), table, points)


def thirds(study: Study, kind: str, measure: str) -> dict[str, tuple[int, int, float]]:
    """Return first layer, last layer and mean of the first and the last third, the embedding left out."""
    means = study.means(kind, measure)[1:]
    size = len(means) // 3
    if size == 0 or not np.isfinite(means).all():
        return {}
    return {
        "first": (1, size, float(means[:size].mean())),
        "last": (len(means) - size + 1, len(means), float(means[-size:].mean())),
    }


def _alternative(study: Study, measure: str, kinds: Sequence[str]) -> str:
    words = study.words
    text = words.gettext("%(kind)s: mean %(first)s over the first third, %(last)s over the last.")
    parts = [words.gettext("Line chart of %(measure)s by layer.") % {"measure": study.title(measure)}]
    for kind in kinds:
        ends = thirds(study, kind, measure)
        if ends:
            numbers = {name: study.with_unit(measure, mean) for name, (_, _, mean) in ends.items()}
            parts.append(text % {"kind": words.kind(kind), **numbers})
    return " ".join(parts)
