"""A copy of the project in which mutants are tested, each in a process forked from one that imported much."""

import contextlib
import importlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import hypothesis
import pytest

from tests.command import ROOT
from tests.mutation.in_memory import CRASHED, SECONDS, SLOWDOWN, MutantLoop, Outcome, run_forked
from tests.mutation.mutants import Mutant

OURS = {"layerclaims", "tests", "contextuality", "conftest"}
IMPORTED = "imported.txt"
OUTPUT = "output.txt"
TEMPORARY = "temporary"
QUIET = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow")
ALONE = ("tests/analysis/", "tests/layerclaims/")
"""Tests that use neither fixtures of the suite nor the plugin."""
WITHOUT_PLUGIN = (
    "--noconftest",
    "-o",
    "markers=slow\nclaim",
    "-W",
    "error",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
)


class Workplace:
    """A copy of the project's files.

    Attributes
    ----------
    folder : Path
        Where it lies; an empty folder until then.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        )
        for name in listed.stdout.split("\0"):
            source, copied = ROOT / name, folder / name
            if not name or not os.path.lexists(source):
                continue
            copied.parent.mkdir(parents=True, exist_ok=True)
            if source.is_symlink():
                copied.symlink_to(source.readlink())
            else:
                copied.write_bytes(source.read_bytes())

    def seconds(self, tests: Sequence[str]) -> float:
        """Run tests on the unchanged code; returns the CPU seconds that they take.

        What they import from elsewhere is imported here too, so that no mutant waits for it.

        Raises
        ------
        RuntimeError
            If they fail.
        """
        code, taken = self._run(tests, limit=None)
        if not code:
            self._import_too()
            code, taken = self._run(tests, limit=None)
        if code:
            raise RuntimeError(
                f"the tests fail without a mutant:\n{(self.folder / OUTPUT).read_text()[-3000:]}"
            )
        return taken

    def outcome(self, module: str, source: str, tests: Sequence[str], seconds: float) -> Outcome:
        """Put a mutant in a module's place, and run its tests."""
        path = self.folder / module
        whole = path.read_bytes()
        try:
            path.write_text(source, encoding="utf-8")
            for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
                compiled.unlink()
            code, _ = self._run(tests, limit=SLOWDOWN * seconds + SECONDS)
        finally:
            path.write_bytes(whole)
        if code == CRASHED:
            raise RuntimeError((self.folder / OUTPUT).read_text()[-3000:])
        if code < 0:
            return "timed out"
        return "killed" if code else "survived"

    def outcomes(
        self, module: str, mutants: Sequence[Mutant], tests: Sequence[str], *, quick: bool = False
    ) -> tuple[list[Outcome], float]:
        """Test mutants of a module; returns what became of each, and the seconds of the tests.

        In memory where that can be done. Those that cannot are tested by `outcome`, and so are those that
        survive it unless it is to be quick: what they change may be run at import too.

        Raises
        ------
        RuntimeError
            If the tests fail without a mutant.
        """
        result = self.folder / "outcomes.json"
        result.unlink(missing_ok=True)
        code = run_forked(lambda: self._loop(module, mutants, tests, result), limit=None)
        if code or not result.exists():
            raise RuntimeError((self.folder / OUTPUT).read_text()[-3000:])
        found = json.loads(result.read_text())
        self._import_too()
        outcomes = [
            known
            if known and (quick or known != "survived")
            else self.outcome(module, mutant.source, found["tests"], found["seconds"])
            for known, mutant in zip(found["outcomes"], mutants, strict=True)
        ]
        return outcomes, found["seconds"]

    def _loop(self, module: str, mutants: Sequence[Mutant], tests: Sequence[str], result: Path) -> int:
        loop = MutantLoop(self.folder / module, mutants, result)
        self._run_here(tests, None, loop)
        result.write_text(
            json.dumps(
                {
                    "outcomes": loop.outcomes,
                    "tests": [one.node_id for one in loop.covering],
                    "seconds": sum(one.seconds for one in loop.covering),
                }
            )
        )
        return 0 if len(loop.outcomes) == len(mutants) else 1

    def _import_too(self) -> None:
        """Import here what the tests imported from elsewhere, so that no mutant waits for it."""
        for name in (self.folder / IMPORTED).read_text().split():
            # What cannot be imported alone is imported by the tests themselves.
            with contextlib.suppress(Exception):
                importlib.import_module(name)

    def _run(self, tests: Sequence[str], limit: float | None) -> tuple[int, float]:
        """Run tests in a forked process; returns its exit code, below 0 for a signal, and its CPU seconds."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        code = run_forked(lambda: self._run_here(tests, limit), limit)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return code, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def _run_here(self, tests: Sequence[str], limit: float | None, *plugins: object) -> int:
        """Run tests in this process, which ends afterwards."""
        with (self.folder / OUTPUT).open("w") as output:
            for stream in (1, 2):
                os.dup2(output.fileno(), stream)
        os.chdir(self.folder)
        sys.path[:] = [str(self.folder), *(place for place in sys.path if place not in ("", str(ROOT)))]
        for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
            del sys.modules[name]
        # One draw of examples for all mutants, and none of the time that it takes to make a failure small.
        hypothesis.settings.register_profile(
            "mutation",
            derandomize=True,
            database=None,
            deadline=None,
            phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        )
        hypothesis.settings.load_profile("mutation")
        # Only the unchanged code's bytecode is kept, and spares the mutants' runs its compilation.
        sys.dont_write_bytecode = limit is not None
        # Where nothing of it is needed the plugin is not loaded, which takes as long as many tests.
        arguments = WITHOUT_PLUGIN if all(test.startswith(ALONE) for test in tests) else ()
        known = set(sys.modules)
        folder = f"--basetemp={self.folder / TEMPORARY}"
        code = pytest.main([*QUIET, folder, *arguments, *tests], plugins=plugins)
        if limit is None:
            names = [name for name in sys.modules if name.partition(".")[0] not in OURS and name not in known]
            (self.folder / IMPORTED).write_text("\n".join(names))
        sys.stdout.flush()
        return int(code)
