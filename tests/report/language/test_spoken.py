"""Nothing is said to the user in a sentence that no catalogue knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from layerclaims.errors import InputError
from layerclaims.fixtures.language import usage_error
from layerclaims.message import as_message, enumeration, message
from layerclaims.report.language.catalogues import PACKAGE, SENTENCE_ERRORS
from layerclaims.report.language.speech import language_asked_for, speaker
from layerclaims.report.language.words import available_languages, load_words
from layerclaims.report.records.store import EvidenceError
from layerclaims.subject.resolving.hub_download import DownloadError
from layerclaims.sweep.jobs.run_job import JobError

FOLDERS = ("decision", "fixtures", "report", "subject", "sweep", "claims", "rule_hashes")
ANNOUNCING = {"line", "announce", "_announce", "tell", "_complain"}
"""Calls whose first argument the user reads."""


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Give every call in the modules that speak: its place, the function's name and the call."""
    files = [
        *PACKAGE.glob("*.py"),
        *(file for folder in FOLDERS for file in (PACKAGE / folder).rglob("*.py")),
    ]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                yield f"{file.relative_to(PACKAGE)}:{node.lineno}", name, node


CALLS = list(calls())


def is_text(node: ast.expr) -> bool:
    """Return whether an argument is written out as words, with or without values in it."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_errors_for_the_user_are_made_from_literal_templates() -> None:
    made = [(place, node) for place, name, node in CALLS if name in SENTENCE_ERRORS]
    assert len(made) > 100
    wrong = [place for place, node in made if not isinstance(node.args[0], ast.Constant)]
    assert wrong == []


def test_what_is_announced_is_a_message() -> None:
    announced = [(place, node) for place, name, node in CALLS if name in ANNOUNCING and node.args]
    assert len(announced) > 25
    assert [place for place, node in announced if is_text(node.args[0])] == []


def test_no_sentence_hides_in_a_formatted_text_where_it_is_not_extracted() -> None:
    hidden = [
        place
        for place, _name, node in CALLS
        for text in ast.walk(node)
        if isinstance(text, ast.JoinedStr)
        for inner in ast.walk(text)
        if isinstance(inner, ast.Call) and getattr(inner.func, "attr", "") in ("gettext", "ngettext")
    ]
    assert hidden == []


def test_usage_errors_are_said_in_the_language_of_the_run() -> None:
    places = {place.partition(":")[0] for place, name, _ in CALLS if name == "UsageError"}
    assert places == {str(Path("fixtures") / "language.py")}


def test_nothing_is_printed_but_paths_and_messages() -> None:
    printed = {
        place.partition(":")[0] for place, name, node in CALLS if name == "print" and is_text(node.args[0])
    }
    assert printed == {str(Path("sweep") / "__main__.py")}  # the commands of --dry-run


@pytest.mark.parametrize("language", available_languages()[1:])
def test_an_error_is_said_with_the_errors_and_messages_inside_it(language: str) -> None:
    inner = EvidenceError("no {noun} at {path}", noun=message("baseline"), path=Path("here.json"))
    outer = InputError("{option}: {reason}", option="--baseline", reason=inner)
    assert str(outer) == "--baseline: no baseline at here.json"
    said = load_words(language).say(outer)
    assert said == load_words(language).say(as_message(outer)) == str(usage_error(outer, language))
    assert "here.json" in said
    assert "no baseline" not in said


def test_errors_keep_the_kinds_that_callers_catch() -> None:
    assert issubclass(EvidenceError, ValueError)
    assert issubclass(DownloadError, OSError)
    assert str(DownloadError("{file} came", file="a")) == "a came"
    assert str(JobError("{said}", said="{gap}")) == "{gap}"


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--lang", "vi"], "vi"),
        (["claims/", "--layerclaims-lang=vi", "-q"], "vi"),
        (["--lang"], "en"),
        (["--lang", "xx"], "en"),
        ([], "en"),
    ],
)
def test_the_language_is_found_before_options_are_read(arguments: list[str], language: str) -> None:
    assert language_asked_for(arguments, ["en", "vi"]) == language


def test_lists_are_joined_as_the_language_does() -> None:
    items = enumeration(["a", "b", "c"])
    assert str(items) == "a, b and c"
    assert not isinstance(items, str)
    assert speaker("vi")(items) == "a, b và c"
    assert enumeration(["a"]) == "a"
