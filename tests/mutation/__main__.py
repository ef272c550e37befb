"""``python -m tests.mutation``: change the code in one place after another, and count what its tests see.

Each mutant is tested by the tests of its own module only, stopped at the first that fails. Of a module with
many mutants a sample is taken, drawn with a seed. Survivors are printed; those listed with a reason in
``equivalent.toml`` change nothing that can be seen. A mutant whose tests need five times the processor time
is counted as killed, and shown apart. Modules are shared among all processors, each in a copy of the project.
"""

import argparse
import os
import sys
from collections import Counter

# Compiled code and matrix products would start threads, and a process with threads cannot be forked safely.
for variable in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

from layerclaims.calibration.processes import map_in_processes  # noqa: E402
from layerclaims.calibration.tables import markdown_table  # noqa: E402
from tests.mutation.modules import modules  # noqa: E402
from tests.mutation.task import Task, counts_of_module, say  # noqa: E402

OUTCOMES = ("killed", "timed out", "survived", "equivalent")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="MODULE", help="paths of modules, or beginnings of them")
    parser.add_argument("--sample", type=int, default=60, help="mutants of a module; 0: all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="do not try survivors again by importing them")
    options = parser.parse_args()
    chosen = [
        Task(module, options.sample, options.seed, options.quick)
        for module in modules()
        if not options.only or module.startswith(tuple(options.only))
    ]
    counts = map_in_processes(counts_of_module, chosen)
    say(table({task.module: found for task, found in zip(chosen, counts, strict=True)}))
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
