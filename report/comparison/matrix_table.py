"""The comparison's matrix as data: a row for each claim and run, with the deciding number."""

from layerclaims.report.comparison.comparison import Comparison
from layerclaims.report.figures.criterion import ASSERTION_COLUMNS, assertion_cells
from layerclaims.report.figures.drawing import Table
from layerclaims.report.records.claim_facts import deciding_assertion, held_untrained


def matrix_table(comparison: Comparison) -> Table:
    """List every verdict with the assertion, value and criterion that decided it."""
    columns = ("run", "label", "model", "revision", "text", "claim", "verdict", "held_untrained", "kind")
    table = Table((*columns, *ASSERTION_COLUMNS))
    for row in comparison.rows:
        for run, claim in zip(comparison.runs, row.claims, strict=True):
            if claim is None:
                continue
            subject = run.evidence.subject
            named = (run.letter, run.label, subject.model, subject.revision_name, subject.corpus.name)
            decisive = deciding_assertion(claim)
            kind = None if decisive is None else decisive.parameters.get("kind")
            verdicts = (row.id, claim.verdict, _yes_or_no(held_untrained(claim)), kind)
            table.rows.append((*named, *verdicts, *assertion_cells(decisive)))
    return table


def _yes_or_no(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"
