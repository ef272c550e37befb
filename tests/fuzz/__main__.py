"""``python -m tests.fuzz --files 100000``: read so many mutated files, and count what came of them.

The files are shared among all processors; which files are read does not depend on how many there are.
"""

import argparse
import resource
import sys
import tempfile
from pathlib import Path

from layerclaims.calibration.processes import map_in_processes
from tests.fuzz.fuzz import Part, fuzz_part, together
from tests.fuzz.targets import targets

PART = 500
"""Files that a process reads at a time."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=100_000, help="in all, shared among the formats")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="one format")
    parser.add_argument("--keep", type=Path, default=Path("fuzzed"), help="folder for broken files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="layerclaims-fuzz-") as scratch:
        names = [options.only] if options.only else list(targets(Path(scratch)))
    n_broken = 0
    for place, name in enumerate(names):
        share = options.files // len(names) + (place < options.files % len(names))
        parts = [
            Part(name, range(start, min(start + PART, share)), options.seed, options.keep)
            for start in range(0, share, PART)
        ]
        found = together(map_in_processes(fuzz_part, parts))
        n_broken += found.counts["broken"]
        counts = ", ".join(f"{found.counts[what]:,} {what}" for what in ("read", "refused", "broken"))
        print(
            f"{name:<12} {share:,} files: {counts}; {found.seconds:.0f} s, the slowest {found.slowest:.2f} s"
        )
        for fault in found.faults[:5]:
            print(f"  {fault}")
        sys.stdout.flush()
    largest = max(
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"largest memory of a process: {largest / 1e6:.2f} GB")
    return 1 if n_broken else 0


if __name__ == "__main__":
    sys.exit(main())
