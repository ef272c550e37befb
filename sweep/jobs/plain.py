"""Run jobs one after another on this machine, without Ray."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from layerclaims.sweep.jobs.job import Job, Outcome
from layerclaims.sweep.jobs.run_job import run_job


def run_plain(jobs: Sequence[Job], output: str, claims: Path, program: Sequence[str]) -> Iterator[Outcome]:
    """Run the jobs in order; each may use all cores, since no other job runs."""
    for job in jobs:
        yield run_job(job, output, claims, program)
