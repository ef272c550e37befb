"""A process that waits, really killed together with the one that started it, and not."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from layerclaims.report.waiting_process import ProcessLostError, WaitingProcess
from tests.report.ended import assert_ended

ROOT = Path(__file__).parents[2]
TROUBLED = "tests.report.drawn.troubled"
PARENT = f"""
import sys
from layerclaims.report.waiting_process import WaitingProcess
process = WaitingProcess({TROUBLED!r})
print(process._process.pid, process.ask({{"names": ["a", "b"]}}, 60)["run"], flush=True)
process.receive(60)
"""


def test_it_ends_with_a_process_that_is_killed_also_while_it_works() -> None:
    variables = {**os.environ, "TROUBLE": "hangs later"}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid, run = parent.stdout.readline().split(maxsplit=1)
        assert run == "the run\n"
        process = psutil.Process(int(pid))
        assert process.is_running()
        parent.kill()
    assert_ended([process])


def test_ctrl_c_is_not_for_it_and_the_end_of_its_input_is() -> None:
    process = WaitingProcess(TROUBLED)
    assert process.ask({"names": ["a", "b"]}, 60)["name"] == "a"
    process._process.send_signal(signal.SIGINT)
    assert process.receive(60)["name"] == "b"
    assert process.ask({"names": ["c"]}, 60)["name"] == "c"
    assert process.close() == 0
    assert process.close() == 0
    with pytest.raises(ProcessLostError):
        process.ask({"names": ["d"]}, 60)


def test_an_answer_that_takes_too_long_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROUBLE", "cannot begin")
    process = WaitingProcess(TROUBLED)
    with pytest.raises(ProcessLostError):
        process.ask({"names": ["a"]}, 0.2)
    assert process.expired
    assert process.close() < 0


def test_questions_are_for_it_and_not_for_what_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROUBLE", "starts what reads its input")
    process = WaitingProcess(TROUBLED)
    process.send({"names": ["a"]}, 60)
    process.send({"names": ["b"]}, 60)
    assert [process.receive(60)["name"] for _ in range(2)] == ["a", "b"]
    assert process.close() == 0
