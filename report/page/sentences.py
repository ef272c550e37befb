"""Sentences of a report, made from a run's numbers in the reader's language."""

from collections.abc import Callable, Mapping

from markupsafe import Markup, escape

from layerclaims.analysis.statistics.estimate import LEVEL
from layerclaims.decision import ClaimVerdict, Verdict
from layerclaims.message import SOURCE_LANGUAGE, Message
from layerclaims.report.language.words import Words, load_words
from layerclaims.report.records import claim_facts
from layerclaims.report.records.departures import fails
from layerclaims.report.records.evidence import (
    AssertionRecord,
    BaselineComparison,
    ClaimRecord,
    CriterionRecord,
    Departure,
    Evidence,
    Interval,
)


def translated(
    message: Message, words: Words, adapt: Callable[[str], str] = lambda text: text
) -> str | Markup:
    """Write a message of the evidence; in English, and marked so, where a part of it is not translated.

    ``adapt`` is applied to the text before it is marked.
    """
    if words.knows(message):
        return adapt(words.say(message))
    return _english(adapt(load_words(SOURCE_LANGUAGE).say(message)))


def quantity(message: Message, words: Words) -> str | Markup:
    """Write what is measured, without the comma that it ends with where a sentence goes on after it."""
    return translated(message, words, lambda text: text.rstrip(","))


def label(text: str, words: Words) -> str | Markup:
    """Write the name of a field or an assertion, marked as English where it is not translated."""
    shown = words.gettext(text)
    return shown if words.language == SOURCE_LANGUAGE or shown != text else _english(text)


def _english(text: str) -> Markup:
    return Markup('<span lang="{}">{}</span>').format(SOURCE_LANGUAGE, text)


def summary_sentence(evidence: Evidence, words: Words) -> str:
    """Summarise the verdicts in a sentence."""
    counts, ngettext = evidence.summary, words.ngettext
    parts = {
        "supported": ngettext("%(n)s is supported", "%(n)s are supported", counts.supported),
        "refuted": ngettext("%(n)s is refuted", "%(n)s are refuted", counts.refuted),
        "inconclusive": ngettext("%(n)s is inconclusive", "%(n)s are inconclusive", counts.inconclusive),
        "not_applicable": ngettext("%(n)s does not apply", "%(n)s do not apply", counts.not_applicable),
        "error": ngettext("%(n)s is an error", "%(n)s are errors", counts.error),
        "part": ngettext(
            "%(n)s was decided in part and has no verdict",
            "%(n)s were decided in part and have no verdict",
            counts.part,
        ),
    }
    named = [parts[verdict] % {"n": n} for verdict in claim_facts.VERDICTS if (n := getattr(counts, verdict))]
    n = len(evidence.claims)
    if not named:
        return words.gettext("No claim was decided")
    text = ngettext("The one claim: %(verdicts)s", "Of %(n)s claims, %(verdicts)s", n)
    return text % {"n": n, "verdicts": words.enumeration(named)}


def finding(claim: ClaimRecord, words: Words) -> str | Markup:
    """Write the assertion that decided a claim as a sentence, or why no number did."""
    reason = claim_facts.reason_without_number(claim)
    if reason is not None:
        return translated(reason, words)
    decisive = claim_facts.deciding_assertion(claim)
    if decisive is None or decisive.value is None or decisive.criterion is None:
        return ""
    text = words.gettext("%(quantity)s is %(value)s; the criterion asks for %(criterion)s.")
    return Markup(escape(text)) % {
        "quantity": translated(decisive.quantity, words, _capital),
        "value": _value_text(decisive, words),
        "criterion": words.criterion(decisive.criterion),
    } + _shortfalls(claim, words)


def _shortfalls(claim: ClaimRecord, words: Words) -> Markup:
    """Say, by kind of token where there are several, which way numbers go and how they miss the criterion."""
    told: list[str | Markup] = []
    for assertion in claim.assertions:
        if assertion.shortfall is None:
            continue
        text = translated(assertion.shortfall, words)
        kind = assertion.parameters.get("kind")
        sentence = (
            Markup(" {}: {}.").format(_capital(words.kind(str(kind))), text)
            if kind
            else Markup(" {}.").format(translated(assertion.shortfall, words, _capital))
        )
        if sentence not in told:
            told.append(sentence)
    return Markup("").join(told)


