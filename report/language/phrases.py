"""Sentences of the evidence in another language: patterns with gaps, and what fills the gaps.

The evidence is written in English, with numbers and names inside its sentences. A catalogue holds the
sentences as the source writes them, each gap as ``{1}``, ``{2}``, ...; here a finished sentence finds its
pattern again, and its translation takes over what filled the gaps, translated in turn.
"""

import re
from collections.abc import Callable, Mapping

_GAP = re.compile(r"\{(\d+)\}")
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?")
_SENTENCE_END = re.compile(r"(?<=\.) (?=[A-Z])")
_MAX_DEPTH = 6
_SHORT = 9
"""Letters."""


class Phrases:
    """A language's patterns.

    Parameters
    ----------
    catalogue : mapping of str to str
        English pattern to translated pattern; the same gaps in both.
    digits : callable
        Gives a number written the English way the language's separators.
    """

    def __init__(self, catalogue: Mapping[str, str], digits: Callable[[str], str]) -> None:
        self._exact = {source: target for source, target in catalogue.items() if not _GAP.search(source)}
        patterns = [(source, target) for source, target in catalogue.items() if _GAP.search(source)]
        # The pattern that says most by itself is the likeliest to have made the sentence.
        patterns.sort(key=lambda pattern: len(_GAP.sub("", pattern[0])), reverse=True)
        self._patterns = [(_expression(source), target) for source, target in patterns]
        self._digits = digits

    def translate(self, text: str) -> str | None:
        """Translate one or several sentences; None where one of them is not known."""
        return self._translate(text, 0)

    def _translate(self, text: str, depth: int) -> str | None:
        stripped = text.strip()
        if not stripped or depth > _MAX_DEPTH:
            return None
        found = self._one(stripped, depth)
        if found is None:
            found = self._several(stripped, depth)
        if found is None:
            return None
        start = len(text) - len(text.lstrip())
        return text[:start] + found + text[start + len(stripped) :]

    def _one(self, text: str, depth: int) -> str | None:
        """Translate a text that one pattern made."""
        if text in self._exact:
            return self._exact[text]
        for expression, target in self._patterns:
            match = expression.fullmatch(text)
            if match is None:
                continue
            gaps = [self._gap(gap, depth) for gap in match.groups()]
            filled = [gap for gap in gaps if gap is not None]
            if len(filled) == len(gaps):
                return _fill(target, filled)
        return None

    def _several(self, text: str, depth: int) -> str | None:
        """Translate sentences that were put one after the other; the longest known beginning goes first."""
        for end in reversed([match.start() for match in _SENTENCE_END.finditer(text)]):
            first = self._one(text[:end], depth)
            if first is not None:
                rest = self._translate(text[end + 1 :], depth)
                return None if rest is None else f"{first} {rest}"
        return None

    def _gap(self, text: str, depth: int) -> str | None:
        """Translate what filled a gap; names and other texts stay, numbers change their separators.

        None where it runs on into a sentence that is not known: then another pattern has made the text.
        """
        translated = self._translate(text, depth + 1)
        if translated is not None:
            return translated
        if _SENTENCE_END.search(text):
            return None
        return _NUMBER.sub(lambda number: self._digits(number.group()), text)


def _fill(target: str, gaps: list[str]) -> str:
    return _GAP.sub(lambda place: gaps[int(place.group(1)) - 1], target)


def _expression(pattern: str) -> re.Pattern[str]:
    parts = _GAP.split(pattern)
    # A short pattern, such as "{1} to {2}", would find itself in any sentence: only numbers may fill its
    # gaps. In others anything may, though never more than it must be.
    says_much = sum(letter.isalpha() for part in parts[::2] for letter in part) >= _SHORT
    gap = "(.*?)" if says_much else rf"({_NUMBER.pattern}%?)"
    literal = [re.escape(part) if place % 2 == 0 else gap for place, part in enumerate(parts)]
    return re.compile("".join(literal), re.DOTALL)
