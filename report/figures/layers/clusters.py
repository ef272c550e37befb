"""Number of clusters of the pairs' covariance and their separation, by layer."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from layerclaims.report.figures.drawing import (
    WIDTH,
    Drawing,
    Table,
    layer_axis,
    legend_above,
    localize,
    plot_profile,
)
from layerclaims.report.figures.palette import CRITERION
from layerclaims.report.study import FloatArray, Study, as_floats

MEASURE = "covariance"


def draw_clusters(study: Study, name: str, marked: tuple[int, int] | None = None) -> Drawing | None:
    """Draw the number of clusters and the separation by layer; None without profiles of them.

    Parameters
    ----------
    study : Study
    name : str
        File stem.
    marked : tuple of int, optional
        First and last layer of those that the claim is about.
    """
    if all(
        np.isnan(values).all()
        for kind in study.profiled_kinds
        for values in (_counts(study, kind), _indices(study, kind))
    ):
        return None
    words = study.words
    figure = Figure(figsize=(WIDTH, 2.6), layout="constrained")
    counts, separation = figure.subplots(1, 2)
    for panel, series in ((counts, _counts), (separation, _indices)):
        for kind in study.profiled_kinds:
            plot_profile(panel, study, kind, series(study, kind))
        _mark(panel, study, marked)
        layer_axis(panel, study.n_levels, words)
        localize(panel, words)
        highest = np.nanmax([0.0, *(value for kind in study.profiled_kinds for value in series(study, kind))])
        panel.set_ylim(0, highest * 1.15 or 1)
    counts.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    counts.set_title(words.gettext("clusters of pairs by covariance"))
    separation.set_title(words.gettext("separation index"))
    legend_above(figure, counts)
    caption = words.gettext(
        "Number of clusters into which the covariance of pairs falls, and how far apart its two main groups "
        "lie, by layer."
    )
    if marked is not None:
        caption += " " + words.gettext("Shaded: the layers that the claim speaks of.")
    return Drawing(name, figure, caption, _alternative(study), _table(study))


def _counts(study: Study, kind: str) -> FloatArray:
    profile = study.kind_profile(kind)
    return as_floats(profile.n_clusters.get(MEASURE, []) if profile is not None else [])


def _indices(study: Study, kind: str) -> FloatArray:
    profile = study.kind_profile(kind)
    return as_floats(profile.separation.get(MEASURE, []) if profile is not None else [])


def _mark(panel: Axes, study: Study, marked: tuple[int, int] | None) -> None:
    if marked is not None:
        first, last = marked
        panel.axvspan(first - 0.5, min(last, study.n_levels - 1) + 0.5, color=CRITERION, zorder=0)


def _alternative(study: Study) -> str:
    words = study.words
    parts = [words.gettext("Line charts of clusters and their separation by layer.")]
    for kind in study.profiled_kinds:
        counts = _counts(study, kind)
        several = np.flatnonzero(counts > 1)
        if len(several):
            text = words.gettext("%(kind)s: several clusters at layers %(layers)s.")
            parts.append(text % {"kind": words.kind(kind), "layers": ", ".join(map(str, several.tolist()))})
        else:
            parts.append(words.gettext("%(kind)s: never more than one.") % {"kind": words.kind(kind)})
    return " ".join(parts)


def _table(study: Study) -> Table:
    table = Table(("kind", "layer", "clusters", "separation"))
    for kind in study.profiled_kinds:
        counts, indices = _counts(study, kind), _indices(study, kind)
        for layer in range(max(len(counts), len(indices))):
            numbers = (_at(counts, layer), _at(indices, layer))
            table.rows.append((kind, layer, *numbers))
    return table


def _at(values: FloatArray, layer: int) -> float | None:
    return float(values[layer]) if layer < len(values) and np.isfinite(values[layer]) else None
