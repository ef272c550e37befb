"""Figures of pairs: layer 0's points, the groups of tokens, and the paradox inside them."""

import numpy as np
import pytest
from matplotlib.patches import StepPatch

from layerclaims.report.figures.pairs.cloud import Cloud
from layerclaims.report.figures.pairs.pair_sorts import draw_pair_sorts
from layerclaims.report.figures.pairs.plane import draw_plane
from layerclaims.report.figures.pairs.simpson import draw_simpson
from layerclaims.report.figures.pairs.token_groups import draw_token_groups
from layerclaims.report.figures.pairs.two_points import distinct_places, draw_two_points
from layerclaims.report.study import Study
from tests.report.builder import make_evidence, make_points, study_of

PLANE = ("covariance", "mutual_information")


def test_coinciding_pairs_are_one_place_each(study: Study) -> None:
    for kind in study.drawn_kinds:
        assert len(distinct_places(study, PLANE, kind)[0]) == 1
    drawing = draw_two_points(study, "x")
    assert drawing is not None
    assert [text.get_text() for text in drawing.figure.axes[0].texts] == [
        "200 pairs of commas",
        "200 pairs of full stops",
    ]


def test_the_plane_has_a_visible_margin_for_each_colour(study: Study) -> None:
    drawing = draw_plane(study, "x", 1)
    assert drawing is not None
    margins = [
        patch for axes in drawing.figure.axes for patch in axes.patches if isinstance(patch, StepPatch)
    ]
    (cloud,) = [one for one in drawing.figure.axes[2].artists if isinstance(one, Cloud)]
    assert len(margins) == 2 * len(set(cloud.colours.tolist()))
    assert all(margin.get_linewidth() > 0 for margin in margins)


def test_pairs_that_do_not_coincide_are_drawn_apart() -> None:
    points = make_points()
    points["internal.covariance"][0] = np.linspace(0.01, 0.03, 200)
    assert len(distinct_places(study_of(make_evidence(), points), PLANE, "internal")[0]) == 200


def test_pairs_are_sorted_by_the_groups_of_their_tokens(study: Study) -> None:
    sorts = study.pair_sorts("internal")
    assert sorts is not None
    assert np.array_equal(sorts, (study.pair_index("internal") % 2).sum(axis=1))
    drawing = draw_pair_sorts(study, "x", "covariance", "internal", [1])
    assert drawing is not None
    totals = np.array([row[3:] for row in drawing.table.rows], dtype=int).sum(axis=0)
    assert np.array_equal(totals, np.bincount(sorts))


def test_without_two_groups_there_is_no_sorting() -> None:
    study = study_of(make_evidence(token_groups=[]), make_points())
    assert study.pair_sorts("internal") is None
    assert draw_pair_sorts(study, "x", "covariance", "internal", [1]) is None
    assert draw_token_groups(study, "x", "internal") is None
    drawing = draw_simpson(study, "x", "internal", 1)
    assert drawing is not None
    assert len(drawing.figure.axes[0].lines) == 1


def test_the_paradox_has_a_line_for_all_and_one_for_each_sort(study: Study) -> None:
    drawing = draw_simpson(study, "x", "internal", 1)
    assert drawing is not None
    assert len(drawing.figure.axes[0].lines) == 4
    x, y = (study.pairs("internal", measure)[1] for measure in ("covariance", "mutual_information"))
    ends = np.asarray(drawing.figure.axes[0].lines[0].get_xydata(), dtype=np.float64)
    slope = (ends[1, 1] - ends[0, 1]) / (ends[1, 0] - ends[0, 0])
    assert slope == pytest.approx(np.polyfit(x, y, 1)[0])


def test_features_without_an_odds_ratio_stay_in_the_data_alone(study: Study) -> None:
    drawing = draw_token_groups(study, "x", "internal")
    assert drawing is not None
    rows = drawing.figure.axes[0].yaxis
    labels = rows.get_major_formatter().format_ticks(rows.get_majorticklocs().tolist())
    assert labels == ["an earlier comma in the window  90% : 20%", "a line break  50% : 45%"]
    assert len(drawing.table.rows) == 3
