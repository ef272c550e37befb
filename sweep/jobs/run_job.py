"""Run one job in a process of its own; publish its evidence, or record in a sentence why it failed."""

import hashlib
import os
import platform
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from layerclaims.errors import SentenceError
from layerclaims.fixtures.options.table import LANGUAGES
from layerclaims.report.language.speech import language_asked_for, speaker
from layerclaims.report.records.evidence import EVIDENCE_NAME, PART_FOLDER
from layerclaims.report.records.store import read_evidence
from layerclaims.serialization.files import temporary_folder
from layerclaims.sweep.jobs.job import Attempt, Job, Outcome
from layerclaims.sweep.jobs.project import ROOT, sources_sha256
from layerclaims.sweep.results.ledger import PLAN_NAME, SUBJECTS, is_done, record_attempt, record_outcome
from layerclaims.sweep.results.storage import Storage
from layerclaims.text import shorten, visible

PROGRAM = ("-m", "pytest", "-p", "layerclaims.plugin", "-p", "no:cacheprovider")
"""Python's arguments for a job, before the claims' folder and the job's own arguments."""
VERDICTS_DECIDED = (0, 1)
INPUT_ERROR = 4
OUTPUT_NAME = "output.txt"
KEPT_OUTPUT_BYTES = 2_000_000
TAIL_BYTES = 100_000
TAIL_CHARACTERS = 4000
SECONDS_TO_END = 30.0
REASON_CHARACTERS = 500
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMBA_NUM_THREADS",
)


class JobError(SentenceError):
    """A job failed."""


def run_job(
    job: Job, output: str, claims: Path, program: Sequence[str] = PROGRAM, threads: int | None = None
) -> Outcome:
    """Measure one subject and publish its evidence.

    Parameters
    ----------
    job : Job
    output : str
        URL of the sweep's folder.
    claims : Path
        Folder of the claims, on this machine.
    program : sequence of str
        Python's arguments before the claims' folder and the job's arguments.
    threads : int, optional
        Threads for NumPy, numba and torch; by default the number of cores.

    Returns
    -------
    Outcome
        Of this attempt, or of another one that finished the job meanwhile. The caller records failures, since
        this machine may not reach the output.
    """
    clock = time.monotonic()
    attempt = _new_attempt()
    log = ""
    try:
        storage = Storage(output)
        if done := _begin(storage, job, attempt):
            return done
        with temporary_folder("sweep") as scratch:
            try:
                folder = _measure(job, scratch, [sys.executable, *program], claims, threads)
                outcome = _publish(storage, job, attempt, folder, claims, clock)
            except Exception as error:  # as below; here the attempt's end can be recorded too
                log = _tail(scratch / OUTPUT_NAME)
                outcome = _failure(job, attempt, error, log, clock)
        return _settle(storage, attempt, outcome)
    except Exception as error:  # storage drivers raise any kind of error, and no job may end the sweep
        return _failure(job, attempt, error, log, clock)


def _new_attempt() -> Attempt:
    started = datetime.now(UTC)
    return Attempt(
        # Ids sort by start time; the random part distinguishes attempts of the same moment.
        id=f"{started:%Y%m%dT%H%M%S.%f}-{uuid.uuid4().hex[:8]}",
        host=platform.node(),
        process=os.getpid(),
        started=started.isoformat(timespec="milliseconds"),
    )


def _begin(storage: Storage, job: Job, attempt: Attempt) -> Outcome | None:
    """Record the attempt before any work; return the outcome if the job is already done."""
    if storage.read(PLAN_NAME) is None:
        raise JobError(
            "{where} is not there on {host}: all machines of a cluster must reach the same "
            "output, a shared folder or a URL such as s3://bucket/folder",
            where=storage.where(PLAN_NAME),
            host=attempt.host,
        )
    done = is_done(storage, job.key)
    if done is None:
        record_attempt(storage, job.key, attempt)
    return done


def _settle(storage: Storage, attempt: Attempt, outcome: Outcome) -> Outcome:
    """Record how the attempt ended; the first attempt that finishes the job counts."""
    earlier = is_done(storage, outcome.key)
    if outcome.state == "done" and earlier is None:
        record_outcome(storage, outcome)
    ended = "discarded" if outcome.state == "done" and earlier else outcome.state
    record_attempt(storage, outcome.key, attempt.model_copy(update={"ended": ended}))
    return earlier or outcome


