"""Foreign text made harmless: every character that would hide, reorder or break is shown by its number.

Model names, file names and tokens come from outside. Markup in them is the templates' business
(autoescape); here are the characters that no escaping helps against.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")

# C0 and C1 controls, the soft hyphen, zero-width and bidirectional controls, line separators, the
# byte order mark, tags and noncharacters: invisible, or able to reorder or cut the text around them.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f\ud800-\udfff]"
)


def escape_surrogates(text: str) -> str:
    r"""Write lone surrogates, which no encoding accepts, as ``\udc80``."""
    return _SURROGATE.sub(_numbered, text)


def visible(text: str) -> str:
    r"""Show the text literally: line breaks as a pilcrow, other invisible characters as ``\u202e``."""
    return _INVISIBLE.sub(_numbered, text.replace("\r\n", "¶").replace("\n", "¶"))


def literal(data: Any) -> Any:  # noqa: ANN401 - any JSON-like value
    """Make every text in nested lists and dictionaries `visible`, keys too."""
    match data:
        case str():
            return visible(data)
        case dict():
            return {literal(key): literal(value) for key, value in data.items()}
        case list() | tuple():
            return [literal(value) for value in data]
        case _:
            return data


def shorten(text: str, limit: int) -> str:
    """Cut a long text in its middle, where names differ least."""
    if len(text) <= limit:
        return text
    head = (limit - 1) // 2
    return f"{text[:head]}…{text[len(text) - (limit - 1 - head) :]}"


def without_home(text: str) -> str:
    """Write ``~`` for the user's home folder: what is sent on need not say whose machine it was."""
    return text.replace(str(Path.home()), "~")


def enumerate_words(words: Sequence[str]) -> str:
    """Write words as English lists them: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _numbered(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
