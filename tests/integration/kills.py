"""Kill runs at random moments and before every write, and look at what they leave and what comes after.

``python -m tests.integration.kills`` does both, in a quarter of an hour; options choose a part of it, or runs
that read a model (``--subject model``) or convert a GGUF file (``--subject gguf``). A test does a few.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from layerclaims.report.records.evidence import EVIDENCE_NAME, PART_FOLDER, Evidence
from layerclaims.report.records.report_folder import strangers
from layerclaims.report.records.store import read_evidence
from layerclaims.serialization.files import LONGEST_WAIT, UNFINISHED, alone_in
from tests.command import Forked, import_early
from tests.integration.killed_subjects import KILLED_SUBJECTS, KilledSubject, write_subject
from tests.integration.plugins.killed import COUNT

REPORTS, CACHE = "reports", "cache"
ARGUMENTS = ("own", "-p", "layerclaims.plugin", "-p", "tests.integration.plugins.killed")
OPTIONS = ("--no-specifications", "--no-pdf")
Verdicts = list[tuple[str, str, list[tuple[str, float | None]]]]


class Victim:
    """A workplace whose runs are killed, and the verdicts that they must come to.

    Parameters
    ----------
    folder : Path
        Where it is made.
    subject : KilledSubject
        What the runs measure.

    Attributes
    ----------
    n_writes : int
        Of an undisturbed run.
    seconds : float
        Which that took.
    n_killed : int
        Runs that were killed so far.
    """

    def __init__(self, folder: Path, subject: KilledSubject = KILLED_SUBJECTS["activations"]) -> None:
        self.folder = folder
        self.subject = subject
        self.n_killed = 0
        write_subject(subject, folder)
        first = self._start()  # compiles what is compiled once
        assert first.wait() == 0, first.output
        (self.report,) = (folder / REPORTS).iterdir()
        self._forget()
        began = time.monotonic()
        self.expected = self._decide()
        self.seconds = time.monotonic() - began
        self.n_writes = int((folder / COUNT).read_text())
        self.paths = self._paths()
        self._forget()

    def run_to_its_end(self) -> Verdicts:
        """Run undisturbed: nothing that killed runs left may stay."""
        decided = self._decide()
        assert self._paths() == self.paths
        self._forget()
        return decided

    def _decide(self) -> Verdicts:
        forked = self._start()
        assert forked.wait() == 0, forked.output
        assert "damaged" not in forked.output
        assert not list(self.folder.rglob(f"{UNFINISHED}*"))
        assert not (self.report / PART_FOLDER).exists()
        assert (self.report / "report.html").exists()
        evidence = read_evidence(self.report)
        assert evidence.complete
        assert strangers(self.report, evidence.run) == []
        return verdicts(evidence)

    def _paths(self) -> set[Path]:
        """List all that lies in cache, report folder, folder for temporary files and home."""
        return set(self.folder.rglob("*"))

    def _forget(self) -> None:
        """Remove the cache, so that the next run measures again."""
        shutil.rmtree(self.folder / CACHE, ignore_errors=True)

    def kill_at_write(self, number: int) -> bool:
        """Kill a run before one of its writes; returns whether it makes so many."""
        forked = self._start(KILL_AT=str(number))
        killed = forked.wait() == -signal.SIGKILL
        assert killed or forked.process.exitcode == 0, forked.output
        self.n_killed += killed
        self.check()
        return killed

    def kill_after(self, seconds: float) -> None:
        """Kill a run after some time, if it still runs."""
        forked = self._start()
        time.sleep(seconds)
        if forked.process.is_alive():
            os.kill(forked.pid, signal.SIGKILL)
        self.n_killed += forked.wait() == -signal.SIGKILL
        self.check()

    def check(self) -> None:
        """Check that what lies there can be read, is of one run in each folder, and is locked by nobody."""
        began = time.monotonic()
        with alone_in(self.folder / REPORTS):
            assert time.monotonic() - began < LONGEST_WAIT / 2
        for folder in (self.report, self.report / PART_FOLDER):
            if (folder / EVIDENCE_NAME).exists():
                evidence = read_evidence(folder)
                assert strangers(folder, evidence.run) == []
                assert verdicts(evidence) == self.expected

    def _start(self, **variables: str) -> Forked:
        variables["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # other plugins take seconds to import
        return Forked(self.folder, [*ARGUMENTS, *self.subject.arguments, *OPTIONS], variables)


def verdicts(evidence: Evidence) -> Verdicts:
    """Give every claim's verdict with those of its assertions and their numbers."""
    return [
        (claim.id, claim.verdict, [(one.verdict, one.value) for one in claim.assertions])
        for claim in evidence.claims
    ]


def main() -> None:
    """Kill as many runs as the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subject", choices=KILLED_SUBJECTS, default="activations")
    parser.add_argument("--random", type=int, default=10, help="kills at random moments")
    parser.add_argument("--every", type=int, default=1, help="kill at every n-th write; 0: at none")
    parser.add_argument("--first", type=int, default=1, help="write to begin with")
    parser.add_argument("--last", type=int, help="write to end with; without it, the run's last")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    subject = KILLED_SUBJECTS[options.subject]
    import_early(subject.imported)
    with tempfile.TemporaryDirectory() as folder:
        victim = Victim(Path(folder), subject)
        say(f"an undisturbed run takes {victim.seconds:.1f} s and makes {victim.n_writes} writes")
        moments = random.Random(options.seed)
        for _ in range(options.random):
            victim.kill_after(moments.uniform(0, victim.seconds))
            assert victim.run_to_its_end() == victim.expected
        say(f"{victim.n_killed} runs killed at random moments: same verdicts afterwards")
        before = victim.n_killed
        last = victim.n_writes if options.last is None else min(options.last, victim.n_writes)
        for number in range(options.first, last + 1, options.every) if options.every else ():
            assert victim.kill_at_write(number), number
            assert victim.run_to_its_end() == victim.expected
            say(f"killed before write {number} of {victim.n_writes}: same verdicts afterwards")
        say(f"{victim.n_killed - before} runs killed before a write: same verdicts afterwards")


def say(text: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
