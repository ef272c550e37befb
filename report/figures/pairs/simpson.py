"""Scatter plot of two measures at one layer, with lines through all pairs and through each sort of pair."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from layerclaims.report.figures.drawing import WIDTH, Drawing, Table, kind_style, localize
from layerclaims.report.figures.pairs.pair_sorts import sort_names
from layerclaims.report.figures.palette import GROUP_COLOURS, INK, MUTED
from layerclaims.report.study import FloatArray, Study

MAX_POINTS = 3000


def draw_simpson(study: Study, name: str, kind: str, layer: int) -> Drawing | None:
    """Draw the pairs with a line through all, and one through each sort where there are two groups."""
    plane = study.plane
    if plane is None or kind not in study.drawn_kinds or study.n_levels <= layer:
        return None
    words = study.words
    x, y = (study.pairs(kind, measure)[layer] for measure in plane)
    figure = Figure(figsize=(WIDTH, 3.4), layout="constrained")
    panel = figure.subplots()
    sorts = study.pair_sorts(kind)
    colours = (
        np.full(len(x), kind_style(study, kind).colour) if sorts is None else np.array(GROUP_COLOURS)[sorts]
    )
    drawn = study.thinned(kind, MAX_POINTS)
    panel.scatter(x[drawn], y[drawn], s=3, c=colours[drawn], alpha=0.45, linewidths=0, rasterized=True)
    _draw_lines(panel, study, x, y, kind)
    panel.set_xlabel(study.axis_label(plane[0]))
    panel.set_ylabel(study.axis_label(plane[1]))
    localize(panel, words)
    caption = words.gettext(
        "Pairs of %(kind)s at layer %(layer)s, %(drawn)s of %(all)s drawn. Lines are least squares: thick "
        "through all pairs, thin through the pairs of one sort."
    )
    counts = {"layer": layer, "drawn": words.count(len(drawn)), "all": words.count(study.n_pairs(kind))}
    alternative = (
        words.gettext("Scatter plot of layer %(layer)s.") % {"layer": layer}
        + " "
        + _correlations(study, x, y, kind)
    )
    table = Table((*plane, "sort"))
    labels = [None] * len(x) if sorts is None else sorts.tolist()
    table.rows.extend(zip(x.tolist(), y.tolist(), labels, strict=True))
    return Drawing(name, figure, caption % {"kind": words.kind(kind), **counts}, alternative, table)


def _draw_lines(panel: Axes, study: Study, x: FloatArray, y: FloatArray, kind: str) -> None:
    handles, labels = [], []
    for label, chosen, colour, width in _sets(study, kind):
        if chosen.sum() > 2 and np.ptp(x[chosen]) > 0:
            ends = np.array([x[chosen].min(), x[chosen].max()])
            slope, offset = np.polyfit(x[chosen], y[chosen], 1)
            panel.plot(ends, slope * ends + offset, color=colour, linewidth=width)
            handles.append(Line2D([], [], color=colour, linewidth=width))
            labels.append(label)
    panel.figure.legend(handles, labels, loc="outside upper right", ncols=4, labelcolor=MUTED)


def _sets(study: Study, kind: str) -> list[tuple[str, np.ndarray, str, float]]:
    """List all pairs, then each sort: its name, members, colour and line width."""
    sorts = study.pair_sorts(kind)
    everything = np.ones(len(study.pair_index(kind)), dtype=bool)
    found = [(study.words.gettext("all pairs"), everything, INK, 2.4)]
    if sorts is not None:
        names = sort_names(study)
        found += [(names[sort], sorts == sort, GROUP_COLOURS[sort], 1.4) for sort in range(3)]
    return found


def _correlations(study: Study, x: FloatArray, y: FloatArray, kind: str) -> str:
    words = study.words
    text = words.gettext("%(pairs)s: correlation %(r)s.")
    return " ".join(
        text % {"pairs": label, "r": words.fixed(float(np.corrcoef(x[chosen], y[chosen])[0, 1]), 2)}
        for label, chosen, _, _ in _sets(study, kind)
        if chosen.sum() > 2 and np.ptp(x[chosen]) > 0 and np.ptp(y[chosen]) > 0
    )
