"""Write a sweep's record, and the page that compares all its subjects."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from layerclaims.message import SOURCE_LANGUAGE, Message, message
from layerclaims.report.comparison.comparison import Failure
from layerclaims.report.comparison.comparison_page import read_runs, write_comparison
from layerclaims.report.records.evidence import EVIDENCE_NAME
from layerclaims.serialization.files import temporary_folder
from layerclaims.sweep.jobs.job import Job
from layerclaims.sweep.results.ledger import PLAN_NAME, SUBJECTS, Standing, standings, withdraw
from layerclaims.sweep.results.storage import Storage

COMPARISON = "comparison"
SCHEMA_VERSION = 1
LEAST_COMPARED = 2


def write_record(
    storage: Storage, jobs: Sequence[Job], found: Mapping[str, Standing], details: Mapping[str, Any]
) -> None:
    """Write ``sweep.json``: every job with its outcome and all attempts at it.

    Parameters
    ----------
    storage : Storage
    jobs : sequence of Job
    found : mapping of str to Standing
        States by the jobs' keys.
    details : mapping
        Time, command and machine of the sweep.
    """
    subjects = []
    for job in jobs:
        outcome = found[job.key].outcome
        subjects.append(
            {
                **job.model_dump(),
                "state": outcome.state if outcome else "not done",
                "outcome": outcome.model_dump(exclude={"key", "state", "files", "output"})
                if outcome
                else None,
                "attempts": [attempt.model_dump() for attempt in found[job.key].attempts],
            }
        )
    record = {"schema_version": SCHEMA_VERSION, **details, "subjects": subjects}
    storage.write(PLAN_NAME, json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def set_damaged_aside(
    storage: Storage, jobs: Sequence[Job], say: Callable[[Message], str] = str
) -> dict[str, bytes]:
    """Read the evidence of all finished jobs, by key; mark jobs with damaged evidence as failed.

    Evidence is damaged if it is not what was published. The next run of the sweep measures such a job again.
    """
    found = standings(storage, jobs)
    done = [standing.outcome for standing in found.values() if standing.outcome and standing.is_done]
    names = {f"{SUBJECTS}/{outcome.key}/{outcome.attempt}/{EVIDENCE_NAME}": outcome for outcome in done}
    content = storage.read_many(names)
    whole = {}
    for name, outcome in names.items():
        if name in content and hashlib.sha256(content[name]).hexdigest() == outcome.evidence_sha256:
            whole[outcome.key] = content[name]
        else:
            reason = message(
                "{file} is not what was published; the next run measures it again", file=storage.where(name)
            )
            withdraw(storage, outcome, say(reason))
    return whole


def write_summary(
    storage: Storage,
    jobs: Sequence[Job],
    evidence: Mapping[str, bytes],
    failures: Sequence[Failure],
    language: str = SOURCE_LANGUAGE,
) -> str | None:
    """Write the comparison of all subjects.

    Parameters
    ----------
    storage : Storage
    jobs : sequence of Job
        In the order of the plan.
    evidence : mapping of str to bytes
        Evidence files of the measured subjects, by key.
    failures : sequence of Failure
        The other subjects.
    language : str
        Of the page.

    Returns
    -------
    str or None
        Place of the page; `None` if fewer than two subjects were measured.
    """
    if len(evidence) < LEAST_COMPARED:
        return None
    with temporary_folder("comparison") as scratch:
        paths = []
        for job in jobs:
            if job.key in evidence:
                paths.append(scratch / f"{job.key}.json")
                paths[-1].write_bytes(evidence[job.key])
        page = write_comparison(read_runs(paths, failures), scratch / COMPARISON, language)
        storage.upload(page.parent, COMPARISON)
    return storage.where(f"{COMPARISON}/{page.name}")
