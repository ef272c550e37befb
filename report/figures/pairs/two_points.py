"""Layer 0: the places of the pairs, and their distances from the mean of their kind."""

from itertools import islice

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from layerclaims.report.figures.drawing import (
    WIDTH,
    Drawing,
    PointText,
    Table,
    kind_legend,
    kind_style,
    localize,
    panel_grid,
    panels_of,
)
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.palette import INK, MUTED
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.study import FloatArray, Study

MOST_TOLD = 50
"""Places of a kind of which a page says the values."""

Plane = tuple[str, str]
"""The measures across and up."""


def draw_two_points(study: Study, name: str) -> Drawing | None:
    """Draw the embedding's pairs as they lie, and each kind's distances from its own mean."""
    plane, kinds = study.plane, study.drawn_kinds
    if plane is None or not kinds:
        return None
    figure, place, spreads = _panels(len(kinds))
    _draw_places(place, study, plane)
    for panel, kind in zip(spreads, kinds, strict=True):
        _draw_spread(panel, study, plane, kind)
    if len(kinds) > 2:
        kind_legend(figure, study, kinds, markers=True)
    _ = study.words.gettext
    caption = (
        _(
            "Left: all drawn pairs of tokens at layer 0, both kinds in one scatter plot. Right: the same "
            "pairs, magnified, as distances from their kind's mean."
        )
        if len(kinds) == 2
        else _(
            "First: all drawn pairs of tokens at layer 0 in one scatter plot. Then the same pairs, "
            "magnified, as distances from their kind's mean."
        )
    )
    points = [point for kind in kinds for point in _place_points(place, study, plane, kind)]
    return Drawing(name, figure, caption, _alternative(study, plane), _table(study, plane), points)


def _place_points(panel: Axes, study: Study, plane: Plane, kind: str) -> list[PointText]:
    """Say of each distinct place of a kind's pairs where it is; of many, of the first ones."""
    words = study.words
    text = words.gettext("%(kind)s: %(across)s %(x)s, %(up)s %(y)s")
    names = {"kind": words.kind(kind), "across": study.title(plane[0]), "up": study.title(plane[1])}
    places = zip(*(values.tolist() for values in distinct_places(study, plane, kind)), strict=True)
    return [
        PointText(
            panel,
            x,
            y,
            text % {**names, "x": study.with_unit(plane[0], x), "y": study.with_unit(plane[1], y)},
        )
        for x, y in islice(places, MOST_TOLD)
    ]


def _panels(n_kinds: int) -> tuple[Figure, Axes, list[Axes]]:
    """Make a panel for all pairs and one for each kind: one row for up to two kinds, else several."""
    if n_kinds <= 2:
        figure = Figure(figsize=(WIDTH, 2.9), layout=MeasuredLayout())
        place, *spreads = panels_in(figure, 1, 1 + n_kinds, width_ratios=[1.5, *[1] * n_kinds])[0]
        return figure, place, spreads
    figure = Figure(figsize=(WIDTH, 2.4 * panel_grid(1 + n_kinds)[0]), layout=MeasuredLayout())
    place, *spreads = panels_of(figure, 1 + n_kinds)
    return figure, place, spreads


def _draw_places(panel: Axes, study: Study, plane: Plane) -> None:
    words = study.words
    centre = np.mean([study.pairs(kind, plane[0])[0].mean() for kind in study.drawn_kinds])
    for kind in study.drawn_kinds:
        x, y = distinct_places(study, plane, kind)
        style = kind_style(study, kind)
        panel.scatter(x, y, s=34, color=style.colour, marker=style.marker, linewidths=0)
        if len(study.drawn_kinds) <= 2:
            _annotate(panel, study, kind, (float(x.mean()), float(y.mean())), left=bool(x.mean() < centre))
    panel.margins(0.15, 0.3)
    panel.set_xlabel(study.axis_label(plane[0]))
    panel.set_ylabel(study.axis_label(plane[1]))
    panel.xaxis.set_major_locator(MaxNLocator(nbins=4))
    panel.yaxis.set_major_locator(MaxNLocator(nbins=5))
    localize(panel, words)


