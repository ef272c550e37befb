"""The document's grid: mutual information against covariance of the pairs, one panel a layer."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from layerclaims.report.figures.drawing import WIDTH, Drawing, Table, localize
from layerclaims.report.figures.pairs.two_points import distinct_places
from layerclaims.report.figures.palette import INK, KIND_COLOURS, MUTED
from layerclaims.report.records.store import MEASURES
from layerclaims.report.study import Study

MAX_POINTS = 1500
"""Points of a kind in one panel; more add ink and no shape."""

MAX_COLUMNS = 7


def draw_grid(study: Study) -> Drawing | None:
    """Draw every layer's pairs; None where the run left no points."""
    if not study.drawn_kinds:
        return None
    rows, columns = grid_shape(study.n_levels)
    layout = ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.03, wspace=0.02, hspace=0.02)
    figure = Figure(figsize=(WIDTH, WIDTH / columns * rows * 0.92 + 0.5), layout=layout)
    axes = figure.subplots(rows, columns, squeeze=False)
    limits = _shared_limits(study)
    for layer, panel in enumerate(axes.flat):
        if layer >= study.n_levels:
            panel.set_axis_off()
            continue
        _draw_panel(panel, study, layer, limits if layer else None)
        if layer > 1 and layer % columns:
            panel.tick_params(labelleft=False)
    _ = study.words.gettext
    figure.supxlabel(_("covariance"), fontsize=8, color=MUTED)
    figure.supylabel(_("mutual information (bits)"), fontsize=8, color=MUTED)
    _draw_legend(figure, study)
    return Drawing("grid", figure, _caption(study), _alternative(study), _table(study))


def grid_shape(n_panels: int) -> tuple[int, int]:
    """Choose rows and columns: near square, few gaps, never more than seven columns."""
    columns = range(1, min(n_panels, MAX_COLUMNS) + 1)
    shapes = [(math.ceil(n_panels / n), n) for n in columns]
    return min(
        shapes, key=lambda shape: (shape[0] * shape[1] - n_panels + 2 * abs(shape[0] - shape[1]), -shape[0])
    )


def _shared_limits(study: Study) -> tuple[float, float] | None:
    """Find the range of MI over all layers but the embedding, whose pairs are not comparable."""
    values = [study.pairs(kind, "mutual_information")[1:] for kind in study.drawn_kinds]
    if not all(value.size for value in values):
        return None
    low, high = min(value.min() for value in values), max(value.max() for value in values)
    margin = 0.04 * (high - low) or 0.1
    return float(low - margin), float(high + margin)


def _draw_panel(panel: Axes, study: Study, layer: int, limits: tuple[float, float] | None) -> None:
    if layer == 0:
        for kind in study.drawn_kinds:
            x, y = distinct_places(study, kind)
            panel.scatter(x, y, s=9, color=KIND_COLOURS[kind], linewidths=0)
        panel.margins(0.25)
    else:
        _draw_cloud(panel, study, layer)
    if limits is not None:
        panel.set_ylim(*limits)
    panel.set_title(study.words.count(layer), fontsize=8, color=INK, pad=2)
    panel.xaxis.set_major_locator(MaxNLocator(nbins=2, min_n_ticks=2))
    panel.yaxis.set_major_locator(MaxNLocator(nbins=3))
    panel.tick_params(labelsize=6.5, pad=1.5, length=2)
    localize(panel, study.words)


def _draw_cloud(panel: Axes, study: Study, layer: int) -> None:
    """Draw both kinds' pairs as one set in mixed order, so that neither kind covers the other."""
    xs, ys, colours = [], [], []
    for kind in study.drawn_kinds:
        chosen = study.thinned(kind, MAX_POINTS)
        xs.append(study.pairs(kind, "covariance")[layer, chosen])
        ys.append(study.pairs(kind, "mutual_information")[layer, chosen])
        colours += [KIND_COLOURS[kind]] * len(chosen)
    order = np.random.default_rng(layer).permutation(len(colours))
    x, y = np.concatenate(xs)[order], np.concatenate(ys)[order]
    panel.scatter(x, y, s=1.6, c=np.array(colours)[order], alpha=0.4, linewidths=0, rasterized=True)


def _draw_legend(figure: Figure, study: Study) -> None:
    handles = [
        Line2D([], [], color=KIND_COLOURS[kind], marker="o", linestyle="", markersize=4)
        for kind in study.drawn_kinds
    ]
    labels = [study.words.kind(kind) for kind in study.drawn_kinds]
    figure.legend(handles, labels, loc="outside upper right", ncols=2, labelcolor=MUTED)


def _caption(study: Study) -> str:
    words = study.words
    counts = [
        words.gettext("%(drawn)s of %(all)s pairs of %(kind)s")
        % {
            "drawn": words.count(min(MAX_POINTS, len(study.pair_index(kind)))),
            "all": words.count(study.n_pairs(kind)),
            "kind": words.kind(kind),
        }
        for kind in study.drawn_kinds
    ]
    text = words.gettext(
        "Each panel is a layer, 0 the embedding; each point is a pair of tokens of one kind. Drawn, chosen "
        "at random: %(counts)s. From layer 1 on all panels share the axis of mutual information; "
        "covariance has its own in each."
    )
    return text % {"counts": words.enumeration(counts)}


def _alternative(study: Study) -> str:
    words, last = study.words, study.n_levels - 1
    sentences = []
    for kind in study.drawn_kinds:
        middle = np.median(study.pairs(kind, "covariance"), axis=1)
        information = np.median(study.pairs(kind, "mutual_information"), axis=1)
        sentence = words.gettext(
            "%(kind)s: median covariance %(cov_first)s at layer 1 and %(cov_last)s at layer %(last)s, median "
            "mutual information %(mi_first)s and %(mi_last)s bits."
        )
        sentences.append(
            sentence
            % {
                "kind": words.kind(kind),
                "last": last,
                "cov_first": words.number(middle[min(1, last)]),
                "cov_last": words.number(middle[last]),
                "mi_first": words.number(information[min(1, last)]),
                "mi_last": words.number(information[last]),
            }
        )
    return words.gettext("Scatter plots of pairs, one a layer.") + " " + " ".join(sentences)


def _table(study: Study) -> Table:
    """List each drawn pair once, with a column for each measure and layer."""
    layers = range(study.n_levels)
    names = [f"{measure}_{layer}" for measure in MEASURES for layer in layers]
    table = Table(("kind", "token_a", "token_b", *names))
    for kind in study.drawn_kinds:
        chosen = study.thinned(kind, MAX_POINTS)
        index = study.pair_index(kind)[chosen].tolist()
        values = np.concatenate([study.pairs(kind, measure)[:, chosen] for measure in MEASURES])
        for (first, second), numbers in zip(index, values.T.tolist(), strict=True):
            table.rows.append((kind, first, second, *numbers))
    return table
