"""The closing table of a run, for a terminal."""

from collections import Counter
from textwrap import wrap

from layerclaims.decision import ClaimVerdict
from layerclaims.message import SOURCE_LANGUAGE
from layerclaims.report.language.words import Words, load_words
from layerclaims.report.page.sentences import departure_name
from layerclaims.report.records.claim_facts import (
    VERDICTS,
    deciding_assertion,
    in_document_order,
    is_identity,
    not_by_learning,
    reason_without_number,
    short_criterion,
    shortfalls,
)
from layerclaims.report.records.departures import (
    DEPARTURES,
    PASSING,
    assertion_of,
    describe_assertion,
    describe_difference,
    fails,
)
from layerclaims.report.records.evidence import ClaimRecord, Departure, Evidence
from layerclaims.text import shorten, visible

SYMBOLS: dict[ClaimVerdict, str] = {
    "supported": "✓",
    "refuted": "✗",
    "inconclusive": "?",
    "not_applicable": "–",
    "error": "!",
    "part": "…",
}
_COLOURS: dict[ClaimVerdict, str] = {
    "supported": "32",
    "refuted": "31",
    "inconclusive": "33",
    "not_applicable": "90",
    "error": "35",
    "part": "90",
}
UNLEARNED = "*"
BY_CONSTRUCTION = "†"
_NOT_FAILED: tuple[Departure, ...] = ("missing", *PASSING)
"""Departures from a baseline that no failed test shows."""
_MOST_LISTED = 5
_MINIMUM_WIDTH = 80
_VERDICT_WIDTH = 16
_ID_WIDTH = 33
"""Longer ids are cut."""


def verdict_table(
    evidence: Evidence, width: int = 80, color: bool = False, language: str = SOURCE_LANGUAGE
) -> str:
    """Lay out claims, verdicts, deciding numbers and criteria, one line a claim.

    Parameters
    ----------
    evidence : Evidence
        Of a whole or interrupted run.
    width : int
        Columns of the terminal; no line is longer. Fewer than 80 count as 80.
    color : bool
        Whether to colour the verdicts by ANSI codes; the words stand there either way.
    language : str

    Returns
    -------
    str
        Lines without a final line break; why no number decided a claim stands below the table.
    """
    words = load_words(language).of_document(evidence.document)
    _ = words.gettext
    width = max(width, _MINIMUM_WIDTH)
    columns = (_("Verdict"), _("Claim"), _("Measured"), _("Criterion"))
    verdict, named, measured, criterion = (column.lower() for column in columns)
    heading = f"{verdict:<{_VERDICT_WIDTH}} {named:<{_ID_WIDTH}} {measured} [95%]"
    heading += f"{criterion:>{width - len(heading)}}"
    claims = in_document_order(evidence.claims, evidence.document)
    reasons = list(dict.fromkeys(reason for claim in claims if (reason := _noted_reason(claim, words))))
    lines = []
    for claim in claims:
        lines += [
            _claim_line(claim, reasons, width, color, words),
            *_shortfalls(claim, evidence, width, words),
        ]
    for number, reason in enumerate(reasons, 1):
        lines += wrap(f"({number}) {visible(reason)}", width, initial_indent="  ", subsequent_indent="      ")
    if any(not_by_learning(claim) for claim in claims):
        text = _("not by learning: untrained twins meet the criteria or reach these numbers as well")
        lines += _wrapped(f"{UNLEARNED} {text}", width)
    if any(is_identity(claim) for claim in claims):
        text = _("true by construction: no measurement could refute it")
        lines += _wrapped(f"{BY_CONSTRUCTION} {text}", width)
    lines += _joint(claims, width, words)
    closing = [_closing(evidence, words), *_not_made(evidence, width, words)]
    closing += _baseline(evidence, width, words)
    return "\n".join([*_subject(evidence, width, words), "", heading, *lines, "", *closing])


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, width, initial_indent="  ", subsequent_indent="    ")


def _subject(evidence: Evidence, width: int, words: Words) -> list[str]:
    subject, _ = evidence.subject, words.gettext
    names = {"model": visible(subject.model), "corpus": visible(subject.corpus.name)}
    text = [_("%(model)s on %(corpus)s") % names]
    if not subject.is_document_subject:
        reason = f": {visible(words.say(subject.fallback_reason))}" if subject.fallback_reason else ""
        text.append(_("This is not the document's own subject%(reason)s.") % {"reason": reason})
    elif subject.identified_by == "name":
        text.append(_("This is the document's own subject by name only: it gives no checksums."))
    if subject.pickle:
        text.append(_("Its weights were read from pickles, as --allow-pickle asked."))
    if subject.remote_code is not None:
        text.append(_("Code that came with it was run: %(code)s.") % {"code": visible(subject.remote_code)})
    return [line for paragraph in text for line in wrap(paragraph, width)]


def _claim_line(claim: ClaimRecord, reasons: list[str], width: int, color: bool, words: Words) -> str:
    mark = BY_CONSTRUCTION if is_identity(claim) else UNLEARNED if not_by_learning(claim) else ""
    word = words.verdict(claim.verdict) + mark
    verdict = f"{SYMBOLS[claim.verdict]} {word:<{_VERDICT_WIDTH - 2}}"
    if color:
        verdict = f"\033[{_COLOURS[claim.verdict]}m{verdict}\033[0m"
    name = shorten(visible(claim.id), _ID_WIDTH)
    room = width - _VERDICT_WIDTH - _ID_WIDTH - 2
    reason = _noted_reason(claim, words)
    shown = f"({reasons.index(reason) + 1})" if reason else _in_part(claim, words)
    shown = shown or _numbers(claim, room, words)
    return f"{verdict} {name:<{_ID_WIDTH}} {shown}".rstrip()


