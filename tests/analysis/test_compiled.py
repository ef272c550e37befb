import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from layerclaims.analysis import compiled
from layerclaims.analysis.pairs.joint_counts import describe_chunks, measure_tiles
from layerclaims.analysis.pairs.moments import centre_chunks, relate_tiles
from layerclaims.analysis.pairs.pairwise import pairwise_measures

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("n_items", [0, 1, 2, 7, 100])
@pytest.mark.parametrize("n_threads", [1, 3])
def test_batches_cover_every_item_once(n_items: int, n_threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "machine_threads", lambda: n_threads)
    seen = np.zeros(n_items, dtype=int)

    def work(start: int, stop: int, _: None) -> None:
        seen[start:stop] += 1

    compiled.run_in_threads(work, n_items, compiled.no_room)
    assert (seen == 1).all()


def test_a_failure_in_any_thread_reaches_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "machine_threads", lambda: 4)

    def work(start: int, stop: int, _: None) -> None:
        if start <= 60 < stop:
            raise ArithmeticError("item 60")

    with pytest.raises(ArithmeticError, match="item 60"):
        compiled.run_in_threads(work, 100, compiled.no_room)


def test_each_thread_has_room_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "machine_threads", lambda: 3)
    rooms: list[list[threading.Thread]] = []

    def make_room() -> list[threading.Thread]:
        rooms.append([])
        return rooms[-1]

    def work(_start: int, _stop: int, room: list[threading.Thread]) -> None:
        room.append(threading.current_thread())

    compiled.run_in_threads(work, 50, make_room)
    assert len(rooms) == 3
    assert sum(len(room) for room in rooms) == 3 * compiled.BATCHES_PER_THREAD
    assert all(len(set(room)) <= 1 for room in rooms)


def test_the_first_of_several_failures_is_the_one_that_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "machine_threads", lambda: 4)
    later = threading.Event()

    def work(start: int, _stop: int, _: None) -> None:
        if start:
            later.set()
        else:
            later.wait(10)
        raise ArithmeticError(str(start))

    with pytest.raises(ArithmeticError, match=r"^0$"):
        compiled.run_in_threads(work, 100, compiled.no_room)


def test_work_inside_work_stays_in_its_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "machine_threads", lambda: 3)
    outside: list[bool] = []

    def outer(_start: int, _stop: int, _: None) -> None:
        thread = threading.current_thread()

        def inner(_start: int, _stop: int, _: None) -> None:
            outside.append(threading.current_thread() is not thread)

        compiled.run_in_threads(inner, 10, compiled.no_room)

    compiled.run_in_threads(outer, 10, compiled.no_room)
    assert not any(outside)
    assert len(outside) == 10


@pytest.mark.parametrize(("asked", "expected"), [("1", 1), ("", None), ("100000", None), ("0", None)])
def test_openmp_s_number_of_threads_is_an_upper_limit(
    asked: str, expected: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    everything = compiled.machine_threads()
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert compiled.machine_threads() == (expected or everything)


def test_the_cache_is_named_after_the_sources() -> None:
    name = compiled.CACHE_FOLDER.name
    assert name.startswith("kernels-")
    assert len(name) == len("kernels-") + 16


def test_without_a_folder_to_write_kernels_are_compiled_all_the_same(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.touch()  # folders below a file cannot be made, even by root
    program = (
        "from layerclaims.analysis.compiled import kernel\n"
        "source = 'def double(x):\\n    return 2 * x\\n'\n"
        "names = {}\n"
        "exec(compile(source, 'nowhere.py', 'exec'), names)\n"
        "print(kernel(names['double'])(21))"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(blocker / "below")}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "42\n"


def test_kernels_are_compiled_once_whatever_the_input() -> None:
    rng = np.random.default_rng(0)
    values = rng.standard_t(2, size=(30, 60))
    for activations in (values, np.asfortranarray(values), values.astype(np.float32), values[::-1, ::2]):
        pairwise_measures(activations)
        pairwise_measures(activations, outlier_sd=0, estimator="equal_frequency")
    for function in (describe_chunks, measure_tiles, centre_chunks, relate_tiles):
        assert len(function.signatures) == 1  # type: ignore[union-attr]


def test_callers_from_several_threads_get_what_one_gets() -> None:
    values = np.random.default_rng(1).standard_t(3, size=(6, 90, 80))
    expected = [pairwise_measures(layer).mutual_information for layer in values]
    with ThreadPoolExecutor(6) as pool:
        measured = list(pool.map(pairwise_measures, values))
    for one, other in zip(measured, expected, strict=True):
        np.testing.assert_array_equal(one.mutual_information, other)