def against(assertion: AssertionRecord, words: Words) -> str:
    """Write a value and its criterion, for readers who do not see the drawn mark."""
    if assertion.value is None or assertion.criterion is None:
        return ""
    return f"{_value_text(assertion, words)}; {words.criterion(assertion.criterion)}"


def _value_text(assertion: AssertionRecord, words: Words) -> str:
    assert assertion.value is not None
    text = words.number(assertion.value)
    if assertion.unit:
        text += f" {words.unit(assertion.unit)}"
    interval: Interval | None = assertion.interval
    if interval is None or interval[0] == interval[1]:
        return text
    ends = {"level": words.level(assertion.level), "ends": words.interval(interval)}
    return text + " (" + words.gettext("%(level)s interval %(ends)s") % ends + ")"


def interval_text(assertion: AssertionRecord, words: Words) -> str:
    """Write an interval, or that the number is exact: no sampling is behind it."""
    if assertion.interval is None:
        return ""
    low, high = assertion.interval
    if low == high and "bootstrap" not in assertion.method:
        return words.gettext("exact")
    text = words.interval(assertion.interval)
    # Tables name the usual level in their heading.
    return text if assertion.level == LEVEL else f"{text} ({words.level(assertion.level)})"


def separate_windows_text(assertion: AssertionRecord, words: Words) -> str:
    """Write the interval from windows without common text; empty where there is none."""
    separate = assertion.separate_windows
    if separate is None:
        return ""
    text = words.gettext("without overlap, %(n)s tokens: %(interval)s")
    return text % {"n": words.count(separate.n), "interval": words.interval(separate.interval)}


def control_verdict(verdict: Verdict, words: Words) -> str:
    """Say whether the claim holds in a control, in other words than verdicts: a control is meant to fail."""
    _ = words.gettext
    return {
        "supported": _("holds here too"),
        "refuted": _("does not hold here"),
        "inconclusive": _("inconclusive here"),
        "not_applicable": _("not applicable"),
        "error": _("error"),
    }[verdict]


def input_name(name: str, words: Words) -> str:
    """Name an input, a choice or a version that differs between runs, in words instead of its key."""
    _ = words.gettext
    names = {
        "title": _("document"),
        "n_layers": _("blocks"),
        "hidden_size": _("hidden size"),
        "n_parameters": _("parameters"),
        "weights_sha256": _("weights, SHA-256"),
        "revision_name": _("revision"),
        "corpus name": _("text"),
        "corpus sha256": _("text, SHA-256"),
        "corpus n_tokens": _("tokens in the text"),
        "dtype": _("data type"),
        "outlier_sd": _("outliers beyond SD"),
        "n_resamples": _("token resamples"),
        "text_loss bits": _("loss on the text"),
        "unused_weights n": _("weights in its files that are not used"),
        "dtype_difference": _("largest difference from float32"),
        "pickle": _("pickles read"),
        "remote_code": _("remote code run"),
        "windows seed": _("seed of the windows"),
        "windows context_before": _("tokens before"),
        "windows context_after": _("tokens after"),
        "windows sampling": _("windows"),
        "windows skip_tokens": _("tokens skipped at the start"),
        "following_tokens_difference": _("change when tokens follow"),
        "positions_added": _("positions added to the embedding"),
        "complete": _("decided to the end"),
    }
    if name in names:
        return names[name]
    first, _space, kind = name.partition(" ")
    if first == "tokens" and kind:
        return _("%(kind)s measured") % {"kind": words.kind(kind)}
    if name.startswith("windows eligible "):
        return _("%(kind)s to choose from") % {"kind": words.kind(name.split()[-1])}
    return _(name.replace("_", " "))


def verdict_meanings(words: Words) -> list[tuple[ClaimVerdict, str]]:
    """Explain each verdict's sign."""
    _ = words.gettext
    return [
        ("supported", _("the whole interval meets the criterion")),
        ("refuted", _("no number of the interval meets the criterion")),
        ("inconclusive", _("the interval crosses the criterion, or reasonable rules disagree")),
        ("not_applicable", _("what the claim speaks of is absent here")),
        ("error", _("an assertion could not be computed")),
        ("part", _("some assertions were not decided, so there is no verdict")),
    ]


