"""The mutants of one module: drawn, tested in a copy of the project, and counted by what came of them."""

import random
import sys
import tempfile
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.modules import modules
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.workplace import Workplace

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Task:
    """A module whose mutants one process tests.

    Attributes
    ----------
    module : str
        Its path.
    sample : int
        How many mutants; 0 for all.
    seed : int
        Of the draw.
    quick : bool
        Whether survivors are not tried again by importing them.
    """

    module: str
    sample: int
    seed: int
    quick: bool


def counts_of_module(task: Task) -> tuple[int, Counter[str]]:
    """Test a module's mutants in a copy of the project; gives how many there are, and their outcomes."""
    module, equivalent = task.module, known_equivalent()
    with tempfile.TemporaryDirectory(prefix="layerclaims-mutation-") as folder:
        workplace = Workplace(Path(folder))
        source = (workplace.folder / module).read_text(encoding="utf-8")
        made = mutants(source)
        tested = sampled(made, task.sample, f"{module} {task.seed}")
        outcomes, seconds = workplace.outcomes(module, tested, modules()[module], quick=task.quick)
    counts: Counter[str] = Counter()
    for mutant, outcome in zip(tested, outcomes, strict=True):
        same = outcome == "survived" and is_equivalent(module, source, mutant, equivalent)
        counts["equivalent" if same else outcome] += 1
        if outcome != "killed" and not same:
            say(f"{outcome}: {module}:{mutant.line}: {mutant.before} -> {mutant.after}")
    say(f"{module}: {dict(counts)} of {len(tested)}, {seconds:.1f} s for the tests")
    return len(made), counts


def known_equivalent() -> set[Key]:
    """Read the mutants that change nothing, as module, line, what stands there, and what would."""
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["mutant"]
    return {(one["module"], one["line"], one["before"], one["after"]) for one in listed}


def is_equivalent(module: str, source: str, mutant: Mutant, equivalent: set[Key]) -> bool:
    """Tell whether a mutant is listed as one that changes nothing."""
    line = source.splitlines()[mutant.line - 1].strip()
    return (module, line, mutant.before, mutant.after) in equivalent


def sampled(made: list[Mutant], n: int, seed: str) -> list[Mutant]:
    """Draw ``n`` mutants in the order of their lines, or take all where there are no more or ``n`` is 0."""
    if not n or len(made) <= n:
        return made
    return sorted(random.Random(seed).sample(made, n), key=lambda mutant: mutant.line)


def say(text: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
