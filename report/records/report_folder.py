"""The folder of a report: its name, its files, and which run they belong to: each carries its run's id.

Figures' tables are CSV, which has no place for an id: they belong with the figure of the same name.
"""

import json
import re
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from layerclaims.report.records.evidence import EVIDENCE_NAME, PART_FOLDER, POINTS_NAME, Evidence
from layerclaims.serialization.regular_file import read_regular

HTML_NAME = "report.html"
PDF_NAME = "report.pdf"
RESULTS_NAME = "results.csv"
"""Beside the evidence: every assertion with its number, interval, criterion and verdict."""
FIGURE_DIR = "figures"


@dataclass(frozen=True)
class ReportFiles:
    """Names of a report's page and PDF, and of the folder with its figures."""

    html: str = HTML_NAME
    pdf: str = PDF_NAME
    figures: str = FIGURE_DIR


MAIN = ReportFiles()
"""The report that a run makes."""

RUN_KEY = "layerclaims-run"
"""Stands before the id in each file."""
IDENTITY_DIGITS = 8
"""Of a subject's identity in the name of its folder."""
_MARK = re.compile(rb"(?:layerclaims-run\W{1,4}|\Arun,.*\n)(\d{8}T\d{6}Z-[0-9a-f]{8})")
"""Before it stands the key, or the head of a table whose first column is the run."""
_PAGE_BESIDE = re.compile(r"report\.([a-z]{2}(?:_[A-Z]{2})?)\.html")
"""A page in a language; under other names, such as ``report.old.html``, readers keep pages of their own."""


def report_beside(language: str) -> ReportFiles:
    """Name the files of a further report in another language, beside the one that the run made."""
    return ReportFiles(f"report.{language}.html", f"report.{language}.pdf", f"{FIGURE_DIR}.{language}")


def reports_beside(folder: Path) -> list[ReportFiles]:
    """Find the further reports of a folder."""
    pages = (_PAGE_BESIDE.fullmatch(path.name) for path in sorted(folder.glob("report.*.html")))
    return [report_beside(page[1]) for page in pages if page]


def new_run_id(started: float) -> str:
    """Make the id of a run that began at this time, in seconds since 1970: ids sort by time."""
    return f"{datetime.fromtimestamp(started, UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"


def evidence_head(path: Path) -> dict[str, Any]:
    """Read an evidence file as JSON without checking it; empty where there is none that can be read."""
    try:
        data = json.loads(read_regular(path))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def evidence_folder(reports: Path, evidence: Evidence) -> Path:
    """Choose where evidence is written: never over that of another document or another subject.

    The folder has the subject's name. Where it holds another document's evidence, this document's key is
    added; where it holds that of another subject of the same name, the beginning of this one's identity.
    """
    subject, document = evidence.subject, evidence.document.key
    name = subject.name
    for _ in range(2):  # either may ask for a suffix
        held = _held(reports / name)
        if any(key != document for key, _ in held):
            name = f"{subject.name}-{document}"
        elif subject.identity and any(identity != subject.identity for _, identity in held if identity):
            name = f"{name}-{subject.identity[:IDENTITY_DIGITS]}"
    return reports / name


def _held(folder: Path) -> list[tuple[str, str]]:
    """Read which documents and subjects the evidence in a folder is of."""
    found = [evidence_head(path / EVIDENCE_NAME) for path in (folder, folder / PART_FOLDER)]
    parts = [(data.get("document"), data.get("subject")) for data in found]
    return [
        (str(document.get("key")), str(subject.get("identity") or ""))
        for document, subject in parts
        if isinstance(document, dict) and isinstance(subject, dict) and "key" in document
    ]


def run_of(path: Path) -> str:
    """Find the id of the run that made a file beside evidence; empty where it carries none."""
    try:
        found = _MARK.search(read_regular(path))
    except OSError:
        return ""
    return found.group(1).decode() if found else ""


def strangers(folder: Path, run: str) -> list[str]:
    """Name the files beside the evidence of a run that are of another one.

    Parameters
    ----------
    folder : Path
    run : str
        Id of the evidence's run; where it is empty, as in evidence of earlier releases, nothing is known.

    Returns
    -------
    list of str
        Relative to the folder.
    """
    if not run:
        return []
    files = [folder / name for name in (POINTS_NAME, RESULTS_NAME)]
    for report in (MAIN, *reports_beside(folder)):
        files += [folder / report.html, folder / report.pdf, *sorted((folder / report.figures).glob("*.svg"))]
    return [path.relative_to(folder).as_posix() for path in files if path.is_file() and run_of(path) != run]


def clear_report(folder: Path, files: ReportFiles = MAIN) -> None:
    """Remove page, PDF and figures, and empty folders that they leave.

    Raises
    ------
    OSError
        If one cannot be removed.
    """
    for name in (files.html, files.pdf):
        (folder / name).unlink(missing_ok=True)
    figures = folder / files.figures
    if figures.is_symlink():  # into another run's folder, whose files are not ours
        figures.unlink()
    for path in (*figures.glob("*.svg"), *figures.glob("*.csv")):
        path.unlink()
    with suppress(OSError):  # there is none, or someone keeps files there
        figures.rmdir()


def clear_reports(folder: Path) -> None:
    """Remove the reports in all languages; as `clear_report`."""
    for files in (MAIN, *reports_beside(folder)):
        clear_report(folder, files)


def clear_run(folder: Path, run: str) -> None:
    """Remove a run's evidence with all that belongs to it; nothing where the evidence is of another run."""
    if evidence_head(folder / EVIDENCE_NAME).get("run") != run:
        return
    clear_reports(folder)
    for name in (POINTS_NAME, RESULTS_NAME):
        (folder / name).unlink(missing_ok=True)
    (folder / EVIDENCE_NAME).unlink()
    with suppress(OSError):
        folder.rmdir()


def move_report(made: Path, folder: Path, files: ReportFiles = MAIN) -> None:
    """Put page, PDF and figures in place together; those that were there are removed first.

    Parameters
    ----------
    made, folder : Path
        On one file system, so that each is moved in one step.

    Raises
    ------
    OSError
        If one cannot be moved.
    """
    clear_report(folder, files)
    figures, drawn = folder / files.figures, made / files.figures
    if figures.exists() and drawn.exists():
        for path in drawn.iterdir():
            path.replace(figures / path.name)
    elif drawn.exists():
        drawn.rename(figures)
    for name in (files.html, files.pdf):
        if (made / name).exists():
            (made / name).replace(folder / name)
