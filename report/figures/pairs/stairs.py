"""Steps of a histogram."""

from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import StepPatch
from numpy.typing import NDArray


def draw_stairs(
    panel: Axes,
    heights: NDArray[np.float64],
    edges: NDArray[np.float64],
    *,
    orientation: Literal["vertical", "horizontal"] = "vertical",
    **style: Any,  # noqa: ANN401 - what a patch can be set to
) -> None:
    """Draw what `Axes.stairs` draws, which looks for the ends of straight lines as if they were curves."""
    steps = StepPatch(heights, edges, orientation=orientation, **{"fill": False, **style})
    panel.add_artist(steps)
    along, away = np.repeat(edges, 2), np.concatenate([[0.0], np.repeat(heights, 2), [0.0]])
    corners = np.column_stack((along, away) if orientation == "vertical" else (away, along))
    panel.update_datalim(corners)
    base = steps.sticky_edges.y if orientation == "vertical" else steps.sticky_edges.x
    base.append(0)
    panel.autoscale(None)  # type: ignore[arg-type]  # where that is on
