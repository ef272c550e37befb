"""One assertion's outcome: an estimate held against a criterion, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.statistics.estimate import Estimate, joint_estimate
from layerclaims.decision.criterion import VERDICT_WORDS, Criterion, Verdict
from layerclaims.decision.shortfall import shortfall
from layerclaims.message import Measured, Message, message
from layerclaims.text import shorten, visible

Parameter: TypeAlias = str | int | float

LONGEST_ERROR = 300
"""Characters of an error's text that are kept."""


@dataclass(frozen=True)
class Finding:
    """What one of several rules finds that measure the same quantity.

    Attributes
    ----------
    rule : Message
        Its name.
    is_main : bool
        Whether the assertion needs this rule's agreement to be supported.
    estimate : Estimate
    """

    rule: Message
    is_main: bool
    estimate: Estimate


@dataclass(frozen=True)
class Decision:
    """One assertion's outcome: what was measured, what was asked, and what follows.

    Attributes
    ----------
    quantity : Message
        What was measured, in words that continue into "... is 3.2".
    parameters : dict
        What tells this assertion from the claim's others: kind, layer, factor, ...
    estimate, criterion : or None
        Both absent if and only if the verdict is one of `UNDECIDED`.
    reason : Message or None
        The missing precondition where not applicable, what was raised where an error, else `None`.
    findings : tuple of Finding
        Where several rules decide together; see `decide_jointly`.
    """

    verdict: Verdict
    quantity: Message
    parameters: dict[str, Parameter] = field(default_factory=dict)
    estimate: Estimate | None = None
    criterion: Criterion | None = None
    reason: Message | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def supported(self) -> bool:
        """Whether the assertion holds over its whole interval."""
        return self.verdict == "supported"

    @property
    def sentence(self) -> Message:
        """The number, its interval, the criterion and the verdict; or why there is none."""
        if self.estimate is None or self.criterion is None:
            assert self.reason is not None
            if self.verdict == "error":
                return message("error: {reason}", reason=self.reason)
            return message("not applicable: {reason}", reason=self.reason)
        found = message(
            "{quantity} is {measured}; the criterion is {criterion}: {verdict}",
            quantity=self.quantity,
            measured=measured(self.estimate),
            criterion=self.criterion.words,
            verdict=VERDICT_WORDS[self.verdict],
        )
        if self.shortfall is None:
            return found
        return message("{found}; {shortfall}", found=found, shortfall=self.shortfall)

    @property
    def shortfall(self) -> Message | None:
        """Which way a number goes and by how much it misses, where refuted or inconclusive.

        Where that would be refuted and is not, other rules leave it open: then also how many of them.
        """
        if self.supported or self.estimate is None or self.criterion is None:
            return None
        asked = self.criterion
        missed = shortfall(self.estimate, asked.relation, asked.bound, asked.upper, asked.no_effect)
        if not self.findings or self.verdict in ("refuted", asked.judge(self.estimate)):
            return missed
        reaching = [one for one in self.findings if asked.judge(one.estimate) != "refuted"]
        return message(
            "{missed}; by {n} of {all} rules it meets the criterion, or may meet it",
            missed=missed,
            n=len(reaching),
            all=len(self.findings),
        )

    @property
    def message(self) -> str:
        """The sentence in English, for a failing test."""
        return str(self.sentence)


def measured(estimate: Estimate) -> Measured:
    """Turn an estimate into a message's value: number, unit and interval."""
    return Measured(
        value=estimate.value, low=estimate.low, high=estimate.high, unit=estimate.unit, level=estimate.level
    )


def decide(
    quantity: Message,
    estimate: Estimate,
    criterion: Criterion,
    parameters: dict[str, Parameter] | None = None,
) -> Decision:
    """Hold an estimate against a criterion."""
    return Decision(criterion.judge(estimate), quantity, parameters or {}, estimate, criterion)


def decide_jointly(
    quantity: Message,
    findings: Sequence[Finding],
    criterion: Criterion,
    parameters: dict[str, Parameter] | None = None,
) -> Decision:
    """Decide by several rules that measure the same quantity, none of which alone can be relied on.

    Supported where every main rule's whole interval meets the criterion. Refuted only where no rule's
    interval reaches it, so that a refutation holds whichever of the rules is right. Inconclusive otherwise.

    Parameters
    ----------
    quantity, criterion, parameters :
        As `decide`.
    findings : sequence of Finding
        At least one of a main rule.

    Returns
    -------
    Decision
        Its estimate is the first main rule's number, with an interval that holds those of all main rules.
    """
    main = [finding.estimate for finding in findings if finding.is_main]
    if not main:
        raise ValueError("a joint decision needs at least one main rule")
    verdict = _joint_verdict(findings, criterion)
    joint = joint_estimate(main)
    return Decision(verdict, quantity, parameters or {}, joint, criterion, findings=tuple(findings))


def _joint_verdict(findings: Sequence[Finding], criterion: Criterion) -> Verdict:
    if all(criterion.judge(finding.estimate) == "supported" for finding in findings if finding.is_main):
        return "supported"
    if all(criterion.judge(finding.estimate) == "refuted" for finding in findings):
        return "refuted"
    return "inconclusive"


def not_applicable(
    quantity: Message, reason: Message, parameters: dict[str, Parameter] | None = None
) -> Decision:
    """Say that a precondition is absent, and which."""
    return Decision("not_applicable", quantity, parameters or {}, reason=reason)


def raised(
    quantity: Message, error: BaseException, parameters: dict[str, Parameter] | None = None
) -> Decision:
    """Say that a test or its rule raised an error instead of deciding, and which."""
    kind = type(error).__name__
    text = shorten(visible(" ".join(str(error).split())), LONGEST_ERROR)
    if isinstance(error, UndefinedResultError):
        reason = message("its result is undefined here: {reason}", reason=reason_of(error))
    elif text:
        reason = message("its test raised {error}: {text}", error=kind, text=text)
    else:
        reason = message("its test raised {error}", error=kind)
    return Decision("error", quantity, parameters or {}, reason=reason)


def reason_of(error: UndefinedResultError) -> Message:
    """Turn the analysis's error into a message, whose translations are collected from where it is raised."""
    return Message(text=error.template, values=dict(error.values))
