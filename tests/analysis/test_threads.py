import threading

import numpy as np
import pytest

from layerclaims.analysis import threads


@pytest.mark.parametrize("n_items", [0, 1, 2, 7, 100])
@pytest.mark.parametrize("n_threads", [1, 3])
def test_batches_cover_every_item_once(n_items: int, n_threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: n_threads)
    seen = np.zeros(n_items, dtype=int)

    def work(start: int, stop: int, _: None) -> None:
        seen[start:stop] += 1

    threads.run_in_threads(work, n_items, threads.no_room)
    assert (seen == 1).all()


def test_a_failure_in_any_thread_reaches_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: 4)

    def work(start: int, stop: int, _: None) -> None:
        if start <= 60 < stop:
            raise ArithmeticError("item 60")

    with pytest.raises(ArithmeticError, match="item 60"):
        threads.run_in_threads(work, 100, threads.no_room)


def test_each_thread_has_room_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: 3)
    rooms: list[list[threading.Thread]] = []

    def make_room() -> list[threading.Thread]:
        rooms.append([])
        return rooms[-1]

    def work(_start: int, _stop: int, room: list[threading.Thread]) -> None:
        room.append(threading.current_thread())

    threads.run_in_threads(work, 50, make_room)
    assert len(rooms) == 3
    assert sum(len(room) for room in rooms) == 3 * threads.BATCHES_PER_THREAD
    assert all(len(set(room)) <= 1 for room in rooms)


def test_the_first_of_several_failures_is_the_one_that_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: 4)
    later = threading.Event()

    def work(start: int, _stop: int, _: None) -> None:
        if start:
            later.set()
        else:
            later.wait(10)
        raise ArithmeticError(str(start))

    with pytest.raises(ArithmeticError, match=r"^0$"):
        threads.run_in_threads(work, 100, threads.no_room)


def test_work_inside_work_stays_in_its_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: 3)
    outside: list[bool] = []

    def outer(_start: int, _stop: int, _: None) -> None:
        thread = threading.current_thread()

        def inner(_start: int, _stop: int, _: None) -> None:
            outside.append(threading.current_thread() is not thread)

        threads.run_in_threads(inner, 10, threads.no_room)

    threads.run_in_threads(outer, 10, threads.no_room)
    assert not any(outside)
    assert len(outside) == 10


@pytest.mark.parametrize(("asked", "expected"), [("1", 1), ("", None), ("100000", None), ("0", None)])
def test_openmp_s_number_of_threads_is_an_upper_limit(
    asked: str, expected: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    everything = threads.machine_threads()
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert threads.machine_threads() == (expected or everything)


def test_numba_s_number_of_threads_replaces_that_of_the_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("NUMBA_NUM_THREADS", "77")
    assert threads.machine_threads() == 77
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    assert threads.machine_threads() == 5
