"""A cloud of points, drawn as a picture."""

import numpy as np
from matplotlib.artist import Artist, allow_rasterization
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray

_TOGETHER = 200
"""Points that are drawn colour by colour before the next are, so that no colour covers the others."""


class Cloud(Artist):
    """Points of one size in several colours.

    A collection of as many circles would outline and fill each; here a circle is filled once for each colour
    and copied to whole pixels.

    Attributes
    ----------
    colours : ndarray of str, shape (n_points,)

    Parameters
    ----------
    points : ndarray of float64, shape (n_points, 2)
        In the order in which they are drawn, roughly.
    colours : ndarray of str, shape (n_points,)
    diameter : float
        In points of 1/72 inch.
    alpha : float
        Opacity of each point, from 0 to 1.
    """

    def __init__(
        self, points: NDArray[np.float64], colours: NDArray[np.str_], *, diameter: float, alpha: float
    ) -> None:
        super().__init__()
        self._points, self._diameter = points, diameter
        self.colours = colours
        names, self._colour = np.unique(colours, return_inverse=True)
        self._colours = [to_rgba(name, alpha) for name in names.tolist()]
        self.set_rasterized(True)

    @allow_rasterization  # type: ignore[untyped-decorator]
    def draw(self, renderer: RendererBase) -> None:
        """Draw all points."""
        context = renderer.new_gc()
        context.set_linewidth(0)
        context.set_clip_rectangle(self.get_clip_box())
        circle = Path.unit_circle()
        scale = Affine2D().scale(float(np.asarray(renderer.points_to_pixels(self._diameter))) / 2)
        for start in range(0, len(self._points), _TOGETHER):
            some = slice(start, start + _TOGETHER)
            for number, colour in enumerate(self._colours):
                places = Path(self._points[some][self._colour[some] == number])
                renderer.draw_markers(context, circle, scale, places, self.get_transform(), colour)
        context.restore()


def draw_cloud(
    panel: Axes,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    colours: NDArray[np.str_],
    *,
    diameter: float,
    alpha: float,
) -> Cloud:
    """Draw points in a panel; see `Cloud`."""
    points = np.column_stack((x, y))
    cloud = Cloud(points, colours, diameter=diameter, alpha=alpha)
    cloud.set_transform(panel.transData)
    panel.add_artist(cloud)
    panel.update_datalim(points)
    panel.autoscale(None)  # type: ignore[arg-type]  # where that is on
    return cloud
