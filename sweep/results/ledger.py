"""What a sweep's folder says of each job: attempts, and the marker that is written last.

::

    sweep.json                          the plan and what came of it
    subjects/<key>/<attempt>.json       one for every time that the job was begun
    subjects/<key>/<attempt>/           evidence and report of an attempt that ended well
    subjects/<key>/done.json            names the attempt that counts; nothing counts without it
    subjects/<key>/failed.json          the last failure, until the job is done
    comparison/comparison.html

Each attempt publishes to a folder of its own. So a half upload, or two workers that do the same job, never
mix their files, and the one small marker decides.
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
    """What the folder says of one job.

    Attributes
    ----------
    outcome : Outcome or None
        `None` where no attempt came to an end.
    attempts : tuple of Attempt
        In the order in which they were begun.
    """

    outcome: Outcome | None
    attempts: tuple[Attempt, ...]

    @property
    def is_done(self) -> bool:
        """Whether the job need not be done again."""
        return self.outcome is not None and self.outcome.state == "done"


def standings(storage: Storage, jobs: Sequence[Job]) -> dict[str, Standing]:
    """Find out where every job stands, with one listing of the folder."""
    sizes = storage.sizes(SUBJECTS)
    wanted = {job.key for job in jobs}
    parts = {name: name.split("/") for name in sizes if name.endswith(".json")}
    records = {name: path for name, path in parts.items() if len(path) == 3 and path[1] in wanted}
    content = storage.read_many(records)
    by_key: dict[str, dict[str, bytes]] = {key: {} for key in wanted}
    for name, text in content.items():
        _, key, file = records[name]
        by_key[key][file] = text
    return {key: _standing(files, sizes) for key, files in by_key.items()}


def _standing(files: dict[str, bytes], sizes: dict[str, int]) -> Standing:
    found = {state: _outcome(files.get(name)) for state, name in MARKERS.items()}
    done = found["done"]
    outcome = done if done and _is_whole(done, sizes) else found["failed"]
    attempts = [_attempt(text) for name, text in files.items() if name not in MARKERS.values()]
    begun = sorted((attempt for attempt in attempts if attempt), key=lambda attempt: attempt.id)
    return Standing(outcome, tuple(begun))


def _is_whole(outcome: Outcome, sizes: dict[str, int]) -> bool:
    """Tell whether all published files are there in their sizes."""
    folder = f"{SUBJECTS}/{outcome.key}/{outcome.attempt}"
    return all(sizes.get(f"{folder}/{file}") == size for file, size in outcome.files.items())


def is_done(storage: Storage, key: str) -> Outcome | None:
    """Look whether one job is done by now, whoever did it."""
    done = _outcome(storage.read(f"{SUBJECTS}/{key}/{MARKERS['done']}"))
    if done and _is_whole(done, storage.sizes(f"{SUBJECTS}/{key}")):
        return done
    return None


def record_attempt(storage: Storage, key: str, attempt: Attempt) -> None:
    """Write that an attempt was begun, or how it ended."""
    storage.write(f"{SUBJECTS}/{key}/{attempt.id}.json", attempt.model_dump_json(indent=1) + "\n")


def record_outcome(storage: Storage, outcome: Outcome) -> None:
    """Write the marker that decides what became of a job; a failure never outweighs that it is done."""
    folder = f"{SUBJECTS}/{outcome.key}"
    storage.write(f"{folder}/{MARKERS[outcome.state]}", outcome.model_dump_json(indent=1) + "\n")
    if outcome.state == "done":
        storage.remove(f"{folder}/{MARKERS['failed']}")


def withdraw(storage: Storage, outcome: Outcome, reason: str) -> None:
    """Let a job that was done count as failed."""
    record_outcome(storage, outcome.model_copy(update={"state": "failed", "reason": reason}))
    storage.remove(f"{SUBJECTS}/{outcome.key}/{MARKERS['done']}")


def _outcome(text: bytes | None) -> Outcome | None:
    """Read a marker; one that is broken counts for nothing."""
    try:
        return None if text is None else Outcome.model_validate_json(text)
    except ValidationError:
        return None


def _attempt(text: bytes) -> Attempt | None:
    try:
        return Attempt.model_validate_json(text)
    except ValidationError:
        return None