def _shortfalls(claim: ClaimRecord, evidence: Evidence, width: int, words: Words) -> list[str]:
    """Say below a claim that is refuted or inconclusive which way its numbers go and how they miss."""
    told = "; ".join(words.say(one) for one in shortfalls(claim, evidence.document)[:_MOST_LISTED])
    indent = " " * (_VERDICT_WIDTH + 1)
    return wrap(visible(told), width, initial_indent=indent, subsequent_indent=indent)


def _noted_reason(claim: ClaimRecord, words: Words) -> str:
    """Return the reason that stands below the table, if a claim has one."""
    reason = None if claim.verdict == "part" else reason_without_number(claim)
    return words.say(reason) if reason is not None else ""


def _in_part(claim: ClaimRecord, words: Words) -> str:
    """Return how much of a claim was decided, where that was not all of it."""
    reason = reason_without_number(claim) if claim.verdict == "part" else None
    return "" if reason is None else words.say(reason)


def _numbers(claim: ClaimRecord, room: int, words: Words) -> str:
    """Write the deciding value and its interval, and at the right the criterion."""
    decisive = deciding_assertion(claim)
    if decisive is None or decisive.value is None:
        return ""
    criterion = short_criterion(decisive.criterion, words.number) if decisive.criterion else ""
    value, interval = words.number(decisive.value), ""
    if decisive.interval is not None and decisive.interval[0] != decisive.interval[1]:
        between = ", " if words.language == SOURCE_LANGUAGE else "; "
        interval = f" [{between.join(map(words.number, decisive.interval))}]"
    if len(value + interval) + 1 + len(criterion) > room:
        interval = ""
    return f"{value}{interval}{criterion:>{room - len(value + interval)}}"


def _joint(claims: list[ClaimRecord], width: int, words: Words) -> list[str]:
    """Say how often chance gives as many specifications that hold, of the claims for which that is known."""
    _ = words.gettext
    found = [
        _("%(claim)s %(holds)s of %(all)s, by chance in %(share)s%%")
        % {
            "claim": visible(claim.id),
            "holds": joint.n_held,
            "all": joint.n,
            "share": words.number(100 * joint.p_held),
        }
        for claim in claims
        if claim.specifications and (joint := claim.specifications.joint) and joint.n_held
    ]
    if not found:
        return []
    text = _("specifications whose numbers meet the criteria: %(claims)s") % {"claims": "; ".join(found)}
    return wrap(text, width, initial_indent="  ", subsequent_indent="      ")


def _closing(evidence: Evidence, words: Words) -> str:
    _, counts = words.gettext, evidence.summary.model_dump()
    names = {"part": _("decided in part, so without a verdict")}
    parts = [
        f"{counts[verdict]} {names.get(verdict, words.verdict(verdict))}"
        for verdict in VERDICTS
        if counts[verdict]
    ]
    n = len(evidence.claims)
    claims = words.ngettext("%(n)s claim", "%(n)s claims", n) % {"n": n}
    if not evidence.complete:
        claims = _("%(claims)s decided before the run was interrupted") % {"claims": claims}
    nothing = _("none decided")
    return f"{claims}: {', '.join(parts) or nothing}"


def _not_made(evidence: Evidence, width: int, words: Words) -> list[str]:
    """List what the run could not make, or left out when it was interrupted."""
    lines = [f"  {visible(words.say(sentence))}" for sentence in evidence.not_made]
    return [part for line in lines for part in wrap(line, width, subsequent_indent="    ")]


def _baseline(evidence: Evidence, width: int, words: Words) -> list[str]:
    """Summarise the comparison with the baseline, and list the departures that no failed test shows."""
    _ = words.gettext
    baseline = evidence.baseline
    if baseline is None:
        return []
    n_run = baseline.n_recorded - baseline.n_not_run
    counts = Counter(difference.how for difference in baseline.differences)
    text = _("%(same)s of %(n)s verdicts as recorded in %(file)s")
    parts = [text % {"same": baseline.n_as_recorded, "n": n_run, "file": visible(baseline.file)}]
    parts += [f"{counts[how]} {departure_name(how, words)}" for how in DEPARTURES if counts[how]]
    parts += [_("%(n)s not run") % {"n": baseline.n_not_run}] if baseline.n_not_run else []
    lines = [", ".join(parts)]
    not_failed = [difference for difference in baseline.differences if difference.how in _NOT_FAILED]
    for difference in not_failed[:_MOST_LISTED]:
        assertion = describe_assertion(assertion_of(difference))
        change = words.say(describe_difference(difference))
        lines.append(f"  {visible(f'{assertion}; {change}')}")
    if len(not_failed) > _MOST_LISTED:
        lines.append("  " + _("and %(n)s more, in the report") % {"n": len(not_failed) - _MOST_LISTED})
    if any(map(fails, baseline.differences)):
        lines.append(_("Where that is meant, record it with --update-baseline."))
    return [part for line in lines for part in wrap(line, width, subsequent_indent="    ")]
