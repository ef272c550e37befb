"""Number of clusters of pairs, and their separation, by layer: as rules decide, or along one measure."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from layerclaims.report.figures.drawing import (
    WIDTH,
    Drawing,
    PointText,
    Table,
    layer_axis,
    legend_above,
    localize,
    plot_profile,
    profile_points,
)
from layerclaims.report.figures.layers.counted import counts_of, draw_counted
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.palette import CRITERION
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.study import FloatArray, Study, as_floats

FEWEST_LAYERS = 3
"""Layers at which the rules must have counted for a figure of what they count."""


def draw_clusters(study: Study, name: str, measure: str, marked: tuple[int, int]) -> Drawing | None:
    """Draw the number of clusters and the separation by layer; None without profiles of them.

    What the rules that decide count is drawn where they did so at some layers, which they do where the claims
    about clusters apply; otherwise the modes of one measure.

    Parameters
    ----------
    study : Study
    name : str
        File stem.
    measure : str
        Pair measure.
    marked : tuple of int
        First and last layer of those that the claim is about.
    """
    found = [counts_of(study, kind) for kind in study.profiled_kinds]
    if max((len(record.layers) for records in found for record in records), default=0) >= FEWEST_LAYERS:
        return draw_counted(study, name, marked)
    if all(
        np.isnan(values).all()
        for kind in study.profiled_kinds
        for values in (_counts(study, kind, measure), _indices(study, kind, measure))
    ):
        return None
    words = study.words
    figure = Figure(figsize=(WIDTH, 2.6), layout=MeasuredLayout())
    counts, separation = panels_in(figure, 1, 2)[0]
    points: list[PointText] = []
    for panel, series in ((counts, _counts), (separation, _indices)):
        for kind in study.profiled_kinds:
            plot_profile(panel, study, kind, series(study, kind, measure))
            points += profile_points(panel, study, kind, series(study, kind, measure))
        first, last = marked
        panel.axvspan(first - 0.5, min(last, study.n_levels - 1) + 0.5, color=CRITERION, zorder=0)
        layer_axis(panel, study.n_levels, words)
        localize(panel, words)
        values = [value for kind in study.profiled_kinds for value in series(study, kind, measure)]
        highest = np.nanmax([0.0, *values])
        panel.set_ylim(0, highest * 1.15 or 1)
    counts.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    counts.set_title(words.gettext("clusters of pairs by %(measure)s") % {"measure": study.title(measure)})
    separation.set_title(words.gettext("separation index"))
    legend_above(figure, counts)
    caption = words.gettext(
        "Number of clusters of pairs by %(measure)s, and how far apart the two main groups lie, by layer. "
        "Shaded: the layers that the claim speaks of."
    )
    caption %= {"measure": study.title(measure)}
    if any(found):
        text = words.gettext("Counted by %(measure)s alone, which decides nothing by itself.")
        caption += " " + text % {"measure": study.title(measure)}
    return Drawing(name, figure, caption, _alternative(study, measure), _table(study, measure), points)


def _counts(study: Study, kind: str, measure: str) -> FloatArray:
    profile = study.kind_profile(kind)
    return as_floats(profile.n_clusters.get(measure, []) if profile is not None else [])


def _indices(study: Study, kind: str, measure: str) -> FloatArray:
    profile = study.kind_profile(kind)
    return as_floats(profile.separation.get(measure, []) if profile is not None else [])


def _alternative(study: Study, measure: str) -> str:
    words = study.words
    parts = [words.gettext("Line charts of clusters and their separation by layer.")]
    for kind in study.profiled_kinds:
        counts = _counts(study, kind, measure)
        several = np.flatnonzero(counts > 1)
        if len(several):
            text = words.gettext("%(kind)s: several clusters at layers %(layers)s.")
            parts.append(text % {"kind": words.kind(kind), "layers": ", ".join(map(str, several.tolist()))})
        else:
            parts.append(words.gettext("%(kind)s: never more than one.") % {"kind": words.kind(kind)})
    return " ".join(parts)


def _table(study: Study, measure: str) -> Table:
    table = Table(("kind", "layer", "measure", "clusters", "separation"))
    for kind in study.profiled_kinds:
        counts, indices = _counts(study, kind, measure), _indices(study, kind, measure)
        for layer in range(max(len(counts), len(indices))):
            table.rows.append((kind, layer, measure, _at(counts, layer), _at(indices, layer)))
    return table


def _at(values: FloatArray, layer: int) -> float | None:
    return float(values[layer]) if layer < len(values) and np.isfinite(values[layer]) else None
