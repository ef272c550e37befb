"""Read and write the state of each job in a sweep's folder: its attempts, and its marker, written last.

::

    sweep.json                          the plan and what came of it
    subjects/<key>/<attempt>.json       one for every time that the job was begun
    subjects/<key>/<attempt>/           evidence and report of an attempt that ended well
    subjects/<key>/done.json            names the attempt that counts; nothing counts without it
    subjects/<key>/failed.json          the last failure, until the job is done
    comparison/comparison.html

Each attempt publishes to its own folder, and the marker names the one that counts. So incomplete uploads, or
two workers on the same job, never mix their files.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from layerclaims.sweep.jobs.job import Attempt, Job, Outcome
from layerclaims.sweep.results.storage import Storage

PLAN_NAME = "sweep.json"
SUBJECTS = "subjects"
MARKERS = {"done": "done.json", "failed": "failed.json"}


@dataclass(frozen=True)
class Standing:
    """State of one job.

    Attributes
    ----------
    outcome : Outcome or None
        `None` if no attempt has ended.
    attempts : tuple of Attempt
        In order of their start.
    """

    outcome: Outcome | None
    attempts: tuple[Attempt, ...]

    @property
    def is_done(self) -> bool:
        """Whether the job is done."""
        return self.outcome is not None and self.outcome.state == "done"


def standings(storage: Storage, jobs: Sequence[Job]) -> dict[str, Standing]:
    """Read the state of every job, with one listing of the folder."""
    sizes = storage.sizes(SUBJECTS)
    wanted = {job.key for job in jobs}
    parts = {name: name.split("/") for name in sizes if name.endswith(".json")}
    records = {name: path for name, path in parts.items() if len(path) == 3 and path[1] in wanted}
    content = storage.read_many(records)
    by_key: dict[str, dict[str, bytes]] = {key: {} for key in wanted}
    for name, text in content.items():
        _, key, file = records[name]
        by_key[key][file] = text
    return {key: _standing(key, files, sizes) for key, files in by_key.items()}


def _standing(key: str, files: dict[str, bytes], sizes: dict[str, int]) -> Standing:
    found = {state: _outcome(files.get(name), key, state) for state, name in MARKERS.items()}
    done = found["done"]
    outcome = done if done and _is_whole(done, sizes) else found["failed"]
    attempts = [_attempt(text) for name, text in files.items() if name not in MARKERS.values()]
    begun = sorted((attempt for attempt in attempts if attempt), key=lambda attempt: attempt.id)
    return Standing(outcome, tuple(begun))


def _is_whole(outcome: Outcome, sizes: dict[str, int]) -> bool:
    """Return whether all published files exist with their recorded sizes."""
    folder = f"{SUBJECTS}/{outcome.key}/{outcome.attempt}"
    return all(sizes.get(f"{folder}/{file}") == size for file, size in outcome.files.items())


def is_done(storage: Storage, key: str) -> Outcome | None:
    """Return a job's outcome if any attempt has finished it by now, else `None`."""
    done = _outcome(storage.read(f"{SUBJECTS}/{key}/{MARKERS['done']}"), key, "done")
    if done and _is_whole(done, storage.sizes(f"{SUBJECTS}/{key}")):
        return done
    return None


def record_attempt(storage: Storage, key: str, attempt: Attempt) -> None:
    """Record that an attempt has started, or how it ended."""
    storage.write(f"{SUBJECTS}/{key}/{attempt.id}.json", attempt.model_dump_json(indent=1) + "\n")


def record_outcome(storage: Storage, outcome: Outcome) -> None:
    """Write the marker of a job's outcome; a failure never replaces a finished job."""
    folder = f"{SUBJECTS}/{outcome.key}"
    storage.write(f"{folder}/{MARKERS[outcome.state]}", outcome.model_dump_json(indent=1) + "\n")
    if outcome.state == "done":
        storage.remove(f"{folder}/{MARKERS['failed']}")


def withdraw(storage: Storage, outcome: Outcome, reason: str) -> None:
    """Mark a finished job as failed."""
    record_outcome(storage, outcome.model_copy(update={"state": "failed", "reason": reason}))
    storage.remove(f"{SUBJECTS}/{outcome.key}/{MARKERS['done']}")


def _outcome(text: bytes | None, key: str, state: str) -> Outcome | None:
    """Read a marker; return `None` if it is broken, or says what another job or another marker should."""
    try:
        outcome = None if text is None else Outcome.model_validate_json(text)
    except ValidationError:
        return None
    return outcome if outcome and (outcome.key, outcome.state) == (key, state) else None


def _attempt(text: bytes) -> Attempt | None:
    try:
        return Attempt.model_validate_json(text)
    except ValidationError:
        return None
