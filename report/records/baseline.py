"""Baselines: a subject's verdicts and numbers, in a file that is kept under version control.

The file holds nothing of when, where or how fast it was made, so the same subject gives the same bytes; each
assertion has a line of its own, so a difference between two versions shows what changed.
"""

import json
from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator

from layerclaims.message import Message, message
from layerclaims.report.records.claim_facts import in_document_order
from layerclaims.report.records.evidence import (
    AssertionRecord,
    ClaimRecord,
    Evidence,
    Record,
    RecordedAssertion,
    SpecificationRecord,
    Subject,
)
from layerclaims.report.records.store import EvidenceError, read_record
from layerclaims.serialization.files import write_atomically
from layerclaims.version import release

SIGNIFICANT_DIGITS = 6
"""As many as float32 has."""

DECIMALS = 12
"""Smaller differences are rounding: the smallest bound of a criterion is 1e-6."""

Key = tuple[str, str, str]


class WindowChoices(Record):
    """How windows were chosen; everything else about them follows from model and text."""

    context_before: int
    context_after: int
    skip_tokens: int
    sampling: str
    seed: int


class BaselineSubject(Record):
    """What was measured, as far as another subject would have other numbers."""

    model: str
    revision: str | None = None
    weights_sha256: str
    corpus: str
    corpus_sha256: str
    dtype: str
    tokens: dict[str, int]
    windows: WindowChoices | None = None


class Baseline(Record):
    """The verdicts and numbers of a subject."""

    schema_version: Literal[1] = 1
    layerclaims: str
    subject: BaselineSubject
    specification: SpecificationRecord
    assertions: list[RecordedAssertion]

    @model_validator(mode="after")
    def _records_each_assertion_once(self) -> Self:
        seen: set[Key] = set()
        for assertion in self.assertions:
            if key(assertion) in seen:
                raise ValueError(f"{assertion.claim!r} records {assertion.assertion!r} twice")
            seen.add(key(assertion))
        return self


def key(assertion: RecordedAssertion) -> Key:
    """Return what identifies an assertion among all others."""
    return assertion.claim, assertion.assertion, json.dumps(assertion.arguments, sort_keys=True)


def baseline_of(evidence: Evidence) -> Baseline:
    """Record what a run found.

    Raises
    ------
    EvidenceError
        If it does not say from which weights or text its activations come.
    """
    # Sorted first, so that the order in which the claims ran makes no difference.
    claims = in_document_order(sorted(evidence.claims, key=lambda claim: claim.id), evidence.document)
    return Baseline(
        layerclaims=release(),
        subject=identify(evidence.subject),
        specification=evidence.specification,
        assertions=[assertion for claim in claims for assertion in sorted(recorded(claim), key=key)],
    )


def identify(subject: Subject) -> BaselineSubject:
    """Return what identifies a subject.

    Raises
    ------
    EvidenceError
        If it does not say from which weights or text its activations come.
    """
    weights, text, windows = subject.weights_sha256, subject.corpus.sha256, subject.windows
    if weights is None or text is None:
        what = message("weights") if weights is None else message("text")
        raise EvidenceError("the measured activations do not say from which {what} they come", what=what)
    return BaselineSubject(
        model=subject.model,
        revision=subject.revision,
        weights_sha256=weights,
        corpus=subject.corpus.name,
        corpus_sha256=text,
        dtype=subject.dtype,
        tokens=subject.tokens,
        windows=windows and WindowChoices(**windows.model_dump(include=set(WindowChoices.model_fields))),
    )


def recorded(claim: ClaimRecord) -> list[RecordedAssertion]:
    """Bring a claim's assertions into the form in which they are recorded and compared."""
    return [recorded_assertion(claim.id, assertion) for assertion in claim.assertions]


def recorded_assertion(claim: str, assertion: AssertionRecord) -> RecordedAssertion:
    """Bring an assertion into the form in which it is recorded and compared."""
    interval = assertion.interval
    return RecordedAssertion(
        claim=claim,
        assertion=assertion.name,
        arguments=assertion.arguments,
        verdict=assertion.verdict,
        value=None if assertion.value is None else _rounded(assertion.value),
        interval=None if interval is None else (_rounded(interval[0]), _rounded(interval[1])),
        criterion=assertion.criterion.text if assertion.criterion else None,
    )


def _rounded(value: float) -> float:
    """Round so that order is kept: a value inside an interval stays inside."""
    return round(float(f"{value:.{SIGNIFICANT_DIGITS}g}"), DECIMALS) + 0.0  # no negative zero


def subject_differences(
    baseline: Baseline, subject: Subject, specification: SpecificationRecord
) -> list[Message]:
    """List in what the measured subject differs from the recorded one; empty where it is the same.

    Names and revisions may differ: the same weights can be had from the hub and from a folder.

    Raises
    ------
    EvidenceError
        If the subject does not say what it is.
    """
    own, other = baseline.subject, identify(subject)
    found = []
    for what, names, hashes in (
        (message("weights"), (own.model, other.model), (own.weights_sha256, other.weights_sha256)),
        (message("text"), (own.corpus, other.corpus), (own.corpus_sha256, other.corpus_sha256)),
    ):
        if hashes[0] != hashes[1]:
            was, now = (f"{digest[:12]} ({name})" for name, digest in zip(names, hashes, strict=True))
            found.append(message("{what} {was} recorded, {now} found", what=what, was=was, now=now))
    pairs: list[tuple[dict[str, object], dict[str, object]]] = [
        ({"dtype": own.dtype, "tokens": own.tokens}, {"dtype": other.dtype, "tokens": other.tokens}),
        (_fields(own.windows), _fields(other.windows)),
        (_fields(baseline.specification), _fields(specification)),
    ]
    for was_fields, now_fields in pairs:
        found += [
            message(
                "{what} {was} recorded, {now} found",
                what=name,
                was=_shown(was_fields, name),
                now=_shown(now_fields, name),
            )
            for name in {**was_fields, **now_fields}
            if was_fields.get(name) != now_fields.get(name)
        ]
    return found


def _shown(fields: dict[str, object], name: str) -> Message | str:
    return str(fields[name]) if name in fields else message("unknown")


def _fields(record: Record | None) -> dict[str, object]:
    return {} if record is None else record.model_dump()


def read_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Raises
    ------
    EvidenceError
        If there is none, or it is not valid; says what and where.
    """
    return read_record(path, Baseline, message("baseline"))


def write_baseline(baseline: Baseline, path: Path) -> None:
    """Write a baseline whole or not at all.

    Raises
    ------
    OSError
        If the file cannot be written; an old one is then untouched.
    """
    write_atomically(path, baseline_text(baseline))


def baseline_text(baseline: Baseline) -> str:
    """Lay a baseline out, one line for each assertion."""
    head = json.dumps(baseline.model_dump(mode="json", exclude={"assertions"}), indent=1, ensure_ascii=False)
    lines = ",\n".join(
        "  " + json.dumps(assertion.model_dump(mode="json", exclude_none=True), ensure_ascii=False)
        for assertion in baseline.assertions
    )
    return head.removesuffix("\n}") + f',\n "assertions": [\n{lines}\n ]\n}}\n'
