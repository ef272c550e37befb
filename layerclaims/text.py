"""Foreign text made harmless: every character that would hide, reorder or break is shown by its number.

Model names, file names and tokens come from outside. Markup in them is the templates' business
(autoescape); here are the characters that no escaping helps against.
"""

import getpass
import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
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
    return text if text.isascii() else _SURROGATE.sub(_numbered, text)


def visible(text: str) -> str:
    r"""Show the text literally: line breaks as a pilcrow, other invisible characters as ``\u202e``."""
    if text.isprintable():  # none of these characters is, and most texts are
        return text
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


def readable_bytes(n_bytes: float) -> str:
    """Write a size as ``1.52 GB`` or ``305 MB``, in powers of 1000."""
    return f"{n_bytes / 1e9:.3g} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.3g} MB"


def map_texts(data: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON-like value
    """Change every text in nested lists and dictionaries; keys stay as they are."""
    match data:
        case str():
            return change(data)
        case dict():
            return {key: map_texts(value, change) for key, value in data.items()}
        case list() | tuple():
            return [map_texts(value, change) for value in data]
        case _:
            return data


_PATH = re.compile(
    r"""(?:(?<=file://)|(?<=file://localhost)|(?<![\w.~/-])(?!(?<=:)//)(?:~|\.{1,2})?)/[^\s'"<>|]*"""
)
"""A path that begins with ``/``, ``./``, ``../`` or ``~/``, and no other URL than that of a file."""
_SLASHES = re.compile(r"/(?:\.?/)+")
_BLANK = re.compile(r"\s")
_END = r"(?![\w.-])"
_OTHER_HOME = re.compile(r"(?<=/)(home|Users)/[^/]+")
_HOME_BY_NAME = re.compile(r"(?<![\w.~/-])~[a-zA-Z_][\w.-]*(?=/)")


def without_home(text: str) -> str:
    """Write ``~`` for home folders and ``USER`` for user names in paths.

    What is sent on need not say whose machine it was: neither the user's own name, also where the home
    folder is reached by a link, nor that of another whose home a path leads to.
    """
    if "/" not in text:
        return text
    homes, names = _homes(), _user_names()
    # A path with blanks in it cannot be told from the words around it, but what stands in it is known.
    for home in (home for home in homes if _BLANK.search(home)):
        text = re.sub(rf"(?<![\w.~-])/*{re.escape(home)}{_END}", "~", text)
    for name in (name for name in names if _BLANK.search(name)):
        text = re.sub(rf"(?<=/){re.escape(name)}{_END}", "USER", text)

    def shown(match: re.Match[str]) -> str:
        given = path = _SLASHES.sub("/", match.group())  # `//home/./alice` is `/home/alice` to the system
        for home in homes:
            if path == home or path.startswith(f"{home}/"):
                path = "~" + path.removeprefix(home)
                break
        path = _OTHER_HOME.sub(r"\1/USER", path)
        path = "/".join("USER" if part in names else part for part in path.split("/"))
        return match.group() if path == given else path

    return _HOME_BY_NAME.sub("~USER", _PATH.sub(shown, text))


def argument_without_home(argument: str) -> str:
    """Write an argument of a command line without user names, a relative path as well."""
    option, equals, value = argument.rpartition("=")
    if "/" in value and _user_names() & set(value.split("/")) and Path(value).exists():
        return f"{option}{equals}{without_home(str(Path(value).absolute()))}"
    return without_home(argument)


def _homes() -> list[str]:
    """List the user's home folder and where it really is, the longest first; a root folder is none."""
    given = os.path.expanduser("~")  # noqa: PTH111 - pathlib raises where nobody knows the user
    found = {given, os.path.realpath(given)} if Path(given).is_absolute() else set()
    return sorted((home.rstrip("/") for home in found if home.strip("/")), key=len, reverse=True)


def _user_names() -> set[str]:
    """Name the user as the environment, the system and the home folder do."""
    names = {os.environ.get(variable, "") for variable in ("LOGNAME", "USER", "USERNAME", "SUDO_USER")}
    names |= {home.rpartition("/")[2] for home in _homes()}
    with suppress(KeyError, OSError):  # nobody knows the user, as in containers
        names.add(getpass.getuser())
    return names - {"", "root"}


def enumerate_words(words: Sequence[str]) -> str:
    """Write words as English lists them: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _numbered(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
