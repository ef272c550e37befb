"""Work in threads of our own: kernels let other threads run while they compute."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from typing import TypeVar

from threadpoolctl import ThreadpoolController

Room = TypeVar("Room")
Result = TypeVar("Result")

BATCHES_PER_THREAD = 4
"""Enough for a thread on a busy core to leave work to the others."""

_INSIDE = threading.local()
_WORKERS: set[int] = set()


def machine_threads() -> int:
    """Count the threads to use: one a processor, or what ``NUMBA_`` and ``OMP_NUM_THREADS`` say."""
    return within_openmp(_setting("NUMBA_NUM_THREADS") or processors())


def within_openmp(number: int) -> int:
    """Cut a number of threads or processes to what ``OMP_NUM_THREADS`` says, if it says anything."""
    return min(number, _setting("OMP_NUM_THREADS") or number)


def _setting(name: str) -> int:
    """Read a number of threads from the environment; 0 where there is none."""
    asked = os.environ.get(name, "")
    return int(asked) if asked.isdecimal() else 0


def processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def among_workers() -> Iterator[None]:
    """Count this thread among those that share the machine's threads for what they run in threads."""
    thread = threading.get_ident()
    _WORKERS.add(thread)
    try:
        yield
    finally:
        _WORKERS.discard(thread)


def _threads_for_one() -> int:
    """Count the threads for work that begins now: all, or for each worker an equal part, rounded up."""
    return -(-machine_threads() // max(1, len(_WORKERS)))


def run_in_threads(
    function: Callable[[int, int, Room], object], n_items: int, make_room: Callable[[], Room]
) -> None:
    """Call ``function(start, stop, room)`` over batches that cover ``range(n_items)``.

    Parameters
    ----------
    function : callable
        Calls a kernel, which lets other threads run; what it writes for an item depends on that item only.
    n_items : int
    make_room : callable
        Makes what each thread needs for itself, once.

    Raises
    ------
    BaseException
        What the first of the batches raised that failed.

    Notes
    -----
    Threads of our own, since numba's parallel loops take several times as long to compile, do not survive a
    fork, and on some platforms end the process when two callers meet. Work inside work stays in its thread.
    """
    n_threads = 1 if getattr(_INSIDE, "work", False) else _threads_for_one()
    n_batches = min(n_items, n_threads * BATCHES_PER_THREAD if n_threads > 1 else 1)
    bounds = [n_items * batch // n_batches for batch in range(n_batches + 1)] if n_items else []
    batches = iter(list(pairwise(bounds)))
    failures: list[tuple[int, BaseException]] = []

    def work() -> None:
        _work_through(batches, function, make_room, failures)

    helpers = [threading.Thread(target=work) for _ in range(min(n_threads, n_batches) - 1)]
    for helper in helpers:
        helper.start()
    work()
    for helper in helpers:
        helper.join()
    if failures:
        raise min(failures, key=lambda failed: failed[0])[1]


def _work_through(
    batches: Iterator[tuple[int, int]],
    function: Callable[[int, int, Room], object],
    make_room: Callable[[], Room],
    failures: list[tuple[int, BaseException]],
) -> None:
    """Take batches until none is left; keep a failure with the batch that it came from."""
    start, outside = 0, getattr(_INSIDE, "work", False)
    _INSIDE.work = True
    try:
        room = make_room()
        for start, stop in batches:  # taking the next one is a single step of the interpreter
            function(start, stop, room)
    except BaseException as failure:
        failures.append((start, failure))
    finally:
        _INSIDE.work = outside


def each_in_threads(function: Callable[[int], Result], numbers: Sequence[int]) -> list[Result]:
    """Call a function for each of some numbers, such as levels, in threads; return results in their order.

    The function spends its time in operations on large arrays, which let other threads run.
    """
    results: dict[int, Result] = {}

    def work(start: int, stop: int, _: None) -> None:
        results.update((number, function(number)) for number in numbers[start:stop])

    run_in_threads(work, len(numbers), no_room)
    return [results[number] for number in numbers]


@contextmanager
def products_in_one_thread() -> Iterator[None]:
    """Have NumPy and SciPy multiply matrices in the thread that asks for it, for all threads of this process.

    Of many small products most of the time would be that of their libraries' threads, which wait for each
    other busily. Their threads could also add up in another order.
    """
    with _linear_algebra().limit(limits=1, user_api="blas"):
        yield


@cache
def _linear_algebra() -> ThreadpoolController:
    """Find the libraries of linear algebra, which can be limited once they are loaded."""
    import scipy.linalg  # noqa: F401 - brings one of its own

    return ThreadpoolController()


def no_room() -> None:
    """Make nothing, for work that needs no room."""
