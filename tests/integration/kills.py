"""Kill runs at random moments and before every write, and look at what they leave and what comes after.

``python -m tests.integration.kills`` does both, in a quarter of an hour; options choose a part of it. A test
does a few of them.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from layerclaims.report.records.evidence import EVIDENCE_NAME, PART_FOLDER, Evidence
from layerclaims.report.records.report_folder import strangers
from layerclaims.report.records.store import read_evidence
from layerclaims.serialization.files import UNFINISHED
from tests.command import Forked
from tests.integration.own_claims import write_workplace
from tests.integration.plugins.killed import COUNT

SUBJECT = Path("reports", "tiny-on-tiny")
ARGUMENTS = ("own", "-p", "layerclaims.plugin", "-p", "tests.integration.plugins.killed", "--activations")
OPTIONS = ("tiny.safetensors", "--controls", "--no-specifications", "--no-pdf")
Verdicts = list[tuple[str, str, list[tuple[str, float | None]]]]


class Victim:
    """A workplace whose runs are killed, and the verdicts that they must come to.

    Attributes
    ----------
    n_writes : int
        Of an undisturbed run.
    seconds : float
        Which that took.
    n_killed : int
        Runs that were killed so far.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.n_killed = 0
        write_workplace(folder)
        self._start().wait()  # compiles what is compiled once
        began = time.monotonic()
        self.expected = self.run_to_its_end()
        self.seconds = time.monotonic() - began
        self.n_writes = int((folder / COUNT).read_text())

    def run_to_its_end(self) -> Verdicts:
        """Run undisturbed: nothing that killed runs left may stay."""
        forked = self._start()
        assert forked.wait() == 0, forked.output
        assert not list(self.folder.rglob(f"{UNFINISHED}*"))
        assert not (self.folder / SUBJECT / PART_FOLDER).exists()
        assert (self.folder / SUBJECT / "report.html").exists()
        evidence = read_evidence(self.folder / SUBJECT)
        assert evidence.complete
        assert strangers(self.folder / SUBJECT, evidence.run) == []
        return verdicts(evidence)

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
        """Check that what lies there can be read, and is of one run in each folder."""
        for folder in (self.folder / SUBJECT, self.folder / SUBJECT / PART_FOLDER):
            if (folder / EVIDENCE_NAME).exists():
                evidence = read_evidence(folder)
                assert strangers(folder, evidence.run) == []
                assert verdicts(evidence) == self.expected

    def _start(self, **variables: str) -> Forked:
        variables["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # other plugins take seconds to import
        return Forked(self.folder, [*ARGUMENTS, *OPTIONS], variables)


def verdicts(evidence: Evidence) -> Verdicts:
    """Give every claim's verdict with those of its assertions and their numbers."""
    return [
        (claim.id, claim.verdict, [(one.verdict, one.value) for one in claim.assertions])
        for claim in evidence.claims
    ]


def main() -> None:
    """Kill as many runs as the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", type=int, default=10, help="kills at random moments")
    parser.add_argument("--every", type=int, default=1, help="kill at every n-th write; 0: at none")
    parser.add_argument("--first", type=int, default=1, help="write to begin with")
    parser.add_argument("--last", type=int, help="write to end with; without it, the run's last")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        victim = Victim(Path(folder))
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
