"""The reader's language: texts from a Babel catalogue, numbers by the language's rules."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol
from babel.support import NullTranslations, Translations

from layerclaims.message import format_number
from layerclaims.decision import Parameter
from layerclaims.report.language.phrases import Phrases
from layerclaims.report.records.evidence import CriterionRecord, Interval

LOCALE_DIR = Path(__file__).parents[1] / "locale"
REPORT_DOMAIN = "report"
"""Texts of templates, pages and figures."""

EVIDENCE_DOMAIN = "evidence"
"""Sentences of the evidence, as `report.language.phrases` reads them."""

SOURCE_LANGUAGE = "en"

_EXPONENT = re.compile(r"^(-?\d+(?:\.\d*?[1-9])?)\.?0*e([+-])0*(\d+)$")
"""A number with an exponent, its mantissa's last zeros and its exponent's first ones apart."""


@dataclass(frozen=True)
class Words:
    """Texts and numbers in one language.

    Attributes
    ----------
    language : str
        Its code, ``"en"`` or ``"vi"``.
    translations : NullTranslations
        Its catalogue; the source language needs none.
    phrases : Phrases or None
        Its sentences of the evidence; the source language needs none.
    """

    language: str
    translations: NullTranslations
    phrases: Phrases | None = None

    def gettext(self, message: str) -> str:
        """Translate a text, or give it back where the catalogue lacks it."""
        return str(self.translations.gettext(message)) if message else ""

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Translate a text that counts."""
        return str(self.translations.ngettext(singular, plural, n))

    def evidence(self, text: str) -> str:
        """Translate a text of the evidence as far as its sentences are known."""
        return self._known(text) or text

    def knows(self, text: str) -> bool:
        """Tell whether a text of the evidence can be shown in this language."""
        return self.language == SOURCE_LANGUAGE or self._known(text) is not None

    def _known(self, text: str) -> str | None:
        if self.phrases is None:
            return None
        message = self.gettext(text)
        return message if message != text else self.phrases.translate(text)

    def number(self, value: float) -> str:
        """Write a number to three significant digits."""
        return _localized(format_number(value), self.language)

    def digits(self, english: str) -> str:
        """Give a number written the English way this language's separators."""
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

    def interval(self, interval: Interval) -> str:
        """Write an interval's ends."""
        low, high = interval
        return self.gettext("%(low)s to %(high)s") % {"low": self.number(low), "high": self.number(high)}

    def enumeration(self, parts: list[str]) -> str:
        """Join parts of a sentence: ``a, b and c``."""
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
        """Name a kind of punctuation by its marks."""
        _ = self.gettext
        names: dict[str, str] = {"internal": _("commas"), "terminal": _("full stops")}
        return names.get(kind, kind)

    def verdict(self, verdict: str) -> str:
        """Name a verdict."""
        _ = self.gettext
        names = {
            "supported": _("supported"),
            "refuted": _("refuted"),
            "inconclusive": _("inconclusive"),
            "not_applicable": _("not applicable"),
        }
        return names[verdict]

    def criterion(self, criterion: CriterionRecord) -> str:
        """Write a criterion in words."""
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

    def fillers(self) -> dict[str, str]:
        """Translate what fills gaps of the evidence's sentences without being a sentence itself."""
        _ = self.gettext
        gap, ends = {"bound": "{1}"}, {"low": "{1}", "high": "{2}"}
        return {
            "commas": _("commas"),
            "full stops": _("full stops"),
            "covariance": _("covariance"),
            "variance": _("variance"),
            "MI": _("MI"),
            "times": _("times"),
            "bits": _("bits"),
            "more": _("more"),
            "no more": _("no more"),
            "supported": _("supported"),
            "refuted": _("refuted"),
            "inconclusive": _("inconclusive"),
            "equal-frequency": _("equal frequency"),
            "miller-madow": _("corrected for bias"),
            "{1} times": _("%(n)s times") % {"n": "{1}"},
            "{1} bits": _("%(n)s bits") % {"n": "{1}"},
            "stays at {1}": _("stays at %(n)s") % {"n": "{1}"},
            "rises from {1} to {2}": _("rises from %(low)s to %(high)s") % ends,
            "falls from {1} to {2}": _("falls from %(high)s to %(low)s") % {"high": "{1}", "low": "{2}"},
            "{1} bins": _("%(n)s bins") % {"n": "{1}"},
            "{1} to {2}": _("%(low)s to %(high)s") % ends,
            "at least {1}": _("at least %(bound)s") % gap,
            "at most {1}": _("at most %(bound)s") % gap,
            "above {1}": _("above %(bound)s") % gap,
            "below {1}": _("below %(bound)s") % gap,
            "exactly {1}": _("exactly %(bound)s") % gap,
        }

    def unit(self, unit: str) -> str:
        """Name a unit."""
        _ = self.gettext
        names = {"times": _("times"), "bits": _("bits")}
        return names.get(unit, unit)

    def choice(self, name: str) -> str:
        """Name one of the analyst's choices."""
        _ = self.gettext
        names = {
            "bins": _("bins"),
            "outlier_sd": _("outliers beyond SD"),
            "estimator": _("estimator"),
            "last_level": _("last level"),
            "sampling": _("windows"),
            "sample": _("tokens"),
        }
        return names.get(name, name)

    def option(self, value: Parameter) -> str:
        """Name what was chosen: a word or a number."""
        if not isinstance(value, str):
            return self.number(value)
        _ = self.gettext
        names = {
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
        }
        return names.get(value, value)

    def measure(self, measure: str) -> str:
        """Name a pair measure."""
        _ = self.gettext
        names = {
            "mutual_information": _("mutual information"),
            "covariance": _("covariance"),
            "pearson": _("Pearson correlation"),
            "std": _("standard deviation"),
        }
        return names.get(measure, measure)


@lru_cache
def load_words(language: str) -> Words:
    """Read a language's catalogue straight from its ``.po`` file: nothing needs to be compiled.

    Raises
    ------
    ValueError
        If there is no catalogue for the language; names those that there are.
    """
    if language == SOURCE_LANGUAGE:
        return Words(language, NullTranslations())
    if language not in available_languages():
        raise ValueError(f"no such language: {language!r} (there are {', '.join(available_languages())})")
    compiled = BytesIO()
    write_mo(compiled, _read_catalogue(language, REPORT_DOMAIN))
    compiled.seek(0)
    sentences = {
        str(message.id): str(message.string) for message in _read_catalogue(language, EVIDENCE_DOMAIN)
    }
    known = {source: target for source, target in sentences.items() if source and target}
    translations = Translations(compiled, REPORT_DOMAIN)
    known |= Words(language, translations).fillers()
    return Words(language, translations, Phrases(known, partial(_localized, language=language)))


def _read_catalogue(language: str, domain: str) -> Catalog:
    with (LOCALE_DIR / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def available_languages() -> list[str]:
    """List the languages that a report can be had in, the source language first."""
    translated = sorted(
        path.parent.parent.name for path in LOCALE_DIR.glob(f"*/LC_MESSAGES/{REPORT_DOMAIN}.po")
    )
    return [SOURCE_LANGUAGE, *translated]


def _localized(english: str, language: str) -> str:
    """Give an English number the language's separators, a minus sign, and exponents without padding."""
    english = _EXPONENT.sub(r"\1e\2\3", english)
    locale = Locale.parse(language)
    signs: dict[str, str | int | None] = {
        ",": get_group_symbol(locale),
        ".": get_decimal_symbol(locale),
        "-": "−",
    }
    return english.translate(str.maketrans(signs))