def _failure(job: Job, attempt: Attempt, error: Exception, log: str, clock: float) -> Outcome:
    say = speaker(language_asked_for(job.arguments, LANGUAGES))
    reason = say(error) if isinstance(error, SentenceError) else f"{type(error).__name__}: {error}"
    return Outcome(
        key=job.key,
        state="failed",
        attempt=attempt.id,
        host=attempt.host,
        finished=now(),
        seconds=_since(clock),
        reason=shorten(visible(reason), REASON_CHARACTERS),
        output=log,
    )


def _measure(job: Job, scratch: Path, command: list[str], claims: Path, threads: int | None) -> Path:
    """Run the job's process; return the folder with its evidence and the process's output."""
    reports, log = scratch / "reports", scratch / OUTPUT_NAME
    command = [*command, claims.name, *job.arguments, "--report-dir", str(reports)]
    limit = job.resources.time_limit_minutes * 60
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "layerclaims.sweep.jobs.tied", str(os.getpid()), *command],
            cwd=claims.parent,
            env=_environment(threads, None if job.resources.keep_downloads else scratch / "hub"),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = process.wait(timeout=limit)
        except subprocess.TimeoutExpired:
            minutes = job.resources.time_limit_minutes
            raise JobError(
                "it took longer than its time limit of {minutes} minutes", minutes=f"{minutes:g}"
            ) from None
        finally:
            _end_all(process)
    if code not in VERDICTS_DECIDED:
        raise _ended(code, log)
    folders = list(reports.iterdir()) if reports.is_dir() else []
    if len(folders) != 1:
        raise JobError("it ended as if all were well and left no evidence")
    if (folders[0] / PART_FOLDER).is_dir():
        raise JobError("only a part of the claims ran to its end, and a sweep is of all of them")
    (folders[0] / OUTPUT_NAME).write_bytes(_last_bytes(log, KEPT_OUTPUT_BYTES))
    return folders[0]


def _end_all(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started; it does so itself, or else its group is killed."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=SECONDS_TO_END)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _environment(threads: int | None, hub_cache: Path | None) -> dict[str, str]:
    """Return the job's environment, without options of the caller and with the job's number of threads."""
    ours = {"NO_COLOR": "1", "COLUMNS": "120", "PYTHONUNBUFFERED": "1"}
    ours |= dict.fromkeys(THREAD_VARIABLES if threads else (), str(threads))
    ours |= {"HF_HUB_CACHE": str(hub_cache)} if hub_cache else {}
    # The package may be a checkout that is not installed, and the claims may be in another folder.
    ours["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"} | ours


def _ended(code: int, log: Path) -> JobError:
    """Say why a process failed."""
    lines = [line.strip() for line in _tail(log).splitlines() if line.strip()]
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        if name == "SIGKILL":
            return JobError("its process was ended by {signal}, mostly for lack of memory", signal=name)
        return JobError("its process was ended by {signal}", signal=name)
    if code == INPUT_ERROR:
        for line in lines:
            if line.startswith("ERROR: "):
                return JobError("{said}", said=line.removeprefix("ERROR: "))
    if not lines:
        return JobError("its process ended with exit code {code} and wrote nothing", code=code)
    return JobError("its process ended with exit code {code}: {last}", code=code, last=lines[-1])


def _publish(
    storage: Storage, job: Job, attempt: Attempt, folder: Path, claims: Path, clock: float
) -> Outcome:
    """Upload complete evidence; it counts only after `_settle` has written its marker."""
    evidence = read_evidence(folder)
    if not evidence.complete:
        raise JobError("its evidence is incomplete: some claims were not decided")
    files = storage.upload(folder, f"{SUBJECTS}/{job.key}/{attempt.id}")
    return Outcome(
        key=job.key,
        state="done",
        attempt=attempt.id,
        host=attempt.host,
        finished=now(),
        seconds=_since(clock),
        files=files,
        evidence_sha256=hashlib.sha256((folder / EVIDENCE_NAME).read_bytes()).hexdigest(),
        verdicts=evidence.summary.model_dump(),
        sources_sha256=sources_sha256(claims),
    )


def _tail(log: Path) -> str:
    """Read the end of a job's output, without what progress bars overwrote; a job may print gigabytes."""
    try:
        text = _last_bytes(log, TAIL_BYTES).decode("utf-8", errors="replace")
    except OSError:
        return ""
    lines = (line.removesuffix("\r").rpartition("\r")[2] for line in text.split("\n"))
    return "\n".join(lines)[-TAIL_CHARACTERS:]


def _last_bytes(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - limit))
        return file.read(limit)


def _since(clock: float) -> float:
    return round(time.monotonic() - clock, 1)


def now() -> str:
    """Return the current time in the records' format."""
    return datetime.now(UTC).isoformat(timespec="seconds")
