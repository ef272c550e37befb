"""Sentences quote long values by their ends."""

from pathlib import Path

import pytest

from layerclaims.errors import LONGEST_VALUE, InputError
from layerclaims.message import as_message, message

LONG = "begin" + 100_000 * "x" + "end"


@pytest.mark.parametrize(
    "value",
    [LONG, Path(LONG), [LONG], {LONG: 1}, ValueError(LONG), 10**5_000, -(10**5_000)],
    ids=["text", "path", "list", "mapping", "error", "number", "negative"],
)
def test_a_long_value_is_quoted_by_its_ends(value: object) -> None:
    error = InputError("{value} cannot be used", value=value)
    for text in (str(error), str(as_message(error))):
        assert len(text) <= LONGEST_VALUE + len(" cannot be used")
        assert "…" in text
        assert text.endswith(" cannot be used")


def test_a_value_of_readable_length_is_quoted_whole() -> None:
    text = LONGEST_VALUE * "x"
    assert str(InputError("{text}, {n}", text=text, n=2**64)) == f"{text}, {2**64}"


def test_a_sentence_within_a_sentence_is_told_whole() -> None:
    inner = InputError("{one} and {other}", one=LONGEST_VALUE * "x", other=LONGEST_VALUE * "y")
    assert str(InputError("it says {reason}", reason=inner)) == f"it says {inner}"


def test_a_long_value_of_a_message_is_quoted_by_its_ends() -> None:
    inner = message("{file} is no model", file=LONG)
    assert len(str(InputError("it says {reason}", reason=inner))) < LONGEST_VALUE + 50


@pytest.mark.parametrize("value", ["a\x1b]0;title\x07\u202eb", Path("a\x1b]0;title\x07\u202eb")])
def test_characters_that_steer_a_terminal_are_shown_by_their_number(value: object) -> None:
    assert str(InputError("no {value}", value=value)) == "no a\\x1b]0;title\\x07\\u202eb"


def test_lines_of_a_value_stay_lines() -> None:
    assert str(InputError("faults:\n{faults}", faults="one\ntwo")) == "faults:\none\ntwo"
