"""Make a report from the evidence in a folder: figures, HTML and PDF."""

import csv
import hashlib
import io
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from layerclaims.files import write_atomically
from layerclaims.report.language.words import load_words
from layerclaims.report.page.page import PDF_NAME, PageFigure, ReportSource, build_page
from layerclaims.report.page.pdf import PdfError, write_pdf
from layerclaims.report.records.evidence import EVIDENCE_NAME, POINTS_NAME, Evidence
from layerclaims.report.records.store import check_points, drop_undefined, read_evidence, read_points
from layerclaims.report.study import Study
from layerclaims.text import literal

if TYPE_CHECKING:
    from layerclaims.report.figures.catalogue import NotDrawn
    from layerclaims.report.figures.drawing import Drawing, Table

HTML_NAME = "report.html"
FIGURE_DIR = "figures"


@dataclass(frozen=True)
class RenderedPaths:
    """The files of a report.

    Attributes
    ----------
    html : Path
    pdf : Path or None
        None where it was not asked for or could not be made.
    pdf_missing : str
        Why there is no PDF though it was asked for, in one line.
    figures : list of Path
        SVG files; a CSV file of the same name holds the data of each.
    claim_figures : dict
        Claim id to the names of the files that show it, relative to the report's folder.
    """

    html: Path
    pdf: Path | None = None
    pdf_missing: str = ""
    figures: list[Path] = field(default_factory=list)
    claim_figures: dict[str, list[str]] = field(default_factory=dict)


def render(folder: Path, *, pdf: bool, lang: str = "en") -> RenderedPaths:
    """Make the report of the evidence in a folder, without measuring anything.

    Parameters
    ----------
    folder : Path
        Holds ``evidence.json`` and, where pairs were sampled, ``pairs.safetensors``.
    pdf : bool
        Whether to make the PDF as well.
    lang : str
        Language of the report, ``"en"`` or ``"vi"``.

    Returns
    -------
    RenderedPaths

    Raises
    ------
    EvidenceError
        If the evidence or the points cannot be used.
    ValueError
        If there is no such language.
    """
    folder = Path(folder)
    study = _read_study(folder, lang)
    figures, study_figures = _draw(study, folder / FIGURE_DIR)
    by_claim = {
        claim: [_file_name(figure) for figure in shown if isinstance(figure, PageFigure)]
        for claim, shown in figures.items()
    }
    names = [*map(_file_name, study_figures), *chain.from_iterable(by_claim.values())]
    html = folder / HTML_NAME
    write_atomically(html, build_page(study, figures, study_figures, _source(folder, pdf=pdf)))
    rendered = RenderedPaths(html, figures=[folder / name for name in names], claim_figures=by_claim)
    if not pdf:
        # One of an earlier run would be taken for this report's.
        (folder / PDF_NAME).unlink(missing_ok=True)
        return rendered
    try:
        write_pdf(html, folder / PDF_NAME)
    except PdfError as error:
        return replace(rendered, pdf_missing=str(error))
    return replace(rendered, pdf=folder / PDF_NAME)


def _source(folder: Path, *, pdf: bool) -> ReportSource:
    digest = hashlib.sha256((folder / EVIDENCE_NAME).read_bytes()).hexdigest()
    present = (name for name in (EVIDENCE_NAME, POINTS_NAME) if (folder / name).exists())
    return ReportSource(digest, (*present, PDF_NAME) if pdf else tuple(present))


def _file_name(figure: PageFigure) -> str:
    return f"{FIGURE_DIR}/{figure.name}.svg"


def _read_study(folder: Path, lang: str) -> Study:
    words = load_words(lang)
    evidence = read_evidence(folder)
    points = read_points(folder)
    if points is not None:
        check_points(evidence, points)
        points = drop_undefined(points)
    shown = Evidence.model_validate(literal(evidence.model_dump()))
    return Study(shown, points, words.of_document(shown.document))


def _draw(study: Study, folder: Path) -> tuple[dict[str, list["PageFigure | NotDrawn"]], list[PageFigure]]:
    from matplotlib.style import context

    from layerclaims.report.figures.catalogue import draw_claims, draw_study
    from layerclaims.report.figures.drawing import Drawing
    from layerclaims.report.figures.svg import drawing_style

    for stale in (*folder.glob("*.svg"), *folder.glob("*.csv")):
        stale.unlink()
    with context(drawing_style()):
        study_figures = [save_drawing(drawing, folder) for drawing in draw_study(study)]
        shown = draw_claims(study, {figure.name for figure in study_figures})
        figures = {
            claim: [save_drawing(part, folder) if isinstance(part, Drawing) else part for part in parts]
            for claim, parts in shown.items()
        }
    return figures, study_figures


def save_drawing(drawing: "Drawing", folder: Path) -> PageFigure:
    """Write a figure and its data as files, and return what the page shows."""
    from layerclaims.report.figures.svg import to_svg

    svg = to_svg(drawing.figure, drawing.name, drawing.alternative)
    path = folder / f"{drawing.name}.svg"
    write_atomically(path, svg)
    save_table(drawing.table, path.with_suffix(".csv"))
    table_name = f"{folder.name}/{drawing.name}.csv"
    return PageFigure(drawing.name, Markup(svg), drawing.caption, table_name)


def save_table(table: "Table", path: Path) -> None:
    """Write the numbers behind a figure as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(cell) for cell in row] for row in table.rows)
    write_atomically(path, text.getvalue())


def _cell(cell: str | int | float | None) -> str:
    """Write floats with six digits, as many as float32 has."""
    return f"{cell:.6g}" if isinstance(cell, float) else "" if cell is None else str(cell)
