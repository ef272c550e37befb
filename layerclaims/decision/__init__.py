"""Criteria, and the verdict that follows from an estimate and a criterion.

A verdict is read from the whole 95% interval, never from the point estimate alone: inside the
criterion it is *supported*, outside it *refuted*, across it *inconclusive*. An assertion whose rule raises
has the verdict *error*; a claim of which only some assertions were decided is decided in *part*, and has no
verdict.

A claim is supported when all of its assertions are, and refuted when any is. So the more assertions it has,
the more often one of them is refuted by chance; `corrected` accounts for that.
"""

from layerclaims.decision.claim_verdict import ClaimVerdict, combine, corrected, part_of
from layerclaims.decision.criterion import UNDECIDED, VERDICT_WORDS, Criterion, Relation, Verdict
from layerclaims.decision.decision import (
    Decision,
    Finding,
    Parameter,
    decide,
    decide_jointly,
    measured,
    not_applicable,
    raised,
    reason_of,
)

__all__ = [
    "UNDECIDED",
    "VERDICT_WORDS",
    "ClaimVerdict",
    "Criterion",
    "Decision",
    "Finding",
    "Parameter",
    "Relation",
    "Verdict",
    "combine",
    "corrected",
    "decide",
    "decide_jointly",
    "measured",
    "not_applicable",
    "part_of",
    "raised",
    "reason_of",
]
