"""The comparison of several runs as a page, and in words for the terminal."""

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from report.comparison import Comparison, Failure, compare
from report.evidence import Evidence
from report.files import write_atomically
from report.language import Words, load_words
from report.page import page_environment, policy, stylesheet
from report.reading import VERDICTS
from report.render import FIGURE_DIR, save_drawing
from report.store import read_evidence
from report.study import Study
from report.terminal import SYMBOLS, verdict_words
from report.text import literal, shorten

PAGE_NAME = "comparison.html"

_REASON_LIMIT = 300


def read_runs(paths: Sequence[Path], failures: Sequence[Failure] = ()) -> Comparison:
    """Read several runs' evidence and put them side by side, with the subjects that left none.

    Raises
    ------
    EvidenceError
        If one of them cannot be used.
    """
    evidences = [Evidence.model_validate(literal(read_evidence(path).model_dump())) for path in paths]
    return compare(evidences, failures)


def write_comparison(comparison: Comparison, folder: Path, lang: str = "en") -> Path:
    """Write the page that shows a comparison, and the data of its figure beside it."""
    from matplotlib.style import context

    from report.figures.overlay import draw_overlay
    from report.svg import drawing_style

    words = load_words(lang)
    with context(drawing_style()):
        drawing = draw_overlay({run.letter: Study(run.evidence, None, words) for run in comparison.runs})
        figure = None if drawing is None else save_drawing(drawing, folder / FIGURE_DIR)
    sheet = stylesheet()
    page = page_environment(words).get_template("compare.html.j2")
    text = page.render(
        language=lang,
        stylesheet=Markup(sheet),
        policy=policy(sheet),
        comparison=comparison,
        figure=figure,
        heading=_heading(comparison, words),
        agreement=_agreement(comparison, words),
    )
    write_atomically(folder / PAGE_NAME, text)
    return folder / PAGE_NAME


def comparison_text(comparison: Comparison, width: int = 80) -> str:
    """Lay out the matrix of verdicts and the differences for a terminal."""
    lines = [f"{run.letter}  {shorten(run.label, width - 4)}" for run in comparison.runs]
    letters = "  ".join(run.letter for run in comparison.runs)
    lines += ["", f"{'claim':<34} {letters}"]
    for row in comparison.rows:
        signs = (
            f"{'·' if claim is None else SYMBOLS[claim.verdict]:<{len(run.letter)}}"
            for claim, run in zip(row.claims, comparison.runs, strict=True)
        )
        mark = "  differs" if row.differs else ""
        lines.append(f"{shorten(row.id, 34):<34} {'  '.join(signs)}{mark}")
    key = ", ".join(f"{SYMBOLS[verdict]} {verdict_words(verdict)}" for verdict in VERDICTS)
    lines += [f"{key}, · not run", ""]
    for difference in comparison.differences:
        room = max((width - 26) // len(difference.values) - 3, 12)
        values = " | ".join(shorten(value or "–", room) for value in difference.values)
        lines.append(f"{shorten(difference.name, 24):<24}  {values}")
    for failure in comparison.failures:
        lines.append(f"not measured: {failure.label}: {shorten(failure.reason, _REASON_LIMIT)}")
    return "\n".join([*lines, "", _agreement(comparison, load_words("en"))])


def _heading(comparison: Comparison, words: Words) -> str:
    n = len(comparison.runs)
    return words.ngettext("%(n)s run", "%(n)s runs compared", n) % {"n": words.count(n)}


def _agreement(comparison: Comparison, words: Words) -> str:
    """Say in a sentence whether the runs agree."""
    n, differing = len(comparison.rows), len(comparison.differing)
    if differing == 0:
        text = words.ngettext("The runs agree on the one claim", "The runs agree on all %(n)s claims", n)
        return text % {"n": words.count(n)}
    text = words.ngettext(
        "The runs differ on one of %(n)s claims",
        "The runs differ on %(differing)s of %(n)s claims",
        differing,
    )
    return text % {"n": words.count(n), "differing": words.count(differing)}
