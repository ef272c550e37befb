"""Make a report from the evidence in a folder: figures, HTML and PDF."""

import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from layerclaims.message import Message, as_message
from layerclaims.report.language.words import load_words
from layerclaims.report.page.page import PageFigure, ReportSource, build_page
from layerclaims.report.page.pdf import PdfError, write_pdf
from layerclaims.report.records.evidence import EVIDENCE_NAME, POINTS_NAME, Evidence
from layerclaims.report.records.report_folder import (
    MAIN,
    RESULTS_NAME,
    RUN_KEY,
    ReportFiles,
    clear_report,
    evidence_head,
    move_report,
    reports_beside,
    run_of,
    strangers,
)
from layerclaims.report.records.store import (
    EvidenceError,
    check_points,
    drop_undefined,
    read_evidence,
    read_points,
)
from layerclaims.report.study import Study
from layerclaims.serialization.files import scratch_folder, write_atomically
from layerclaims.text import literal, shorten, visible

if TYPE_CHECKING:
    from layerclaims.report.figures.catalogue import Draw, NotDrawn
    from layerclaims.report.figures.drawing import Drawing, Table

Record = Callable[[dict[str, list[str]], dict[str, str]], object]
LONGEST_REASON = 200
"""Characters of why a figure could not be drawn."""


@dataclass(frozen=True)
class RenderedPaths:
    """The files of a report.

    Attributes
    ----------
    html : Path
    pdf : Path or None
        None where it was not asked for or could not be made.
    pdf_missing : Message or None
        Why there is no PDF though it was asked for, in one line.
    figures : list of Path
        SVG files; a CSV file of the same name holds the data of each.
    claim_figures : dict
        Claim id to the names of the files that show it, relative to the report's folder.
    faults : dict
        Names of figures that could not be drawn, and why.
    strangers : list of str
        Files that were of another run than the evidence: sampled pairs are not used, all others are replaced.
    """

    html: Path
    pdf: Path | None = None
    pdf_missing: Message | None = None
    figures: list[Path] = field(default_factory=list)
    claim_figures: dict[str, list[str]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)


def render(
    folder: Path,
    *,
    pdf: bool,
    lang: str = "en",
    files: ReportFiles = MAIN,
    figures: bool = True,
    record: Record | None = None,
) -> RenderedPaths:
    """Make the report of the evidence in a folder, without measuring anything.

    It is made aside and then put in place, so that what is there is one report or none.

    Parameters
    ----------
    folder : Path
        Holds ``evidence.json`` and, where pairs were sampled, ``pairs.safetensors``.
    pdf : bool
        Whether to make the PDF as well.
    lang : str
        Language of the report, ``"en"`` or ``"vi"``.
    files : ReportFiles
        By which names it is written; a report by other names, of the same run, stays.
    figures : bool
        Whether to draw figures, which takes most of the time.
    record : callable, optional
        Called before the page is made with the names of the figures by claim id, and with those that could
        not be drawn and why; may write the evidence again.

    Returns
    -------
    RenderedPaths

    Raises
    ------
    EvidenceError
        If the evidence or the points cannot be used, or another run replaced them meanwhile.
    OSError
        If the report cannot be written.
    ValueError
        If there is no such language.
    """
    folder = Path(folder)
    study = _read_study(folder, lang)
    run = study.evidence.run
    found = strangers(folder, run)
    with scratch_folder(folder, "report") as made:
        drawn = _draw(study, made / files.figures) if figures else _Drawn(made / files.figures)
        if record is not None:
            record(drawn.names_by_claim(), drawn.faults)
            study = replace(study, evidence=_shown(folder))
        html = made / files.html
        source = _source(folder, files, pdf=pdf)
        write_atomically(html, build_page(study, drawn.by_claim, drawn.of_study, source))
        pdf_missing = _make_pdf(html, made / files.pdf) if pdf else None
        has_pdf = (made / files.pdf).exists()
        if evidence_head(folder / EVIDENCE_NAME).get("run", "") != run:
            raise EvidenceError(
                "{folder} was given to another run while its report was made", folder=visible(str(folder))
            )
        for other in reports_beside(folder):
            if run and run_of(folder / other.html) != run:
                clear_report(folder, other)
        move_report(made, folder, files)
    return RenderedPaths(
        folder / files.html,
        folder / files.pdf if has_pdf else None,
        pdf_missing,
        [folder / name for name in drawn.names()],
        drawn.names_by_claim(),
        drawn.faults,
        found,
    )


