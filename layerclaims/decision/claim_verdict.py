"""What a claim's assertions add up to."""

from dataclasses import replace
from typing import Literal, TypeAlias

from layerclaims.analysis.statistics.estimate import LEVEL
from layerclaims.decision.criterion import Verdict
from layerclaims.decision.decision import Decision, decide_jointly
from layerclaims.message import Message, message

ClaimVerdict: TypeAlias = Verdict | Literal["part"]
"""Of a whole claim; ``"part"`` where some of its assertions were not decided, so that it has none."""


def corrected(decision: Decision, n_assertions: int) -> Decision:
    """Account for the number of assertions by which a claim may be refuted.

    An assertion is refuted only if its interval at level ``1 - 0.05 / n_assertions`` lies outside the
    criterion (Bonferroni). So a claim that is true is refuted by chance in at most 5%, however its assertions
    depend on each other. Holm's order of the assertions would refute no more claims, since its first step is
    this one.

    Supported needs no correction: a claim that is false has a false assertion, which its own 95% interval
    supports by chance in at most 5%, and all of them must be supported (an intersection-union test).

    Parameters
    ----------
    decision : Decision
        At the usual level.
    n_assertions : int
        Of the claim.

    Returns
    -------
    Decision
        *Inconclusive* where the decision was *refuted* and the wider interval reaches the criterion. A
        refuted one, too, has the wider interval, which decided; all others are returned as they are.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics
    6, 65-70.
    Berger (1982), Multiparameter hypothesis testing and acceptance sampling, Technometrics 24, 295-300.
    """
    if decision.verdict != "refuted" or n_assertions == 1:
        return decision
    assert decision.estimate is not None
    assert decision.criterion is not None
    level = 1 - (1 - LEVEL) / n_assertions
    if decision.findings:
        wider = [
            replace(found, estimate=found.estimate.at_level(level)) if found.is_main else found
            for found in decision.findings
        ]
        return decide_jointly(decision.quantity, wider, decision.criterion, decision.parameters)
    estimate = decision.estimate.at_level(level)
    return replace(decision, verdict=decision.criterion.judge(estimate), estimate=estimate)


def part_of(n: int, all_: int) -> Message:
    """Say how many of a claim's assertions were decided."""
    return message("{n} of {all} assertions", n=n, all=all_)


def combine(verdicts: list[Verdict]) -> Verdict:
    """Give a claim the verdict that its assertions add up to.

    A claim is refuted by one refuted assertion, supported when every applicable one is supported,
    and not applicable when none applies. Where one assertion is an error the others decide nothing.
    """
    if "error" in verdicts:
        return "error"
    applicable = {verdict for verdict in verdicts if verdict != "not_applicable"}
    if not applicable:
        return "not_applicable"
    if "refuted" in applicable:
        return "refuted"
    return "inconclusive" if "inconclusive" in applicable else "supported"
