"""Read mutated files, and keep those that are neither read nor refused in a short sentence."""

import faulthandler
import random
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.targets import Target, read_whole, targets, write

LONGEST_MESSAGE = 5000
SECONDS = 10.0
"""CPU time that one small file may take."""


@dataclass
class Findings:
    """What came of a target's files.

    Attributes
    ----------
    counts : Counter
        Files that were ``read``, ``refused``, and ``broken``.
    faults : list of str
        For each broken file, where it is kept and what happened.
    slowest : float
        CPU seconds of the slowest file.
    seconds : float
        CPU seconds of all files.
    """

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Part:
    """Mutated files of one format that one process reads.

    Attributes
    ----------
    name : str
        Of the format.
    numbers : range
        Of the files; a file's number and the seed say how it is mutated.
    seed : int
    kept : Path
        Folder for broken files.
    """

    name: str
    numbers: range
    seed: int
    kept: Path


def fuzz_part(part: Part) -> Findings:
    """Mutate and read the files of a part, in a folder of its own; it stays where a file ends the process."""
    faulthandler.enable()
    with tempfile.TemporaryDirectory(prefix="layerclaims-fuzz-") as scratch:
        target = targets(Path(scratch))[part.name]
        folder = Path(scratch) / "files"
        read_whole(target, folder)
        return fuzz(target, part.numbers, part.seed, folder, part.kept)


def together(found: Iterable[Findings]) -> Findings:
    """Add up what came of a format's parts."""
    whole = Findings()
    for one in found:
        whole.counts += one.counts
        whole.faults += one.faults
        whole.slowest = max(whole.slowest, one.slowest)
        whole.seconds += one.seconds
    return whole


def fuzz(target: Target, numbers: range, seed: int, folder: Path, kept: Path) -> Findings:
    """Mutate and read files; broken ones are kept."""
    findings = Findings()
    for number in numbers:
        content = target.mutate(target.whole, random.Random(f"{target.name} {seed} {number}"))
        path = write(target, content, folder)
        start = time.process_time()
        fault = _fault(target, path)
        seconds = time.process_time() - start
        findings.slowest = max(findings.slowest, seconds)
        findings.seconds += seconds
        if seconds > SECONDS:
            fault = f"it took {seconds:.0f} s"
        findings.counts["broken" if fault else "read" if fault is None else "refused"] += 1
        if fault:
            kept.mkdir(parents=True, exist_ok=True)
            copy = kept / f"{Path(target.name).name}.{seed}.{number}"
            copy.write_bytes(content)
            findings.faults.append(f"{copy}: {fault}")
    return findings


def _fault(target: Target, path: Path) -> str | None:
    """Read a file; `None` if it was read, empty if it was refused as it should be, else what went wrong."""
    try:
        target.read(path)
    except target.refusals as error:
        text = str(error)
        if len(text) > LONGEST_MESSAGE:
            return f"a message of {len(text):,} characters: {text[:200]}"
        return "" if text.strip() else f"{type(error).__name__} without a word"
    except Exception as error:
        return "".join(traceback.format_exception(error)[-3:])
    return None
