"""A measure by depth, with the levels that a claim about its decline compares."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from layerclaims.analysis.statistics.trends import stretches_at_end
from layerclaims.report.figures.drawing import WIDTH, Drawing, Table, kind_style, legend_above
from layerclaims.report.figures.layers.profiles import draw_measure
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.study import Study

FEWEST_LAYERS = 3
"""After the embedding; fewer have no thirds, and no end to compare with a beginning."""


@dataclass(frozen=True)
class Level:
    """A level that a claim compares: of layers from ``start`` to ``stop``, both among them."""

    start: int
    stop: int
    value: float


def draw_decline(
    study: Study, name: str, measure: str, kinds: Sequence[str] | None = None, compared: str = "thirds"
) -> Drawing | None:
    """Draw a measure's profile and the levels that are compared; None without profiles.

    Parameters
    ----------
    kinds : sequence of str, optional
        Kinds of tokens to draw; by default all.
    compared : str
        ``"thirds"``: means of the first and of the last third of the layers. ``"end"``: medians of the last
        sixth, of the earlier layers and of the lowest sixth, as
        `analysis.statistics.trends.stretches_at_end` finds them.
    """
    shown = [kind for kind in study.profiled_kinds if kinds is None or kind in kinds]
    if not shown:
        return None
    figure = Figure(figsize=(WIDTH, 2.8), layout=MeasuredLayout())
    panel = panels_in(figure, 1, 1)[0, 0]
    points = draw_measure(panel, study, measure, shown)
    panel.set_ylabel(study.axis_label(measure))
    table = Table(("kind", "of", "first_layer", "last_layer", "statistic", "value", "low", "high"))
    statistic = "median" if compared == "end" else "mean"
    for kind in shown:
        for layer, summary in enumerate(study.profile(kind, measure)):
            ends = summary.mean_interval or (None, None)
            table.rows.append((kind, "layer", layer, layer, "mean", summary.mean, *ends))
        for of, level in levels(study, kind, measure, compared).items():
            drawn = (level.value, level.start - 0.3, level.stop + 0.3)
            panel.hlines(*drawn, color=kind_style(study, kind).colour, linewidth=5, alpha=0.3)
            table.rows.append((kind, of, level.start, level.stop, statistic, level.value, None, None))
    legend_above(figure, panel)
    caption = _caption(study, compared) % {"measure": study.title(measure)}
    return Drawing(name, figure, caption, _alternative(study, measure, shown, compared), table, points)


def _caption(study: Study, compared: str) -> str:
    _ = study.words.gettext
    if compared == "end":
        return _(
            "Mean %(measure)s of pairs by layer, bands are 95%% intervals from resampling tokens. Thick "
            "bars: the medians that the claim compares, of the last sixth of the layers, of the first sixth "
            "or half, whichever is lower, and of the lowest sixth."
        )
    return _(
        "Mean %(measure)s of pairs by layer, bands are 95%% intervals from resampling tokens. Thick "
        "bars: the means over the first and the last third of the layers after the embedding."
    )


def levels(study: Study, kind: str, measure: str, compared: str) -> dict[str, Level]:
    """Return the levels that are compared, by name; none for a profile that is too short or has gaps."""
    means = study.means(kind, measure)[1:]
    if len(means) < FEWEST_LAYERS or not np.isfinite(means).all():
        return {}
    if compared == "end":
        # Layers count from the embedding on, of which the stretches know nothing.
        found = stretches_at_end(means).items()
        return {name: Level(one.start + 1, one.stop, one.median) for name, one in found}
    size = len(means) // 3
    return {
        "first third": Level(1, size, float(means[:size].mean())),
        "last third": Level(len(means) - size + 1, len(means), float(means[-size:].mean())),
    }


def _alternative(study: Study, measure: str, kinds: Sequence[str], compared: str) -> str:
    words = study.words
    text = (
        words.gettext("%(kind)s: median %(earlier)s over the earlier layers, %(last)s over the last.")
        if compared == "end"
        else words.gettext("%(kind)s: mean %(first)s over the first third, %(last)s over the last.")
    )
    parts = [words.gettext("Line chart of %(measure)s by layer.") % {"measure": study.title(measure)}]
    for kind in kinds:
        found = levels(study, kind, measure, compared)
        if found:
            numbers = {of.split()[0]: study.with_unit(measure, level.value) for of, level in found.items()}
            parts.append(text % {"kind": words.kind(kind), **numbers})
    return " ".join(parts)