def refutation(criterion: CriterionRecord, words: Words) -> str:
    """Say which interval refutes the claim."""
    _ = words.gettext
    texts = {
        "at least": _("An interval wholly below %(bound)s refutes it."),
        "above": _("An interval wholly at or below %(bound)s refutes it."),
        "at most": _("An interval wholly above %(bound)s refutes it."),
        "below": _("An interval wholly at or above %(bound)s refutes it."),
        "exactly": _("An interval that does not hold %(bound)s refutes it."),
        "within": _("An interval wholly outside %(bound)s to %(upper)s refutes it."),
    }
    return _with_bounds(texts[criterion.relation], criterion, words)


def absence(criterion: CriterionRecord, words: Words) -> str:
    """Say which interval of what a claim presupposes makes it not applicable."""
    _ = words.gettext
    texts = {
        "at least": _("An interval wholly below %(bound)s makes the claim not applicable."),
        "above": _("An interval wholly at or below %(bound)s makes the claim not applicable."),
        "at most": _("An interval wholly above %(bound)s makes the claim not applicable."),
        "below": _("An interval wholly at or above %(bound)s makes the claim not applicable."),
        "exactly": _("An interval that does not hold %(bound)s makes the claim not applicable."),
        "within": _("An interval wholly outside %(bound)s to %(upper)s makes the claim not applicable."),
    }
    return _with_bounds(texts[criterion.relation], criterion, words)


def _with_bounds(text: str, criterion: CriterionRecord, words: Words) -> str:
    upper = criterion.bound if criterion.upper is None else criterion.upper
    return text % {"bound": words.number(criterion.bound), "upper": words.number(upper)}


def baseline_sentence(baseline: BaselineComparison, words: Words) -> str:
    """Summarise how many verdicts are as the baseline has them."""
    n = baseline.n_recorded - baseline.n_not_run
    numbers = {"n": words.count(n), "same": words.count(baseline.n_as_recorded)}
    if not any(map(fails, baseline.differences)):
        text = words.ngettext("The one verdict is as recorded", "All %(n)s verdicts are as recorded", n)
    else:
        text = words.ngettext(
            "%(same)s of %(n)s verdict is as recorded",
            "%(same)s of %(n)s verdicts are as recorded",
            n,
        )
    return text % numbers


def departure_name(how: Departure, words: Words) -> str:
    """Name a way in which an assertion departs from its baseline."""
    _ = words.gettext
    names: dict[Departure, str] = {
        "reversed": _("reversed"),
        "changed": _("changed"),
        "within the interval": _("within the interval"),
        "new": _("new"),
        "missing": _("missing"),
        "criterion changed": _("criterion changed"),
        "drifted": _("drifted"),
    }
    return names[how]


def departure_meanings(baseline: BaselineComparison, words: Words) -> list[tuple[str, str]]:
    """Explain the differences that there are, by name."""
    _ = words.gettext
    meanings: dict[Departure, str] = {
        "reversed": _("supported and refuted changed places, and the intervals lie apart."),
        "changed": _("another verdict, and a value outside the other's interval, or no value."),
        "within the interval": _(
            "another verdict, though each value lies in the other's interval: an end of the interval "
            "crossed the criterion."
        ),
        "new": _("not in the baseline."),
        "missing": _("recorded, and no longer asserted."),
        "criterion changed": _("the recorded verdict, by another criterion."),
        "drifted": _("the recorded verdict, with a value outside the other's interval."),
    }
    occurring = {difference.how for difference in baseline.differences}
    return [(departure_name(how, words), meaning) for how, meaning in meanings.items() if how in occurring]


def section_name(section: str, words: Words, sections: Mapping[str, Message]) -> str:
    """Name a section by its number, or by its title where its key is no number."""
    if section[:1].isdigit():
        return words.gettext("section %(section)s") % {"section": section}
    return words.say(sections[section]) if section in sections else section


def section_title(section: str, words: Words, sections: Mapping[str, Message]) -> str:
    """Name a section by number and title, where it has both."""
    name = section_name(section, words, sections)
    if section in sections and section[:1].isdigit():
        return f"{name}, {words.say(sections[section])}"
    return name


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
