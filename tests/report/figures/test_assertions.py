import pytest
from matplotlib.patches import Rectangle

from layerclaims.report.figures.assertions import draw_assertions
from layerclaims.report.records.evidence import ClaimRecord
from layerclaims.report.study import Study
from tests.report.builder import make_claim


def claim_of(*assertions: dict[str, object]) -> ClaimRecord:
    """Make a claim whose assertions differ from the builder's first in these fields."""
    data = make_claim("embedding-cause", "supported").model_dump()
    first = data["assertions"][0]
    data["assertions"] = [{**first, **changes} for changes in assertions]
    return ClaimRecord.model_validate(data)


def asked(relation: str, bound: float) -> dict[str, object]:
    return {"relation": relation, "bound": bound, "reason": {"text": ""}}


def test_each_assertion_has_its_row_and_what_its_criterion_accepts(study: Study) -> None:
    claim = claim_of(
        {"value": 3.0, "interval": (2.0, 4.0), "criterion": asked("at least", 1)},
        {"value": 5.0, "interval": (4.5, 5.5), "criterion": asked("at most", 2)},
        {"value": None, "interval": None, "criterion": None, "verdict": "not_applicable"},
    )
    drawing = draw_assertions(study, "x", claim)
    assert drawing is not None
    panel = drawing.figure.axes[0]
    left, right = panel.get_xlim()
    rows = [
        (patch.get_x(), patch.get_x() + patch.get_width())
        for patch in panel.patches
        if isinstance(patch, Rectangle)
    ]
    assert rows == [(1, pytest.approx(right)), (pytest.approx(left), 2)]
    assert len(drawing.table.rows) == 2


@pytest.mark.parametrize(
    ("values", "scale"),
    [((3.0, 5.0), "linear"), ((3.0, 5e-9), "log"), ((3.0, 0.0, 1e-6), "symlog"), ((-3.0, 5e9), "linear")],
)
def test_the_axis_suits_the_numbers(study: Study, values: tuple[float, ...], scale: str) -> None:
    changes: list[dict[str, object]] = [{"value": v, "interval": None, "criterion": None} for v in values]
    claim = claim_of(*changes)
    drawing = draw_assertions(study, "x", claim)
    assert drawing is not None
    panel = drawing.figure.axes[0]
    assert panel.get_xscale() == scale
    low, high = panel.get_xlim()
    assert all(low < value < high for value in values)


def test_rows_are_named_by_what_tells_them_apart(study: Study) -> None:
    claim = claim_of(
        {"parameters": {"kind": "internal", "layer": 1, "factor": 0.1}},
        {"parameters": {"kind": "terminal", "bins": 10}},
        {"parameters": {}, "quantity": {"text": "the distance,"}},
    )
    drawing = draw_assertions(study, "x", claim)
    assert drawing is not None
    rows = drawing.figure.axes[0].yaxis
    labels = rows.get_major_formatter().format_ticks(rows.get_majorticklocs().tolist())
    assert labels == ["commas · layer 1 · × 0.1", "full stops · 10 bins", "the distance"]


def test_equal_values_and_none_at_all_are_survived(study: Study) -> None:
    assert (
        draw_assertions(study, "x", claim_of({"value": 0.0, "interval": None, "criterion": None})) is not None
    )
    assert draw_assertions(study, "x", claim_of()) is None
