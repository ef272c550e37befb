"""Comparing many claims of many subjects: time and memory grow with the evidence, not faster."""

import tracemalloc
from pathlib import Path

from benchmarks.comparison import compare, write_runs
from layerclaims.report.comparison.comparison_page import read_runs

N_CLAIMS, N_SUBJECTS = 60, 8
SECONDS_FOR_10_000, BYTES_FOR_10_000 = 60, 1e9
START_SECONDS = 5
"""Imports, fonts and the page's fixed parts, which do not grow."""


def test_time_and_memory_of_ten_thousand_claims_are_bounded(tmp_path: Path) -> None:
    paths = write_runs(tmp_path, N_CLAIMS, N_SUBJECTS)
    share = N_CLAIMS * N_SUBJECTS / 10_000
    comparison, seconds = compare(paths, tmp_path / "out")
    assert seconds < START_SECONDS + SECONDS_FOR_10_000 * share
    assert len(comparison.rows) == N_CLAIMS
    assert len(comparison.differing) > 0

    tracemalloc.start()
    try:
        read_runs(paths[:2])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < BYTES_FOR_10_000 * share
