"""Keep numba's machine code on disk with checksums: a damaged file counts as missing, and is made anew.

numba checks nothing of what it reads: a file that was cut off ends in a traceback, and machine code with a
flipped bit gives other numbers. Nor does it know of other processes: all that begin at once, such as a
sweep's on a new machine, would compile the same.
"""

import hashlib
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from filelock import FileLock
from numba.core.caching import FunctionCache, IndexDataCacheFile

DIGEST_BYTES = hashlib.sha256().digest_size

SECONDS = 120.0
"""Which another process has to compile a function that this one needs too."""


class DamagedFileError(OSError):
    """A file is not what was written; numba takes an `OSError` for a missing file."""


class CheckedFiles(IndexDataCacheFile):
    """The files of one function, each with the hash of its content before it."""

    def save(self, key: object, data: object) -> None:
        """Write what was compiled; where it cannot be written, the next process compiles anew."""
        with suppress(OSError):
            super().save(key, data)

    def _load_index(self) -> dict[Any, str]:
        try:
            with Path(self._index_path).open("rb") as file:
                if pickle.load(file) != self._version:
                    return {}
                stamp, overloads = pickle.loads(_checked(file.read()))
        except Exception:  # damaged bytes make pickle raise anything
            return {}
        return overloads if stamp == self._source_stamp else {}

    def _load_data(self, name: str) -> Any:  # noqa: ANN401 - whatever numba wrote
        return pickle.loads(_checked(Path(self._data_path(name)).read_bytes()))

    def _dump(self, content: object) -> bytes:
        data: bytes = super()._dump(content)
        return hashlib.sha256(data).digest() + data


def _checked(data: bytes) -> bytes:
    digest, content = data[:DIGEST_BYTES], data[DIGEST_BYTES:]
    if hashlib.sha256(content).digest() != digest:
        raise DamagedFileError("the file is not what was written")
    return content


class CheckedCache(FunctionCache):
    """numba's cache of a function, with files that are checked; one process at a time compiles."""

    def __init__(self, function: Callable[..., object]) -> None:
        super().__init__(function)
        name = self._impl.filename_base
        self._cache_file = CheckedFiles(self._cache_path, name, self._impl.locator.get_source_stamp())
        # Of all threads: whichever compiles next may go on from one that was interrupted.
        self._lock = FileLock(Path(self._cache_path) / f"{name}.lock", SECONDS, thread_local=False)

    def load_overload(self, signature: object, target: object) -> object:
        """Load what was compiled; where there is nothing, wait for a process that may be compiling it."""
        found = super().load_overload(signature, target)
        if found is None:
            with suppress(OSError, NotImplementedError):  # no folder or no locks, or the other takes too long
                self._impl.locator.ensure_cache_path()
                self._lock.acquire()
                found = super().load_overload(signature, target)
                if found is not None:
                    self._lock.release(force=True)
        return found

    def save_overload(self, signature: object, data: object) -> None:
        """Keep what was compiled, and let other processes go on."""
        try:
            super().save_overload(signature, data)
        finally:
            self._lock.release(force=True)


def keep_on_disk(compiled: object, function: Callable[..., object]) -> None:
    """Let numba's dispatcher of a function find its machine code on disk, and keep it there.

    Raises
    ------
    RuntimeError
        If no folder can be written.
    """
    vars(compiled)["_cache"] = CheckedCache(function)
