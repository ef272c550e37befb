"""Wait for the end of processes, which may have to wait to be cleared away when nobody started them."""

import time
from collections.abc import Iterable

import psutil


def _is_there(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def assert_ended(processes: Iterable[psutil.Process]) -> None:
    """Check that all of them end within a minute."""
    left = [*processes]
    for _ in range(600):
        left = [process for process in left if _is_there(process)]
        if not left:
            return
        time.sleep(0.1)
    raise AssertionError(left)
