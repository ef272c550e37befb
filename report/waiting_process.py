"""Processes of ours that are started early: they import what they need, then answer questions, line by line.

Such a process lives no longer than the one that started it, however that one ends: it ends when its standard
input does. Ctrl-C in the terminal is for the process that started it. What it prints goes nowhere.
"""

import gc
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

SECONDS_TO_END = 10.0
"""Which a process has to end by itself."""

SECONDS_TO_FINISH = 1.0
"""Which a process has to finish its work when nobody waits for it any more."""


class ProcessLostError(Exception):
    """A process ended, or took too long, or answered nonsense."""


class WaitingProcess:
    """A process that runs `answer_questions`, seen from the one that started it.

    Attributes
    ----------
    expired : bool
        Whether it was killed because an answer took too long.

    Parameters
    ----------
    module : str
        What it runs, like ``python -m``.
    arguments : str
        What the module is given after the folder in which this process works.

    Raises
    ------
    OSError
        If no process can be started.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        if not sys.executable:  # Python inside another program
            raise OSError("there is no interpreter to start")
        self.expired = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, str(Path.cwd()), *arguments],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )

    def ask(self, question: object, seconds: float) -> Any:  # noqa: ANN401 - what JSON holds
        """Send a question and wait for the answer; as `send` and `receive`."""
        self.send(question, seconds)
        return self.receive(seconds)

    def send(self, question: object, seconds: float) -> None:
        """Send a question as JSON, so that this process goes on while the other one answers.

        Parameters
        ----------
        question : object
        seconds : float
            After which the process is killed if it does not take the question.

        Raises
        ------
        ProcessLostError
            If the process is no longer there.
        """
        assert self._process.stdin is not None
        with self._within(seconds):
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()

    def receive(self, seconds: float) -> Any:  # noqa: ANN401 - what JSON holds
        """Wait for the next answer to the question that was sent.

        Parameters
        ----------
        seconds : float
            After which the process is killed.

        Raises
        ------
        ProcessLostError
            If there is no answer.
        """
        assert self._process.stdout is not None
        with self._within(seconds):
            return json.loads(self._process.stdout.readline())

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, ValueError) as error:  # a broken pipe; no answer, or half of one
            raise ProcessLostError from error
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self.expired = True
        self.kill()

    def dismiss(self) -> None:
        """Ask nothing any more: the process ends by itself."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def close(self) -> int:
        """Wait for the end of the process, and end it where it takes long; returns its exit status."""
        self.dismiss()
        try:
            return self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            return -signal.SIGTERM
        finally:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()


def answer_questions(folder: str, prepare: Callable[[], Callable[[Any], Iterable[object]]]) -> None:
    """Answer every line on standard input by lines on standard output: the body of such a process.

    Parameters
    ----------
    folder : str
        In which the process that started this one works: settings of libraries may lie there.
    prepare : callable
        Imports what is needed, and returns the function that gives the answers to a question, all as JSON
        holds them. What that raises ends the process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.chdir(folder)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    # What this process may start has the standard input of any other, which no thread is reading.
    questions = _questions(os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    gc.disable()  # what is imported stays
    answer = prepare()
    gc.freeze()
    gc.enable()
    while (line := questions.get()) is not None:
        for one in answer(json.loads(line)):
            answers.write(json.dumps(one) + "\n")
            answers.flush()


def _questions(standard_input: int) -> "queue.SimpleQueue[str | None]":
    """Queue the questions as they come, and None after the last; this process ends soon after that."""
    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        for line in os.fdopen(standard_input, encoding="utf-8"):
            waiting.put(line)
        waiting.put(None)
        time.sleep(SECONDS_TO_FINISH)
        os._exit(1)

    threading.Thread(target=read, daemon=True).start()
    return waiting
