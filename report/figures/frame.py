"""Axes of small panels, drawn by a few marks.

Matplotlib makes five objects for each tick, and measures and places them several times. Where a figure has
dozens of panels, that takes longer than all that is drawn in them.
"""

from typing import Literal

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.transforms import Transform

from layerclaims.report.figures.palette import LINE, MUTED

_LEFT: Literal[0] = 0
_DOWN: Literal[3] = 3
"""Matplotlib's marks for ticks."""

_LENGTH = 2
_PAD = 1.5
_SIZE = 6.5
_WIDTH = 0.8
"""In points: of tick marks their length, of numbers the distance from these and the size, of all lines."""


def draw_frame(panel: Axes, *, numbers_left: bool = True) -> None:
    """Draw a panel's lower and left axis as they are by now, in place of Matplotlib's own.

    Parameters
    ----------
    panel : Axes
        With limits, locators and formatters that do not change any more.
    numbers_left : bool
        Whether numbers are written at the left axis.
    """
    panel.set_axis_off()
    corner = Line2D([0, 0, 1], [1, 0, 0], transform=panel.transAxes, solid_capstyle="projecting")
    corner.set_solid_joinstyle("miter")
    _add(panel, corner)
    across, up = _ticks(panel.xaxis), _ticks(panel.yaxis)
    _add_marks(panel, [(place, 0.0) for place, _ in across], _DOWN, panel.get_xaxis_transform())
    _add_marks(panel, [(0.0, place) for place, _ in up], _LEFT, panel.get_yaxis_transform())
    below, vertical, horizontal = panel.get_xaxis_text1_transform(_LENGTH + _PAD)
    for place, text in across:
        panel.text(place, 0, text, transform=below, va=vertical, ha=horizontal, size=_SIZE, color=MUTED)
    beside, vertical, horizontal = panel.get_yaxis_text1_transform(_LENGTH + _PAD)
    for place, text in up if numbers_left else ():
        panel.text(0, place, text, transform=beside, va=vertical, ha=horizontal, size=_SIZE, color=MUTED)


def _ticks(axis: Axis) -> list[tuple[float, str]]:
    """List the ticks within an axis's limits with what is written at them."""
    places: list[float] = axis.get_majorticklocs().tolist()
    low, high = sorted(axis.get_view_interval())
    room = 1e-10 * (high - low)
    texts = axis.get_major_formatter().format_ticks(places)
    return [
        (place, text) for place, text in zip(places, texts, strict=True) if low - room <= place <= high + room
    ]


def _add_marks(
    panel: Axes, places: list[tuple[float, float]], marker: Literal[0, 3], transform: Transform
) -> None:
    x, y = [x for x, _ in places], [y for _, y in places]
    marks = Line2D(x, y, marker=marker, markersize=_LENGTH, markeredgewidth=_WIDTH, linestyle="")
    marks.set_transform(transform)
    _add(panel, marks)


def _add(panel: Axes, line: Line2D) -> None:
    """Add a line that changes neither the panel's limits nor where the panel is placed."""
    line.set(color=LINE, linewidth=_WIDTH, in_layout=False)
    panel.add_artist(line)
    line.set_clip_on(False)
