"""Tell a document's text from whatever else a server may answer, by its content."""

import re

from layerclaims.document import TextSource
from layerclaims.message import Message, message

COMMON_WORDS = {
    "en": frozenset(
        ["the", "and", "of", "to", "a", "in", "that", "it", "was", "i", "he", "his", "with", "had"]
    ),
    "vi": frozenset(
        ["và", "của", "là", "có", "không", "được", "một", "người", "trong", "những", "cho", "đã"]
    ),
}
MARKUP = re.compile(
    r"<(?:!doctype|/?(?:html|head|body|div|p|br|span|title|script|style))\b[^<>]*>", re.IGNORECASE
)
FEWEST_TAGS = 3
"""From which on a text is a page: a text may show one or two."""
SMALLEST_SHARE = 0.08
"""Of all words. In English prose the words above make up a third, in technical Vietnamese a ninth."""


def describe_wrong_text(content: bytes, source: TextSource) -> Message | None:
    """Say why a content is not the text that a document names; None where it is.

    Parameters
    ----------
    content : bytes
        What was fetched.
    source : TextSource
        The text, with its phrases, its length and its language.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        return message("it is not UTF-8 at byte {place}", place=error.start)
    fewest, most = source.characters
    if not fewest <= len(text) <= most:
        return message(
            "it has {n} characters and not {fewest} to {most}",
            n=f"{len(text):,}",
            fewest=f"{fewest:,}",
            most=f"{most:,}",
        )
    flat = " ".join(text.split())
    missing = [phrase for phrase in source.phrases if phrase not in flat]
    if missing:
        return message("it lacks {phrase}", phrase=repr(missing[0]))
    if len(MARKUP.findall(text)) >= FEWEST_TAGS:
        return message("it is marked up as a web page")
    words = re.findall(r"\w+", text.lower())
    common = COMMON_WORDS.get(source.language)
    if common and sum(word in common for word in words) < SMALLEST_SHARE * len(words):
        return message("its words are not those of the language {language}", language=repr(source.language))
    return None
