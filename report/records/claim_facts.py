"""What a reader wants first from a claim: the assertion that decided it, and how far to trust it."""

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from layerclaims.decision import Verdict, combine
from layerclaims.report.records.evidence import AssertionRecord, ClaimRecord, ControlRecord, CriterionRecord

VERDICTS: tuple[Verdict, ...] = ("supported", "refuted", "inconclusive", "not_applicable")

_SIGNS = {"at least": "≥", "at most": "≤", "above": ">", "below": "<", "exactly": "="}

# The verdict that a claim takes from its assertions comes from the first of these that occurs.
_DECISIVE: tuple[Verdict, ...] = ("refuted", "inconclusive", "supported", "not_applicable")


def verdict_words(verdict: Verdict) -> str:
    """Write a verdict as its word."""
    return verdict.replace("_", " ")


def in_document_order(claims: Iterable[ClaimRecord]) -> list[ClaimRecord]:
    """Order claims by the document's sections; what stands elsewhere, as in its companion, comes last."""

    def place(claim: ClaimRecord) -> tuple[int, ...]:
        numbers = re.match(r"\d+(\.\d+)*", claim.section)
        return tuple(map(int, numbers.group().split("."))) if numbers else (sys.maxsize,)

    return sorted(claims, key=place)


def deciding_assertion(claim: ClaimRecord) -> AssertionRecord | None:
    """Pick the assertion that gave the claim its verdict: the first of the least favourable ones."""
    ranked = sorted(claim.assertions, key=lambda assertion: _DECISIVE.index(assertion.verdict))
    return ranked[0] if ranked else None


def reason_not_applicable(claim: ClaimRecord) -> str:
    """Give the missing precondition of a claim that was not applicable, else an empty text."""
    decisive = deciding_assertion(claim)
    if claim.verdict != "not_applicable" or decisive is None:
        return ""
    return decisive.message.removeprefix("not applicable: ")


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    holds: int
    of: int


@dataclass(frozen=True)
class ControlOutcome:
    """What became of a whole claim in one control.

    Attributes
    ----------
    control, description : str
    verdict : str
        That of the claim, if the control were the subject.
    holds : Share
        Assertions that hold, of those that apply.
    shown : ControlRecord
        Of the assertion that decided the claim on the subject itself, where it was measured again.
    """

    control: str
    description: str
    verdict: Verdict
    holds: Share
    shown: ControlRecord


def control_outcomes(claim: ClaimRecord) -> list[ControlOutcome]:
    """Gather each control's assertions into what becomes of the claim there."""
    by_control: dict[str, list[ControlRecord]] = {}
    for record in claim.controls:
        by_control.setdefault(record.control, []).append(record)
    return [_outcome(claim, records) for records in by_control.values()]


def _outcome(claim: ClaimRecord, records: list[ControlRecord]) -> ControlOutcome:
    decisive = deciding_assertion(claim)
    same = (record for record in records if decisive is not None and record.assertion == decisive.name)
    applicable = [record for record in records if record.verdict != "not_applicable"]
    return ControlOutcome(
        control=records[0].control,
        description=records[0].description,
        verdict=combine([record.verdict for record in records]),
        holds=Share(sum(record.verdict == "supported" for record in applicable), len(applicable)),
        shown=next(same, records[0]),
    )


def untrained_verdict(claim: ClaimRecord) -> Verdict | None:
    """Give the claim's verdict on untrained weights; None where they were not measured."""
    outcomes = control_outcomes(claim)
    return next((outcome.verdict for outcome in outcomes if outcome.control == "untrained"), None)


def holds_untrained(claim: ClaimRecord) -> bool:
    """Tell whether a supported claim holds for untrained weights as well: it was not learned then."""
    return claim.verdict == "supported" and untrained_verdict(claim) == "supported"


def controls_that_hold(claim: ClaimRecord) -> Share | None:
    """Count the controls in which the claim holds as well; where it tests something, few do."""
    verdicts = [outcome.verdict for outcome in control_outcomes(claim) if outcome.verdict != "not_applicable"]
    return Share(verdicts.count("supported"), len(verdicts)) if verdicts else None


def specifications_that_hold(claim: ClaimRecord) -> Share | None:
    """Count the specifications under which the claim is supported; None where it applies under none."""
    curve = claim.specifications
    if curve is None or all(result.verdict == "not_applicable" for result in curve.results):
        return None
    return Share(curve.n_supported, curve.n)


def short_criterion(criterion: CriterionRecord, number: Callable[[float], str]) -> str:
    """Write a criterion with signs, such as ``≥ 10``."""
    if criterion.upper is not None:
        return f"{number(criterion.bound)} – {number(criterion.upper)}"
    return f"{_SIGNS[criterion.relation]} {number(criterion.bound)}"
