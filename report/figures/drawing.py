"""A finished figure with caption, description and data, and the parts that figures share."""

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, NullFormatter, ScalarFormatter
from numpy.typing import NDArray

from layerclaims.report.figures.palette import KIND_COLOURS, MUTED, RUN_COLOURS
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.language.words import Words
from layerclaims.report.study import Study

WIDTH = 7.2
"""Inches; the text's width in the PDF."""

LineStyle = Literal["-"] | tuple[float, tuple[float, ...]]
DASHES: tuple[LineStyle, ...] = ("-", (0, (4, 1.6)), (0, (1, 1.4)), (0, (6, 1.4, 1, 1.4)))
_MARKERS = ("o", "^", "s", "D", "v", "P", "X", "*")

_LEGEND_COLUMNS = 5
"""Names of kinds that fit beside each other above a figure."""

_MOST_COLUMNS = 3
"""Panels beside each other in which a profile can still be read."""


@dataclass(frozen=True)
class KindStyle:
    """How a kind of token is drawn: colour, dashes and marker each tell it from the next kinds."""

    colour: str
    dashes: LineStyle
    marker: str


def kind_style(study: Study, kind: str) -> KindStyle:
    """Return a kind's style by its place in the document; the first eight have colours of their own."""
    place = study.kinds.index(kind)
    return KindStyle(
        KIND_COLOURS[place % len(KIND_COLOURS)],
        DASHES[place % len(DASHES)],
        _MARKERS[place % len(_MARKERS)],
    )


def panel_grid(n_panels: int) -> tuple[int, int]:
    """Choose rows and columns of panels: one row up to three panels, else as full rows as can be had."""
    columns = min(n_panels, _MOST_COLUMNS if n_panels != 4 else 2)
    return math.ceil(n_panels / columns), columns


Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """The numbers behind a figure, as a CSV file will hold them."""

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class PointText:
    """What a page says of one point of a figure when a reader points at it.

    Attributes
    ----------
    panel : Axes
    x, y : float
        In the panel's data coordinates.
    text : str
        One line.
    """

    panel: Axes
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Drawing:
    """A figure, what it says in words, and its numbers.

    Attributes
    ----------
    name : str
        File stem, also the anchor in the page.
    figure : Figure
    caption : str
        What is drawn, of how many, and what the marks mean.
    alternative : str
        What the figure shows in words and numbers, for readers who do not see it.
    table : Table
    points : list of PointText
        In the order in which a keyboard steps through them.
    """

    name: str
    figure: Figure
    caption: str
    alternative: str
    table: Table
    points: list[PointText] = field(default_factory=list)


class _Ticks(ScalarFormatter):
    """Writes ticks with as many digits as tell them apart, in the reader's language."""

    def __init__(self, words: Words) -> None:
        super().__init__(useOffset=False)
        self.set_scientific(False)
        self._words = words

    def __call__(self, value: float, pos: int | None = None) -> str:
        """Write one tick."""
        if isinstance(self.axis, Axis) and self.axis.get_scale() in ("log", "symlog"):
            return self._words.number(value)
        text = super().__call__(value, pos).replace("\N{MINUS SIGN}", "-")
        return self._words.digits(text if abs(value) < 1000 else f"{value:,.0f}")


def localize(axes: Axes, words: Words, which: str = "both") -> None:
    """Write an axis's numbers as the reader's language does."""
    for name in ("x", "y"):
        if which in (name, "both"):
            axis = getattr(axes, f"{name}axis")
            axis.set_major_formatter(_Ticks(words))
            axis.set_minor_formatter(NullFormatter())


def layer_axis(axes: Axes, n_levels: int, words: Words) -> None:
    """Prepare an x axis of layers."""
    axes.set_xlim(-0.6, n_levels - 0.4)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
    axes.set_xlabel(words.gettext("layer"))


def plot_profile(axes: Axes, study: Study, kind: str, values: NDArray[np.float64]) -> None:
    """Draw one kind's values by layer from the embedding on, labelled with the kind's name."""
    style = kind_style(study, kind)
    axes.plot(
        np.arange(len(values)),
        values,
        color=style.colour,
        linestyle=style.dashes,
        marker=style.marker,
        markersize=3,
        label=study.words.kind(kind),
        zorder=3,
    )


def profile_points(
    axes: Axes,
    study: Study,
    kind: str,
    values: NDArray[np.float64],
    interval: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> list[PointText]:
    """Describe each layer's value of one kind, with its interval where there is one."""
    words = study.words
    found = []
    for layer, value in enumerate(values.tolist()):
        if not math.isfinite(value):
            continue
        text = words.gettext("%(kind)s, layer %(layer)s: %(value)s") % {
            "kind": words.kind(kind),
            "layer": layer,
            "value": words.number(value),
        }
        ends = None if interval is None else (float(interval[0][layer]), float(interval[1][layer]))
        if ends is not None and all(map(math.isfinite, ends)):
            text += f" ({words.interval(ends)})"
        found.append(PointText(axes, float(layer), value, text))
    return found


def panels_of(figure: Figure, n_panels: int, *, sharey: bool = False) -> list[Axes]:
    """Divide a figure into so many panels, in rows as `panel_grid` chooses."""
    rows, columns = panel_grid(n_panels)
    panels = panels_in(figure, rows, columns, sharey=sharey).ravel().tolist()
    for unused in panels[n_panels:]:
        unused.set_axis_off()
    return list(panels[:n_panels])


def line_style(place: int) -> tuple[str, LineStyle]:
    """Return colour and dashes of one of several lines; dashes change where the colours repeat."""
    return RUN_COLOURS[place % len(RUN_COLOURS)], DASHES[place // len(RUN_COLOURS) % len(DASHES)]


def legend_above(figure: Figure, axes: Axes) -> None:
    """Put one legend at the top right, outside the panels."""
    handles, labels = axes.get_legend_handles_labels()
    columns = min(len(labels), _LEGEND_COLUMNS)
    figure.legend(handles, labels, loc="outside upper right", ncols=columns, labelcolor=MUTED)


def kind_legend(figure: Figure, study: Study, kinds: list[str], *, markers: bool = False) -> None:
    """Name the kinds of a scatter plot at the top right, outside the panels, with markers or as dots."""
    styles = [kind_style(study, kind) for kind in kinds]
    shown = [(style.colour, style.marker if markers else "o") for style in styles]
    handles = [Line2D([], [], color=c, marker=m, linestyle="", markersize=4) for c, m in shown]
    labels = [study.words.kind(kind) for kind in kinds]
    columns = min(len(labels), _LEGEND_COLUMNS)
    figure.legend(handles, labels, loc="outside upper right", ncols=columns, labelcolor=MUTED)


def drawn_counts(study: Study, most: int) -> str:
    """Say of each kind how many of its pairs a scatter plot draws, where it draws no more than `most`."""
    words = study.words
    return words.enumeration(
        [
            words.gettext("%(drawn)s of %(all)s pairs of %(kind)s")
            % {
                "drawn": words.count(min(most, len(study.pair_index(kind)))),
                "all": words.count(study.n_pairs(kind)),
                "kind": words.kind(kind),
            }
            for kind in study.drawn_kinds
        ]
    )
