"""Progress says how far a step is, and how long the whole run still takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from types import SimpleNamespace

import pytest

from layerclaims.message import message
from layerclaims.report.language.words import load_words
from layerclaims.subject import progress
from layerclaims.subject.progress import Announcer, Outlook

STEP = message("untrained twins")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give the seconds that the clock shows; the test moves them on."""
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def advanced(announcer: Announcer, clock: list[float], steps: list[tuple[float, int]], done: int = 0) -> None:
    with announcer.progress(STEP, 40, done=done) as advance:
        for seconds, count in steps:
            clock[0] += seconds
            advance(count)


def test_the_time_left_of_a_step_follows_its_pace(clock: list[float]) -> None:
    said: list[str] = []
    advanced(Announcer(said.append), clock, [(20.0, 10)])
    assert said == ["layerclaims: untrained twins: 10 of 40, 60 s left"]


def test_what_follows_at_this_pace_and_at_others_counts_in_the_time_left(clock: list[float]) -> None:
    said: list[str] = []
    announcer = Announcer(said.append)
    announcer.outlook = Outlook(seconds=7.0, units=100)
    advanced(announcer, clock, [(20.0, 10)])
    assert said == ["layerclaims: untrained twins: 10 of 40, 267 s left of the whole run"]


def test_what_an_earlier_run_did_does_not_count_for_the_pace(clock: list[float]) -> None:
    said: list[str] = []
    advanced(Announcer(said.append), clock, [(20.0, 10)], done=20)
    assert said == ["layerclaims: untrained twins: 30 of 40, 20 s left"]


def test_lines_come_seldom_and_none_when_all_is_done(clock: list[float]) -> None:
    said: list[str] = []
    advanced(Announcer(said.append), clock, [(4.0, 1), (4.0, 1), (4.0, 1), (4.0, 1), (30.0, 36)])
    assert len(said) == 1


def test_progress_speaks_the_language_that_was_chosen(clock: list[float]) -> None:
    said: list[str] = []
    advanced(Announcer(said.append, load_words("vi").say), clock, [(20.0, 10)])
    assert said == ["layerclaims: các bản chưa huấn luyện: 10 trên 40, còn 60 s"]


def test_a_terminal_gets_a_bar_with_the_time_left_of_the_whole_run(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    postfixes: list[str] = []

    @contextmanager
    def bar(**choices: object) -> Iterator[SimpleNamespace]:
        assert "{postfix}" in str(choices["bar_format"])
        yield SimpleNamespace(
            update=lambda _count: None, set_postfix_str=lambda text, **_choices: postfixes.append(text)
        )

    monkeypatch.setattr("sys.stderr", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(progress, "tqdm", bar)
    announcer = Announcer(lambda _line: None)
    announcer.outlook = Outlook(seconds=30.0)
    advanced(announcer, clock, [(20.0, 10)])
    assert postfixes == ["90 s left of the whole run"]


def test_a_line_stands_above_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", screen)
    announcer = Announcer(lambda line: screen.write(f"{line}\n"))
    with announcer.progress(STEP, 40) as advance:
        advance(10)
        announcer.line(message("report in {file}", file="x"))
        written = screen.getvalue()
    before, _, _ = written.partition("layerclaims: report in x\n")
    assert before.rpartition("\r")[2] == ""  # the bar was wiped
    assert "untrained twins" in written.rpartition("\n")[2]  # and drawn again below
