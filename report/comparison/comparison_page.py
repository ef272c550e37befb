"""Write the comparison of several runs as a page, and as text for the terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from layerclaims.message import SOURCE_LANGUAGE
from layerclaims.report.comparison import support
from layerclaims.report.comparison.comparison import Comparison, Failure, compare
from layerclaims.report.comparison.terminal_lines import (
    difference_lines,
    failure_lines,
    matrix_lines,
    support_lines,
)
from layerclaims.report.comparison.training import find_series, phases
from layerclaims.report.drawn.figure_text import as_text, table_text
from layerclaims.report.language.words import Words, load_words
from layerclaims.report.page.page import PageFigure, page_environment
from layerclaims.report.page.render import save_figure
from layerclaims.report.records.report_folder import FIGURE_DIR
from layerclaims.report.records.store import read_evidence
from layerclaims.report.study import Study
from layerclaims.report.templates.parts import POINTS_SCRIPT, policy, stylesheet, template
from layerclaims.serialization.files import write_atomically
from layerclaims.text import literal

PAGE_NAME = "comparison.html"
MATRIX_NAME = "matrix"

MAX_COLUMNS = 12
"""Largest number of runs that get a column with numbers each; with more, each run is a row of signs."""

UNUSED = {"samples", "token_groups", "growth"}
UNUSED_OF_CLAIMS = {"specifications", "notes"}
"""Parts of evidence that no comparison shows."""


def read_runs(paths: Sequence[Path], failures: Sequence[Failure] = ()) -> Comparison:
    """Read and compare several runs' evidence, with the subjects that have none.

    Raises
    ------
    EvidenceError
        If one of them cannot be used.
    """
    return compare([read_evidence(path, _shown) for path in paths], failures)


def _shown(data: Any) -> Any:  # noqa: ANN401 - JSON holds anything
    """Keep of a run's evidence only what a comparison shows, to bound time and memory; make texts visible."""
    if not isinstance(data, dict):
        return data
    kept = {name: value for name, value in data.items() if name not in UNUSED}
    if isinstance(kept.get("claims"), list):
        kept["claims"] = [
            {name: value for name, value in claim.items() if name not in UNUSED_OF_CLAIMS}
            if isinstance(claim, dict)
            else claim
            for claim in kept["claims"]
        ]
    return literal(kept)


def write_comparison(comparison: Comparison, folder: Path, lang: str = "en") -> Path:
    """Write the page of a comparison, and the data of its matrix and figures beside it."""
    documents = [run.evidence.document for run in comparison.runs]
    words = load_words(lang).of_document(*documents)
    figures = _draw(comparison, folder / FIGURE_DIR, words)
    sheet, script = stylesheet(), template(POINTS_SCRIPT)
    page = page_environment(words, documents).get_template("compare.html.j2")
    found = support.supports(comparison)
    text = page.render(
        language=lang,
        stylesheet=Markup(sheet),
        policy=policy(sheet, script),
        script=Markup(script),
        comparison=comparison,
        compact=len(comparison.runs) > MAX_COLUMNS,
        training=figures.get("training"),
        profiles=figures.get("profiles"),
        series=find_series(comparison.runs),
        phases=phases,
        heading=_heading(comparison, words),
        scope=support.scope(comparison.runs, words),
        agreement=_agreement(comparison, words),
        support_summary=support.summary(found, words) if found else "",
        supports=support.by_extent(found),
        extent_name=lambda extent: support.extent_name(extent, words),
        support_sentence=lambda found: support.support_sentence(found, words),
        matrix_name=f"{FIGURE_DIR}/{MATRIX_NAME}.csv",
    )
    write_atomically(folder / PAGE_NAME, text)
    return folder / PAGE_NAME


def _draw(comparison: Comparison, folder: Path, words: Words) -> dict[str, PageFigure]:
    """Draw the figures in the report's style and write the matrix as data; return the figures by name."""
    from matplotlib.style import context

    from layerclaims.report.comparison.matrix_table import matrix_table
    from layerclaims.report.comparison.profiles_figure import draw_overlay
    from layerclaims.report.comparison.training_figure import draw_training
    from layerclaims.report.figures.svg import drawing_style

    write_atomically(folder / f"{MATRIX_NAME}.csv", table_text(matrix_table(comparison)))
    for stale in ("training", "profiles"):
        for ending in (".svg", ".csv"):
            (folder / f"{stale}{ending}").unlink(missing_ok=True)
    studies = {run.letter: Study(run.evidence, None, words) for run in comparison.runs}
    with context(drawing_style()):
        drawings = [draw_overlay(studies), draw_training(comparison, words)]
        texts = [as_text(drawing) for drawing in drawings if drawing is not None]
    return {text.name: save_figure(text, folder) for text in texts}


def comparison_text(comparison: Comparison, width: int = 80, language: str = SOURCE_LANGUAGE) -> str:
    """Write the matrix of verdicts, the support of each claim, and the differences for a terminal."""
    words = load_words(language).of_document(*(run.evidence.document for run in comparison.runs))
    parts = [
        matrix_lines(comparison, width, words) if comparison.runs else (),
        support_lines(support.supports(comparison), width, words),
        difference_lines(comparison.differences, width, words),
        failure_lines(comparison, words),
        [_agreement(comparison, words)],
    ]
    return "\n\n".join(filter(None, ("\n".join(part) for part in parts)))


def _heading(comparison: Comparison, words: Words) -> str:
    n = len(comparison.runs)
    return words.ngettext("%(n)s run compared", "%(n)s runs compared", n) % {"n": words.count(n)}


def _agreement(comparison: Comparison, words: Words) -> str:
    """Write in a sentence whether the runs agree."""
    n, differing = len(comparison.rows), len(comparison.differing)
    if n == 0:
        return words.gettext("No claim was decided")
    if differing == 0:
        text = words.ngettext("The runs agree on the one claim", "The runs agree on all %(n)s claims", n)
        return text % {"n": words.count(n)}
    text = words.ngettext(
        "The runs differ on one of %(n)s claims",
        "The runs differ on %(differing)s of %(n)s claims",
        differing,
    )
    return text % {"n": words.count(n), "differing": words.count(differing)}
