"""Runs to be interrupted and killed: forked from a process that has imported what they need."""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from tests.command import environment

IMPORTED = (
    "layerclaims.claims.document",
    "layerclaims.fixtures.evidence",
    "layerclaims.report.figures.catalogue",
    "layerclaims.report.page.render",
    "tests.integration.forked",
)
SECONDS = 600
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(list(IMPORTED))


class Forked:
    """One run of pytest in a process of its own, which can be sent any signal."""

    def __init__(
        self, folder: Path, arguments: Sequence[str], variables: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self._output = folder / "output.txt"
        (folder / "tmp").mkdir(exist_ok=True)
        own = environment(folder, TMPDIR=str(folder / "tmp"), **(variables or {}))
        self.process: ForkServerProcess = _context.Process(
            target=_run, args=(folder, list(arguments), own, self._output)
        )
        self.process.start()

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def wait(self) -> int:
        """Wait for its end; returns the exit code, negative where a signal ended it."""
        self.process.join(SECONDS)
        assert self.process.exitcode is not None, self.output
        return self.process.exitcode

    @property
    def output(self) -> str:
        """What it has written so far."""
        return self._output.read_text(errors="replace") if self._output.exists() else ""


def _run(folder: Path, arguments: list[str], variables: dict[str, str], output: Path) -> None:
    handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(folder)
    sys.exit(pytest.main([*arguments, "-p", "no:cacheprovider"], plugins=[]))
