"""Facts about a claim that pages and tables show: the deciding assertion, controls and specifications."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from layerclaims.decision import UNDECIDED, ClaimVerdict, Verdict, combine, part_of
from layerclaims.message import KindName, Message, message
from layerclaims.report.records.evidence import (
    AssertionRecord,
    ClaimRecord,
    ControlRecord,
    CriterionRecord,
    DocumentRecord,
)

VERDICTS: tuple[ClaimVerdict, ...] = (
    "supported",
    "refuted",
    "inconclusive",
    "not_applicable",
    "error",
    "part",
)
WITHOUT_NUMBER: tuple[ClaimVerdict, ...] = ("not_applicable", "error", "part")
"""Verdicts that no number decided: a reason stands in its place."""

_SIGNS = {"at least": "≥", "at most": "≤", "above": ">", "below": "<", "exactly": "="}

# The verdict that a claim takes from its assertions comes from the first of these that occurs.
_DECISIVE: tuple[Verdict, ...] = ("error", "refuted", "inconclusive", "supported", "not_applicable")


def verdict_words(verdict: ClaimVerdict) -> str:
    """Write a verdict as its word."""
    return verdict.replace("_", " ")


def in_document_order(claims: Iterable[ClaimRecord], document: DocumentRecord) -> list[ClaimRecord]:
    """Order claims by the document's sections; claims of sections that it does not list come last."""
    places = {section: place for place, section in enumerate(document.sections)}
    return sorted(claims, key=lambda claim: places.get(claim.section, len(places)))


def by_importance(claim: ClaimRecord) -> list[AssertionRecord]:
    """Order a claim's assertions by how much they decide: the least favourable verdict first."""
    return sorted(claim.assertions, key=lambda assertion: _DECISIVE.index(assertion.verdict))


def deciding_assertion(claim: ClaimRecord) -> AssertionRecord | None:
    """Return the assertion that decided the claim: the first with the least favourable verdict."""
    ranked = by_importance(claim)
    return ranked[0] if ranked else None


def decided_by_rules(claim: ClaimRecord) -> list[AssertionRecord]:
    """List the assertions that several rules decide together, each quantity and criterion once."""
    found = {
        (str(assertion.quantity), assertion.criterion): assertion
        for assertion in claim.assertions
        if assertion.findings
    }
    return list(found.values())


def reason_without_number(claim: ClaimRecord) -> Message | None:
    """Return why no number decided a claim, else `None`.

    It is the missing precondition of a claim that is not applicable, what an assertion raised, or how many
    assertions of a part were decided.
    """
    if claim.verdict == "part":
        return part_of(len(claim.assertions), claim.n_assertions or len(claim.assertions))
    decisive = deciding_assertion(claim)
    return decisive.reason if claim.verdict in WITHOUT_NUMBER and decisive is not None else None


def by_reason(claims: Iterable[ClaimRecord]) -> list[tuple[Message | None, list[ClaimRecord]]]:
    """Group claims by the reason for which no number decided them, each reason once."""
    groups: dict[Message | None, list[ClaimRecord]] = {}
    for claim in claims:
        groups.setdefault(reason_without_number(claim), []).append(claim)
    return list(groups.items())


def shortfalls(claim: ClaimRecord, document: DocumentRecord) -> list[Message]:
    """Say of each assertion that is refuted or inconclusive how it misses, with its kind of token."""
    plurals = {kind.key: kind.plural["en"] for kind in document.kinds}
    found = []
    for assertion in claim.assertions:
        if assertion.shortfall is None or claim.verdict in WITHOUT_NUMBER:
            continue
        kind = str(assertion.parameters.get("kind", ""))
        if kind in plurals:
            name = KindName(kind=kind, form="plural", english=plurals[kind])
            found.append(message("{kind}: {shortfall}", kind=name, shortfall=assertion.shortfall))
        else:
            found.append(assertion.shortfall)
    return [one for place, one in enumerate(found) if one not in found[:place]]


def is_identity(claim: ClaimRecord) -> bool:
    """Return whether a claim is true by construction, whatever the model."""
    return claim.nature == "identity"


@dataclass(frozen=True)
class Share:
    """``holds`` of ``of``."""

    holds: int
    of: int


