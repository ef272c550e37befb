"""Sentences for a terminal in the user's language."""

from collections.abc import Callable, Sequence

from layerclaims.errors import SentenceError
from layerclaims.message import SOURCE_LANGUAGE, Message


def speaker(language: str) -> Callable[[Message | SentenceError], str]:
    """Return what writes sentences in a language; English ones need no catalogue."""
    if language == SOURCE_LANGUAGE:
        return str
    # Reading catalogues takes time that a run in English does not need.
    from layerclaims.report.language.words import load_words

    return load_words(language).say


def language_asked_for(arguments: Sequence[str], languages: Sequence[str]) -> str:
    """Find ``--lang`` among unchecked arguments; English where it is not there or unknown."""
    given = SOURCE_LANGUAGE
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name in ("--lang", "--layerclaims-lang"):
            given = value if equals else next(iter(arguments[place + 1 : place + 2]), given)
    return given if given in languages else SOURCE_LANGUAGE
