"""Texts and numbers in the reader's language, from Babel catalogues and locale data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol
from babel.support import NullTranslations, Translations

from layerclaims.counting_rules import RULE_NAMES
from layerclaims.decision import Parameter
from layerclaims.errors import SentenceError
from layerclaims.message import (
    SOURCE_LANGUAGE,
    KindName,
    Measured,
    Message,
    Percent,
    Value,
    as_message,
    capitalised,
    fill_gaps,
    format_level,
    format_number,
    names,
    parts,
)
from layerclaims.report.records.evidence import CriterionRecord, DocumentRecord, Interval, KindRecord
from layerclaims.text import shorten

LOCALE_DIR = Path(__file__).parents[1] / "locale"
REPORT_DOMAIN = "report"
"""Texts of templates, pages and figures."""

EVIDENCE_DOMAIN = "evidence"
"""Templates of the messages that evidence holds, and titles of pair measures."""

_LONGEST_NAME = 24
"""Characters of a kind's name that tables and figures have room for."""

_EXPONENT = re.compile(r"^(-?\d+(?:\.\d*?[1-9])?)\.?0*e([+-])0*(\d+)$")
"""A number with an exponent; the groups leave out trailing zeros of the mantissa and leading ones of the
exponent."""


@dataclass(frozen=True)
class Words:
    """Texts and numbers in one language.

    Attributes
    ----------
    language : str
        Its code, ``"en"`` or ``"vi"``.
    translations, evidence : NullTranslations
        Catalogues of the report's own texts and of the evidence's messages; English needs none.
    kinds : mapping of str to KindRecord
        The document's kinds of tokens by key, for their names; see `of_document`.
    own : mapping of str to str
        Translations of the document's sentences that it brings itself.
    """

    language: str
    translations: NullTranslations
    evidence: NullTranslations
    kinds: Mapping[str, KindRecord] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)

    def of_document(self, *documents: DocumentRecord) -> "Words":
        """Return the same language with the documents' names of kinds and translations; the first counts."""
        kinds = {kind.key: kind for document in reversed(documents) for kind in document.kinds}
        own: dict[str, str] = {}
        for document in reversed(documents):
            own |= document.translations.get(self.language, {})
        return replace(self, kinds=kinds, own=own)

    def gettext(self, message: str) -> str:
        """Translate a text of the report, or return it unchanged where the catalogue lacks it."""
        return str(self.translations.gettext(message)) if message else ""

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Translate a text of the report that depends on a count."""
        return str(self.translations.ngettext(singular, plural, n))

    def say(self, sentence: Message | SentenceError) -> str:
        """Write a message or an error in this language, in English where its template has no translation.

        The template is looked up in the document's own translations and in the catalogue ``evidence``; then
        its gaps are filled with the values, each written as the language does.
        """
        message = as_message(sentence) if isinstance(sentence, SentenceError) else sentence
        values = {name: self._value(value) for name, value in message.values.items()}
        return fill_gaps(self.term(message.text), values)

    def knows(self, message: Message) -> bool:
        """Return whether a message and all messages inside it have a translation."""
        return all(self._translation(part.text) for part in parts(message))

    def term(self, text: str) -> str:
        """Translate a fixed text of the evidence, such as a measure's title."""
        return self._translation(text) or text if text else ""

    def _translation(self, text: str) -> str:
        """Translate a template, or return an empty text where no catalogue has it."""
        return self.own.get(text) or str(self.evidence.gettext(text))

    def _value(self, value: Value) -> str:
        match value:
            case Message():
                return self.say(value)
            case KindName():
                return self._kind_name(value)
            case Percent():
                return f"{self.number(100 * value.share)}%"
            case Measured():
                return self.measured(value)
            case int():
                # Whole numbers are identifiers as often as counts (layer 12), so they are not grouped.
                return self.digits(str(value))
            case float():
                return self.number(value)
            case _:
                return value

    def _kind_name(self, name: KindName) -> str:
        kind = self.kinds.get(name.kind)
        if kind is None:
            return name.english
        text = names(kind.singular if name.form == "singular" else kind.plural, self.language)
        return capitalised(text) if name.capital else text

    def measured(self, measured: Measured) -> str:
        """Write a number with unit and interval, such as ``3.2 times (95% interval 2.9 to 3.6)``."""
        text = self.number(measured.value)
        if measured.unit:
            text += f" {self.unit(measured.unit)}"
        interval = self.gettext("%(level)s interval %(ends)s") % {
            "level": self.level(measured.level),
            "ends": self.interval((measured.low, measured.high)),
        }
        return f"{text} ({interval})"

    def number(self, value: float) -> str:
        """Write a number to three significant digits."""
        return _localized(format_number(value), self.language)

    def digits(self, english: str) -> str:
        """Write a number in English notation with this language's separators."""
        return _localized(english, self.language)

    def count(self, value: int) -> str:
        """Write a whole number with all its digits."""
        return _localized(f"{value:,}", self.language)

    def fixed(self, value: float, decimals: int) -> str:
        """Write a number with so many decimals."""
        return _localized(f"{value:,.{decimals}f}", self.language)

    def percent(self, share: float) -> str:
        """Write a share as whole percent."""
        return _localized(f"{share:.0%}", self.language)

    def level(self, level: float) -> str:
        """Write the confidence level of an interval, such as ``95%`` or ``97.5%``."""
        return _localized(format_level(level), self.language)

    def interval(self, interval: Interval) -> str:
        """Write an interval's ends."""
        low, high = interval
        return self.gettext("%(low)s to %(high)s") % {"low": self.number(low), "high": self.number(high)}

    def enumeration(self, parts: list[str]) -> str:
        """Join parts of a sentence as ``a, b and c``."""
        *first, last = parts
        between = self.gettext(" and ")
        return ", ".join(first) + between + last if first else last

    def date(self, moment: str) -> str:
        """Write the day of a moment in ISO 8601; other texts stay as they are."""
        try:
            day = datetime.fromisoformat(moment)
        except ValueError:
            return moment
        return str(format_date(day, "long", locale=self.language))

    def kind(self, kind: str) -> str:
        """Name the tokens of a kind, in the plural; a kind that no document names keeps its key."""
        return shorten(self._kind_name(KindName(kind=kind, form="plural", english=kind)), _LONGEST_NAME)

    def verdict(self, verdict: str) -> str:
        """Name a verdict."""
        return self._verdicts[verdict]

    @cached_property
    def _verdicts(self) -> dict[str, str]:
        _ = self.gettext
        return {
            "supported": _("supported"),
            "refuted": _("refuted"),
            "inconclusive": _("inconclusive"),
            "not_applicable": _("not applicable"),
            "error": _("error"),
            "part": _("in part"),
        }

    def criterion(self, criterion: CriterionRecord) -> str:
        """Write a criterion in words, such as ``at least 10``."""
        _ = self.gettext
        texts = {
            "at least": _("at least %(bound)s"),
            "at most": _("at most %(bound)s"),
            "above": _("above %(bound)s"),
            "below": _("below %(bound)s"),
            "exactly": _("exactly %(bound)s"),
            "within": _("from %(bound)s to %(upper)s"),
        }
        bound, upper = criterion.bound, criterion.upper
        numbers = {"bound": self.number(bound), "upper": self.number(bound if upper is None else upper)}
        return texts[criterion.relation] % numbers

    def unit(self, unit: str) -> str:
        """Name a unit."""
        _ = self.gettext
        names = {"times": _("times"), "bits": _("bits")}
        return names.get(unit, unit)

    def choice(self, name: str) -> str:
        """Name one of the analyst's choices."""
        return self._choices.get(name, name)

    @cached_property
    def _choices(self) -> dict[str, str]:
        _ = self.gettext
        return {
            "bins": _("bins"),
            "outlier_sd": _("outliers beyond SD"),
            "estimator": _("estimator"),
            "last_level": _("last level"),
            "sampling": _("windows"),
            "sample": _("tokens"),
            "counting": _("clusters counted by"),
        }

    def option(self, value: Parameter) -> str:
        """Name what was chosen: a word or a number."""
        if not isinstance(value, str):
            return self.number(value)
        if value in RULE_NAMES:
            return self.say(RULE_NAMES[value])
        return self._options.get(value, value)

    @cached_property
    def _options(self) -> dict[str, str]:
        _ = self.gettext
        return {
            "equal_width": _("equal width"),
            "equal_frequency": _("equal frequency"),
            "miller_madow": _("corrected for bias"),
            "residual": _("residual stream"),
            "final_norm": _("after the final norm"),
            "first": _("the first ones"),
            "random": _("random"),
            "spaced": _("not overlapping"),
            "whole": _("all"),
            "half": _("every other"),
            "panel": _("all rules together"),
        }


