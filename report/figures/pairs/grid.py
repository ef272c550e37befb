"""Grid of scatter plots of the pairs by two measures, one panel a layer."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from layerclaims.report.figures.bulk import bulk_limits, mark_outside, with_margin
from layerclaims.report.figures.drawing import WIDTH, Drawing, PointText, Table, drawn_counts, localize
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.pairs.cloud import Cloud, draw_cloud
from layerclaims.report.figures.pairs.colours import colour_legend, kind_colour, pair_colours
from layerclaims.report.figures.pairs.two_points import Plane, distinct_places
from layerclaims.report.figures.palette import INK, MUTED
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.study import Study

MAX_POINTS = 1500
"""Points of a kind in one panel; more add ink and no shape."""

MAX_COLUMNS = 7


def draw_grid(study: Study) -> Drawing | None:
    """Draw every layer's pairs; None where the run left no points, or has one measure alone."""
    plane = study.plane
    if not study.drawn_kinds or plane is None:
        return None
    rows, columns = grid_shape(study.n_levels)
    layout = MeasuredLayout(w_pad=0.028, h_pad=0.03)
    figure = Figure(figsize=(WIDTH, WIDTH / columns * rows * 0.92 + 0.5), layout=layout)
    axes = panels_in(figure, rows, columns)
    limits = _shared_limits(study, plane)
    drawn = {kind: study.thinned(kind, MAX_POINTS) for kind in study.drawn_kinds}
    colours = np.array([colour for kind in drawn for colour in pair_colours(study, kind, drawn[kind])])
    n_outside = 0
    points: list[PointText] = []
    for layer, panel in enumerate(axes.flat):
        if layer >= study.n_levels:
            panel.set_axis_off()
            continue
        n_outside += _draw_panel(panel, study, plane, layer, limits if layer else None, colours)
        points += _medians(panel, study, plane, layer)
        panel.tick_params(labelsize=6.5, pad=1.5, length=2)
        panel.tick_params(axis="y", labelleft=layer <= 1 or layer % columns == 0)
    figure.supxlabel(study.axis_label(plane[0]), fontsize=8, color=MUTED)
    figure.supylabel(study.axis_label(plane[1]), fontsize=8, color=MUTED)
    colour_legend(figure, study)
    caption = _caption(study, plane) + _outside(study, n_outside)
    return Drawing("grid", figure, caption, _alternative(study, plane), _table(study, plane), points)


def _medians(panel: Axes, study: Study, plane: Plane, layer: int) -> list[PointText]:
    """Say of each kind where the middle of its pairs lies at a layer."""
    words = study.words
    text = words.gettext("%(kind)s, layer %(layer)s: median %(across)s %(x)s, median %(up)s %(y)s")
    points = []
    for kind in study.drawn_kinds:
        x, y = (float(np.median(study.pairs(kind, measure)[layer])) for measure in plane)
        names = {"kind": words.kind(kind), "across": study.title(plane[0]), "up": study.title(plane[1])}
        numbers = {"x": study.with_unit(plane[0], x), "y": study.with_unit(plane[1], y)}
        points.append(PointText(panel, x, y, text % {**names, **numbers, "layer": layer}))
    return points


def grid_shape(n_panels: int) -> tuple[int, int]:
    """Choose rows and columns: near square, few gaps, never more than seven columns."""
    columns = range(1, min(n_panels, MAX_COLUMNS) + 1)
    shapes = [(math.ceil(n_panels / n), n) for n in columns]
    return min(
        shapes, key=lambda shape: (shape[0] * shape[1] - n_panels + 2 * abs(shape[0] - shape[1]), -shape[0])
    )


def _shared_limits(study: Study, plane: Plane) -> tuple[float, float] | None:
    """Find the range of the bulk of the upward measure over all layers but the embedding."""
    values = [study.pairs(kind, plane[1])[1:] for kind in study.drawn_kinds]
    if not all(value.size for value in values):
        return None
    return with_margin(bulk_limits(np.concatenate([value.ravel() for value in values])))