def _annotate(panel: Axes, study: Study, kind: str, place: tuple[float, float], *, left: bool) -> None:
    """Name a kind beside its place, towards the middle of the panel."""
    n_pairs = study.words.count(len(study.pair_index(kind)))
    text = study.words.gettext("%(n)s pairs of %(kind)s") % {"n": n_pairs, "kind": study.words.kind(kind)}
    shift, side = (8, "left") if left else (-8, "right")
    panel.annotate(text, place, (shift, 0), textcoords="offset points", ha=side, va="center", color=INK)


def distinct_places(study: Study, plane: Plane, kind: str) -> tuple[FloatArray, FloatArray]:
    """Return the distinct places of pairs at layer 0, to five digits, which is more than a drawing shows."""
    values = np.stack([study.pairs(kind, name)[0] for name in plane], axis=1).astype(np.float64)
    places = np.unique(_rounded(values), axis=0)
    return places[:, 0], places[:, 1]


def _rounded(values: FloatArray) -> FloatArray:
    """Round to five digits."""
    size = np.floor(np.log10(abs(values), where=values != 0, out=np.zeros_like(values)))
    digits = (4 - size).astype(int)
    scale = 10.0 ** abs(digits)
    return np.where(digits >= 0, np.round(values * scale) / scale, np.round(values / scale) * scale)


def _draw_spread(panel: Axes, study: Study, plane: Plane, kind: str) -> None:
    words = study.words
    x, y = (study.pairs(kind, name)[0] for name in plane)
    style = kind_style(study, kind)
    panel.scatter(
        x - x.mean(), y - y.mean(), s=10, color=style.colour, marker=style.marker, linewidths=0,
        rasterized=True,
    )  # fmt: skip
    # Coinciding pairs have no spread to scale by; float32's rounding is the least that can be told apart.
    for values, set_limits in ((x, panel.set_xlim), (y, panel.set_ylim)):
        rounding = float(np.finfo(np.float32).eps * abs(values).max())
        limit = 1.3 * max(float(np.abs(values - values.mean()).max()), rounding) or 1.0
        set_limits(-limit, limit)
    panel.set_title(words.gettext("%(kind)s, magnified") % {"kind": words.kind(kind)}, color=MUTED)
    panel.xaxis.set_major_locator(MaxNLocator(nbins=2))
    panel.yaxis.set_major_locator(MaxNLocator(nbins=3))
    panel.tick_params(labelsize=6.5)
    _localize_small(panel, study)


def _localize_small(panel: Axes, study: Study) -> None:
    """Write tick labels without the rounding that would turn float32's last digits to zero."""
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_major_formatter(lambda value, _: study.words.number(float(f"{value:.3g}")))


def _alternative(study: Study, plane: Plane) -> str:
    words = study.words
    text = words.gettext("%(kind)s: %(across)s %(x)s with a range of %(spread)s, %(up)s %(y)s.")
    parts = []
    for kind in study.drawn_kinds:
        x, y = (study.pairs(kind, name)[0] for name in plane)
        numbers = {
            "x": study.with_unit(plane[0], float(x.mean())),
            "spread": words.number(float(np.ptp(x))),
            "y": study.with_unit(plane[1], float(y.mean())),
        }
        names = {"kind": words.kind(kind), "across": study.title(plane[0]), "up": study.title(plane[1])}
        parts.append(text % {**names, **numbers})
    return words.gettext("Scatter plot of layer %(layer)s.") % {"layer": 0} + " " + " ".join(parts)


def _table(study: Study, plane: Plane) -> Table:
    table = Table(("kind", "token_a", "token_b", *plane))
    for kind in study.drawn_kinds:
        columns = (study.pairs(kind, name)[0].tolist() for name in plane)
        for (first, second), x, y in zip(study.pair_index(kind).tolist(), *columns, strict=True):
            table.rows.append((kind, first, second, x, y))
    return table
