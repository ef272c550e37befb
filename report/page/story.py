"""The opening of a report: what was measured, the answer, how sure it is, and what would change it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from layerclaims.decision import UNDECIDED, ClaimVerdict
from layerclaims.report.language.words import Words
from layerclaims.report.page import sentences
from layerclaims.report.records import claim_facts
from layerclaims.report.records.evidence import AssertionRecord, ClaimRecord, Evidence

NAMED = 3
"""Claims that a sentence names; further ones are counted."""


@dataclass(frozen=True)
class Answer:
    """One sentence of the answer, with the verdict that it is about."""

    verdict: ClaimVerdict
    text: Markup


def anchor(claim: ClaimRecord) -> str:
    """Return the HTML id of a claim's section, which takes no spaces."""
    return "claim-" + "-".join(claim.id.split())


def measured(evidence: Evidence, words: Words) -> str:
    """Say which tokens were read, in which windows, and what was computed of them."""
    subject = evidence.subject
    kinds = [f"{words.count(n)} {words.kind(kind)}" for kind, n in subject.tokens.items()]
    measures = [words.term(measure.title) for measure in evidence.measures]
    _ = words.gettext
    from_file = _(
        "The activations of %(model)s (%(blocks)s blocks of width %(size)s) came in a file, which does not "
        "say of which text they are: at the embedding and after every block those of %(tokens)s. Every pair "
        "of tokens of one kind was compared by %(measures)s."
    )
    text = _(
        "%(model)s (%(blocks)s blocks of width %(size)s) read the text “%(text)s”. At the embedding and "
        "after every block, the activations of %(tokens)s were taken, and every pair of tokens of one kind "
        "was compared by %(measures)s."
    )
    said = (from_file if subject.corpus.sha256 is None else text) % {
        "model": subject.model,
        "blocks": words.count(subject.n_layers),
        "size": words.count(subject.hidden_size),
        "text": subject.corpus.name,
        "tokens": words.enumeration(kinds),
        "measures": words.enumeration(measures),
    }
    if subject.windows is not None:
        text = _("Each token was read with the %(before)s tokens before it and the %(after)s after it.")
        before, after = subject.windows.context_before, subject.windows.context_after
        said += " " + text % {"before": words.count(before), "after": words.count(after)}
    return said


def answers(evidence: Evidence, words: Words) -> list[Answer]:
    """Name the claims by verdict: what holds, what is refuted, what stays open, what does not apply."""
    claims = claim_facts.in_document_order(evidence.claims, evidence.document)
    made = (
        _holds(claims, words),
        _refuted(claims, words),
        _open(claims, words),
        _inapplicable(claims, words),
    )
    return [answer for answer in made if answer is not None]


def _holds(claims: Sequence[ClaimRecord], words: Words) -> Answer | None:
    held = [c for c in claims if c.verdict == "supported" and not claim_facts.is_identity(c)]
    identities = [c for c in claims if c.verdict == "supported" and claim_facts.is_identity(c)]
    unlearned = [c for c in held if claim_facts.not_by_learning(c)]
    parts = []
    if held:
        learned_first = sorted(held, key=claim_facts.not_by_learning)
        parts.append(_listed(words.gettext("What holds: %(claims)s."), learned_first, words))
    if unlearned:
        text = words.ngettext(
            "%(n)s of these holds for untrained weights as well, so it says nothing about learning.",
            "%(n)s of these hold for untrained weights as well, so they say nothing about learning.",
            len(unlearned),
        )
        parts.append(escape(text % {"n": words.count(len(unlearned))}))
    if identities:
        text = words.ngettext(
            "%(n)s claim is true by construction, whatever the model.",
            "%(n)s claims are true by construction, whatever the model.",
            len(identities),
        )
        parts.append(escape(text % {"n": words.count(len(identities))}))
    return Answer("supported", Markup(" ").join(parts)) if parts else None


def _refuted(claims: Sequence[ClaimRecord], words: Words) -> Answer | None:
    refuted = [claim for claim in claims if claim.verdict == "refuted"]
    if not refuted:
        return None
    return Answer("refuted", _listed(words.gettext("What is refuted: %(claims)s."), refuted, words))


def _open(claims: Sequence[ClaimRecord], words: Words) -> Answer | None:
    for verdict, text in (
        (
            "inconclusive",
            words.gettext(
                "What stays open, because an interval crosses the criterion or rules disagree: %(claims)s."
            ),
        ),
        ("part", words.gettext("What was decided in part only: %(claims)s.")),
        ("error", words.gettext("What could not be computed: %(claims)s.")),
    ):
        found = [claim for claim in claims if claim.verdict == verdict]
        if found:
            return Answer(found[0].verdict, _listed(text, found, words))
    return None


def _inapplicable(claims: Sequence[ClaimRecord], words: Words) -> Answer | None:
    reasons = [
        claim_facts.reason_without_number(claim) for claim in claims if claim.verdict == "not_applicable"
    ]
    if not reasons:
        return None
    text = words.ngettext("%(n)s claim does not apply.", "%(n)s claims do not apply.", len(reasons))
    said = escape(text % {"n": words.count(len(reasons))})
    ((reason, n),) = Counter(reasons).most_common(1)
    if reason is not None:
        if n == len(reasons):
            text = words.gettext("The reason: %(reason)s.")
        else:
            text = words.gettext("The reason in %(n)s: %(reason)s.")
        said += " " + Markup(escape(text)) % {
            "n": words.count(n),
            "reason": sentences.translated(reason, words),
        }
    return Answer("not_applicable", said)


