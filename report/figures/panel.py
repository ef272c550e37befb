"""Panels whose axes are drawn as a few paths and texts.

Matplotlib makes five objects for each tick, and measures and places them several times. That takes longer
than all that is drawn in a panel. Here an axis has no such objects: its line and its ticks are paths, and one
text moves along to write the numbers. Where ticks lie, what is written there and how large it is are decided
by Matplotlib's locators, formatters, `tick_params` and style.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from cachetools import LRUCache
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.axis import Axis, Tick, XAxis, YAxis
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform
from numpy.typing import ArrayLike, NDArray

Which = Literal["major", "minor"]

_ROUNDING = 1e-10
"""Share of an axis's length by which a tick may lie outside its limits."""


class _Number(Text):
    """A number at an axis; the same one in many panels is laid out once."""

    _layouts: ClassVar[LRUCache[tuple[object, ...], Any]] = LRUCache(1 << 12)

    def _get_layout(self, renderer: RendererBase) -> Any:  # noqa: ANN401 - Matplotlib's own affair
        """Return how lines are placed around the number's place."""
        figure = self.get_figure(root=True)
        assert figure is not None
        alignment = self.get_horizontalalignment(), self.get_verticalalignment()
        key = self.get_text(), hash(self.get_fontproperties()), alignment, figure.dpi
        if key not in self._layouts:
            self._layouts[key] = super()._get_layout(renderer)  # type: ignore[misc]
        return self._layouts[key]


class _Ticks(NamedTuple):
    """Ticks of an axis: their values, where they lie along it in pixels, and which are within its limits."""

    values: NDArray[np.float64]
    places: NDArray[np.float64]
    seen: NDArray[np.bool_]


class _PlainAxis(Axis):
    """An axis at the left or at the bottom, without an object for each tick.

    Numbers are written at major ticks. An axis whose ticks have no length has no line either. There are no
    grid lines, and no factors or offsets beside an axis.
    """

    majorTicks: ClassVar[list[Tick]] = []  # type: ignore[misc]
    minorTicks: ClassVar[list[Tick]] = []  # type: ignore[misc]
    _along: ClassVar[Literal[0, 1]]
    """The coordinate that changes along the axis."""
    _side: ClassVar[str]
    _alignment: ClassVar[dict[str, Any]]
    """Of the numbers with their places."""

    def get_major_ticks(self, numticks: int | None = None) -> list[Tick]:  # noqa: ARG002
        """Return nothing: there are no such objects."""
        return []

    def get_minor_ticks(self, numticks: int | None = None) -> list[Tick]:  # noqa: ARG002
        """Return nothing: there are no such objects."""
        return []

    def draw(self, renderer: RendererBase) -> None:
        """Draw line, ticks, numbers and label."""
        if not self.get_visible():
            return
        ticks = self._ticks("major")
        self._draw_lines(renderer, ticks)
        boxes = [self._box()]
        for number in self._numbers(ticks):
            number.draw(renderer)
            if self.label.get_text():
                boxes.append(number.get_window_extent(renderer))
        self._place_label(boxes)
        self.label.draw(renderer)

    def get_tightbbox(
        self, renderer: RendererBase | None = None, *, for_layout_only: bool = False
    ) -> Bbox | None:
        """Return the box around ticks, numbers and label; for layouts a label has no length."""
        if not self.get_visible():
            return None
        numbers = self._numbers(self._ticks("major"))
        boxes = [self._box(), *(number.get_window_extent(renderer) for number in numbers)]
        if self.label.get_text():
            self._place_label(boxes)
            corners = self.label.get_window_extent(renderer).get_points()
            if for_layout_only:
                corners[:, self._along] = corners[:, self._along].mean()
            boxes.append(Bbox(corners))
        return Bbox.union(boxes)

    def _ticks(self, which: Which) -> _Ticks:
        """Find the ticks, also those outside the limits: formatters look at all of them."""
        values = np.asarray(self.get_majorticklocs() if which == "major" else self.get_minorticklocs())
        if not len(values):
            return _Ticks(values, values, np.zeros(0, bool))
        scaled = self.get_transform().transform
        low, high = np.sort(scaled(np.asarray(self.get_view_interval())))
        room, at = _ROUNDING * (high - low), scaled(values)
        transform = self.axes.get_yaxis_transform() if self._along else self.axes.get_xaxis_transform()
        places = transform.transform(self._points(values, np.zeros(len(values))))[:, self._along]
        return _Ticks(values, places, (at >= low - room) & (at <= high + room))

    def _draw_lines(self, renderer: RendererBase, major: _Ticks) -> None:
        """Draw the axis's line over its whole length, and its ticks."""
        ends, edge = self.axes.bbox.get_points()[:, self._along], self._edge()
        if self._setting("length"):
            line = self._points(ends, [edge, edge])
            width = self._pixels(rcParams["axes.linewidth"])
            _draw(renderer, line, width, rcParams["axes.edgecolor"], "projecting")
        kinds: dict[Which, _Ticks] = {"major": major, "minor": self._ticks("minor")}
        for which, ticks in kinds.items():
            places = ticks.places[ticks.seen]
            length = self._pixels(self._setting("length", which))
            if length and len(places):
                marks = self._points(places.repeat(2), np.tile([edge, edge - length], len(places)))
                width = self._pixels(self._setting("width", which))
                _draw(renderer, marks, width, self._setting("color", which), "butt")

    def _numbers(self, ticks: _Ticks) -> Iterator[Text]:
        """Place one text where each number is written, one after the other."""
        if not self.get_tick_params().get(f"label{self._side}", True):
            return
        number = _Number(
            size=self._setting("labelsize"), color=self._setting("labelcolor"), **self._alignment
        )
        number.set_figure(self.axes.figure)
        texts = self.get_major_formatter().format_ticks(ticks.values.tolist())
        across = self._edge() - self._pixels(self._setting("length") + self._setting("pad"))
        places = self._points(ticks.places, np.full(len(texts), across))
        for text, place, seen in zip(texts, places, ticks.seen, strict=True):
            if seen:
                number.set_text(text)
                number.set_position(place)
                yield number

    def _place_label(self, boxes: list[Bbox]) -> None:
        """Place the label beyond everything else that belongs to the axis."""
        outside = min(box.min[1 - self._along] for box in boxes) - self._pixels(self.labelpad)
        x, y = self.label.get_position()
        self.label.set_position((outside, y) if self._along else (x, outside))

    def _box(self) -> Bbox:
        """Return the box around line and ticks."""
        corners, edge = self.axes.bbox.get_points().copy(), self._edge()
        corners[:, 1 - self._along] = edge, edge - self._pixels(self._setting("length"))
        return Bbox(corners)

    def _edge(self) -> float:
        """Return where the axis lies, in pixels."""
        return float(self.axes.bbox.min[1 - self._along])

    def _points(self, along: ArrayLike, across: ArrayLike) -> NDArray[np.float64]:
        return np.column_stack((across, along) if self._along else (along, across))

    def _pixels(self, points: float) -> float:
        return points * self.axes.figure.dpi / 72

    def _setting(self, name: str, which: Which = "major") -> Any:  # noqa: ANN401 - sizes and colours
        """Return what `tick_params` was given for this axis, else what the style says."""
        own = self.get_tick_params(which)
        if name in own:
            return own[name]
        key = {"length": f"{which}.size", "width": f"{which}.width", "pad": f"{which}.pad"}.get(name, name)
        return rcParams[f"{'y' if self._along else 'x'}tick.{key}"]  # type: ignore[index]


