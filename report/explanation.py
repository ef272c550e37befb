"""What is known of a claim before anything is measured, for a terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from textwrap import wrap

from layerclaims.decision import Criterion
from layerclaims.message import Message
from layerclaims.report.language.words import Words, load_words
from layerclaims.report.page.sentences import absence, refutation
from layerclaims.report.records.evidence import CriterionRecord, DocumentRecord
from layerclaims.rule_hashes.error_rates import VERDICTS, ErrorRate
from layerclaims.text import visible

INDENT = "  "


@dataclass(frozen=True)
class ExplainedAssertion:
    """An assertion as it is declared.

    Attributes
    ----------
    name : str
    cases : list of str
        What its test is parametrized with.
    measured : str
        The docstring of its rule, empty where the rule is not known.
    criteria : list of Criterion
        That its rule reads, the one that decides first.
    """

    name: str
    cases: list[str]
    measured: str
    criteria: list[Criterion]


@dataclass(frozen=True)
class ExplainedClaim:
    """A claim as it is declared."""

    id: str
    section: str
    statement: Message
    is_identity: bool
    document: DocumentRecord
    assertions: Sequence[ExplainedAssertion]
    controls: Sequence[Message]
    rates: Sequence[ErrorRate]


def explanation(claim: ExplainedClaim, language: str, width: int) -> list[str]:
    """Write what a claim states, how it is decided, and how often that errs.

    Parameters
    ----------
    claim : ExplainedClaim
    language : str
        What rules and plantings say of themselves stays in English.
    width : int
        Columns; no line is longer.
    """
    words = load_words(language).of_document(claim.document)
    _ = words.gettext
    title = claim.document.sections.get(claim.section)
    place = _("section %(section)s") % {"section": claim.section}
    lines = ["", f"{claim.id} · {place}" + (f", {words.say(title)}" if title else "")]
    lines += [*wrap(words.say(claim.statement), width), ""]
    for assertion in claim.assertions:
        lines += [*_assertion(assertion, words, width), ""]
    lines += [_("Controls"), *_controls(claim, words, width), ""]
    return [visible(line) for line in [*lines, *_error_rates(claim.rates, words, width)]]


def _assertion(assertion: ExplainedAssertion, words: Words, width: int) -> Iterator[str]:
    """Write what an assertion's rule measures, and its criteria with their reasons."""
    cases = f" ({'; '.join(assertion.cases)})" if any(assertion.cases) else ""
    yield from wrap(f"{assertion.name}{cases}", width)
    measured = cleandoc(assertion.measured).split("\n\n")[0].replace("\n", " ")
    if measured:
        yield from _item(words.gettext("measures: %(what)s") % {"what": measured}, width)
    for place, criterion in enumerate(assertion.criteria):
        yield from _item(_criterion(criterion, words, first=place == 0), width)


def _controls(claim: ExplainedClaim, words: Words, width: int) -> Iterator[str]:
    _ = words.gettext
    if claim.is_identity:
        text = _("none: it is true by construction, so no measurement could refute it")
        yield from _item(text, width)
        return
    for description in claim.controls:
        yield from _item(words.say(description), width)
    yield from _item(_("Untrained twins: the same architecture with random weights."), width)


def _criterion(criterion: Criterion, words: Words, *, first: bool) -> str:
    record = CriterionRecord(
        relation=criterion.relation, bound=criterion.bound, upper=criterion.upper, reason=criterion.reason
    )
    asked, reason = words.criterion(record), words.say(criterion.reason)
    text, otherwise = words.gettext("it presupposes: %(criterion)s. %(reason)s %(otherwise)s"), absence
    if first:
        text, otherwise = words.gettext("criterion: %(criterion)s. %(reason)s %(otherwise)s"), refutation
    return text % {"criterion": asked, "reason": reason, "otherwise": otherwise(record, words)}


def _error_rates(rates: Sequence[ErrorRate], words: Words, width: int) -> Iterator[str]:
    """Write how often the claim had which verdict where it was planted true or false."""
    _ = words.gettext
    if not rates:
        yield from wrap(_("How often its rules err was not measured on planted activations."), width)
        return
    yield _("How often its rules err, on planted activations")
    meanings = {
        "true": _("true"),
        "false": _("false"),
        "near": _("near the criterion"),
        "boundary": _("on the criterion"),
        "absent": _("nothing to judge"),
    }
    for rate in rates:
        shares = {words.verdict(verdict): getattr(rate, verdict) for verdict in VERDICTS}
        told = ", ".join(f"{name} {share}%" for name, share in shares.items() if share)
        text = _("%(truth)s, %(planted)s: %(verdicts)s of %(n)s draws") % {
            "truth": meanings.get(rate.truth, rate.truth),
            "planted": rate.planted,
            "verdicts": told,
            "n": words.count(rate.draws),
        }
        yield from _item(text, width)


def _item(text: str, width: int) -> list[str]:
    return wrap(text, width, initial_indent=INDENT, subsequent_indent=INDENT * 2)