def _make_pdf(html: Path, pdf: Path) -> Message | None:
    """Make the PDF; returns why it could not be made."""
    try:
        write_pdf(html, pdf)
    except PdfError as error:
        return as_message(error)
    return None


def _source(folder: Path, files: ReportFiles, *, pdf: bool) -> ReportSource:
    digest = hashlib.sha256((folder / EVIDENCE_NAME).read_bytes()).hexdigest()
    present = (name for name in (EVIDENCE_NAME, RESULTS_NAME, POINTS_NAME) if (folder / name).exists())
    return ReportSource(digest, tuple(present), files.pdf if pdf else "", files.figures)


def _read_study(folder: Path, lang: str) -> Study:
    words = load_words(lang)
    evidence = read_evidence(folder)
    points = None
    if POINTS_NAME not in strangers(folder, evidence.run):
        points = read_points(folder)
    if points is not None:
        check_points(evidence, points)
        points = drop_undefined(points)
    shown = _shown(folder)
    return Study(shown, points, words.of_document(shown.document))


def _shown(folder: Path) -> Evidence:
    """Read the evidence as a page shows it."""
    return Evidence.model_validate(literal(read_evidence(folder).model_dump()))


@dataclass
class _Drawn:
    """The figures of a report.

    Attributes
    ----------
    folder : Path
        In which they are written.
    of_study, by_claim :
        Those of the whole run, and those that show each claim, by claim id.
    faults : dict
        Names of others that could not be drawn, and why.
    """

    folder: Path
    of_study: list[PageFigure] = field(default_factory=list)
    by_claim: dict[str, list["PageFigure | NotDrawn"]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def names_by_claim(self) -> dict[str, list[str]]:
        return {
            claim: [self._file_name(figure) for figure in shown if isinstance(figure, PageFigure)]
            for claim, shown in self.by_claim.items()
        }

    def _file_name(self, figure: PageFigure) -> str:
        return f"{self.folder.name}/{figure.name}.svg"

    def names(self) -> list[str]:
        return [*map(self._file_name, self.of_study), *chain.from_iterable(self.names_by_claim().values())]


def _draw(study: Study, folder: Path) -> _Drawn:
    from matplotlib.style import context

    from layerclaims.report.figures.catalogue import claim_figures, study_figures
    from layerclaims.report.figures.svg import drawing_style

    drawn = _Drawn(folder)
    save = partial(save_drawing, folder=folder, run=study.evidence.run)
    with context(drawing_style()):
        for draw in study_figures(study):
            shown = _attempt(draw, save, study, drawn.faults)
            if isinstance(shown, PageFigure):
                drawn.of_study.append(shown)
        for claim, draws in claim_figures(study, {figure.name for figure in drawn.of_study}).items():
            attempts = (_attempt(draw, save, study, drawn.faults) for draw in draws)
            drawn.by_claim[claim] = [shown for shown in attempts if shown is not None]
    return drawn


def _attempt(
    draw: "Draw", save: Callable[["Drawing"], PageFigure], study: Study, faults: dict[str, str]
) -> "PageFigure | NotDrawn | None":
    """Draw and save one figure; where that fails, the others are drawn all the same."""
    from layerclaims.report.figures.catalogue import NotDrawn

    try:
        drawing = draw.function()
        return drawing if drawing is None or isinstance(drawing, NotDrawn) else save(drawing)
    except OSError:  # the disk is full, and would be for the others
        raise
    except Exception as error:  # whatever a figure of numbers that nobody foresaw raises
        reason = f"{type(error).__name__}: {visible(str(error))}"
        faults[draw.name] = shorten(reason, LONGEST_REASON)
        text = study.words.gettext("This figure could not be drawn: %(reason)s.")
        return NotDrawn(text % {"reason": shorten(reason, LONGEST_REASON)})


def save_drawing(drawing: "Drawing", folder: Path, run: str = "") -> PageFigure:
    """Write a figure and its data as files, with its run's id, and return what the page shows."""
    from layerclaims.report.figures.svg import svg_places, to_svg

    svg = to_svg(drawing.figure, drawing.name, drawing.alternative)
    points = "\n".join(f"{x} {y} {text}" for x, y, text in svg_places(drawing))
    path = folder / f"{drawing.name}.svg"
    write_atomically(path, f"{svg}\n<!-- {RUN_KEY}: {run} -->\n" if run else svg)
    save_table(drawing.table, path.with_suffix(".csv"))
    table_name = f"{folder.name}/{drawing.name}.csv"
    return PageFigure(drawing.name, Markup(svg), drawing.caption, table_name, points)


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
