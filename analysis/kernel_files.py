"""Keep numba's machine code on disk with checksums: a damaged file counts as missing, and is made anew.

numba checks nothing of what it reads: a file that was cut off ends in a traceback, and machine code with a
flipped bit gives other numbers.
"""

import hashlib
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from numba.core.caching import FunctionCache, IndexDataCacheFile

DIGEST_BYTES = hashlib.sha256().digest_size


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
    """numba's cache of a function, with files that are checked."""

    def __init__(self, function: Callable[..., object]) -> None:
        super().__init__(function)
        self._cache_file = CheckedFiles(
            self._cache_path, self._impl.filename_base, self._impl.locator.get_source_stamp()
        )


def keep_on_disk(compiled: object, function: Callable[..., object]) -> None:
    """Let numba's dispatcher of a function find its machine code on disk, and keep it there.

    Raises
    ------
    RuntimeError
        If no folder can be written.
    """
    vars(compiled)["_cache"] = CheckedCache(function)
