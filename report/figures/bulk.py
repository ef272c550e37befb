"""Axes that follow the bulk of the points: what lies far outside is marked at the edge and counted."""

import numpy as np
from matplotlib.axes import Axes

from layerclaims.report.figures.palette import INK
from layerclaims.report.study import FloatArray

_TAIL = 0.005
"""Share of the values at either end that may lie far out."""

_MARGIN = 0.05


def bulk_limits(values: FloatArray) -> tuple[float, float]:
    """Find the range of the values that lie near the bulk of them.

    The bulk are all but 0.5% of the values at either end; near it are those no further from it than its own
    width. Without values further out it is the range of all values.
    """
    low, high = np.quantile(values, [_TAIL, 1 - _TAIL])
    width = high - low
    near = values[(values >= low - width) & (values <= high + width)]
    return float(near.min()), float(near.max())


def with_margin(limits: tuple[float, float]) -> tuple[float, float]:
    """Leave some room at either end of an axis."""
    low, high = limits
    margin = _MARGIN * (high - low) or abs(high) * _MARGIN or 0.1
    return low - margin, high + margin


def mark_outside(panel: Axes, x: FloatArray, y: FloatArray) -> int:
    """Mark the points outside a panel's limits at its nearest edge, and return how many there are."""
    (left, right), (bottom, top) = panel.get_xlim(), panel.get_ylim()
    outside = (x < left) | (x > right) | (y < bottom) | (y > top)
    if outside.any():
        places = np.clip(x[outside], left, right), np.clip(y[outside], bottom, top)
        panel.scatter(*places, s=14, marker="x", color=INK, linewidths=0.9, clip_on=False, zorder=5)
        panel.set_xlim(left, right)
        panel.set_ylim(bottom, top)
    return int(outside.sum())
