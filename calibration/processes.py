"""Spread independent draws over the machine's processors."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from layerclaims.analysis.threads import processors

Item = TypeVar("Item")
Found = TypeVar("Found")

THREAD_SETTINGS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
CHUNKS_A_PROCESS = 8
"""Draws are handed out in so many parts a process, so that none waits long for the last."""


def map_in_processes(function: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """Call a function on each item, in as many processes as this one may use processors.

    Each process computes on one thread, which is quicker for many small draws than threads within each.

    Parameters
    ----------
    function : callable
        Of a module, so that a new process can import it.
    items : iterable
        Whatever can be pickled.

    Returns
    -------
    list
        In the order of the items, whatever process is first.
    """
    work: Sequence[Item] = list(items)
    n_processes = min(processors(), len(work))
    if n_processes < 2:
        return [function(item) for item in work]
    chunk = max(1, len(work) // (CHUNKS_A_PROCESS * n_processes))
    with _one_thread_each(), ProcessPoolExecutor(n_processes, mp_context=get_context("spawn")) as pool:
        return list(pool.map(function, work, chunksize=chunk))


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Set what a process reads when it starts; this one's settings are as before afterwards."""
    before = {name: os.environ.get(name) for name in THREAD_SETTINGS}
    os.environ.update(dict.fromkeys(THREAD_SETTINGS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