@dataclass(frozen=True)
class ControlOutcome:
    """The verdict of a whole claim in one control.

    Attributes
    ----------
    control : str
    description : Message
    verdict : str
        Of the claim, decided on the control instead of the subject.
    holds : Share
        Assertions that hold, of those that apply.
    shown : ControlRecord
        The record of the assertion that decided the claim on the subject, or of the first one.
    """

    control: str
    description: Message
    verdict: Verdict
    holds: Share
    shown: ControlRecord


def control_outcomes(claim: ClaimRecord) -> list[ControlOutcome]:
    """Combine each control's assertions into the claim's verdict there."""
    by_control: dict[str, list[ControlRecord]] = {}
    for record in claim.controls:
        by_control.setdefault(record.control, []).append(record)
    return [_outcome(claim, records) for records in by_control.values()]


def _outcome(claim: ClaimRecord, records: list[ControlRecord]) -> ControlOutcome:
    decisive = deciding_assertion(claim)
    same = (record for record in records if decisive is not None and _is_of(record, decisive))
    applicable = [record for record in records if record.verdict not in UNDECIDED]
    return ControlOutcome(
        control=records[0].control,
        description=records[0].description,
        verdict=combine([record.verdict for record in records]),
        holds=Share(sum(record.verdict == "supported" for record in applicable), len(applicable)),
        shown=next(same, records[0]),
    )


def controls_of(claim: ClaimRecord, assertion: AssertionRecord) -> list[ControlRecord]:
    """List an assertion's outcomes in the controls."""
    return [record for record in claim.controls if _is_of(record, assertion)]


def _is_of(record: ControlRecord, assertion: AssertionRecord) -> bool:
    return (record.assertion, record.arguments) == (assertion.name, assertion.arguments)


def held_untrained(claim: ClaimRecord) -> bool | None:
    """Return whether untrained twins reach what a claim's numbers are, so that it was not learned.

    Returns
    -------
    bool or None
        `None` for identities, which no model could fail, and where no number was compared with twins. True
        if no assertion's number is learned, and all that have a number could be compared.
    """
    if is_identity(claim):
        return None
    learned = [one.twins.learned for one in claim.assertions if one.twins and one.verdict not in UNDECIDED]
    if all(one is None for one in learned):
        return None
    return all(one is False for one in learned)


def not_by_learning(claim: ClaimRecord) -> bool:
    """Return whether a claim is supported and untrained twins reach its numbers as well."""
    return claim.verdict == "supported" and held_untrained(claim) is True


def twin_sentences(claim: ClaimRecord) -> list[Message]:
    """Say where the numbers that decided a claim lie among those of untrained twins."""
    decisive = deciding_assertion(claim)
    return [
        one.twins.sentence
        for one in claim.assertions
        if one.twins and decisive is not None and one.verdict == decisive.verdict
    ]


def controls_that_hold(claim: ClaimRecord) -> Share | None:
    """Count the controls in which the claim holds as well, of those in which it applies."""
    verdicts = [outcome.verdict for outcome in control_outcomes(claim) if outcome.verdict not in UNDECIDED]
    return Share(verdicts.count("supported"), len(verdicts)) if verdicts else None


def specifications_that_hold(claim: ClaimRecord) -> Share | None:
    """Count the specifications under which the claim is supported; None where it applies under none."""
    curve = claim.specifications
    if curve is None or all(result.verdict in UNDECIDED for result in curve.results):
        return None
    return Share(curve.n_supported, curve.n)


def specifications_that_agree(claim: ClaimRecord) -> Share | None:
    """Count the specifications that give the claim's own verdict; None where none was measured."""
    curve = claim.specifications
    if curve is None or not curve.results:
        return None
    return Share(sum(result.verdict == claim.verdict for result in curve.results), len(curve.results))


def short_criterion(criterion: CriterionRecord, number: Callable[[float], str]) -> str:
    """Write a criterion with signs, such as ``≥ 10``."""
    if criterion.upper is not None:
        return f"{number(criterion.bound)} – {number(criterion.upper)}"
    return f"{_SIGNS[criterion.relation]} {number(criterion.bound)}"
