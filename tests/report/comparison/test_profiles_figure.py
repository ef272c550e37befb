import numpy as np
import pytest

from layerclaims.report.comparison.profiles_figure import MAX_LINES, draw_overlay
from layerclaims.report.language.words import load_words
from layerclaims.report.study import Study
from tests.report.builder import make_evidence, study_of


def studies(n_runs: int) -> dict[str, Study]:
    evidence = make_evidence()
    return {f"R{place}": study_of(evidence) for place in range(n_runs)}


@pytest.mark.parametrize(("n_runs", "named"), [(2, 2), (MAX_LINES, MAX_LINES), (60, 6)])
def test_each_run_has_a_line_and_the_legend_stays_short(n_runs: int, named: int) -> None:
    drawing = draw_overlay(studies(n_runs))
    assert drawing is not None
    assert len(drawing.figure.axes[0].lines) == n_runs
    labels = [text.get_text() for text in drawing.figure.legends[0].get_texts()]
    assert len(labels) == named
    assert (labels[0], labels[-1]) == ("R0", f"R{n_runs - 1}")


def test_few_runs_differ_in_colour_or_dashes_and_many_shade() -> None:
    for n_runs in (MAX_LINES, 60):
        drawing = draw_overlay(studies(n_runs))
        assert drawing is not None
        lines = drawing.figure.axes[0].lines
        assert len({(line.get_color(), str(line.get_linestyle())) for line in lines}) == n_runs


def test_the_words_for_many_runs_give_ranges() -> None:
    few, many = draw_overlay(studies(2)), draw_overlay(studies(60))
    assert few is not None
    assert many is not None
    assert few.alternative.count("R0,") == 6
    assert len(many.alternative) < len(few.alternative)
    means = studies(1)["R0"].means("internal", "covariance")
    assert f"covariance of commas: {load_words('en').number(means[1])} to" in many.alternative
    assert np.isfinite(means).all()
