"""Draws over processes."""

import os

import numpy as np
import pytest

from layerclaims.calibration.processes import map_in_processes


def _own_process(seed: int) -> tuple[int, str, float]:
    return os.getpid(), os.environ["NUMBA_NUM_THREADS"], float(np.random.default_rng(seed).random())


def test_results_come_in_order_from_other_processes_of_one_thread() -> None:
    found = map_in_processes(_own_process, range(5))
    assert [value for *_, value in found] == [np.random.default_rng(seed).random() for seed in range(5)]
    if len(os.sched_getaffinity(0)) > 1:
        assert os.getpid() not in {process for process, *_ in found}
        assert {threads for _, threads, _ in found} == {"1"}


def test_this_process_keeps_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("NUMBA_NUM_THREADS", raising=False)
    map_in_processes(os.path.basename, ["a/b", "c"])
    assert os.environ["OMP_NUM_THREADS"] == "3"
    assert "NUMBA_NUM_THREADS" not in os.environ


def test_one_item_needs_no_process() -> None:
    assert map_in_processes(os.path.basename, ["a/b"]) == ["b"]
