"""A sweep of subjects whose measuring is played, so that what is tested is the sweep."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layerclaims.report.records.store import write_evidence
from layerclaims.sweep.__main__ import main
from layerclaims.sweep.jobs.job import Attempt, Job
from layerclaims.sweep.planning.plan import read_plan
from layerclaims.sweep.results.ledger import Standing, standings
from layerclaims.sweep.results.storage import Storage
from tests.command import ROOT
from tests.report.builder import make_evidence

FAKE = Path(__file__).with_name("fake_claims.py")
SMALL = make_evidence(profiles=None)  # so that the comparison draws no figure
WHOLE = {"evidence": "evidence-whole.json", "code": 1}
SECONDS = 120  # a hang is a failure, a busy machine is not


@dataclass(frozen=True)
class Stage:
    """A folder with a sweep's file, its subjects and its output."""

    folder: Path

    @property
    def output(self) -> Path:
        return self.folder / "out"

    @property
    def program(self) -> list[str]:
        return [str(FAKE), str(self.folder / "evidence-whole.json")]

    def write(self, subjects: dict[str, dict[str, Any]], more: str = "") -> Path:
        """Write a sweep of played subjects; gives its file."""
        for name, instructions in subjects.items():
            (self.folder / f"{name}.safetensors").write_text(name)
            (self.folder / f"{name}.json").write_text(json.dumps(instructions))
        listed = ", ".join(f'"{name}.safetensors"' for name in subjects)
        path = self.folder / "sweep.toml"
        path.write_text(f'activations = [{listed}]\noutput = "out"\n{more}')
        return path

    def sweep(self, *arguments: object) -> int:
        """Run the sweep in this process, one after another."""
        plan = str(self.folder / "sweep.toml")
        return main([plan, "--plain", *map(str, arguments)], self.program)

    def start(self, *arguments: object, **variables: str) -> "subprocess.Popen[str]":
        """Start the sweep in a process of its own."""
        code = (
            "import sys; from layerclaims.sweep.__main__ import main; "
            "sys.exit(main(sys.argv[3:], sys.argv[1:3]))"
        )
        plan = str(self.folder / "sweep.toml")
        return subprocess.Popen(
            [sys.executable, "-c", code, *self.program, plan, *map(str, arguments)],
            cwd=ROOT,
            env=os.environ | {"HOME": str(self.folder)} | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def jobs(self) -> dict[str, Job]:
        """Give the sweep's jobs by their labels."""
        return {job.label: job for job in read_plan(self.folder / "sweep.toml").jobs}

    def standings(self) -> dict[str, Standing]:
        """Give what the output says of each subject, by label."""
        jobs = self.jobs()
        found = standings(Storage(str(self.output)), list(jobs.values()))
        return {label: found[job.key] for label, job in jobs.items()}

    def begun(self, name: str) -> list[int]:
        """Give the processes in which a subject's measuring was begun."""
        path = self.folder / f"{name}.begun"
        return [int(line.split()[0]) for line in path.read_text().splitlines()] if path.exists() else []

    def running(self) -> list[Attempt]:
        """Give the attempts that were begun and have not ended."""
        found = [attempt for standing in self.standings().values() for attempt in standing.attempts]
        return [attempt for attempt in found if attempt.ended is None]


def set_stage(folder: Path) -> Stage:
    """Make the files that played measuring leaves as its evidence."""
    folder.mkdir(exist_ok=True)
    for name, evidence in {"whole": SMALL, "partial": SMALL.model_copy(update={"complete": False})}.items():
        write_evidence(evidence, folder / name).replace(folder / f"evidence-{name}.json")
    return Stage(folder)


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that happens in other processes."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, f"waited {SECONDS} s until {what}"
        time.sleep(0.1)


def is_alive(process: int) -> bool:
    """Tell whether a process runs; one that ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def parent_of(process: int) -> int:
    """Give a process's parent."""
    return int(Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[1])
