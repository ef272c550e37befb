"""Several runs side by side: verdicts by claim and run, and what differs between the runs."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from layerclaims.decision import Parameter
from layerclaims.message import Message
from layerclaims.report.comparison.run_names import run_labels
from layerclaims.report.records.claim_facts import (
    WITHOUT_NUMBER,
    deciding_assertion,
    in_document_order,
    reason_without_number,
)
from layerclaims.report.records.evidence import AssertionRecord, ClaimRecord, Evidence
from layerclaims.text import visible

FOLLOWS: dict[str, Any] = {
    "name": True,
    "identity": True,
    "fallback_reason": True,
    "is_document_subject": True,
    "identified_by": True,
    "device_map": True,
    "unused_weights": {"names"},
    "text_loss": {"standard_error", "guess", "n_tokens", "n_passages"},
    "windows": {"merged", "spaced", "tokens"},
}
"""What follows from inputs that are compared, such as how a tokenizer merges marks with other characters."""

_HASH = re.compile(r"[0-9a-f]{40,}")
_HASH_DIGITS = 12


@dataclass(frozen=True)
class ComparedRun:
    """One run of the comparison.

    Attributes
    ----------
    letter : str
        A, B, ...: the run's name in tables.
    label : str
        Model, revision and text, and further differences where runs of one subject are compared.
    evidence : Evidence
    """

    letter: str
    label: str
    evidence: Evidence


@dataclass(frozen=True)
class Failure:
    """A subject without evidence, with the reason in a sentence."""

    label: str
    reason: str


@dataclass(frozen=True)
class ClaimRow:
    """One claim in all runs; None for a run that did not decide it."""

    id: str
    section: str
    statement: Message
    claims: tuple[ClaimRecord | None, ...]

    @property
    def lines(self) -> list[tuple[AssertionRecord | None, ...]]:
        """List the assertions that decided the claim in any run, each with its record in every run."""
        keys = dict.fromkeys(
            _key(decisive)
            for claim in self.claims
            if claim is not None and claim.verdict not in WITHOUT_NUMBER
            if (decisive := deciding_assertion(claim)) is not None and decisive.value is not None
        )
        return [tuple(_assertion(claim, key) for claim in self.claims) for key in keys]

    @property
    def differs(self) -> bool:
        """Whether runs that decided the claim have different verdicts; a claim decided in part has none."""
        return len({claim.verdict for claim in self.claims if claim and claim.verdict != "part"}) > 1


AssertionKey = tuple[str, frozenset[tuple[str, Parameter]]]


def _key(assertion: AssertionRecord) -> AssertionKey:
    return assertion.name, frozenset(assertion.arguments.items())


def _assertion(claim: ClaimRecord | None, key: AssertionKey) -> AssertionRecord | None:
    found = () if claim is None else (one for one in claim.assertions if _key(one) == key)
    return next(iter(found), None)


@dataclass(frozen=True)
class Difference:
    """An input, version or number that differs between runs; values are in the order of the runs."""

    group: str
    name: str
    values: tuple[str, ...]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Count the runs by value, the most frequent first."""
        return Counter(self.values).most_common()


@dataclass(frozen=True)
class Comparison:
    """Runs, the matrix of claims by runs, the differences, and the subjects that could not be measured."""

    runs: list[ComparedRun]
    rows: list[ClaimRow]
    differences: list[Difference]
    failures: list[Failure]

    @property
    def reasons(self) -> list[Message]:
        """List the reasons for claims that no number decided, each once, in the order of the rows."""
        found = (reason_without_number(claim) for row in self.rows for claim in row.claims if claim)
        return list(dict.fromkeys(reason for reason in found if reason))

    @property
    def differing(self) -> list[ClaimRow]:
        """Claims on which runs disagree."""
        return [row for row in self.rows if row.differs]


def compare(evidences: Sequence[Evidence], failures: Sequence[Failure] = ()) -> Comparison:
    """Compare runs, in the order given.

    Parameters
    ----------
    evidences : sequence of Evidence
    failures : sequence of Failure
        Subjects of the same sweep without evidence; they are only listed.

    Raises
    ------
    ValueError
        For fewer than two runs, including failed ones.
    """
    if len(evidences) + len(failures) < 2:
        raise ValueError(f"a comparison needs at least two runs, got {len(evidences) + len(failures)}")
    runs = [
        ComparedRun(_letter(place), label, evidence)
        for place, (label, evidence) in enumerate(zip(run_labels(evidences), evidences, strict=True))
    ]
    shown = [Failure(visible(failure.label), visible(failure.reason)) for failure in failures]
    return Comparison(runs, _rows(evidences), list(_differences(evidences)), shown)


def _letter(place: int) -> str:
    """Return the letters of a place: A to Z, then AA, AB, ..."""
    letters = chr(ord("A") + place % 26)
    return letters if place < 26 else _letter(place // 26 - 1) + letters


def _rows(evidences: Sequence[Evidence]) -> list[ClaimRow]:
    by_run = [{claim.id: claim for claim in evidence.claims} for evidence in evidences]
    first: dict[str, ClaimRecord] = {}
    for claims in by_run:
        for identity, claim in claims.items():
            first.setdefault(identity, claim)
    if not evidences:
        return []
    return [
        ClaimRow(claim.id, claim.section, claim.statement, tuple(claims.get(claim.id) for claims in by_run))
        for claim in in_document_order(first.values(), evidences[0].document)
    ]


def _differences(evidences: Sequence[Evidence]) -> Iterator[Difference]:
    """List the inputs, versions and choices that differ between runs."""
    described = [_described(evidence) for evidence in evidences]
    names = dict.fromkeys(name for description in described for name in description)
    for group, name in names:
        values = tuple(description.get((group, name), "") for description in described)
        if len(set(values)) > 1:
            yield Difference(group, name, values)


def _described(evidence: Evidence) -> dict[tuple[str, str], str]:
    """Map group and name of a run's inputs, versions and choices to the value's text."""
    subject = evidence.subject.model_dump(exclude=FOLLOWS)
    found = {("document", "title"): evidence.document.title} | {
        ("subject", name): value for name, value in _flat(subject)
    }
    found |= {("specification", name): value for name, value in _flat(evidence.specification.model_dump())}
    found |= {("environment", name): value for name, value in _flat(evidence.environment)}
    found["run", "complete"] = "yes" if evidence.complete else "no"
    return found


def _text(value: object) -> str:
    """Write a value with as many digits as tell it from others."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    text = str(value)
    return text[:_HASH_DIGITS] if _HASH.fullmatch(text) else text


def _flat(
    values: dict[str, object] | dict[str, str | dict[str, str]], prefix: str = ""
) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name} ")
        elif value is not None:
            yield f"{prefix}{name}".removeprefix("packages "), _text(value)
