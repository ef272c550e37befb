"""Make a report from the evidence in a folder: figures, HTML and PDF."""

import hashlib
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from layerclaims.message import Message, as_message
from layerclaims.report.drawn.figure_text import Fault, FigureText, explain
from layerclaims.report.drawn.reading import read_study, shown_evidence
from layerclaims.report.drawn.sharing import Drawers, StudyPlace, draw_all
from layerclaims.report.page.page import PageFigure, ReportSource, build_page
from layerclaims.report.page.pdf import PdfError, PdfProcess
from layerclaims.report.records.evidence import EVIDENCE_NAME, POINTS_NAME
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
from layerclaims.report.records.store import EvidenceError, read_evidence
from layerclaims.report.study import Study
from layerclaims.serialization.files import scratch_folder, write_atomically
from layerclaims.text import visible

if TYPE_CHECKING:
    from layerclaims.report.figures.catalogue import Draw, NotDrawn

Record = Callable[[dict[str, list[str]], dict[str, str]], object]


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
    drawers: Drawers | None = None,
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
    drawers : Drawers, optional
        Processes that draw figures beside this one; without them it draws alone.

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
    study = read_study(folder, lang)
    run = study.evidence.run
    found = strangers(folder, run)
    with ExitStack() as stack:
        made = stack.enter_context(scratch_folder(folder, "report"))
        process = stack.enter_context(closing(PdfProcess())) if pdf else None  # loads while figures are drawn
        drawn = _Drawn(made / files.figures)
        if figures:
            drawn = _draw(study, made / files.figures, drawers, StudyPlace(folder, lang, run))
        if record is not None:
            record(drawn.names_by_claim(), drawn.faults)
            study = replace(study, evidence=shown_evidence(read_evidence(folder)))
        source = _source(folder, files, pdf=pdf)
        pdf_missing = _write_page(study, drawn, source, made / files.html, made / files.pdf, process)
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


def _write_page(
    study: Study, drawn: "_Drawn", source: ReportSource, html: Path, pdf: Path, process: PdfProcess | None
) -> Message | None:
    """Write the page, and the PDF where there is to be one; returns why there is none then."""
    page = partial(build_page, study, drawn.by_claim, drawn.of_study, source)
    if process is not None:
        process.begin(page("print"), pdf)
    write_atomically(html, page())
    try:
        if process is not None:
            process.finish()
    except PdfError as error:
        pdf.unlink(missing_ok=True)  # half of one
        return as_message(error)
    return None


def _source(folder: Path, files: ReportFiles, *, pdf: bool) -> ReportSource:
    digest = hashlib.sha256((folder / EVIDENCE_NAME).read_bytes()).hexdigest()
    present = (name for name in (EVIDENCE_NAME, RESULTS_NAME, POINTS_NAME) if (folder / name).exists())
    return ReportSource(digest, tuple(present), files.pdf if pdf else "", files.figures)


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


def _draw(study: Study, folder: Path, drawers: Drawers | None, place: StudyPlace) -> _Drawn:
    """Draw all figures, and write them with their data into a folder."""
    from layerclaims.report.figures.catalogue import NotDrawn, report_figures

    drawn = _Drawn(folder)
    of_study, of_claims = report_figures(study)
    outcomes = draw_all([*of_study, *chain.from_iterable(of_claims.values())], drawers, place)
    save = partial(save_figure, folder=folder, run=study.evidence.run)

    def shown(draw: "Draw") -> "PageFigure | NotDrawn | None":
        outcome = outcomes[draw.name]
        if isinstance(outcome, Fault):
            drawn.faults[draw.name] = outcome.reason
            return NotDrawn(explain(outcome, study))
        return save(outcome) if isinstance(outcome, FigureText) else outcome

    drawn.of_study = [figure for figure in map(shown, of_study) if isinstance(figure, PageFigure)]
    for claim, draws in of_claims.items():
        drawn.by_claim[claim] = [figure for figure in map(shown, draws) if figure is not None]
    return drawn


def save_figure(figure: FigureText, folder: Path, run: str = "") -> PageFigure:
    """Write a figure and its data as files, with its run's id, and return what the page shows."""
    path = folder / f"{figure.name}.svg"
    write_atomically(path, f"{figure.svg}\n<!-- {RUN_KEY}: {run} -->\n" if run else figure.svg)
    write_atomically(path.with_suffix(".csv"), figure.csv)
    table_name = f"{folder.name}/{figure.name}.csv"
    return PageFigure(figure.name, Markup(figure.svg), figure.caption, table_name, figure.points)
