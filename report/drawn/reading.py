"""Read a study from the files of a run."""

from pathlib import Path

from layerclaims.report.language.words import load_words
from layerclaims.report.records.evidence import POINTS_NAME, Evidence
from layerclaims.report.records.report_folder import strangers
from layerclaims.report.records.store import check_points, drop_undefined, read_evidence, read_points
from layerclaims.report.study import Study
from layerclaims.text import literal


def read_study(folder: Path, lang: str) -> Study:
    """Read evidence and sampled pairs, as a page shows them.

    Raises
    ------
    EvidenceError
        If they cannot be used.
    ValueError
        If there is no such language.
    """
    words = load_words(lang)
    evidence = read_evidence(folder)
    points = None
    if POINTS_NAME not in strangers(folder, evidence.run):
        points = read_points(folder)
    if points is not None:
        check_points(evidence, points)
        points = drop_undefined(points)
    shown = shown_evidence(evidence)
    return Study(shown, points, words.of_document(shown.document))


def shown_evidence(evidence: Evidence) -> Evidence:
    """Return evidence as a page shows it: what is left of control characters in it is visible."""
    return Evidence.model_validate(literal(evidence.model_dump()))
