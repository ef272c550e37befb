"""Axes follow the bulk of the points; what lies far outside is marked and counted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from layerclaims.report.figures.bulk import bulk_limits, mark_outside, with_margin
from layerclaims.report.figures.pairs.grid import draw_grid
from layerclaims.report.figures.pairs.histograms import draw_histograms
from layerclaims.report.figures.pairs.simpson import draw_simpson
from layerclaims.report.study import Study
from tests.report.builder import make_evidence, make_points, study_of


def with_equal_windows() -> Study:
    """Give pairs of which one, of two equal windows, has ten times the information of all others."""
    points = make_points(3, 60, 1000)
    points["internal.mutual_information"][1:, 0] = 30.0
    return study_of(make_evidence(3, 60), points)


def test_one_far_value_does_not_stretch_the_axis() -> None:
    values = np.random.default_rng(0).normal(1.0, 0.1, 1000)
    near = bulk_limits(values)
    assert near == (values.min(), values.max())
    assert bulk_limits(np.append(values, [30.0, -5.0])) == near


def test_clusters_are_no_outliers() -> None:
    values = np.concatenate([np.full(20, 0.1), np.full(500, 1.0), np.full(500, 2.0)])
    assert bulk_limits(values) == (0.1, 2.0)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_limits_lie_among_the_values(values: list[float]) -> None:
    low, high = bulk_limits(np.array(values))
    assert min(values) <= low <= high <= max(values)
    left, right = with_margin((low, high))
    assert left < low
    assert right > high


def test_points_outside_are_marked_at_the_edge_and_counted() -> None:
    panel = Figure().subplots()
    panel.set(xlim=(0, 1), ylim=(0, 1))
    assert mark_outside(panel, np.array([0.5, 2.0, 0.5]), np.array([0.5, 0.5, -3.0])) == 2
    assert np.asarray(panel.collections[0].get_offsets()).tolist() == [[1.0, 0.5], [0.5, 0.0]]
    assert (panel.get_xlim(), panel.get_ylim()) == ((0, 1), (0, 1))


def test_the_grid_counts_what_it_marks() -> None:
    drawing = draw_grid(with_equal_windows())
    assert drawing is not None
    assert "3 points far outside are marked by crosses at the edge" in drawing.caption
    panels = [axes for axes in drawing.figure.axes if axes.get_title(loc="left")]
    assert all(panel.get_ylim()[1] < 10 for panel in panels[1:])
    plain = draw_grid(study_of(make_evidence(3, 60), make_points(3, 60, 1000)))
    assert plain is not None
    assert "far outside" not in plain.caption


def test_the_plane_and_the_histogram_count_as_well() -> None:
    study = with_equal_windows()
    plane = draw_simpson(study, "plane", "internal", 1)
    bars = draw_histograms(study, "bars", "mutual_information", [1, 2])
    assert plane is not None
    assert bars is not None
    assert "1 point far outside is marked" in plane.caption
    assert "hold 2 pairs that lie far outside" in bars.caption
    assert max(row[3] for row in bars.table.rows if isinstance(row[3], float)) < 10
    counted = sum(row[4] for row in bars.table.rows if row[:2] == (1, "internal") and isinstance(row[4], int))
    assert counted == 1000


def test_the_planes_data_are_the_pairs_that_it_draws() -> None:
    study = study_of(make_evidence(3, 100), make_points(3, 100, 4000))
    drawing = draw_simpson(study, "plane", "internal", 1)
    assert drawing is not None
    assert "3,000 of 4,950 drawn" in drawing.caption
    assert len(drawing.table.rows) == 3000
    _, _, first, second, x, _, sort = drawing.table.rows[0]
    assert study.points is not None
    assert [first, second] == study.points["internal.index"][0].tolist()
    assert x == pytest.approx(float(study.points["internal.covariance"][1, 0]))
    assert sort == (int(first or 0) % 2) + (int(second or 0) % 2)
    assert drawing.points[0].text.startswith(f"commas {first} and {second}: covariance ")
