import numpy as np
import pytest

from layerclaims.report.figures.pairs.grid import draw_grid, grid_shape
from layerclaims.report.figures.svg import to_svg
from layerclaims.report.study import Study
from tests.report.builder import make_evidence, make_points, study_of


@pytest.mark.parametrize(
    ("n_panels", "shape"),
    [(25, (5, 5)), (31, (6, 6)), (13, (4, 4)), (12, (4, 3)), (7, (3, 3)), (2, (2, 1)), (49, (7, 7))],
)
def test_panels_are_laid_out_near_square(n_panels: int, shape: tuple[int, int]) -> None:
    assert grid_shape(n_panels) == shape


@pytest.mark.parametrize("n_panels", range(1, 130))
def test_every_panel_has_a_place_and_stays_legible(n_panels: int) -> None:
    rows, columns = grid_shape(n_panels)
    assert rows * columns >= n_panels
    assert columns <= 7


def test_there_is_one_panel_a_layer_and_all_but_the_first_share_the_axis_of_information(study: Study) -> None:
    drawing = draw_grid(study)
    assert drawing is not None
    panels = [axes for axes in drawing.figure.axes if axes.get_title(loc="left")]
    assert [panel.get_title(loc="left") for panel in panels] == [str(layer) for layer in range(13)]
    assert len({panel.get_ylim() for panel in panels[1:]}) == 1
    assert panels[0].get_ylim() != panels[1].get_ylim()


def test_thinning_is_even_and_said() -> None:
    points = make_points(3, 120, 4000)
    drawing = draw_grid(study_of(make_evidence(3, 120), points))
    assert drawing is not None
    assert "1,500 of 7,140 pairs of commas" in drawing.caption
    drawn = [row[1:3] for row in drawing.table.rows if row[0] == "internal"]
    places = [np.flatnonzero((points["internal.index"] == pair).all(axis=1))[0] for pair in drawn]
    assert places[0] == 0
    assert places[-1] == 3999
    assert max(np.diff(places)) <= 3


def test_its_data_are_the_points(study: Study) -> None:
    drawing = draw_grid(study)
    assert drawing is not None
    assert study.points is not None
    column = drawing.table.columns.index("covariance_5")
    values = [row[column] for row in drawing.table.rows if row[0] == "terminal"]
    assert np.allclose(np.array(values, dtype=float), study.points["terminal.covariance"][5])


def test_only_panels_with_an_axis_of_their_own_have_numbers_at_the_left(study: Study) -> None:
    drawing = draw_grid(study)
    assert drawing is not None
    _, columns = grid_shape(13)
    for layer, panel in enumerate(drawing.figure.axes[:13]):
        at_left = panel.yaxis.get_tick_params()["labelleft"]
        assert at_left == (layer <= 1 or layer % columns == 0), layer


def test_all_clouds_are_one_picture(study: Study) -> None:
    drawing = draw_grid(study)
    assert drawing is not None
    assert to_svg(drawing.figure, "grid", "title").count("<image ") == 1
