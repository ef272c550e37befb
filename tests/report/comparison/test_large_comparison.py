"""Comparing many claims of many subjects: time and memory grow with the evidence, not faster."""

import time
import tracemalloc
from pathlib import Path

from layerclaims.report.comparison.comparison_page import comparison_text, read_runs, write_comparison
from tests.report.builder import make_evidence

N_CLAIMS, N_SUBJECTS = 60, 8
SECONDS_FOR_10_000, BYTES_FOR_10_000 = 60, 1e9
START_SECONDS = 5
"""Imports, fonts and the page's fixed parts, which do not grow."""


def write_runs(folder: Path) -> list[Path]:
    base = make_evidence()
    paths = []
    for number in range(N_SUBJECTS):
        kept = [base.claims[(place * (1 + number % 2)) % len(base.claims)] for place in range(N_CLAIMS)]
        claims = [claim.model_copy(update={"id": f"claim-{place}"}) for place, claim in enumerate(kept)]
        subject = base.subject.model_copy(update={"model": f"model-{number}"})
        paths.append(folder / f"{number}.json")
        paths[-1].write_text(base.model_copy(update={"claims": claims, "subject": subject}).model_dump_json())
    return paths


def test_time_and_memory_of_ten_thousand_claims_are_bounded(tmp_path: Path) -> None:
    paths = write_runs(tmp_path)
    share = N_CLAIMS * N_SUBJECTS / 10_000
    start = time.process_time()
    comparison = read_runs(paths)
    write_comparison(comparison, tmp_path / "out")
    comparison_text(comparison)
    assert time.process_time() - start < START_SECONDS + SECONDS_FOR_10_000 * share
    assert len(comparison.rows) == N_CLAIMS
    assert len(comparison.differing) > 0

    tracemalloc.start()
    try:
        read_runs(paths[:2])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < BYTES_FOR_10_000 * share
