import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine, LayoutEngine

from layerclaims.report.figures.layout import PAD, MeasuredLayout
from layerclaims.report.figures.svg import to_svg


def draw(layout: LayoutEngine) -> Figure:
    """Draw panels of unequal width with long and short ticks, a legend, and labels of the whole figure."""
    figure = Figure(figsize=(7.2, 4.0), layout=layout)
    panels = figure.subplots(2, 3, width_ratios=(2, 1, 1), height_ratios=(1, 2))
    for number, panel in enumerate(panels.flat):
        panel.plot([0, 1], [0, 1000.0 ** (number % 2)], label=f"line {number}")
        panel.set_xlim(0, 1)
        panel.set_title("of this panel" if number < 3 else "")
        panel.set_ylabel("upwards" if number == 3 else "")
    panels[1, 2].set_axis_off()
    figure.supxlabel("across")
    figure.supylabel("up")
    figure.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside upper right")
    to_svg(figure, "name", "title")
    return figure


def test_panels_are_where_constrained_layout_places_them() -> None:
    reference = ConstrainedLayoutEngine(w_pad=PAD, h_pad=PAD, wspace=0.0, hspace=0.0)
    one, two = (
        np.array([panel.get_position().bounds for panel in draw(layout).axes])
        for layout in (MeasuredLayout(), reference)
    )
    assert one * [7.2, 4.0, 7.2, 4.0] == pytest.approx(two * [7.2, 4.0, 7.2, 4.0], abs=0.01)


def test_panels_keep_a_size_where_nothing_fits() -> None:
    figure = Figure(figsize=(0.5, 0.4), layout=MeasuredLayout())
    panel = figure.subplots()
    panel.set_ylabel("a long label that takes all the height there is")
    to_svg(figure, "name", "title")
    assert panel.get_position().width > 0
    assert panel.get_position().height > 0
