import re
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from layerclaims.report.figures.drawing import localize
from layerclaims.report.figures.frame import draw_frame
from layerclaims.report.figures.svg import to_svg
from layerclaims.report.study import Study


def texts(
    study: Study, limits: tuple[float, float], *, own: bool
) -> dict[str, tuple[list[float], str | None]]:
    """Give the place and the size of each number at the axes of a panel, in points."""
    figure = Figure(figsize=(2, 2))
    panel = figure.add_axes((0.2, 0.2, 0.7, 0.7))
    panel.set(xlim=limits, ylim=(0.3 * limits[0], 0.4 * limits[1]))
    panel.xaxis.set_major_locator(MaxNLocator(nbins=2, min_n_ticks=2))
    localize(panel, study.words)
    panel.tick_params(labelsize=6.5, pad=1.5, length=2)
    if own:
        draw_frame(panel)
    root = ElementTree.fromstring(to_svg(figure, "name", "title"))
    return {
        f"{number.text} at {number.get('text-anchor', number.get('class'))}": (
            [float(place) for place in re.findall(r"-?[\d.]+", number.get("transform", ""))],
            number.get("font-size"),
        )
        for number in root.iter("{http://www.w3.org/2000/svg}text")
    }


@pytest.mark.parametrize("limits", [(0.0, 1.0), (-3.2, 7.9), (1e-5, 2e-5), (990.0, 20_000.0), (5.0, -2.0)])
def test_numbers_are_and_stand_as_matplotlib_has_them(limits: tuple[float, float], study: Study) -> None:
    own, reference = (texts(study, limits, own=own) for own in (True, False))
    assert len(own) >= 4
    assert own == reference
