"""The numbers behind the figures that follow the layers."""

from dataclasses import replace

import numpy as np
import pytest

from layerclaims.analysis.statistics.trends import change_at_end, regained_at_end
from layerclaims.report.figures.layers.clusters import draw_clusters
from layerclaims.report.figures.layers.covariance_growth import draw_covariance_growth
from layerclaims.report.figures.layers.decline import draw_decline, levels
from layerclaims.report.figures.layers.profiles import draw_profiles, needs_logarithm
from layerclaims.report.figures.layers.ranks import draw_rank_agreement, layer_ranks
from layerclaims.report.figures.pairs.distributions import draw_distributions
from layerclaims.report.figures.pairs.histograms import draw_histograms
from layerclaims.report.study import Study


def test_thirds_leave_the_embedding_out(study: Study) -> None:
    means = study.means("internal", "mutual_information")
    found = levels(study, "internal", "mutual_information", "thirds")
    assert [(level.start, level.stop) for level in found.values()] == [(1, 4), (9, 12)]
    assert found["first third"].value == pytest.approx(means[1:5].mean())
    assert found["last third"].value == pytest.approx(means[9:].mean())
    drawing = draw_decline(study, "mi-declines", "mutual_information")
    assert drawing is not None
    assert len([row for row in drawing.table.rows if row[1] != "layer"]) == 4
    assert {row[4] for row in drawing.table.rows} == {"mean"}
    drawn = [row[5] for row in drawing.table.rows if row[:2] == ("internal", "layer")]
    assert drawn == pytest.approx(means)


def test_the_levels_at_the_end_are_those_that_the_rule_compares(study: Study) -> None:
    means = study.means("internal", "mutual_information")[1:]
    found = levels(study, "internal", "mutual_information", "end")
    assert found["last"].value / found["earlier"].value == pytest.approx(change_at_end(means))
    assert found["last"].value / found["lowest"].value == pytest.approx(regained_at_end(means))
    assert (found["last"].start, found["last"].stop) == (11, 12)
    drawing = draw_decline(study, "mi-declines", "mutual_information", compared="end")
    assert drawing is not None
    assert {row[1] for row in drawing.table.rows} == {"layer", "last", "earlier", "lowest"}
    assert all((row[4] == "mean") == (row[1] == "layer") for row in drawing.table.rows)


def test_a_decline_can_be_drawn_of_some_kinds(study: Study) -> None:
    drawing = draw_decline(study, "x", "mutual_information", ["terminal"])
    assert drawing is not None
    assert {row[0] for row in drawing.table.rows} == {"terminal"}
    assert len(drawing.figure.legends[0].get_texts()) == 1
    assert draw_decline(study, "x", "mutual_information", []) is None


def test_ranks_are_those_of_the_means(study: Study) -> None:
    ranks = layer_ranks(study, "terminal", "covariance")
    assert np.array_equal(np.argsort(ranks), np.argsort(study.means("terminal", "covariance")[1:]))
    assert set(ranks) == set(range(1, 13))
    drawing = draw_rank_agreement(study, "x", ["covariance", "pearson"])
    assert drawing is not None
    labels = [text.get_text() for text in drawing.figure.axes[0].texts]
    assert labels == [str(layer) for layer in range(1, 13)]


def test_covariance_alone_needs_a_logarithm(study: Study) -> None:
    assert needs_logarithm(study, "covariance", study.profiled_kinds)
    assert not needs_logarithm(study, "pearson", study.profiled_kinds)


def test_the_embedding_is_named_where_it_would_flatten_the_rest(study: Study) -> None:
    drawing = draw_profiles(study)
    assert drawing is not None
    information = drawing.figure.axes[0]
    assert [text.get_text() for text in information.texts] == ["layer 0: 3.1, 2.8"]
    assert information.get_ylim()[1] < 2.8


