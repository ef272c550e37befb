"""Time and memory of comparing many subjects: ``python -m benchmarks.comparison``.

Writes evidence of 20 subjects with 500 claims each, 10,000 records, and compares it as ``python -m
layerclaims.report compare`` does. The records are those of the tests' report, under other names.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from layerclaims.report.comparison.comparison import Comparison
from layerclaims.report.comparison.comparison_page import comparison_text, read_runs, write_comparison
from tests.report.builder import make_evidence

N_CLAIMS, N_SUBJECTS = 500, 20


def write_runs(folder: Path, n_claims: int, n_subjects: int) -> list[Path]:
    """Write one evidence file for each subject; half of the subjects have their verdicts in another order."""
    base = make_evidence()
    paths = []
    for number in range(n_subjects):
        kept = [base.claims[(place * (1 + number % 2)) % len(base.claims)] for place in range(n_claims)]
        claims = [claim.model_copy(update={"id": f"claim-{place}"}) for place, claim in enumerate(kept)]
        subject = base.subject.model_copy(update={"model": f"model-{number}"})
        paths.append(folder / f"{number}.json")
        paths[-1].write_text(base.model_copy(update={"claims": claims, "subject": subject}).model_dump_json())
    return paths


def compare(paths: list[Path], folder: Path) -> tuple[Comparison, float]:
    """Compare the files, on the page and in text; also return the processor time, in seconds."""
    start = time.process_time()
    comparison = read_runs(paths)
    write_comparison(comparison, folder)
    comparison_text(comparison)
    return comparison, time.process_time() - start


def main() -> None:
    """Write, compare, print time and memory."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.comparison", description=__doc__)
    parser.add_argument("--claims", type=int, default=N_CLAIMS, help=f"of each subject (default {N_CLAIMS})")
    parser.add_argument("--subjects", type=int, default=N_SUBJECTS, help=f"(default {N_SUBJECTS})")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_runs(folder, arguments.claims, arguments.subjects)
        comparison, seconds = compare(paths, folder / "out")
    print(
        f"{arguments.claims * arguments.subjects:,} records of {arguments.subjects} subjects, "
        f"{len(comparison.differing):,} claims with different verdicts: {seconds:.1f} s of processor time, "
        f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB of memory."
    )


if __name__ == "__main__":
    main()
