"""Yes-or-no features of the text around a punctuation mark.

The list was fixed before any model's groups were looked at. What stands before the mark is what a causal
model can have read; what stands after it cannot be the cause of anything at the mark, yet goes with the
mark's role in the sentence, so it is listed too. Each feature is one that a reader could check by eye.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class MarkText(NamedTuple):
    """The text of one window: before the mark, the mark's own token, after the mark."""

    before: str
    token: str
    after: str


# An apostrophe is written like a closing single quotation mark, so inside a text only the opening one counts.
_QUOTE = re.compile('["“”„«»‘]')
_CLOSING_QUOTE = re.compile("[\"”»’']")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:['’-][^\W\d_]+)*)\W*$")
_CONJUNCTION = re.compile(r"\W*(?:and|but|or|nor|so|yet|for)\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\W*(?:who|whom|whose|which|that|where|when|while|as|if|because)\b", re.IGNORECASE)


def last_word(before: str) -> str:
    """Give the word that ends the text, without the punctuation after it; empty where there is none."""
    found = _LAST_WORD.search(before)
    return found.group(1) if found else ""


def _up_to_mark(text: MarkText) -> str:
    """Give all text before the mark itself; its token may begin with space."""
    return (text.before + text.token.rstrip())[:-1]


def _word_is(test: Callable[[str], bool]) -> Callable[[MarkText], bool]:
    """Make a feature of the word before the mark; a mark without one does not have it."""

    def feature(text: MarkText) -> bool:
        word = last_word(text.before)
        return bool(word) and test(word)

    return feature


def _line_break_within(n_words: int) -> Callable[[MarkText], bool]:
    """Make a feature of the distance to the last line break before the mark."""

    def feature(text: MarkText) -> bool:
        return "\n" in text.before and len(text.before.rpartition("\n")[2].split()) <= n_words

    return feature


class TextFeature(NamedTuple):
    """A feature: its title in words, which is the key of its translations, and the test for it."""

    title: str
    test: Callable[[MarkText], bool]


_LISTED = (
    # Marks and breaks that attention can find before the mark.
    TextFeature("a comma earlier in the window", lambda text: "," in text.before),
    TextFeature(
        "a full stop, ! or ? earlier in the window", lambda text: bool(re.search(r"[.!?]", text.before))
    ),
    TextFeature(
        "a semicolon, colon or dash earlier in the window",
        lambda text: bool(re.search(r"[;:—–]|--", text.before)),
    ),
    TextFeature("a quotation mark earlier in the window", lambda text: bool(_QUOTE.search(text.before))),
    TextFeature("a line break earlier in the window", lambda text: "\n" in text.before),
    # Hard-wrapped text has a break in nearly every window, so its distance is what can differ. Five words are
    # less than half a printed line.
    TextFeature("a line break at most 5 words before the mark", _line_break_within(5)),
    TextFeature(
        "a line break right before the mark", lambda text: _up_to_mark(text).rstrip(" ").endswith("\n")
    ),
    # The token itself: tokenizers keep the space before a mark in its token.
    TextFeature("a space before the mark", lambda text: _up_to_mark(text).endswith(" ")),
    # The word before: length tells function words, the ending and the capital tell word classes. Most English
    # function words have up to three letters; about a tenth of the words of running prose have eight or more.
    TextFeature("a word of up to 3 letters before the mark", _word_is(lambda word: len(word) <= 3)),
    TextFeature("a word of 8 letters or more before the mark", _word_is(lambda word: len(word) >= 8)),
    TextFeature("a capitalised word before the mark", _word_is(lambda word: word[0].isupper())),
    TextFeature("a word in -ing before the mark", _word_is(lambda word: word.endswith("ing"))),
    TextFeature("a word in -ly before the mark", _word_is(lambda word: word.endswith("ly"))),
    TextFeature("a word in -ed before the mark", _word_is(lambda word: word.endswith("ed"))),
    TextFeature("a conjunction before the mark", _word_is(lambda word: bool(_CONJUNCTION.fullmatch(word)))),
    # What follows: the role of the mark in its sentence.
    TextFeature("a conjunction after the mark", lambda text: bool(_CONJUNCTION.match(text.after))),
    TextFeature(
        "a relative or subordinating word after the mark", lambda text: bool(_RELATIVE.match(text.after))
    ),
    TextFeature("a line break right after the mark", lambda text: text.after.lstrip(" ")[:1] == "\n"),
    TextFeature(
        "a closing quotation mark right after the mark",
        lambda text: bool(_CLOSING_QUOTE.match(text.after.lstrip())),
    ),
)

FEATURES: dict[str, Callable[[MarkText], bool]] = {feature.title: feature.test for feature in _LISTED}
"""Title to test."""


def measure_features(texts: Sequence[MarkText]) -> dict[str, NDArray[np.bool_]]:
    """Look for every feature in every window.

    Parameters
    ----------
    texts : sequence of MarkText
        One for each token.

    Returns
    -------
    dict
        Feature to booleans of shape ``(n_tokens,)``, in the order of `FEATURES`.
    """
    return {
        name: np.array([feature(text) for text in texts], dtype=bool) for name, feature in FEATURES.items()
    }