def test_histograms_count_every_sampled_pair(study: Study) -> None:
    drawing = draw_histograms(study, "x", "covariance", [1, 5, 99])
    assert drawing is not None
    for layer in (1, 5):
        for kind in study.drawn_kinds:
            counted = sum(int(row[4] or 0) for row in drawing.table.rows if row[:2] == (layer, kind))
            assert counted == len(study.pair_index(kind))
    assert {row[0] for row in drawing.table.rows} == {1, 5}


def test_commas_rise_and_full_stops_hang(study: Study) -> None:
    drawing = draw_distributions(study)
    assert drawing is not None
    ridges = drawing.figure.axes[0].patches
    for number, ridge in enumerate(ridges):
        layer, heights = number // 2, np.asarray(ridge.get_path().vertices, dtype=np.float64)[:, 1]
        if number % 2 == 0:
            assert heights.max() <= layer
            assert heights.min() == pytest.approx(layer - 0.72)
        else:
            assert heights.min() >= layer


def test_the_layers_that_a_claim_speaks_of_are_shaded(study: Study) -> None:
    drawing = draw_clusters(study, "x", "covariance", (4, 9))
    assert drawing is not None
    spans = [
        patch.get_extents().transformed(axes.transData.inverted())
        for axes in drawing.figure.axes
        for patch in axes.patches
    ]
    assert [(round(span.x0, 6), round(span.x1, 6)) for span in spans] == [(3.5, 9.5)] * 2
    assert "log r: several clusters at layers 1, 2, 3" in drawing.alternative


def test_parts_of_growth_add_up_to_it(study: Study) -> None:
    drawing = draw_covariance_growth(study, "x")
    assert drawing is not None
    for _, layer, total, *parts in drawing.table.rows:
        if layer:
            assert sum(float(part or 0) for part in parts) == pytest.approx(float(total or 0))


def test_counts_are_those_of_the_rules_that_decide(study: Study) -> None:
    drawing = draw_clusters(study, "x", "covariance", (4, 9))
    assert drawing is not None
    rows = [row for row in drawing.table.rows if row[:2] == ("internal", 4)]
    assert rows == [
        ("internal", 4, "groups of tokens", 1, 1.0, 1.0, None, None, None),
        (
            "internal",
            4,
            "plane of log covariance and log r",
            1,
            1.0,
            2.0,
            *map(pytest.approx, (0.55, 0.5, 0.65)),
        ),
    ]
    said = [point.text for point in drawing.points]
    assert "commas, plane of log covariance and log r, layer 4: 1 (1 to 2)" in said
    assert "commas, layer 4: 0.55 (0.5 to 0.65)" in said
    assert "covariance alone" not in drawing.caption
    # Groups of tokens were counted at layer 1 and from layer 4 on; no line says what they count between.
    groups = drawing.figure.axes[0].lines[0].get_ydata()
    assert np.isnan(np.asarray(groups)[[0, 2, 3]]).all()


def test_an_index_where_one_cluster_is_counted_is_hollow(study: Study) -> None:
    drawing = draw_clusters(study, "x", "covariance", (1, 9))
    assert drawing is not None
    marks = [line for line in drawing.figure.axes[1].lines if line.get_linestyle() == "None"]
    hollow = [line.get_markerfacecolor() == "none" for line in marks]
    assert hollow == [layer >= 4 for layer in range(1, 13)] + [True] * 12


def test_where_no_rule_counted_on_one_measure_says_that_it_decides_nothing(study: Study) -> None:
    profiles = study.evidence.profiles
    assert profiles is not None
    kinds = {
        kind: profile.model_copy(
            update={"counted": [one.model_copy(update={"layers": one.layers[:1]}) for one in profile.counted]}
        )
        for kind, profile in profiles.kinds.items()
    }
    evidence = study.evidence.model_copy(update={"profiles": profiles.model_copy(update={"kinds": kinds})})
    drawing = draw_clusters(replace(study, evidence=evidence), "x", "covariance", (4, 9))
    assert drawing is not None
    assert drawing.caption.endswith("Counted by covariance alone, which decides nothing by itself.")
    assert drawing.table.rows[1] == ("internal", 1, "covariance", 3.0, 2.5)
