"""``python -m layerclaims.sweep SWEEP.toml``: measure many subjects, and end in one comparison."""

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from layerclaims.errors import InputError
from layerclaims.fixtures.options.table import LANGUAGES
from layerclaims.message import SOURCE_LANGUAGE, Message, as_message, joined, message
from layerclaims.report.comparison.comparison import Failure
from layerclaims.report.language.speech import speaker
from layerclaims.sweep.jobs.job import Job
from layerclaims.sweep.jobs.project import sources_sha256
from layerclaims.sweep.jobs.run_job import PROGRAM, now
from layerclaims.sweep.jobs.runner import Runner, choose_runner
from layerclaims.sweep.planning.plan import Plan, read_plan
from layerclaims.sweep.results.ledger import Standing, is_done, record_outcome, standings
from layerclaims.sweep.results.progress import Progress, progress_of
from layerclaims.sweep.results.storage import Storage
from layerclaims.sweep.results.summary import set_damaged_aside, write_record, write_summary
from layerclaims.text import without_home

SOME_FAILED = 1
INTERRUPTED = 2
USAGE_ERROR = 4
"""Exit code, as in pytest, if the command line or its input cannot be used."""


def main(arguments: Sequence[str] | None = None, program: Sequence[str] = PROGRAM) -> int:
    """Run a sweep.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of the command line.
    program : sequence of str
        Python's arguments for each subject.

    Returns
    -------
    int
        0 when every subject was measured, whatever the verdicts; 1 when one failed; 2 when interrupted; 4
        when the input cannot be used.
    """
    options = _parser().parse_args(arguments)
    teller = Teller(options.lang or SOURCE_LANGUAGE)
    try:
        return _run(options, program, teller)
    except InputError as error:
        teller.tell(message("error: {reason}", reason=as_message(error)), sys.stderr)
        return USAGE_ERROR
    except KeyboardInterrupt:
        text = message("interrupted: what is done stays done, and the same command goes on from here")
        teller.tell(text, sys.stderr)
        return INTERRUPTED


