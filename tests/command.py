"""Run the product as its users do: `pytest claims/` in a process of its own, new or forked."""

import multiprocessing
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from layerclaims.report.records.evidence import EVIDENCE_NAME, PART_FOLDER, Evidence
from layerclaims.report.records.store import read_evidence

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 900  # a hang is a failure, a busy machine is not
OUTCOME = re.compile(r"^(\S+::\S+) (PASSED|FAILED|SKIPPED|XFAIL|ERROR)", re.MULTILINE)
WITHOUT_FIGURES = ("-p", "tests.integration.plugins.without_figures")
"""Half of a run's time, for tests that do not look at them."""

IMPORTED = (
    "layerclaims.claims.document",
    "layerclaims.fixtures.evidence",
    "layerclaims.report.figures.catalogue",
    "layerclaims.report.page.render",
    "sklearn.mixture",
    "torch.distributed.tensor",
    "tests.command",
)
"""What nearly every run needs, and the longest part of what reading a model imports.

What reads the environment when it is imported is not among it: transformers, and a client of the hub.
"""
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(list(IMPORTED))


def import_early(modules: Sequence[str]) -> None:
    """Import more in the process that runs are forked from; call it before the first run."""
    _context.set_forkserver_preload([*IMPORTED, *modules])


@dataclass(frozen=True)
class Finished:
    """What a run left behind."""

    code: int
    output: str
    reports: Path

    @property
    def outcomes(self) -> dict[str, str]:
        """Outcome by node id, where the run was given ``-v``."""
        return dict(OUTCOME.findall(self.output))

    @property
    def evidence(self) -> Evidence:
        """The evidence of the run's only subject."""
        return read_evidence(self.folder)

    @property
    def folder(self) -> Path:
        """Where the run of all claims, or of a part of them, wrote its report."""
        (folder,) = self.reports.iterdir()
        return folder if (folder / EVIDENCE_NAME).is_file() else folder / PART_FOLDER

    def assert_user_error(self, *words: str) -> None:
        """Check that the run ended with one sentence that says these words, and left nothing behind."""
        assert self.code == 4, self.output
        (line,) = [line for line in self.output.splitlines() if line.startswith("ERROR: ")]
        for word in words:
            assert word in line, line
        assert "Traceback" not in self.output
        assert "INTERNALERROR" not in self.output
        assert not self.reports.exists()


def environment(home: Path, **changes: str) -> dict[str, str]:
    """Give an environment in which nothing of the developer's own is found: caches, proxies, plugins."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HF_", "HUGGING", "LAYERCLAIMS_", "PYTEST_", "XDG_"))
        and not name.lower().endswith("_proxy")
    }
    own = {"HOME": str(home), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "200", "NO_COLOR": "1"}
    # The models are small: threads would cost more than they save.
    own["OMP_NUM_THREADS"] = "1"
    return {**kept, **own, **changes}


class Forked:
    """One run of pytest, forked from a process that has imported what it needs; it can be sent any signal.

    Parameters
    ----------
    folder : Path
        Home of the run; its output and its temporary files lie there.
    arguments : sequence of str
        For pytest.
    variables : mapping, optional
        Environment variables.
    start : Path, optional
        Where the run starts, by default in its home.
    shown_in : Path, optional
        Where standard output goes, such as a pipe; by default with standard error into `output`.
    """

    def __init__(
        self,
        folder: Path,
        arguments: Sequence[str],
        variables: Mapping[str, str] | None = None,
        start: Path | None = None,
        shown_in: Path | None = None,
    ) -> None:
        self.folder = folder
        self._output = folder / "output.txt"
        (folder / "tmp").mkdir(exist_ok=True)
        own = environment(folder, TMPDIR=str(folder / "tmp"), **(variables or {}))
        self.process: ForkServerProcess = _context.Process(
            target=_run, args=(start or folder, list(arguments), own, self._output, shown_in)
        )
        with pytest.MonkeyPatch.context() as patch:
            # The process that is forked begins with the first run; its libraries read this when imported.
            patch.setenv("OMP_NUM_THREADS", own["OMP_NUM_THREADS"])
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


def _run(
    start: Path, arguments: list[str], variables: dict[str, str], output: Path, shown_in: Path | None
) -> None:
    handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 2)
    os.dup2(os.open(shown_in, os.O_WRONLY) if shown_in else handle, 1)
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(start)
    sys.exit(pytest.main(["-p", "no:cacheprovider", *arguments], plugins=[]))


def run_claims(
    home: Path,
    *arguments: object,
    variables: Mapping[str, str] | None = None,
    pdf: bool = False,
    figures: bool = False,
    imports: bool = False,
) -> Finished:
    """Run ``pytest claims/`` from the repository's root.

    Parameters
    ----------
    home : Path
        An empty folder: home, cache and reports of this run lie there.
    arguments :
        Given to pytest after ``claims/`` and the folders.
    variables : mapping, optional
        Environment variables.
    pdf, figures : bool
        Whether to make them, which takes longer than most of what is tested.
    imports : bool
        Whether the run starts as a user's does, by importing everything; it is forked otherwise.
    """
    reports = home / "reports"
    given = ["claims/", "--report-dir", reports, *([] if pdf else ["--no-pdf"])]
    given += [*([] if figures else WITHOUT_FIGURES), *arguments]
    texts = list(map(str, given))
    if not imports:
        forked = Forked(home, texts, variables, ROOT)
        return Finished(forked.wait(), forked.output, reports)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *texts],
        cwd=ROOT,
        env=environment(home, **(variables or {})),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return Finished(done.returncode, done.stdout + done.stderr, reports)
