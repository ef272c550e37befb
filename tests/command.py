"""Run the product as its users do: `pytest claims/` in a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from layerclaims.report.records.evidence import EVIDENCE_NAME, PART_FOLDER, Evidence
from layerclaims.report.records.store import read_evidence

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 900  # a hang is a failure, a busy machine is not
OUTCOME = re.compile(r"^(\S+::\S+) (PASSED|FAILED|SKIPPED|XFAIL|ERROR)", re.MULTILINE)


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


def run_claims(
    home: Path, *arguments: object, variables: Mapping[str, str] | None = None, pdf: bool = False
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
    pdf : bool
        Whether to make the PDF, which takes longer than most of what is tested.
    """
    reports = home / "reports"
    given = ["claims/", "--report-dir", reports, *([] if pdf else ["--no-pdf"]), *arguments]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, given)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(home, **(variables or {})),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return Finished(done.returncode, done.stdout + done.stderr, reports)
