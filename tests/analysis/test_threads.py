import os
import threading
import time

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from layerclaims.analysis import threads


@pytest.mark.parametrize("n_items", [0, 1, 2, 7, 100])
@pytest.mark.parametrize("n_threads", [1, 3])
def test_batches_cover_every_item_once(n_items: int, n_threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: n_threads)
    seen: list[int] = []

    def work(start: int, stop: int, _: None) -> None:
        seen.extend(range(start, stop))

    threads.run_in_threads(work, n_items, threads.no_room)
    assert sorted(seen) == list(range(n_items))


@pytest.mark.parametrize("n_threads", [1, 3])
def test_results_come_in_the_order_of_what_they_are_of(
    n_threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: n_threads)
    seen: set[int] = set()

    def square(number: int) -> int:
        seen.add(threading.get_ident())
        time.sleep(0.002)
        return number**2

    assert threads.each_in_threads(square, range(3, 40)) == [number**2 for number in range(3, 40)]
    assert len(seen) == n_threads
    assert threads.each_in_threads(square, []) == []


@pytest.mark.parametrize(
    ("n_threads", "sizes"),
    [(1, [100]), (2, [100 // 8, 100 // 8 + 1]), (4, [100 // 16, 100 // 16 + 1])],
)
def test_batches_are_of_one_size_and_one_thread_does_all_at_once(
    n_threads: int, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: n_threads)
    found: list[int] = []

    def work(start: int, stop: int, _: None) -> None:
        found.append(stop - start)

    threads.run_in_threads(work, 100, threads.no_room)
    assert sorted(set(found)) == sizes


def test_a_thread_of_the_caller_s_own_shares_its_work_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: 3)
    rooms: list[object] = []
    caller = threading.Thread(
        target=threads.run_in_threads, args=(lambda *_: None, 50, lambda: rooms.append(None))
    )
    caller.start()
    caller.join()
    assert len(rooms) == 3


def test_there_are_no_more_threads_than_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: 5)
    rooms: list[object] = []
    threads.run_in_threads(lambda *_: None, 2, lambda: rooms.append(None))
    assert len(rooms) == 2


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


def test_threads_that_all_lack_room_are_one_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: 3)

    def make_room() -> None:
        raise MemoryError("no room")

    with pytest.raises(MemoryError, match="no room"):
        threads.run_in_threads(lambda *_: None, 50, make_room)


def test_the_caller_waits_for_the_other_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: 2)
    caller, started, done = threading.current_thread(), threading.Event(), threading.Event()

    def work(_start: int, _stop: int, _: None) -> None:
        if threading.current_thread() is caller:
            started.wait(10)
        else:
            started.set()
            time.sleep(0.05)
            done.set()

    threads.run_in_threads(work, 2, threads.no_room)
    assert done.is_set()


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


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Take the settings of threads out of the environment."""
    for name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize("asked", [None, "", "0", "-2", "many"])
def test_there_is_a_thread_for_each_processor_that_this_process_may_use(
    asked: str | None, unset: pytest.MonkeyPatch
) -> None:
    # Of process 0, which is this one, three of the machine's many processors.
    unset.setattr(
        os, "sched_getaffinity", lambda process: {2, 5, 7} if process == 0 else set(), raising=False
    )
    unset.setattr(os, "cpu_count", lambda: 64)
    if asked is not None:
        unset.setenv("NUMBA_NUM_THREADS", asked)
        unset.setenv("OMP_NUM_THREADS", asked)
    assert threads.machine_threads() == 3


@pytest.mark.parametrize(("counted", "expected"), [(6, 6), (None, 1)])
def test_where_no_system_tells_which_processors_may_be_used_all_are(
    counted: int | None, expected: int, unset: pytest.MonkeyPatch
) -> None:
    unset.delattr(os, "sched_getaffinity", raising=False)
    unset.setattr(os, "cpu_count", lambda: counted)
    assert threads.machine_threads() == expected


@pytest.mark.parametrize(("n_workers", "expected"), [(0, 4), (1, 4), (2, 2), (3, 2), (4, 1), (7, 1)])
def test_those_that_work_at_the_same_time_share_the_threads(
    n_workers: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: 4)
    rooms: list[object] = []
    at_work, done = threading.Barrier(n_workers + 1), threading.Event()

    def work() -> None:
        with threads.among_workers():
            at_work.wait(10)
            done.wait(10)

    workers = [threading.Thread(target=work) for _ in range(n_workers)]
    for worker in workers:
        worker.start()
    at_work.wait(10)
    threads.run_in_threads(lambda *_: None, 50, lambda: rooms.append(None))
    done.set()
    for worker in workers:
        worker.join()
    assert len(rooms) == expected
    threads.run_in_threads(lambda *_: None, 50, lambda: rooms.append(None))
    assert len(rooms) == expected + 4


def test_a_worker_that_failed_is_counted_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "machine_threads", lambda: 2)
    rooms: list[object] = []

    def fail() -> None:
        with threads.among_workers():
            raise ArithmeticError

    for _ in range(3):
        with pytest.raises(ArithmeticError):
            fail()
    threads.run_in_threads(lambda *_: None, 50, lambda: rooms.append(None))
    assert len(rooms) == 2


def threads_of_products() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_products_stay_in_their_thread_and_are_then_made_as_before() -> None:
    with threads.products_in_one_thread():  # loads what is limited
        pass
    with threadpool_limits(2, "blas"):
        before = threads_of_products()
        with threads.products_in_one_thread():
            with threads.products_in_one_thread():
                assert threads_of_products() == {1}
            assert threads_of_products() == {1}
        assert threads_of_products() == before
