"""``python -m tests.mutation``: change the code in one place after another, and count what its tests see.

Each mutant is tested by the tests of its own module only, stopped at the first that fails. Of a module with
many mutants a sample is taken, drawn with a seed. Survivors are printed; those listed with a reason in
``equivalent.toml`` change nothing that can be seen. A mutant whose tests need five times the processor time
is counted as killed, and shown apart.
"""

import argparse
import os
import random
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

# Compiled code and matrix products would start threads, and a process with threads cannot be forked safely.
for variable in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

from layerclaims.calibration.tables import markdown_table  # noqa: E402
from tests.mutation.modules import modules  # noqa: E402
from tests.mutation.mutants import Mutant, mutants  # noqa: E402
from tests.mutation.workplace import Workplace  # noqa: E402

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
OUTCOMES = ("killed", "timed out", "survived", "equivalent")
Key = tuple[str, str, str, str]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="MODULE", help="paths of modules, or beginnings of them")
    parser.add_argument("--sample", type=int, default=60, help="mutants of a module; 0: all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="do not try survivors again by importing them")
    options = parser.parse_args()
    chosen = {
        module: tests
        for module, tests in modules().items()
        if not options.only or module.startswith(tuple(options.only))
    }
    equivalent = known_equivalent()
    counts_of: dict[str, tuple[int, Counter[str]]] = {}
    with tempfile.TemporaryDirectory(prefix="layerclaims-mutation-") as folder:
        workplace = Workplace(Path(folder))
        for module, tests in chosen.items():
            source = (workplace.folder / module).read_text(encoding="utf-8")
            made = mutants(source)
            tested = sampled(made, options.sample, f"{module} {options.seed}")
            outcomes, seconds = workplace.outcomes(module, tested, tests, quick=options.quick)
            counts: Counter[str] = Counter()
            for mutant, outcome in zip(tested, outcomes, strict=True):
                same = outcome == "survived" and is_equivalent(module, source, mutant, equivalent)
                counts["equivalent" if same else outcome] += 1
                if outcome != "killed" and not same:
                    say(f"{outcome}: {module}:{mutant.line}: {mutant.before} -> {mutant.after}")
            counts_of[module] = (len(made), counts)
            say(f"{module}: {dict(counts)} of {len(tested)}, {seconds:.1f} s for the tests")
    say(table(counts_of))
    return 0


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


def table(counts: dict[str, tuple[int, Counter[str]]]) -> str:
    """Write a row for each module, and one for all: the share is that of killed among what can be killed."""
    whole = (
        sum(made for made, _ in counts.values()),
        sum((found for _, found in counts.values()), Counter()),
    )
    rows = []
    for module, (made, found) in {
        **{f"`{name}`": found for name, found in counts.items()},
        "all": whole,
    }.items():
        killed = found["killed"] + found["timed out"]
        possible = killed + found["survived"]
        share = f"{killed / possible:.0%}" if possible else ""
        rows.append((module, made, found.total(), *(found[what] for what in OUTCOMES), share))
    return markdown_table(("module", "mutants", "tested", *OUTCOMES, "share killed"), rows)


def say(text: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
