"""Write a comparison as lines for a terminal: verdicts, support of each claim, differences, failures."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from layerclaims.report.comparison.comparison import Comparison, Difference
from layerclaims.report.comparison.support import Support, by_extent, supports
from layerclaims.report.language.words import Words
from layerclaims.report.page.sentences import input_name
from layerclaims.report.records.claim_facts import VERDICTS
from layerclaims.report.records.evidence import ClaimRecord
from layerclaims.report.terminal import SYMBOLS, UNLEARNED
from layerclaims.text import shorten

_ID_WIDTH = 34
_NOT_RUN = "·"
_GROUP = 5
"""Signs between two gaps, if each run has a line."""

_REASON_LIMIT = 300
_FEWEST_LETTERS = 12
"""Largest number of characters of a value, if the values of all runs are in one line."""


def matrix_lines(comparison: Comparison, width: int, words: Words) -> Iterator[str]:
    """Write verdicts: a line for each claim if all runs fit into it, else a line for each run."""
    columns = sum(len(run.letter) + 2 for run in comparison.runs)
    if _ID_WIDTH + columns + len("  100/100  differs") <= width:
        yield from _claim_lines(comparison, width, words)
    else:
        yield from _run_lines(comparison, width, words)
    found = {claim.verdict for row in comparison.rows for claim in row.claims if claim is not None}
    shown = [verdict for verdict in VERDICTS if verdict in found or verdict not in ("error", "part")]
    key = ", ".join(f"{SYMBOLS[verdict]} {words.verdict(verdict)}" for verdict in shown)
    yield words.gettext("%(verdicts)s, %(sign)s not run") % {"verdicts": key, "sign": _NOT_RUN}


def _claim_lines(comparison: Comparison, width: int, words: Words) -> Iterator[str]:
    for run in comparison.runs:
        yield f"{run.letter}  {shorten(run.label, width - 4)}"
    letters = "".join(f"  {run.letter}" for run in comparison.runs)
    yield ""
    heading = words.gettext("claim")
    yield f"{heading:<{_ID_WIDTH}}{letters}  {words.verdict('supported')}"
    for support in supports(comparison):
        signs = (
            f"  {_sign(claim):<{len(run.letter)}}"
            for claim, run in zip(support.row.claims, comparison.runs, strict=True)
        )
        name = shorten(support.row.id, _ID_WIDTH)
        mark = _differs(support, words)
        yield f"{name:<{_ID_WIDTH}}{''.join(signs)}  {_fraction(support)}{mark}"


def _run_lines(comparison: Comparison, width: int, words: Words) -> Iterator[str]:
    """List the claims with numbers, and write a line of signs for each run in the order of the numbers."""
    found = supports(comparison)
    heading = words.gettext("claim")
    yield f"    {heading:<{_ID_WIDTH}}  {words.verdict('supported')}"
    for number, support in enumerate(found, 1):
        mark = _differs(support, words)
        yield f"{number:>2}  {shorten(support.row.id, _ID_WIDTH):<{_ID_WIDTH}}  {_fraction(support)}{mark}"
    room = max(width - len(comparison.rows) - len(comparison.rows) // _GROUP - 2, _FEWEST_LETTERS)
    yield ""
    names = [f"{run.letter:<3} {run.label}" for run in comparison.runs]
    longest = min(max(map(len, names)), room)
    yield f"{'':<{longest}}  {_grouped(str(number % 10) for number in range(1, len(comparison.rows) + 1))}"
    for place, name in enumerate(names):
        signs = _grouped(_sign(row.claims[place]) for row in comparison.rows)
        yield f"{shorten(name, longest):<{longest}}  {signs}"


def _differs(support: Support, words: Words) -> str:
    mark = words.gettext("differs")
    return f"  {mark}" if support.row.differs else ""


def _grouped(signs: Iterator[str]) -> str:
    text = "".join(signs)
    return " ".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def _sign(claim: ClaimRecord | None) -> str:
    return _NOT_RUN if claim is None else SYMBOLS[claim.verdict]


def _fraction(support: Support) -> str:
    return f"{support.share.holds}/{support.share.of}"


def support_lines(found: Sequence[Support], width: int, words: Words) -> Iterator[str]:
    """List the claims by extent; claims that untrained weights support too are marked."""
    _ = words.gettext
    headings = {
        "everywhere": _("supported wherever they apply"),
        "some": _("supported in some runs"),
        "nowhere": _("supported in no run"),
        "not_applicable": _("applicable in no run"),
    }
    marked = False
    for extent, group in by_extent(found).items():
        names = [f"{support.row.id}{UNLEARNED if support.untrained.holds else ''}" for support in group]
        marked = marked or any(support.untrained.holds for support in group)
        text = f"{headings[extent]} ({len(group)}): {', '.join(names)}"
        yield from wrap(text, width, subsequent_indent="  ", break_on_hyphens=False)
    if marked:
        text = _("supported by untrained weights as well, where these were measured")
        yield f"  {UNLEARNED} {text}"


def difference_lines(differences: Sequence[Difference], width: int, words: Words) -> Iterator[str]:
    """Write a line for each difference: the value of every run, or the most frequent ones of many."""
    for difference in differences:
        room = (width - 26) // max(len(difference.values), 1) - 3
        if room >= _FEWEST_LETTERS:
            values = [shorten(value or "–", room) for value in difference.values]
        else:
            values = [f"{shorten(value or '–', 24)} ({n})" for value, n in difference.counts]
        name = shorten(input_name(difference.name, words), 24)
        yield _cut(f"{name:<24}  {' | '.join(values)}", width)


def _cut(text: str, width: int) -> str:
    """Cut a text to the width."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def failure_lines(comparison: Comparison, words: Words) -> Iterator[str]:
    """Name the subjects that could not be measured, with their reasons."""
    for failure in comparison.failures:
        yield words.gettext("not measured: %(run)s: %(reason)s") % {
            "run": failure.label,
            "reason": shorten(failure.reason, _REASON_LIMIT),
        }
