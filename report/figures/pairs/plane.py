"""The plane of two measures at one layer: all kinds' pairs, and their distribution along each axis."""

from typing import Literal, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from layerclaims.report.figures.drawing import WIDTH, Drawing, Table, drawn_counts, localize
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.pairs.cloud import draw_cloud
from layerclaims.report.figures.pairs.colours import colour_legend, pair_colours
from layerclaims.report.figures.pairs.stairs import draw_stairs
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.study import FloatArray, Study

Orientation: TypeAlias = Literal["vertical", "horizontal"]

MAX_POINTS = 2500
_BINS = 60


def draw_plane(study: Study, name: str, layer: int) -> Drawing | None:
    """Draw the plane in which clusters of pairs are seen; None without points, or with one measure alone.

    Parameters
    ----------
    study : Study
    name : str
        File stem.
    layer : int
    """
    plane = study.plane
    if plane is None or not study.drawn_kinds or study.n_levels <= layer:
        return None
    figure = Figure(figsize=(WIDTH, 4.4), layout=MeasuredLayout())
    axes = panels_in(figure, 2, 2, sharex="col", sharey="row", width_ratios=(5, 1), height_ratios=(1, 4.2))
    axes[0, 1].set_axis_off()
    xs, ys, colours = [], [], []
    for kind in study.drawn_kinds:
        chosen = study.thinned(kind, MAX_POINTS)
        xs.append(study.pairs(kind, plane[0])[layer, chosen])
        ys.append(study.pairs(kind, plane[1])[layer, chosen])
        colours.append(np.array(pair_colours(study, kind, chosen)))
    x, y, colour = (np.concatenate(parts) for parts in (xs, ys, colours))
    order = np.random.default_rng(layer).permutation(len(colour))
    panel = axes[1, 0]
    draw_cloud(panel, x[order], y[order], colour[order], diameter=1.73, alpha=0.45)
    panel.set_xlabel(study.axis_label(plane[0]))
    panel.set_ylabel(study.axis_label(plane[1]))
    _draw_margin(axes[0, 0], x, colour, "vertical")
    _draw_margin(axes[1, 1], y, colour, "horizontal")
    localize(panel, study.words)
    colour_legend(figure, study)
    return Drawing(name, figure, *_texts(study, plane, layer), _table(study, plane, layer))


def _draw_margin(panel: Axes, values: FloatArray, colours: np.ndarray, orientation: Orientation) -> None:
    """Draw one axis' distribution for each colour, each on its own scale of counts."""
    edges = np.histogram_bin_edges(values, _BINS)
    for colour in dict.fromkeys(colours.tolist()):
        counts = np.histogram(values[colours == colour], edges)[0]
        share = counts / max(counts.max(), 1)
        draw_stairs(panel, share, edges, orientation=orientation, color=colour, linewidth=1)
    panel.set_axis_off()


def _texts(study: Study, plane: tuple[str, str], layer: int) -> tuple[str, str]:
    words = study.words
    caption = words.gettext(
        "Pairs at layer %(layer)s. Beside the axes is the distribution along each, in the same colours, each "
        "on its own scale of counts. Drawn, chosen at random: %(counts)s."
    ) % {"layer": layer, "counts": drawn_counts(study, MAX_POINTS)}
    medians = words.gettext("%(kind)s: median %(across)s %(x)s and %(up)s %(y)s.")
    sentences = [
        medians
        % {
            "kind": words.kind(kind),
            "across": study.title(plane[0]),
            "up": study.title(plane[1]),
            "x": words.number(float(np.median(study.pairs(kind, plane[0])[layer]))),
            "y": study.with_unit(plane[1], float(np.median(study.pairs(kind, plane[1])[layer]))),
        }
        for kind in study.drawn_kinds
    ]
    alternative = words.gettext("Scatter plot of layer %(layer)s.") % {"layer": layer}
    return caption, " ".join([alternative, *sentences])


def _table(study: Study, plane: tuple[str, str], layer: int) -> Table:
    table = Table(("kind", *plane, "sort"))
    for kind in study.drawn_kinds:
        chosen = study.thinned(kind, MAX_POINTS)
        sorts = study.pair_sorts(kind)
        labels = [None] * len(chosen) if sorts is None else sorts[chosen].tolist()
        x, y = (study.pairs(kind, measure)[layer, chosen].tolist() for measure in plane)
        table.rows.extend(zip([kind] * len(chosen), x, y, labels, strict=True))
    return table
