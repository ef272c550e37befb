import csv
import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from layerclaims.report.drawn.figure_text import (
    Fault,
    FigureText,
    Outcome,
    outcome_record,
    read_outcome,
    table_text,
)
from layerclaims.report.figures.catalogue import NotDrawn
from layerclaims.report.figures.drawing import Table

CELLS = st.none() | st.integers() | st.floats() | st.text()


@example([(None, 'line\nbreak, "quoted"', 1.23456789), ("", 0, float("nan"))])
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=4))
def test_data_are_csv_with_six_digits(rows: list[tuple[str | int | float | None, ...]]) -> None:
    columns = ("one", "two, three", "four")
    expected = io.StringIO()
    writer = csv.writer(expected, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([f"{cell:.6g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
    assert table_text(Table(columns, list(rows))) == expected.getvalue()


@pytest.mark.parametrize(
    "outcome", [FigureText("plane", "<svg/>", "x\n1\n", "A plane.", ""), NotDrawn("no such kind"), None]
)
def test_what_became_of_a_figure_is_read_as_it_was_told(outcome: Outcome) -> None:
    record = json.loads(json.dumps(outcome_record(outcome)))
    assert read_outcome(record, "plane") == outcome


def test_a_fault_is_left_to_whoever_asked() -> None:
    assert outcome_record(Fault("ValueError: no points")) is None
    assert isinstance(read_outcome(None, "plane"), Fault)
