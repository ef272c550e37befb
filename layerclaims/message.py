"""Sentences as data: a template and its values. Words are made where a sentence is shown.

A `Message` names its sentence by the English template, which is the key of its translation (gettext's way),
and keeps its values apart. ``message("mean {measure} of {kind} at layer {layer}", ...)`` is also what the
catalogues are extracted by, so the template must be a literal.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias, Union

from pydantic import BaseModel, ConfigDict, Field

from layerclaims.errors import SentenceError, quotable
from layerclaims.text import escape_surrogates

SOURCE_LANGUAGE = "en"
"""That templates are written in."""

_GAP = re.compile(r"\{(\w+)\}")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class KindName(_Part):
    """The name of a kind of token, in the reader's language where the document has it.

    Attributes
    ----------
    kind : str
        The kind's key.
    form : str
        ``"singular"`` or ``"plural"``.
    english : str
        The name where the document says nothing else.
    capital : bool
        Whether it begins a sentence.
    """

    kind: str
    form: Literal["singular", "plural"]
    english: str
    capital: bool = False

    def at_start(self) -> "KindName":
        """Return the name as it begins a sentence."""
        return self.model_copy(update={"capital": True})


class Percent(_Part):
    """A share, shown in percent with three significant digits."""

    share: float


class Measured(_Part):
    """A number with its unit and its interval, shown as ``3.2 times (95% interval 2.9 to 3.6)``."""

    value: float
    low: float
    high: float
    unit: str = ""
    level: float = 0.95


Value: TypeAlias = Annotated[
    Union["Message", KindName, Percent, Measured, int, float, str], Field(union_mode="smart")
]
"""What fills a gap: whole numbers in full, others to three significant digits, texts as they are."""


class Message(_Part):
    """A sentence, or a part of one.

    Attributes
    ----------
    text : str
        English template, gaps as ``{name}``; the key of its translations.
    values : dict
        What fills the gaps.
    """

    text: str
    values: dict[str, Value] = Field(default_factory=dict)

    def __str__(self) -> str:
        """Write the sentence in English."""
        return english(self)

    def __hash__(self) -> int:
        """Hash by the template: equal messages have equal ones."""
        return hash(self.text)


def message(text: str, /, **values: Value) -> Message:
    """Make a message; ``text`` must be a literal, for catalogues are extracted from the source.

    Of a long value, both ends are kept, as in errors.
    """
    quoted = {name: quotable(value) if isinstance(value, str) else value for name, value in values.items()}
    return Message(text=escape_surrogates(text), values=quoted)


def as_message(error: SentenceError) -> Message:
    """Turn an error for the user into a message, with the errors and messages inside it."""
    values: dict[str, Value] = {}
    for name, value in error.values.items():
        if isinstance(value, SentenceError):
            values[name] = as_message(value)
        elif isinstance(value, (Message, KindName, int, float)):
            values[name] = value
        else:
            values[name] = escape_surrogates(str(value))
    return Message(text=escape_surrogates(error.template), values=values)


def enumeration(items: Sequence[Message | str]) -> Message | str:
    """List messages as ``a, b and c``."""
    *first, last = items
    if not first:
        return last
    return message("{first} and {last}", first=joined(first), last=last)


def joined(items: Sequence[Message | str], between: str = ", ") -> Message | str:
    """Put messages side by side, with the same sign between them in every language."""
    whole = items[0]
    for item in items[1:]:
        whole = Message(
            text="{left}{between}{right}", values={"left": whole, "between": between, "right": item}
        )
    return whole


def parts(sentence: Message) -> Iterator[Message]:
    """Give a message and all messages inside it."""
    yield sentence
    for value in sentence.values.values():
        if isinstance(value, Message):
            yield from parts(value)


def english(sentence: Message) -> str:
    """Write a message in English, for terminals and logs; the report has its own way for each language."""
    return fill_gaps(sentence.text, {name: _english(value) for name, value in sentence.values.items()})


def fill_gaps(template: str, values: Mapping[str, str]) -> str:
    """Put texts into the gaps ``{name}`` of a template; gaps without a value stay as they are."""
    return _GAP.sub(lambda gap: values.get(gap[1], gap[0]), template)


def _english(value: Any) -> str:  # noqa: ANN401 - any of `Value`
    match value:
        case Message():
            return english(value)
        case KindName():
            return capitalised(value.english) if value.capital else value.english
        case Percent():
            return f"{format_number(100 * value.share)}%"
        case Measured():
            return format_measured(value)
        case float():
            return format_number(value)
        case _:
            return str(value)


def capitalised(text: str) -> str:
    """Write a text with a capital first letter."""
    return text[:1].upper() + text[1:]


def format_number(value: float) -> str:
    """Write a number with three significant digits, without exponents where a reader needs none."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:.2e}"


def format_measured(measured: Measured) -> str:
    """Write value, unit and interval: ``3.2 times (95% interval 2.9 to 3.6)``."""
    unit = f" {measured.unit}" if measured.unit else ""
    interval = f"{format_number(measured.low)} to {format_number(measured.high)}"
    return f"{format_number(measured.value)}{unit} ({format_level(measured.level)} interval {interval})"


def format_level(level: float) -> str:
    """Write a confidence level in percent with three significant digits."""
    return f"{100 * level:.3g}%"


def names(values: Mapping[str, str], language: str) -> str:
    """Choose a text by language, English where the language has none."""
    return values.get(language) or values["en"]
