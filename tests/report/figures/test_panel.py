"""Axes without tick objects show what Matplotlib's own show."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from layerclaims.report.figures.drawing import localize
from layerclaims.report.figures.palette import LINE
from layerclaims.report.figures.panel import Panel
from layerclaims.report.figures.svg import to_svg
from layerclaims.report.study import Study

Prepare = Callable[[Axes], object]
SVG = "{http://www.w3.org/2000/svg}"


def without_line(panel: Axes) -> None:
    """Hide the line at the left where it is an object of its own."""
    if "left" in panel.spines:
        panel.spines["left"].set_visible(False)


def names_without_ticks(panel: Axes) -> None:
    """Leave nothing at the left but what is written there."""
    panel.tick_params(axis="y", length=0)
    without_line(panel)


def no_axis_at_the_left(panel: Axes) -> None:
    """Leave nothing at the left."""
    panel.yaxis.set_visible(False)
    without_line(panel)


PANELS: dict[str, Prepare] = {
    "linear": lambda panel: panel.set(xlim=(0, 1), ylim=(-3.2, 7.9)),
    "small and large": lambda panel: panel.set(xlim=(1e-5, 2e-5), ylim=(990, 20_000)),
    "downward": lambda panel: panel.set(xlim=(0, 1), ylim=(12.5, -0.5)),
    "logarithmic": lambda panel: panel.set(xscale="log", yscale="log", xlim=(0.3, 900), ylim=(2, 40)),
    "both signs": lambda panel: panel.set(xscale="symlog", xlim=(-20, 3000), ylim=(0, 1)),
    "named": lambda panel: panel.set_yticks([0.2, 0.7], ["one", "two\nlines"]),
    "few": lambda panel: panel.xaxis.set_major_locator(MaxNLocator(nbins=2, min_n_ticks=2)),
    "small": lambda panel: panel.tick_params(labelsize=6.5, pad=1.5, length=2),
    "no numbers at the left": lambda panel: panel.tick_params(axis="y", labelleft=False),
    "labels": lambda panel: panel.set(xlabel="to the right", ylabel="upward", title="both"),
    "names without ticks": names_without_ticks,
    "no axis at the left": no_axis_at_the_left,
    "no axes": lambda panel: panel.set_axis_off(),
}


def drawn(study: Study, prepare: Prepare, axes_class: type[Axes]) -> tuple[Axes, ElementTree.Element]:
    """Draw a panel whose axes are prepared in some way."""
    panel = Figure(figsize=(3, 2)).add_axes((0.2, 0.2, 0.7, 0.7), axes_class=axes_class)
    localize(panel, study.words)
    prepare(panel)
    for name in ("x", "y"):
        if getattr(panel, f"get_{name}scale")() != "linear":
            localize(panel, study.words, name)  # new scales bring formatters of their own
    assert isinstance(panel.figure, Figure)
    return panel, ElementTree.fromstring(to_svg(panel.figure, "name", "title"))


def texts(root: ElementTree.Element) -> set[tuple[object, ...]]:
    """List all texts with where and how they are written."""
    names = ("transform", "font-size", "font-family", "text-anchor", "class")
    return {(text.text, *(text.get(name) for name in names)) for text in root.iter(f"{SVG}text")}


def marks(root: ElementTree.Element) -> list[tuple[float, ...]]:
    """List where marks and lines begin that have the colour of axes."""
    found = [
        tuple(map(float, place))
        for path in root.iter(f"{SVG}path")
        if path.get("stroke") == LINE and path.get("id") is None
        for place in re.findall(r"M *([\d.]+) ([\d.]+)", path.get("d", ""))
    ]
    for use in root.iter(f"{SVG}use"):
        found.append((float(use.get("x", "nan")), float(use.get("y", "nan"))))
    return sorted(found)


@pytest.mark.parametrize("prepare", PANELS.values(), ids=PANELS)
def test_numbers_labels_and_ticks_are_where_matplotlib_has_them(prepare: Prepare, study: Study) -> None:
    own, reference = (drawn(study, prepare, kind)[1] for kind in (Panel, Axes))
    assert texts(own) == texts(reference)
    assert np.array(marks(own)) == pytest.approx(
        np.array(marks(reference)), abs=0.051
    )  # long paths have tenths


@pytest.mark.parametrize("prepare", PANELS.values(), ids=PANELS)
def test_layouts_give_them_as_much_room_as_matplotlibs(prepare: Prepare, study: Study) -> None:
    boxes = [drawn(study, prepare, kind)[0].get_tightbbox(for_layout_only=True) for kind in (Panel, Axes)]
    own, reference = (box.extents for box in boxes if box is not None)
    assert own == pytest.approx(reference, abs=0.51)
