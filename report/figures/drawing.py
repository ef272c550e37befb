"""A finished figure with what belongs to it, and the parts that figures share."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullFormatter, ScalarFormatter
from numpy.typing import NDArray

from layerclaims.report.figures.palette import KIND_COLOURS, MUTED, RUN_COLOURS
from layerclaims.report.language.words import Words

WIDTH = 7.2
"""Inches; the text's width in the PDF."""

KIND_STYLES = {"internal": "-", "terminal": (0, (4, 1.6))}
KIND_MARKERS = {"internal": "o", "terminal": "^"}

LineStyle = Literal["-"] | tuple[float, tuple[float, ...]]
_DASHES: tuple[LineStyle, ...] = ("-", (0, (4, 1.6)), (0, (1, 1.4)), (0, (6, 1.4, 1, 1.4)))

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """The numbers behind a figure, as a CSV file will hold them."""

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)


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
        The finding in words and numbers, for readers who do not see the figure.
    table : Table
    """

    name: str
    figure: Figure
    caption: str
    alternative: str
    table: Table


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


def plot_profile(
    axes: Axes, layers: NDArray[np.float64], values: NDArray[np.float64], kind: str, label: str
) -> None:
    """Draw one kind's values by layer; colour, dashes and marks all tell the kind."""
    axes.plot(
        layers,
        values,
        color=KIND_COLOURS[kind],
        linestyle=KIND_STYLES[kind],
        marker=KIND_MARKERS[kind],
        markersize=3,
        label=label,
        zorder=3,
    )


def line_style(place: int) -> tuple[str, LineStyle]:
    """Give one of several lines its colour, and its dashes where the colours begin again."""
    return RUN_COLOURS[place % len(RUN_COLOURS)], _DASHES[place // len(RUN_COLOURS) % len(_DASHES)]


def legend_above(figure: Figure, axes: Axes) -> None:
    """Put one legend at the top right, outside the panels."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=len(labels), labelcolor=MUTED)