@lru_cache
def load_words(language: str) -> Words:
    """Read a language's catalogues from their ``.po`` files, so that nothing needs to be compiled.

    Raises
    ------
    ValueError
        If there is no catalogue for the language; names those that there are.
    """
    if language == SOURCE_LANGUAGE:
        return Words(language, NullTranslations(), NullTranslations())
    if language not in available_languages():
        raise ValueError(f"no such language: {language!r} (there are {', '.join(available_languages())})")
    evidence = _read_translations(language, EVIDENCE_DOMAIN)
    evidence.add_fallback(_Untranslated())
    return Words(language, _read_translations(language, REPORT_DOMAIN), evidence)


class _Untranslated(NullTranslations):
    """Answers for messages that a catalogue lacks with an empty text, so that they can be recognised."""

    def gettext(self, message: str) -> str:  # noqa: ARG002 - signature of gettext
        return ""


def _read_translations(language: str, domain: str) -> Translations:
    with (LOCALE_DIR / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, domain=domain)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain)


def available_languages() -> list[str]:
    """List the languages that a report can be written in, the source language first."""
    translated = sorted(
        path.parent.parent.name for path in LOCALE_DIR.glob(f"*/LC_MESSAGES/{REPORT_DOMAIN}.po")
    )
    return [SOURCE_LANGUAGE, *translated]


def _localized(english: str, language: str) -> str:
    """Write an English number with the language's separators and a minus sign, exponents without padding."""
    return _EXPONENT.sub(r"\1e\2\3", english).translate(_signs(language))


@lru_cache
def _signs(language: str) -> dict[int, str]:
    """Return what stands for the signs of an English number in a language."""
    locale = Locale.parse(language)
    return str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale), "-": "−"})
