"""Criteria, and the verdict that follows from an estimate and a criterion.

A verdict is read from the whole 95% interval, never from the point estimate alone: inside the
criterion it is *supported*, outside it *refuted*, across it *inconclusive*. An assertion whose rule raises
has the verdict *error*; a claim of which only some assertions were decided is decided in *part*, and has no
verdict.

A claim is supported when all of its assertions are, and refuted when any is. So the more assertions it has,
the more often one of them is refuted by chance; `corrected` accounts for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.statistics.estimate import LEVEL, Estimate, joint_estimate
from layerclaims.message import Measured, Message, message
from layerclaims.shortfall import shortfall
from layerclaims.text import shorten, visible

Verdict: TypeAlias = Literal["supported", "refuted", "inconclusive", "not_applicable", "error"]
ClaimVerdict: TypeAlias = Verdict | Literal["part"]
"""Of a whole claim; ``"part"`` where some of its assertions were not decided, so that it has none."""

UNDECIDED: tuple[Verdict, ...] = ("not_applicable", "error")
"""Verdicts without a number and a criterion."""

Relation: TypeAlias = Literal["at least", "at most", "above", "below", "exactly", "within"]
Parameter: TypeAlias = str | int | float

LONGEST_ERROR = 300
"""Characters of an error's text that are kept."""

VERDICT_WORDS: dict[Verdict, Message] = {
    "supported": message("supported"),
    "refuted": message("refuted"),
    "inconclusive": message("inconclusive"),
    "not_applicable": message("not applicable"),
    "error": message("error"),
}


@dataclass(frozen=True)
class Criterion:
    """What an estimate is held against, fixed before measuring.

    Attributes
    ----------
    relation : str
        How the estimate must stand to ``bound``; ``"within"`` uses ``bound`` and ``upper``.
    bound : float
        The number that decides, in the estimate's unit.
    reason : Message
        Why this number, in one or two sentences.
    upper : float or None
        The upper end for ``"within"``.
    no_effect : float or None
        The number that means no effect: 1 for a ratio, 0 for a number whose sign is its direction.
    """

    relation: Relation
    bound: float
    reason: Message
    upper: float | None = None
    no_effect: float | None = None

    def __post_init__(self) -> None:
        """Ask for the upper end exactly where it is used."""
        if (self.relation == "within") != (self.upper is not None):
            raise ValueError("a criterion has an upper end if and only if its relation is 'within'")

    @property
    def text(self) -> str:
        """The criterion in words, such as ``at least 10``."""
        if self.upper is not None:
            return f"within {self.bound:g} to {self.upper:g}"
        return f"{self.relation} {self.bound:g}"

    @property
    def words(self) -> Message:
        """The criterion as a message."""
        bound = self.bound
        match self.relation:
            case "at least":
                return message("at least {bound}", bound=bound)
            case "at most":
                return message("at most {bound}", bound=bound)
            case "above":
                return message("above {bound}", bound=bound)
            case "below":
                return message("below {bound}", bound=bound)
            case "exactly":
                return message("exactly {bound}", bound=bound)
            case "within":
                assert self.upper is not None
                return message("within {bound} to {upper}", bound=bound, upper=self.upper)

    def holds(self, value: float) -> bool:
        """Tell whether a single number meets the criterion."""
        match self.relation:
            case "at least":
                return value >= self.bound
            case "at most":
                return value <= self.bound
            case "above":
                return value > self.bound
            case "below":
                return value < self.bound
            case "exactly":
                return value == self.bound
            case "within":
                assert self.upper is not None
                return self.bound <= value <= self.upper

    def margin(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Tell how far numbers lie inside a one-sided criterion; below 0 outside.

        Raises
        ------
        ValueError
            For ``"exactly"`` and ``"within"``, which have two sides.
        """
        if self.relation in ("exactly", "within"):
            raise ValueError(f"a criterion {self.relation!r} has two sides")
        return values - self.bound if self.relation in ("at least", "above") else self.bound - values

    def judge(self, estimate: Estimate) -> Verdict:
        """Read the verdict from the whole interval."""
        if self.holds(estimate.low) and self.holds(estimate.high):
            return "supported"
        if self._interval_reaches(estimate):
            return "inconclusive"
        return "refuted"

    def undecided(self, estimate: Estimate) -> list[tuple[float, float]]:
        """Return the values that would have been inconclusive, had their interval been as wide as this one.

        How far they reach from the criterion is the smallest effect that could have been told. The interval
        of a ratio, whose unit is ``"times"``, is taken to grow with it; any other is moved as it is.

        Returns
        -------
        list of tuple of float
            A range around each end of the criterion. Empty for exact quantities and for ``"exactly"``, which
            asks for a count: its interval has no width that could be moved.
        """
        if estimate.low == estimate.high or self.relation == "exactly":
            return []
        ends = [self.bound] if self.upper is None else [self.bound, self.upper]
        if estimate.unit == "times" and min(estimate.low, *ends) > 0:
            return [
                (end * estimate.value / estimate.high, end * estimate.value / estimate.low) for end in ends
            ]
        return [
            (end - (estimate.high - estimate.value), end + (estimate.value - estimate.low)) for end in ends
        ]

    def _interval_reaches(self, estimate: Estimate) -> bool:
        """Tell whether any number of the interval meets the criterion."""
        if self.relation in ("exactly", "within"):
            upper = self.bound if self.upper is None else self.upper
            return estimate.low <= upper and estimate.high >= self.bound
        return self.holds(estimate.low) or self.holds(estimate.high)


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
        """Which way a number goes and by how much it misses, where refuted or inconclusive."""
        if self.supported or self.estimate is None or self.criterion is None:
            return None
        asked = self.criterion
        return shortfall(self.estimate, asked.relation, asked.bound, asked.upper, asked.no_effect)

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
