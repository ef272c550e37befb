"""Records of a sweep: a job (one subject), its attempts and its outcome."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from layerclaims.sweep.planning.plan_file import Resources

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*$", max_length=200)]
"""Name of one file or folder, which leads nowhere else."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Job(_Record):
    """One subject to measure.

    Attributes
    ----------
    key : str
        Name of its folder: readable, with a hash of everything that decides the result.
    label : str
        Name for people.
    arguments : tuple of str
        Arguments of ``pytest claims/``.
    resources : Resources
    """

    key: Name
    label: str
    arguments: tuple[str, ...]
    resources: Resources = Resources()


class Attempt(_Record):
    """One attempt at a job; if it has no end, its process was lost.

    Attributes
    ----------
    id : str
        Name of the attempt's folder.
    ended : {"done", "failed", "discarded"} or None
        ``discarded`` if another attempt had finished the job before.
    """

    id: Name
    host: str
    process: int
    started: str
    ended: Literal["done", "failed", "discarded"] | None = None


class Outcome(_Record):
    """Outcome of a job.

    Attributes
    ----------
    attempt : str or None
        Id of the attempt with the evidence; `None` if the job's process was lost in every attempt.
    reason : str or None
        Why the job failed, in a sentence.
    output : str
        Last lines of the run's output, if it failed.
    seconds : float
        From the start of the attempt to its published evidence.
    files : dict of str to int
        Published files and their sizes in bytes.
    evidence_sha256 : str or None
    verdicts : dict of str to int
    sources_sha256 : str
        Hash of the code that decided; see `sweep.jobs.project.sources_sha256`.
    """

    key: Name
    state: Literal["done", "failed"]
    attempt: Name | None
    host: str | None
    finished: str
    seconds: float
    reason: str | None = None
    output: str = ""
    files: dict[str, int] = {}
    evidence_sha256: str | None = None
    verdicts: dict[str, int] = {}
    sources_sha256: str = ""