class Teller:
    """Writes messages to the terminal in a language, which the sweep's file may name."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, sentence: Message) -> str:
        """Write a message as a text."""
        return speaker(self.language)(sentence)

    def tell(self, sentence: Message, stream: TextIO | None = None) -> None:
        """Print a message."""
        print(self.say(sentence), file=stream)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m layerclaims.sweep", description=__doc__)
    parser.add_argument("plan", type=Path, metavar="SWEEP.toml", help="what to measure; see docs/sweep.md")
    parser.add_argument("--output", metavar="URL", help="folder, or any URL that fsspec knows")
    runner = parser.add_mutually_exclusive_group()
    runner.add_argument("--address", help="a running Ray cluster, such as auto or 10.0.0.1:6379")
    runner.add_argument("--plain", action="store_true", help="one after another, without Ray")
    parser.add_argument(
        "--lang", choices=LANGUAGES, help="of terminal and comparison (default: the plan's, else en)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    return parser


def _run(options: argparse.Namespace, program: Sequence[str], teller: Teller) -> int:
    plan = read_plan(options.plan)
    teller.language = options.lang or plan.language
    storage = Storage(options.output or plan.output or f"reports/{options.plan.stem}")
    found = standings(storage, plan.jobs)
    left = [job for job in plan.jobs if not found[job.key].is_done]
    _introduce(plan, found, storage, teller)
    if options.dry_run:
        _show(plan, found, teller)
        return 0
    if left:
        with progress_of(len(left), teller.say) as progress:
            runner = choose_runner(plain=options.plain, address=options.address, announce=progress.line)
            _work(plan, left, runner, program, storage, progress)
    else:
        teller.tell(message("nothing left to do"))
    return _conclude(plan.jobs, storage, teller)


def _introduce(plan: Plan, found: dict[str, Standing], storage: Storage, teller: Teller) -> None:
    """Print the state of the sweep before any job starts."""
    done = [standing.outcome for standing in found.values() if standing.outcome and standing.is_done]
    failed = sum(standing.outcome is not None for standing in found.values()) - len(done)
    before: list[Message | str] = [message("{n} subjects", n=len(plan.jobs))]
    before += [message("{n} done before", n=len(done))] * bool(done)
    before += [message("{n} failed before", n=failed)] * bool(failed)
    teller.tell(message("{subjects}; output in {place}", subjects=joined(before), place=storage.url))
    other = sum(outcome.sources_sha256 != sources_sha256(plan.claims) for outcome in done)
    if other:
        text = "{n} of those done were decided by other code of layerclaims; another --output starts anew"
        teller.tell(message(text, n=other))
    for path in plan.not_here:
        teller.tell(message("not on this machine, so it must be on those that measure it: {path}", path=path))


def _show(plan: Plan, found: dict[str, Standing], teller: Teller) -> None:
    """List the jobs with their commands."""
    for job in plan.jobs:
        outcome = found[job.key].outcome
        states = {"done": message("done"), "failed": message("again")}
        state = teller.say(states[outcome.state] if outcome else message("to do"))
        print(f"{state:<6} {job.key}\n       pytest {plan.claims.name}/ {shlex.join(job.arguments)}")


def _work(
    plan: Plan,
    left: Sequence[Job],
    runner: Runner,
    program: Sequence[str],
    storage: Storage,
    progress: Progress,
) -> None:
    """Run the remaining jobs, and write the record also after an error."""
    details = {
        "command": without_home(shlex.join(["python", "-m", "layerclaims.sweep", *sys.argv[1:]])),
        "sources_sha256": sources_sha256(plan.claims),
        "started": now(),
    }
    # The record is written before the work too: workers read it to check that they reach the output.
    write_record(storage, plan.jobs, standings(storage, plan.jobs), details)
    labels = {job.key: job.label for job in left}
    try:
        for outcome in runner(left, storage.url, plan.claims, program):
            if outcome.state == "failed":
                # The job may be done all the same: a worker can be lost right after it finished.
                record_outcome(storage, outcome)
                outcome = is_done(storage, outcome.key) or outcome
            progress.finished(outcome, labels[outcome.key])
    finally:
        write_record(storage, plan.jobs, standings(storage, plan.jobs), details | {"finished": now()})


def _conclude(jobs: Sequence[Job], storage: Storage, teller: Teller) -> int:
    """Compare the measured subjects, and name the others."""
    evidence = set_damaged_aside(storage, jobs, teller.say)
    found = standings(storage, jobs)
    failures = [_failure(job, found[job.key], teller) for job in jobs if job.key not in evidence]
    page = write_summary(storage, jobs, evidence, failures, teller.language)
    for job in jobs:
        attempts = found[job.key].attempts
        cut_off = sum(attempt.ended is None for attempt in attempts)
        if cut_off:
            teller.tell(
                message(
                    "{job}: begun {n} times, and cut off {cut_off} of them",
                    job=job.label,
                    n=len(attempts),
                    cut_off=cut_off,
                )
            )
    for failure in failures:
        teller.tell(message("failed: {job}: {reason}", job=failure.label, reason=failure.reason))
    teller.tell(
        message(
            "{n} of {all} subjects measured; record in {file}",
            n=len(evidence),
            all=len(jobs),
            file=storage.where("sweep.json"),
        )
    )
    teller.tell(
        message("comparison in {file}", file=page)
        if page
        else message("no comparison: that takes at least two measured subjects")
    )
    return SOME_FAILED if failures else 0


def _failure(job: Job, standing: Standing, teller: Teller) -> Failure:
    reason = standing.outcome.reason if standing.outcome else None
    return Failure(job.label, reason or teller.say(message("it did not come to an end")))


if __name__ == "__main__":
    sys.exit(main())
