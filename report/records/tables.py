"""A run's evidence as tables: one row a claim, an assertion, a control, a specification, a layer, a token.

Each table has its columns with their types, by the names that pandas gives these; what is missing is `None`.
A mapping that has other keys in each row, such as an assertion's arguments, is one column of JSON.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from layerclaims.decision import Parameter
from layerclaims.message import Message, english
from layerclaims.report.records.claim_facts import (
    Share,
    controls_that_hold,
    deciding_assertion,
    held_untrained,
    in_document_order,
    reason_without_number,
    specifications_that_hold,
)
from layerclaims.report.records.evidence import (
    AssertionRecord,
    ClaimRecord,
    Evidence,
    Interval,
    KindProfile,
    LayerSummary,
    Window,
)

Cell: TypeAlias = str | int | float | bool | None
Row: TypeAlias = dict[str, Cell]
STANDARD_DEVIATION = "std"
"""Stands among the measures in the table of profiles, and is one of single tokens."""


@dataclass(frozen=True)
class Table:
    """A table of the evidence.

    Attributes
    ----------
    columns : dict
        Names to types: ``"str"``, ``"float64"``, ``"int64"``, ``"bool"``; ``"Int64"`` and
        ``"boolean"`` may lack values. A row may lack cells, and have further ones, whose names differ by run.
    rows : callable
        Reads them from evidence.
    """

    columns: dict[str, str]
    rows: Callable[[Evidence], Iterable[Row]]


NUMBER = {"value": "float64", "low": "float64", "high": "float64"}


def as_json(values: Mapping[str, Parameter]) -> str:
    """Write a mapping as one cell; keys are sorted, so that equal mappings are equal texts."""
    return json.dumps(dict(values), sort_keys=True, ensure_ascii=False)


def _number(value: float | None, interval: Interval | None) -> Row:
    low, high = interval or (None, None)
    return {"value": value, "low": low, "high": high}


def _text(sentence: Message | None) -> str | None:
    return None if sentence is None else english(sentence)


def _in_order(evidence: Evidence) -> list[ClaimRecord]:
    """List the claims in the document's order; the evidence has them as they ran."""
    return in_document_order(evidence.claims, evidence.document)


def _claims(evidence: Evidence) -> Iterator[Row]:
    for claim in _in_order(evidence):
        by_untrained = held_untrained(claim)
        yield {
            "claim": claim.id,
            "section": claim.section,
            "nature": claim.nature,
            "statement": english(claim.statement),
            "verdict": claim.verdict,
            "assertions": claim.n_assertions or len(claim.assertions),
            **_deciding(claim),
            **_share("controls", controls_that_hold(claim)),
            **_share("specifications", specifications_that_hold(claim)),
            "learned": None if by_untrained is None else not by_untrained,
            "reason": _text(reason_without_number(claim)),
        }


def _deciding(claim: ClaimRecord) -> Row:
    """Give the cells of the assertion that decided a claim; none where it has no assertion."""
    deciding = deciding_assertion(claim)
    if deciding is None:
        return {}
    criterion = deciding.criterion
    return {
        "decided_by": deciding.name,
        "arguments": as_json(deciding.arguments),
        **_number(deciding.value, deciding.interval),
        "unit": deciding.unit,
        "criterion": None if criterion is None else criterion.text,
    }


def _share(name: str, share: Share | None) -> Row:
    return {} if share is None else {name: share.of, f"{name}_supported": share.holds}


def _assertions(evidence: Evidence) -> Iterator[Row]:
    for claim in _in_order(evidence):
        for assertion in claim.assertions:
            yield _assertion(claim, assertion)


def _assertion(claim: ClaimRecord, assertion: AssertionRecord) -> Row:
    criterion, twins = assertion.criterion, assertion.twins
    return {
        "claim": claim.id,
        "assertion": assertion.name,
        "arguments": as_json(assertion.arguments),
        "kind": _kind(assertion),
        "parameters": as_json(assertion.parameters),
        "quantity": english(assertion.quantity),
        **_number(assertion.value, assertion.interval),
        "level": None if assertion.interval is None else assertion.level,
        "unit": assertion.unit,
        "n": assertion.n,
        "method": assertion.method,
        "criterion": None if criterion is None else criterion.text,
        "relation": None if criterion is None else criterion.relation,
        "bound": None if criterion is None else criterion.bound,
        "upper": None if criterion is None else criterion.upper,
        "verdict": assertion.verdict,
        "learned": None if twins is None else twins.learned,
        "reason": _text(assertion.reason),
        "shortfall": _text(assertion.shortfall),
    }


def _kind(assertion: AssertionRecord) -> str | None:
    """Return the kind of token that an assertion is about, where its parameters name one."""
    found = assertion.parameters.get("kind", assertion.arguments.get("kind"))
    return None if found is None else str(found)


def _controls(evidence: Evidence) -> Iterator[Row]:
    for claim in _in_order(evidence):
        for record in claim.controls:
            yield {
                "claim": claim.id,
                "control": record.control,
                "description": english(record.description),
                "assertion": record.assertion,
                "arguments": as_json(record.arguments),
                **_number(record.value, record.interval),
                "verdict": record.verdict,
                "reason": _text(record.reason),
            }


