"""Parts of pages that are made from the project itself: ``python -m tests.docs.generated`` writes them anew.

Such a part stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``.
"""

import re
from collections.abc import Callable

from layerclaims.calibration.claim_reader import read_claims
from layerclaims.decision import combine
from layerclaims.message import format_number
from layerclaims.report.frames import TABLES, Report
from layerclaims.report.records.baseline import read_baseline
from layerclaims.report.records.claim_facts import verdict_words
from layerclaims.report.records.evidence import RecordedAssertion
from tests.command import ROOT

COLUMN = re.compile(r"^            (\w+) : (\w+)\n((?:                .*\n)+)", re.MULTILINE)


def columns() -> str:
    """List every frame's columns, from the descriptions of its property."""
    return "\n".join(_columns(name) for name in TABLES)


def _columns(name: str) -> str:
    text = getattr(Report, name).__doc__
    text = text.replace("``", "`")
    head = " ".join(text.split("Returns\n")[0].split()).removeprefix("Return ")
    described = [(column, kind, " ".join(what.split())) for column, kind, what in COLUMN.findall(text)]
    rows = [f"| `{column}` | {kind} | {what} |" for column, kind, what in described]
    return "\n".join(
        [
            f"### {name}\n",
            f"{head[0].upper()}{head[1:]}\n",
            "| column | type | what it is |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def results() -> str:
    """Table the study's claims with the recorded verdicts and the assertions that decided them."""
    recorded = read_baseline(ROOT / "baselines" / "smollm2-135m-on-embedded.json").assertions
    claims, rows = read_claims(), []
    for claim_id in dict.fromkeys(one.claim for one in recorded):
        claim = claims[claim_id][0].claim
        found = [one for one in recorded if one.claim == claim_id]
        verdict = combine([one.verdict for one in found])
        deciding = next(one for one in found if one.verdict == verdict)
        note = ", by construction" if claim.nature == "identity" else ""
        rows.append(f"| {claim.statement} | {verdict_words(verdict)}{note} | {_number(deciding)} |")
    return "\n".join(["| claim | verdict | measured; criterion |", "|---|---|---|", *rows, ""])


def _number(one: RecordedAssertion) -> str:
    if one.value is None or one.interval is None:
        return "–"
    low, high = map(format_number, one.interval)
    interval = "" if low == high else f" ({low} to {high})"
    return f"{format_number(one.value)}{interval}; {one.criterion}"


GENERATED: dict[tuple[str, str], Callable[[], str]] = {
    ("docs/data.md", "columns"): columns,
    ("README.md", "results"): results,
}
"""Page and name of each such part, and what makes it."""


def split(page: str, name: str) -> tuple[str, str, str]:
    """Split a page into what stands before a part, the part, and what stands after it."""
    text = (ROOT / page).read_text(encoding="utf-8")
    before, begin, rest = text.partition(f"<!-- begin {name} -->\n")
    part, end, after = rest.partition(f"<!-- end {name} -->")
    assert begin, f"{page} has no part {name}"
    assert end, f"{page} has no end of {name}"
    return before + begin, part, end + after


if __name__ == "__main__":
    for (page, name), make in GENERATED.items():
        before, _, after = split(page, name)
        (ROOT / page).write_text(before + make() + after, encoding="utf-8")
