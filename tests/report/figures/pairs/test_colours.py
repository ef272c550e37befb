"""Pairs have the colours of their tokens' groups in every scatter plot; other kinds then step back."""

import numpy as np
from matplotlib.figure import Figure

from layerclaims.report.figures.pairs.cloud import Cloud
from layerclaims.report.figures.pairs.colours import colour_legend, kind_colour, pair_colours
from layerclaims.report.figures.pairs.grid import draw_grid
from layerclaims.report.figures.palette import GROUP_COLOURS, KIND_COLOURS, MUTED
from layerclaims.report.study import Study
from tests.report.builder import make_evidence, make_points, study_of

UNGROUPED = study_of(make_evidence(token_groups=[]), make_points())


def test_pairs_have_the_colours_of_their_sorts(study: Study) -> None:
    sorts = study.pair_sorts("internal")
    assert sorts is not None
    chosen = np.array([0, 5, 17, 80, 199])
    assert pair_colours(study, "internal", chosen) == [GROUP_COLOURS[sorts[place]] for place in chosen]
    assert len(set(pair_colours(study, "internal", np.arange(len(sorts))))) == len(set(GROUP_COLOURS)) == 3


def test_a_kind_without_groups_is_grey_beside_one_that_has_some(study: Study) -> None:
    assert kind_colour(study, "terminal") == MUTED
    assert pair_colours(study, "terminal", np.arange(4)) == [MUTED] * 4


def test_without_groups_each_kind_has_its_own_colour() -> None:
    assert [kind_colour(UNGROUPED, kind) for kind in ("internal", "terminal")] == list(KIND_COLOURS[:2])
    assert pair_colours(UNGROUPED, "internal", np.arange(3)) == [KIND_COLOURS[0]] * 3


def test_the_legend_names_each_sort_of_pair_and_the_other_kind(study: Study) -> None:
    figure = Figure()
    colour_legend(figure, study)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "commas: both of group 1",
        "commas: one of each",
        "commas: both of group 2",
        "full stops",
    ]
    colours = [handle.get_color() for handle in legend.legend_handles]  # type: ignore[union-attr]
    assert colours == [*GROUP_COLOURS, MUTED]


def test_the_grid_draws_every_pair_in_its_colour(study: Study) -> None:
    drawing = draw_grid(study)
    assert drawing is not None
    panel = next(axes for axes in drawing.figure.axes if axes.get_title(loc="left") == "3")
    (drawn,) = [
        cloud.colours.tolist()
        for cloud in drawing.figure.artists
        if isinstance(cloud, Cloud) and cloud.get_transform() == panel.transData
    ]
    expected = [
        colour
        for kind in ("internal", "terminal")
        for colour in pair_colours(study, kind, np.arange(len(study.pair_index(kind))))
    ]
    assert sorted(drawn) == sorted(expected)
