"""``results.csv`` beside the evidence: every assertion of a run, for whoever reads tables and not JSON."""

import csv
import io
from pathlib import Path

from layerclaims.report.records.evidence import Evidence
from layerclaims.report.records.report_folder import RESULTS_NAME
from layerclaims.report.records.tables import ASSERTIONS, Cell
from layerclaims.serialization.files import write_atomically

OF_RUN = ("run", "subject")
"""Columns before those of the assertions, so that the files of many runs can be put together."""


def results_csv(evidence: Evidence) -> str:
    """Write a run's assertions as CSV: the columns of `tables.ASSERTIONS`, numbers with all their digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*OF_RUN, *ASSERTIONS.columns])
    for row in ASSERTIONS.rows(evidence):
        cells = [_cell(row.get(name)) for name in ASSERTIONS.columns]
        writer.writerow([evidence.run, evidence.subject.name, *cells])
    return text.getvalue()


def _cell(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else str(cell)


def write_results(evidence: Evidence, folder: Path) -> Path:
    """Write the table into the evidence's folder.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    path = folder / RESULTS_NAME
    write_atomically(path, results_csv(evidence))
    return path
