"""Mutants in memory: a process that has collected the tests is forked, and one function gets other code.

Only the tests that run the changed line are repeated, the quickest first, up to the first that fails.
What is run at import, such as constants and decorators, cannot be changed so.
"""

import ast
import gc
import json
import os
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import TYPE_CHECKING, Literal

import pytest

from tests.mutation.mutants import Mutant

if TYPE_CHECKING:
    from _typeshed import TraceFunction

Outcome = Literal["killed", "survived", "timed out"]
SLOWDOWN = 5
"""How many times the CPU time of its tests a mutant may take, and some seconds more."""
SECONDS = 10
SLOWEST = 5
"""CPU seconds from which on a test does not count: what only such a test sees has no test of its own."""
WALL_SECONDS = 300
"""After which a mutant that waits, instead of working, is ended."""
CRASHED = 70


@dataclass(frozen=True)
class Covering:
    """A test, and the lines of the mutated module that it runs.

    Attributes
    ----------
    node_id : str
    seconds : float
        Of processor time.
    lines : list of int
    """

    node_id: str
    seconds: float
    lines: list[int]


class MutantLoop:
    """A plugin that, instead of running the collected tests once, runs them on each mutant.

    Attributes
    ----------
    covering : list of Covering
        In the order of their seconds.
    outcomes : list of Outcome or None
        By mutant; none where it must be imported.
    """

    def __init__(self, module: Path, mutants: Sequence[Mutant], output: Path) -> None:
        self.module = module
        self.source = module.read_text(encoding="utf-8")
        self.mutants = mutants
        self.output = output
        self.covering: list[Covering] = []
        self.outcomes: list[Outcome | None] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Trace the tests once, then run those of each mutant."""
        traced = self.output.with_name("traced.json")
        code = run_forked(lambda: self._trace(session, traced), limit=None)
        if code:
            raise RuntimeError(f"the tests fail without a mutant, with exit code {code}")
        ran = [Covering(**one) for one in json.loads(traced.read_text())]
        self.covering = [one for one in ran if one.seconds < SLOWEST]
        items = {item.nodeid: item for item in session.items}
        for mutant in self.mutants:
            lines = lines_in_function(self.source, mutant.line)
            tests = [one for one in self.covering if not lines.isdisjoint(one.lines)]
            if not tests:
                self.outcomes.append(None)
                continue
            chosen = [items[one.node_id] for one in tests]
            limit = SLOWDOWN * sum(one.seconds for one in tests) + SECONDS
            code = run_forked(lambda m=mutant, c=chosen: self._test(session, m, c), limit)  # type: ignore[misc]
            found: dict[int, Outcome] = {0: "survived", 1: "killed"}
            self.outcomes.append("timed out" if code < 0 else found.get(code))
        return True

    def _trace(self, session: pytest.Session, traced: Path) -> int:
        """Run all tests, and write what each of them runs of the module."""
        names = names_of(self.module)
        lines: set[int] = set()

        def follow(frame: FrameType, event: str, _: object) -> "TraceFunction":
            if event == "line":
                lines.add(frame.f_lineno)
            return follow

        def enter(frame: FrameType, _: str, __: object) -> "TraceFunction | None":
            return follow if frame.f_code.co_filename in names else None

        found = []
        threading.settrace(enter)
        for place, item in enumerate(session.items):
            for _ in range(2):  # the first time may be that of imports and of compiling, which come once
                lines.clear()
                began = time.process_time()
                sys.settrace(enter)
                _run_test(session, item, session.items[place + 1 : place + 2])
                sys.settrace(None)
                if (took := time.process_time() - began) < SLOWEST:
                    break
            found.append((took, item.nodeid, sorted(lines)))
        traced.write_text(
            json.dumps(
                [{"node_id": test, "seconds": took, "lines": ran} for took, test, ran in sorted(found)]
            )
        )
        return session.testsfailed

    def _test(self, session: pytest.Session, mutant: Mutant, items: Sequence[pytest.Item]) -> int:
        """Change the code of this process, and run tests up to the first that fails."""
        exchange(self.module, mutant.source)
        for place, item in enumerate(items):
            _run_test(session, item, items[place + 1 : place + 2])
            if session.testsfailed:
                return 1
        return 0


def _run_test(session: pytest.Session, item: pytest.Item, following: Sequence[pytest.Item]) -> None:
    session.config.hook.pytest_runtest_protocol(item=item, nextitem=following[0] if following else None)


def run_forked(work: Callable[[], int], limit: float | None) -> int:
    """Do something in a forked process; returns its exit code, below 0 for a signal.

    Parameters
    ----------
    work : callable
        Returns the exit code.
    limit : float or None
        CPU seconds.
    """
    child = os.fork()
    if not child:
        code = CRASHED
        try:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 2))
            code = work()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    deadline = time.monotonic() + WALL_SECONDS if limit is not None else float("inf")
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.005)


def lines_in_function(source: str, line: int) -> set[int]:
    """Give the lines of the innermost statement at a line, none where it is run at import.

    Of a statement with others in it, such as a loop, these are the lines above them.
    """
    tree = ast.parse(source)
    around = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and _own_lines(node, line)]
    functions = [node for node in around if isinstance(node, ast.FunctionDef) and line >= node.body[0].lineno]
    if not functions:
        return set()
    innermost = max(around, key=lambda node: node.lineno)
    body = getattr(innermost, "body", None)
    end = body[0].lineno - 1 if body and line < body[0].lineno else innermost.end_lineno or 0
    return set(range(innermost.lineno, max(end, line) + 1))


def _own_lines(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or 0)


def names_of(module: Path) -> set[str]:
    """Give the names under which a module's file is imported: its folder is linked from the package's."""
    folder = next(parent for parent in module.parents if (parent / "pyproject.toml").exists())
    return {str(module), str(folder / "layerclaims" / module.relative_to(folder))}


def exchange(module: Path, source: str) -> None:
    """Give the functions of an imported module the code that they have in another source."""
    names = names_of(module)
    old = _codes(compile(module.read_text(encoding="utf-8"), str(module), "exec"))
    keys = {(code.co_qualname, code.co_firstlineno): key for key, code in old}
    new = dict(_codes(compile(source, str(module), "exec")))
    for found in gc.get_objects():
        if isinstance(found, FunctionType) and found.__code__.co_filename in names:
            key = keys.get((found.__code__.co_qualname, found.__code__.co_firstlineno))
            if key in new and new[key].co_freevars == found.__code__.co_freevars:
                found.__code__ = new[key]


def _codes(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """Give every code object in another, by its name and how many of that name come before."""
    seen: dict[str, int] = {}
    waiting = [code]
    while waiting:
        here = waiting.pop(0)
        number = seen.get(here.co_qualname, 0)
        seen[here.co_qualname] = number + 1
        yield (here.co_qualname, number), here
        waiting += [part for part in here.co_consts if isinstance(part, CodeType)]
