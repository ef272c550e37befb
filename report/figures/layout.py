"""Panels of a figure in their grid, with room for ticks, labels and titles, each measured once.

Matplotlib's constrained layout places panels by the same rules. It measures everything twice, since what is
written beside a panel can depend on the panel's size. That takes half of the time of drawing a figure. Here
panels are given about their final size before they are measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.layout_engine import LayoutEngine
from numpy.typing import NDArray

from layerclaims.report.figures.renderer import ReportRenderer, renderer_of

PAD = 0.04167
"""Inches left free around each panel and what is written beside it: 3 points."""

_USUAL = (0.4, 0.05, 0.35, 0.2)
"""Inches to the left, right, bottom and top of a panel that its ticks, labels and title need about."""


@dataclass(frozen=True)
class _Grid:
    """Margins of the figure and of each column and row, as shares of its width and height.

    Attributes
    ----------
    figure : ndarray of float64, shape (4,)
        Left, right, bottom and top of all panels.
    columns : ndarray of float64, shape (n_columns, 2)
        Left and right of the panels of a column.
    rows : ndarray of float64, shape (n_rows, 2)
        Below and above the panels of a row.
    """

    figure: NDArray[np.float64]
    columns: NDArray[np.float64]
    rows: NDArray[np.float64]


class MeasuredLayout(LayoutEngine):
    """Places the panels of one grid, below any legend and beside labels of the whole figure.

    Parameters
    ----------
    w_pad, h_pad : float
        Inches left free on each side of a panel, and above and below it.
    """

    _adjust_compatible = False
    _colorbar_gridspec = False

    def __init__(self, *, w_pad: float = PAD, h_pad: float = PAD) -> None:
        super().__init__()
        self._pads = w_pad, h_pad

    def execute(self, fig: Figure) -> None:
        """Place the figure's panels."""
        panels = [panel for panel in fig.axes if panel.get_subplotspec() is not None]
        if not panels:
            return
        renderer = renderer_of(fig)
        size = np.asarray(fig.get_size_inches())
        pads = self._pads / size
        outer = _outside_panels(fig, renderer, *pads)
        usual = np.asarray(_USUAL) / size[[0, 0, 1, 1]]
        _place(panels, _grid(panels, [usual] * len(panels), pads, outer))
        _place(panels, _grid(panels, [_beside(panel, renderer) for panel in panels], pads, outer))


def _outside_panels(
    figure: Figure, renderer: ReportRenderer, w_pad: float, h_pad: float
) -> NDArray[np.float64]:
    """Move labels of the whole figure to its edges; return the room that they and legends need."""
    left = bottom = top = 0.0
    to_shares = figure.transFigure.inverted()
    for label in figure.texts:
        upright = label.get_rotation() == 90
        x, y = label.get_position()
        label.set_position((w_pad, y) if upright else (x, h_pad))
        extent = to_shares.transform_bbox(label.get_window_extent(renderer))
        if upright:
            left = max(left, extent.width + 2 * w_pad)
        else:
            bottom = max(bottom, extent.height + 2 * h_pad)
    for legend in figure.legends:
        extent = to_shares.transform_bbox(legend.get_window_extent(renderer))
        top = max(top, extent.height + 2 * h_pad)
    return np.array([left, 0.0, bottom, top])


def _beside(panel: Axes, renderer: ReportRenderer) -> NDArray[np.float64]:
    """Measure how far what is written beside a panel reaches beyond it: left, right, bottom, top."""
    box = panel.get_tightbbox(renderer, for_layout_only=True)
    assert box is not None, "panels are visible"
    assert panel.figure is not None
    box = panel.figure.transFigure.inverted().transform_bbox(box)
    own = panel.get_position(original=True)
    return np.array([own.x0 - box.x0, box.x1 - own.x1, own.y0 - box.y0, box.y1 - own.y1])


def _grid(
    panels: Sequence[Axes],
    beside: Sequence[NDArray[np.float64]],
    pads: NDArray[np.float64],
    outer: NDArray[np.float64],
) -> _Grid:
    """Give each column and row the margins that its panels need."""
    n_rows, n_columns = _spec(panels[0]).get_gridspec().get_geometry()
    columns, rows = np.zeros((n_columns, 2)), np.zeros((n_rows, 2))
    for panel, (left, right, bottom, top) in zip(panels, beside, strict=True):
        across, down = _spec(panel).colspan, _spec(panel).rowspan
        columns[across.start, 0] = max(columns[across.start, 0], left)
        columns[across.stop - 1, 1] = max(columns[across.stop - 1, 1], right)
        rows[down.stop - 1, 0] = max(rows[down.stop - 1, 0], bottom)
        rows[down.start, 1] = max(rows[down.start, 1], top)
    return _Grid(outer, columns + pads[0], rows + pads[1])


def _place(panels: Sequence[Axes], grid: _Grid) -> None:
    """Divide what margins leave among columns and rows, by their ratios."""
    spec = _spec(panels[0]).get_gridspec()
    left, right, bottom, top = grid.figure
    lefts, rights = _ends(left, 1 - right, grid.columns, np.asarray(spec.get_width_ratios()))
    # Rows are counted from the top.
    bottoms, tops = _ends(bottom, 1 - top, grid.rows[::-1], np.asarray(spec.get_height_ratios())[::-1])
    bottoms, tops = bottoms[::-1], tops[::-1]
    for panel in panels:
        across, down = _spec(panel).colspan, _spec(panel).rowspan
        x, y = lefts[across.start], bottoms[down.stop - 1]
        panel.set_position((x, y, rights[across.stop - 1] - x, tops[down.start] - y))


def _ends(
    low: float, high: float, margins: NDArray[np.float64], ratios: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where each column's panels begin and end; at least a sliver each where nothing fits."""
    room = max(high - low - float(margins.sum()), 1e-3)
    widths = room * ratios / ratios.sum()
    ends = low + np.cumsum(margins.sum(axis=1) + widths) - margins[:, 1]
    return ends - widths, ends


def _spec(panel: Axes) -> SubplotSpec:
    spec = panel.get_subplotspec()
    assert spec is not None, "panels are in a grid"
    return spec
