"""Scatter plot of two measures at one layer, with lines through all pairs and through each sort of pair."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from layerclaims.report.figures.bulk import bulk_limits, mark_outside, with_margin
from layerclaims.report.figures.drawing import WIDTH, Drawing, PointText, Table, kind_style, localize
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.pairs.cloud import draw_cloud
from layerclaims.report.figures.pairs.two_points import Plane
from layerclaims.report.figures.palette import GROUP_COLOURS, INK, MUTED
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.study import FloatArray, Study

MAX_POINTS = 3000
MAX_TEXTS = 1000
"""Points that say what they are."""


def draw_simpson(study: Study, name: str, kind: str, layer: int) -> Drawing | None:
    """Draw the pairs with a line through all, and one through each sort where there are two groups."""
    plane = study.plane
    if plane is None or kind not in study.drawn_kinds or study.n_levels <= layer:
        return None
    words = study.words
    x, y = (study.pairs(kind, measure)[layer] for measure in plane)
    figure = Figure(figsize=(WIDTH, 3.4), layout=MeasuredLayout())
    panel = panels_in(figure, 1, 1)[0, 0]
    drawn = study.thinned(kind, MAX_POINTS)
    _draw_pairs(panel, study, x, y, kind, drawn)
    n_outside = mark_outside(panel, x[drawn], y[drawn])
    limits = panel.get_xlim(), panel.get_ylim()
    _draw_lines(panel, study, x, y, kind)
    panel.set(xlim=limits[0], ylim=limits[1])
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
    caption %= {"kind": words.kind(kind), **counts}
    if n_outside:
        text = words.ngettext(
            "%(n)s point far outside is marked by a cross at the edge.",
            "%(n)s points far outside are marked by crosses at the edge.",
            n_outside,
        )
        caption += " " + text % {"n": words.count(n_outside)}
    table = _table(study, plane, kind, layer, drawn)
    return Drawing(name, figure, caption, alternative, table, _points(panel, study, plane, kind, table))


def _draw_pairs(
    panel: Axes, study: Study, x: FloatArray, y: FloatArray, kind: str, drawn: NDArray[np.int64]
) -> None:
    """Draw some pairs in the colours of their sorts, on axes that hold the bulk of all pairs."""
    sorts = study.pair_sorts(kind)
    colours = (
        np.full(len(x), kind_style(study, kind).colour) if sorts is None else np.array(GROUP_COLOURS)[sorts]
    )
    draw_cloud(panel, x[drawn], y[drawn], colours[drawn], diameter=1.73, alpha=0.45)
    panel.set_xlim(*with_margin(bulk_limits(x)))
    panel.set_ylim(*with_margin(bulk_limits(y)))


def _table(study: Study, plane: Plane, kind: str, layer: int, drawn: NDArray[np.int64]) -> Table:
    """List the pairs that are drawn: their tokens, the two measures and the sort of pair."""
    sorts = study.pair_sorts(kind)
    labels = [None] * len(drawn) if sorts is None else sorts[drawn].tolist()
    columns = [study.pairs(kind, measure)[layer, drawn].tolist() for measure in plane]
    table = Table(("kind", "layer", "token_a", "token_b", *plane, "sort"))
    for (first, second), x, y, sort in zip(
        study.pair_index(kind)[drawn].tolist(), *columns, labels, strict=True
    ):
        table.rows.append((kind, layer, first, second, x, y, sort))
    return table


def _points(panel: Axes, study: Study, plane: Plane, kind: str, table: Table) -> list[PointText]:
    """Name the tokens and the numbers of some of the pairs, evenly over those drawn."""
    words = study.words
    found = []
    for _, _, first, second, x, y, _ in table.rows[:: len(table.rows) // MAX_TEXTS + 1]:
        assert isinstance(x, float)
        assert isinstance(y, float)
        text = words.gettext("%(kind)s %(first)s and %(second)s: %(numbers)s")
        numbers = (
            f"{study.title(name)} {study.with_unit(name, value)}"
            for name, value in zip(plane, (x, y), strict=True)
        )
        said = text % {
            "kind": words.kind(kind),
            "first": first,
            "second": second,
            "numbers": ", ".join(numbers),
        }
        found.append(PointText(panel, x, y, said))
    return found


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
        names = study.sort_names
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