def _draw_panel(
    panel: Axes,
    study: Study,
    plane: Plane,
    layer: int,
    limits: tuple[float, float] | None,
    colours: NDArray[np.str_],
) -> int:
    """Draw one layer, with colours of all pairs drawn; return how many are marked at the panel's edge."""
    n_outside = 0
    if layer == 0:
        for kind in study.drawn_kinds:
            x, y = distinct_places(study, plane, kind)
            panel.scatter(x, y, s=9, color=kind_colour(study, kind), linewidths=0)
        panel.margins(0.25)
    else:
        n_outside = _draw_cloud(panel, study, plane, layer, limits, colours)
    panel.set_title(study.words.count(layer), fontsize=8, color=INK, pad=2)
    panel.xaxis.set_major_locator(MaxNLocator(nbins=2, min_n_ticks=2))
    panel.yaxis.set_major_locator(MaxNLocator(nbins=3))
    localize(panel, study.words)
    return n_outside


def _draw_cloud(
    panel: Axes,
    study: Study,
    plane: Plane,
    layer: int,
    limits: tuple[float, float] | None,
    colours: NDArray[np.str_],
) -> int:
    """Draw all kinds' pairs as one set in mixed order, so that no kind covers another."""
    xs, ys = [], []
    for kind in study.drawn_kinds:
        chosen = study.thinned(kind, MAX_POINTS)
        xs.append(study.pairs(kind, plane[0])[layer, chosen])
        ys.append(study.pairs(kind, plane[1])[layer, chosen])
    order = np.random.default_rng(layer).permutation(len(colours))
    x, y = np.concatenate(xs)[order], np.concatenate(ys)[order]
    cloud = draw_cloud(panel, x, y, colours[order], diameter=1.26, alpha=0.4)
    _draw_with_others(cloud, panel)
    panel.set_xlim(*with_margin(bulk_limits(x)))
    if limits is not None:
        panel.set_ylim(*limits)
    return mark_outside(panel, x, y)


def _draw_with_others(cloud: Cloud, panel: Axes) -> None:
    """Have the figure draw a panel's cloud below all panels: clouds drawn in a row are one picture."""
    figure = panel.get_figure(root=True)
    assert figure is not None
    cloud.remove()
    cloud.set_zorder(-1)
    figure.add_artist(cloud)


def _outside(study: Study, n: int) -> str:
    text = study.words.ngettext(
        "Axes follow the bulk of the pairs: %(n)s point far outside is marked by a cross at the edge.",
        "Axes follow the bulk of the pairs: %(n)s points far outside are marked by crosses at the edge.",
        n,
    )
    return " " + text % {"n": study.words.count(n)} if n else ""


def _caption(study: Study, plane: Plane) -> str:
    words = study.words
    text = words.gettext(
        "Each panel is a layer, 0 the embedding; each point is a pair of tokens of one kind. Drawn, chosen "
        "at random: %(counts)s. From layer 1 on all panels share the axis of %(up)s; "
        "%(across)s has its own in each."
    )
    names = {"across": study.title(plane[0]), "up": study.title(plane[1])}
    return text % {"counts": drawn_counts(study, MAX_POINTS), **names}


def _alternative(study: Study, plane: Plane) -> str:
    words, last = study.words, study.n_levels - 1
    across, up = plane
    text = words.gettext(
        "%(kind)s: median %(across)s %(x_first)s at layer 1 and %(x_last)s at layer %(last)s, median "
        "%(up)s %(y_first)s and %(y_last)s."
    )
    sentences = []
    for kind in study.drawn_kinds:
        x, y = (np.median(study.pairs(kind, measure), axis=1) for measure in plane)
        numbers = {
            "x_first": words.number(x[min(1, last)]),
            "x_last": study.with_unit(across, x[last]),
            "y_first": words.number(y[min(1, last)]),
            "y_last": study.with_unit(up, y[last]),
        }
        names = {"kind": words.kind(kind), "across": study.title(across), "up": study.title(up)}
        sentences.append(text % {**names, **numbers, "last": last})
    return words.gettext("Scatter plots of pairs, one a layer.") + " " + " ".join(sentences)


def _table(study: Study, plane: Plane) -> Table:
    """List each drawn pair once, with a column for each of the two measures and each layer."""
    layers = range(study.n_levels)
    names = [f"{measure}_{layer}" for measure in plane for layer in layers]
    table = Table(("kind", "token_a", "token_b", *names))
    for kind in study.drawn_kinds:
        chosen = study.thinned(kind, MAX_POINTS)
        index = study.pair_index(kind)[chosen].tolist()
        values = np.concatenate([study.pairs(kind, measure)[:, chosen] for measure in plane])
        for (first, second), numbers in zip(index, values.T.tolist(), strict=True):
            table.rows.append((kind, first, second, *numbers))
    return table
