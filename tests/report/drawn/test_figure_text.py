import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from layerclaims.report.drawn.figure_text import table_text
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
