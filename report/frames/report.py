"""A report read from its folder, with its data frames."""

from pathlib import Path

from layerclaims.message import enumeration, message
from layerclaims.report.frames.base import needs, shown
from layerclaims.report.frames.of_claims import ClaimFrames
from layerclaims.report.frames.of_tokens import TokenFrames
from layerclaims.report.records.claim_facts import VERDICTS, verdict_words
from layerclaims.report.records.evidence import EVIDENCE_NAME, PART_FOLDER
from layerclaims.report.records.store import EvidenceError, read_evidence

TABLES = ("claims", "assertions", "controls", "specifications", "profiles", "tokens", "pairs")
"""The frames of a report, by the names of their properties."""
MOST_NAMED = 5
"""Folders that a sentence names."""


class Report(ClaimFrames, TokenFrames):
    """What a run left in its folder. Each property reads a new frame, which is the caller's to change.

    Attributes
    ----------
    folder : Path
        Holds ``evidence.json`` and what lies beside it.
    evidence : Evidence
        Everything that the run found, as it was checked when it was read.
    """

    def __repr__(self) -> str:
        """Say what was measured, when, and what came of it."""
        evidence = self.evidence
        counts = ((verdict, getattr(evidence.summary, verdict)) for verdict in VERDICTS)
        found = ", ".join(f"{n} {verdict_words(verdict)}" for verdict, n in counts if n)
        unfinished = "" if evidence.complete else ", not complete"
        return f"<Report of {evidence.subject.name}, {evidence.created}: {found}{unfinished}>"

    def to_parquet(self, folder: str | Path) -> list[Path]:
        """Write every frame as a Parquet file, such as ``assertions.parquet``.

        Parameters
        ----------
        folder : str or Path
            Made where missing.

        Returns
        -------
        list of Path

        Raises
        ------
        ImportError
            If pandas or pyarrow is not installed.
        EvidenceError
            If a frame cannot be read.
        """
        needs("pyarrow")
        frames = {name: getattr(self, name) for name in TABLES}
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        paths = [target / f"{name}.parquet" for name in frames]
        for path, frame in zip(paths, frames.values(), strict=True):
            frame.to_parquet(path, index=False)
        return paths


def load(folder: str | Path) -> Report:
    """Read the report of a run.

    Parameters
    ----------
    folder : str or Path
        The folder of a report, such as ``reports/smollm2-135m-on-embedded``, or the evidence file in it.

    Returns
    -------
    Report

    Raises
    ------
    EvidenceError
        If there is no evidence, it is not valid, or another release wrote it; a `ValueError` whose text is
        one sentence that says what to do.
    """
    path = Path(folder)
    if path.is_dir() and not (path / EVIDENCE_NAME).exists():
        raise _no_evidence(path)
    evidence = read_evidence(path)
    return Report(path if path.is_dir() else path.parent, evidence)


def _no_evidence(folder: Path) -> EvidenceError:
    """Say that a folder holds no evidence, and which folder below it does."""
    where = shown(folder)
    if (folder / PART_FOLDER / EVIDENCE_NAME).exists():
        part = shown(folder / PART_FOLDER)
        return EvidenceError(
            "{where} holds no run of all claims, only one of a part, or an unfinished one: load {part}",
            where=where,
            part=part,
        )
    found = sorted(path.parent for path in folder.glob(f"*/{EVIDENCE_NAME}"))
    if not found:
        return EvidenceError(
            "no {file} in {where}: name the folder of a report, such as reports/SUBJECT",
            file=EVIDENCE_NAME,
            where=where,
        )
    named = enumeration([shown(path) for path in found[:MOST_NAMED]])
    if len(found) > MOST_NAMED:
        named = message("{names}, and {n} more", names=named, n=len(found) - MOST_NAMED)
    return EvidenceError(
        "no {file} in {where}: name the folder of one report, here {folders}",
        file=EVIDENCE_NAME,
        where=where,
        folders=named,
    )
