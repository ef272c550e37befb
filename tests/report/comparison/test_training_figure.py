import pytest
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from layerclaims.report.comparison.comparison import Comparison, compare
from layerclaims.report.comparison.training_figure import draw_training
from layerclaims.report.figures.palette import PAGE, VERDICT_COLOURS
from layerclaims.report.language.words import load_words
from layerclaims.report.records.evidence import ClaimRecord
from tests.report.builder import make_claim, make_evidence, make_subject
from tests.report.comparison.test_training import checkpoint, with_values

WORDS = load_words("en")


def trained(*claims: ClaimRecord, model: str = "org/m") -> Comparison:
    return compare(
        [checkpoint(step, claim, model=model) for step, claim in zip((0, 1, 8), claims, strict=True)]
    )


@pytest.fixture
def comparison() -> Comparison:
    return trained(
        with_values({"internal": (2.1, "refuted"), "terminal": (14.2, "supported")}),
        with_values({"internal": (12, "supported"), "terminal": (3, "refuted")}),
        with_values({"internal": (14.2, "supported"), "terminal": (14.2, "supported")}),
    )


def marks(comparison: Comparison) -> list[Line2D]:
    drawing = draw_training(comparison, WORDS)
    assert drawing is not None
    return [line for line in drawing.figure.axes[0].lines if line.get_marker() not in ("None", "", None)]


def test_marks_tell_the_claims_verdict_and_whether_this_assertion_decided_it(comparison: Comparison) -> None:
    found = [(mark.get_xdata()[0], mark.get_ydata()[0], mark.get_marker()) for mark in marks(comparison)]  # type: ignore[index]
    assert found == [(0, 2.1, "s"), (1, 12, "s"), (8, 14.2, "o")]
    filled = [to_hex(str(mark.get_markerfacecolor())) for mark in marks(comparison)]
    assert filled == [VERDICT_COLOURS["refuted"], PAGE, VERDICT_COLOURS["supported"]]


def test_step_0_has_its_place_before_the_first(comparison: Comparison) -> None:
    drawing = draw_training(comparison, WORDS)
    assert drawing is not None
    panel = drawing.figure.axes[0]
    assert panel.get_xscale() == "symlog"
    places = panel.transData.transform([(step, 12) for step in (0, 1, 8)])[:, 0]
    left, right = panel.transAxes.transform([(0, 0), (1, 0)])[:, 0]
    assert left < places[0] < places[1] < places[2] < right
    assert (places[1] - places[0]) > 0.1 * (right - left)


def test_its_data_and_its_words_are_the_series(comparison: Comparison) -> None:
    drawing = draw_training(comparison, WORDS)
    assert drawing is not None
    assert drawing.name == "training"
    assert drawing.table.columns[:5] == ("model", "step", "claim", "verdict", "decides")
    assert [row[1:5] for row in drawing.table.rows] == [
        (0, "mi-declines", "refuted", "yes"),
        (1, "mi-declines", "refuted", "no"),
        (8, "mi-declines", "supported", "yes"),
    ]
    assert "mi-declines, org/m: 2.1 at step 0 (refuted), 14.2 at step 8 (supported)." in drawing.alternative


def test_claims_without_a_value_are_named_and_have_no_panel() -> None:
    absent = make_claim("covariance-grows", "not_applicable")
    shown = make_claim("mi-declines", "supported")
    runs = [run.evidence for run in trained(shown, shown, shown).runs]
    runs = [run.model_copy(update={"claims": [*run.claims, absent]}) for run in runs]
    drawing = draw_training(compare(runs), WORDS)
    assert drawing is not None
    assert len([axes for axes in drawing.figure.axes if axes.axison]) == 1
    assert "Without a value at any step: covariance-grows." in drawing.caption


def test_several_models_have_a_line_each_in_the_legend() -> None:
    claim = make_claim("mi-declines", "supported")
    runs = [
        run.evidence for name in ("org/a", "org/b") for run in trained(claim, claim, claim, model=name).runs
    ]
    drawing = draw_training(compare(runs), WORDS)
    assert drawing is not None
    labels = [text.get_text() for text in drawing.figure.legends[0].get_texts()]
    assert labels == ["supported", "refuted", "inconclusive", "org/a", "org/b"]


def test_runs_that_are_no_checkpoints_have_no_figure() -> None:
    subject = make_subject(12, 30, model="org/other")
    assert draw_training(compare([make_evidence(), make_evidence(subject=subject)]), WORDS) is None