def _listed(text: str, claims: Sequence[ClaimRecord], words: Words) -> Markup:
    """Fill ``%(claims)s`` with links to the first claims, and the number of the others."""
    links = [_link(claim, words) for claim in claims[:NAMED]]
    named = Markup("; ").join(links)
    if len(claims) > NAMED:
        n = len(claims) - NAMED
        more = words.ngettext("and %(n)s more claim", "and %(n)s more claims", n) % {"n": words.count(n)}
        named += Markup("; {}").format(more)
    return Markup(escape(text)) % {"claims": named}


def _link(claim: ClaimRecord, words: Words) -> Markup:
    statement = sentences.translated(claim.statement, words, lambda text: text.rstrip("."))
    return Markup('<a href="#{}">{}</a>').format(anchor(claim), statement)


def certainty(evidence: Evidence, words: Words) -> list[Markup]:
    """Say what the verdicts rest on: intervals, other specifications, controls."""
    _ = words.gettext
    intervals = _(
        "A verdict is read from a whole 95%% interval, from %(n)s resamples of the tokens: supported where "
        "all of it meets the criterion, refuted where none of it does."
    )
    said = [escape(intervals % {"n": words.count(evidence.specification.n_resamples)})]
    decided = [
        claim for claim in evidence.claims if claim.verdict in ("supported", "refuted", "inconclusive")
    ]
    said += _stability(decided, words)
    said += _controls(decided, words)
    return said


def _stability(decided: Sequence[ClaimRecord], words: Words) -> list[Markup]:
    """Count the claims that keep their verdict under other choices, and name the least stable one."""
    kept = {claim.id: claim_facts.specifications_that_agree(claim) for claim in decided}
    shares = {identity: share for identity, share in kept.items() if share is not None}
    if not shares:
        return [escape(words.gettext("Other specifications were not measured."))]
    same = sum(share.holds == share.of for share in shares.values())
    text = words.gettext("%(same)s of %(n)s verdicts are the same under every other choice of the analyst.")
    said = escape(text % {"same": words.count(same), "n": words.count(len(shares))})
    least = min(shares, key=lambda identity: shares[identity].holds / shares[identity].of)
    if shares[least].holds < shares[least].of:
        claim = next(claim for claim in decided if claim.id == least)
        text = words.gettext("The least stable, the same in %(holds)s of %(all)s: %(claim)s.")
        said += " " + Markup(escape(text)) % {
            "holds": words.count(shares[least].holds),
            "all": words.count(shares[least].of),
            "claim": _link(claim, words),
        }
    return [said]


def _controls(decided: Sequence[ClaimRecord], words: Words) -> list[Markup]:
    """Count the supported claims that hold where they should fail."""
    supported = [c for c in decided if c.verdict == "supported" and not claim_facts.is_identity(c)]
    shares = [share for share in map(claim_facts.controls_that_hold, supported) if share is not None]
    if not any(claim.controls for claim in decided):
        return [escape(words.gettext("Controls were not measured."))]
    if not shares:
        return []
    holding = sum(share.holds > 0 for share in shares)
    text = words.gettext(
        "%(holding)s of %(n)s supported claims also hold in a control, where they should fail: their numbers "
        "alone do not show what they state."
    )
    return [escape(text % {"holding": words.count(holding), "n": words.count(len(shares))})]


def changes(evidence: Evidence, words: Words) -> list[Markup]:
    """Say what would change the answer: the nearest criterion, more tokens, another subject."""
    said = []
    nearest = _nearest(evidence.claims)
    if nearest is not None:
        claim, assertion = nearest
        text = words.gettext("The number nearest to another verdict is that of %(claim)s: %(against)s.")
        link, numbers = _link(claim, words), sentences.against(assertion, words)
        said.append(Markup(escape(text)) % {"claim": link, "against": numbers})
    if any(claim.verdict == "inconclusive" for claim in evidence.claims):
        said.append(escape(words.gettext("More tokens narrow the intervals of what stays open.")))
    if not evidence.subject.is_document_subject:
        text = words.gettext(
            "This is another subject than the document's: its verdicts are about this model and this text."
        )
        said.append(escape(text))
    return said


def _nearest(claims: Iterable[ClaimRecord]) -> tuple[ClaimRecord, AssertionRecord] | None:
    """Find the deciding number whose interval ends nearest to its criterion, in widths of the interval."""
    found = []
    for claim in claims:
        assertion = claim_facts.deciding_assertion(claim)
        if claim.verdict in ("supported", "refuted") and assertion is not None:
            distance = _distance(assertion)
            if distance is not None:
                found.append((distance, claim, assertion))
    if not found:
        return None
    _, claim, assertion = min(found, key=lambda entry: entry[0])
    return claim, assertion


def _distance(assertion: AssertionRecord) -> float | None:
    """Return the gap between interval and criterion in widths of the interval; None where it has no width."""
    if assertion.verdict in UNDECIDED or assertion.interval is None or assertion.criterion is None:
        return None
    low, high = assertion.interval
    if low == high:
        return None
    asked = assertion.criterion
    bounds = (asked.bound,) if asked.upper is None else (asked.bound, asked.upper)
    return min(abs(end - bound) for end in (low, high) for bound in bounds) / (high - low)
