"""One subject of a sweep, and what came of it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from layerclaims.sweep.planning.plan_file import Resources


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Job(_Record):
    """One subject to measure.

    Attributes
    ----------
    key : str
        Names its folder: readable, with a hash of everything that decides the result.
    label : str
        What people call it.
    arguments : tuple of str
        For ``pytest claims/``.
    resources : Resources
    """

    key: str
    label: str
    arguments: tuple[str, ...]
    resources: Resources = Resources()


class Attempt(_Record):
    """One time that a job was begun; without an end its process was lost.

    Attributes
    ----------
    id : str
        Names the attempt's folder.
    ended : {"done", "failed", "discarded"} or None
        ``discarded`` where another attempt had finished the job before.
    """

    id: str
    host: str
    process: int
    started: str
    ended: Literal["done", "failed", "discarded"] | None = None


class Outcome(_Record):
    """What came of a job.

    Attributes
    ----------
    attempt : str or None
        Whose folder holds the evidence; `None` where the job's process was lost every time.
    reason : str or None
        Why it failed, in a sentence.
    output : str
        The last lines that the run wrote, where it failed.
    seconds : float
        From the start of the attempt to its published evidence.
    files : dict of str to int
        Published files and their sizes, bytes.
    evidence_sha256 : str or None
    verdicts : dict of str to int
    sources_sha256 : str
        Of the code that decided; see `sweep.jobs.project.sources_sha256`.
    """

    key: str
    state: Literal["done", "failed"]
    attempt: str | None
    host: str | None
    finished: str
    seconds: float
    reason: str | None = None
    output: str = ""
    files: dict[str, int] = {}
    evidence_sha256: str | None = None
    verdicts: dict[str, int] = {}
    sources_sha256: str = ""