class _BottomAxis(_PlainAxis, XAxis):
    _along, _side = 0, "bottom"
    _alignment: ClassVar = {"va": "top", "ha": "center"}


class _LeftAxis(_PlainAxis, YAxis):
    _along, _side = 1, "left"
    _alignment: ClassVar = {"va": "center_baseline", "ha": "right"}


class Panel(Axes):
    """Axes with an axis at the left and one at the bottom; see `_PlainAxis` for what these leave out."""

    xaxis: XAxis
    yaxis: YAxis

    def _init_axis(self) -> None:
        self.xaxis, self.yaxis = _BottomAxis(self, clear=False), _LeftAxis(self, clear=False)

    def _gen_axes_spines(self) -> dict[str, Any]:
        return {}  # axes draw their own lines


def panels_in(figure: Figure, n_rows: int, n_columns: int, **settings: Any) -> np.ndarray:  # noqa: ANN401
    """Divide a figure into panels, shape (n_rows, n_columns), by what else `Figure.subplots` takes."""
    panels: np.ndarray = figure.subplots(
        n_rows, n_columns, squeeze=False, subplot_kw={"axes_class": Panel}, **settings
    )
    return panels


def _draw(
    renderer: RendererBase,
    points: NDArray[np.float64],
    width: float,
    colour: str,
    cap: Literal["butt", "projecting"],
) -> None:
    """Draw a straight line between the points of each pair."""
    lines = Path(points, np.tile([Path.MOVETO, Path.LINETO], len(points) // 2))
    context = renderer.new_gc()
    context.set_foreground(colour)
    context.set_linewidth(width)
    context.set_capstyle(cap)
    renderer.draw_path(context, lines, IdentityTransform())
    context.restore()
