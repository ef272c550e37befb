"""``python -m tests.fuzz --files 100000``: read so many mutated files, and count what came of them."""

import argparse
import faulthandler
import resource
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.fuzz import fuzz
from tests.fuzz.targets import read_whole, targets


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=100_000, help="in all, shared among the formats")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="one format")
    parser.add_argument("--keep", type=Path, default=Path("fuzzed"), help="folder for broken files")
    options = parser.parse_args()
    faulthandler.enable()
    n_broken = 0
    with tempfile.TemporaryDirectory(prefix="layerclaims-fuzz-") as scratch:
        made = targets(Path(scratch))
        if options.only:
            made = {options.only: made[options.only]}
        for place, (name, target) in enumerate(made.items()):
            folder = Path(scratch) / "files" / name
            read_whole(target, folder)
            share = options.files // len(made) + (place < options.files % len(made))
            start = time.process_time()
            found = fuzz(target, share, options.seed, folder, options.keep)
            n_broken += found.counts["broken"]
            seconds = time.process_time() - start
            counts = ", ".join(f"{found.counts[what]:,} {what}" for what in ("read", "refused", "broken"))
            print(f"{name:<12} {share:,} files: {counts}; {seconds:.0f} s, the slowest {found.slowest:.2f} s")
            sys.stdout.flush()
            for fault in found.faults[:5]:
                print(f"  {fault}")
    print(f"largest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    return 1 if n_broken else 0


if __name__ == "__main__":
    sys.exit(main())