def _specifications(evidence: Evidence) -> Iterator[Row]:
    for claim in _in_order(evidence):
        curve = claim.specifications
        if curve is None:
            continue
        for number, result in enumerate(curve.results):
            for one in curve.assertions:
                outcome = one.outcomes[number]
                if outcome is None:  # the assertion makes this choice itself
                    continue
                yield {
                    "claim": claim.id,
                    "specification": number,
                    "assertion": one.assertion,
                    "arguments": as_json(one.arguments),
                    **_number(outcome.value, outcome.interval),
                    "verdict": outcome.verdict,
                    "claim_verdict": result.verdict,
                    **result.choices,
                }


def _profiles(evidence: Evidence) -> Iterator[Row]:
    profiles = evidence.profiles
    if profiles is None:
        return
    for kinds, final_norm in ((profiles.kinds, False), (profiles.final_norm, True)):
        for kind, profile in kinds.items():
            first = evidence.subject.n_layers if final_norm else 0
            for measure, levels in {**profile.measures, STANDARD_DEVIATION: profile.std}.items():
                for place, summary in enumerate(levels):
                    yield {
                        "kind": kind,
                        "measure": measure,
                        "layer": first + place,
                        "final_norm": final_norm,
                        **_summary(summary),
                        **_clusters(profile, measure, place),
                    }


def _summary(summary: LayerSummary) -> Row:
    low, high = summary.mean_interval or (None, None)
    quantiles: Row = {name: getattr(summary, name) for name in ("q05", "q25", "q50", "q75", "q95")}
    return {"mean": summary.mean, "low": low, "high": high, **quantiles}


def _clusters(profile: KindProfile, measure: str, place: int) -> Row:
    counts, separations = profile.n_clusters.get(measure), profile.separation.get(measure)
    return {
        "clusters": None if counts is None else counts[place],
        "separation": None if separations is None else separations[place],
    }


def _tokens(evidence: Evidence) -> Iterator[Row]:
    groups = {found.kind: found for found in evidence.token_groups}
    for kind, n_tokens in evidence.subject.tokens.items():
        windows, std = evidence.samples.get(kind, []), evidence.token_std.get(kind, [])
        labels = groups[kind].labels if kind in groups else []
        for token in range(n_tokens):
            yield {
                "kind": kind,
                "token": token,
                **(_window(windows[token]) if token < len(windows) else {}),
                "group": labels[token] + 1 if token < len(labels) else None,
                **{f"std_{layer}": values[token] for layer, values in enumerate(std)},
            }


def _window(window: Window) -> Row:
    return {
        "position": window.position,
        "before": window.before,
        "text": window.token,
        "after": window.after,
    }


CLAIMS = Table(
    {
        "claim": "str",
        "section": "str",
        "nature": "str",
        "statement": "str",
        "verdict": "str",
        "assertions": "int64",
        "decided_by": "str",
        "arguments": "str",
        **NUMBER,
        "unit": "str",
        "criterion": "str",
        "controls": "Int64",
        "controls_supported": "Int64",
        "specifications": "Int64",
        "specifications_supported": "Int64",
        "learned": "boolean",
        "reason": "str",
    },
    _claims,
)
ASSERTIONS = Table(
    {
        "claim": "str",
        "assertion": "str",
        "arguments": "str",
        "kind": "str",
        "parameters": "str",
        "quantity": "str",
        **NUMBER,
        "level": "float64",
        "unit": "str",
        "n": "int64",
        "method": "str",
        "criterion": "str",
        "relation": "str",
        "bound": "float64",
        "upper": "float64",
        "verdict": "str",
        "learned": "boolean",
        "reason": "str",
        "shortfall": "str",
    },
    _assertions,
)
CONTROLS = Table(
    {
        "claim": "str",
        "control": "str",
        "description": "str",
        "assertion": "str",
        "arguments": "str",
        **NUMBER,
        "verdict": "str",
        "reason": "str",
    },
    _controls,
)
SPECIFICATIONS = Table(
    {
        "claim": "str",
        "specification": "int64",
        "assertion": "str",
        "arguments": "str",
        **NUMBER,
        "verdict": "str",
        "claim_verdict": "str",
    },
    _specifications,
)
PROFILES = Table(
    {
        "kind": "str",
        "measure": "str",
        "layer": "int64",
        "final_norm": "bool",
        "mean": "float64",
        "low": "float64",
        "high": "float64",
        "q05": "float64",
        "q25": "float64",
        "q50": "float64",
        "q75": "float64",
        "q95": "float64",
        "clusters": "Int64",
        "separation": "float64",
    },
    _profiles,
)
TOKENS = Table(
    {
        "kind": "str",
        "token": "int64",
        "position": "Int64",
        "before": "str",
        "text": "str",
        "after": "str",
        "group": "Int64",
    },
    _tokens,
)
