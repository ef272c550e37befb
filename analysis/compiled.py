"""Compilation with numba: the options and the cache on disk. Kernels are compiled here only.

Machine code is kept in a folder on disk. Where no folder can be written, as in a read-only installation
without a home, every process compiles anew.
"""

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

import numba
from platformdirs import user_cache_path

from layerclaims.analysis.kernel_files import keep_on_disk

Function = TypeVar("Function", bound=Callable[..., object])

_REASSOCIATE = {"reassoc", "contract"}
_IMPORTED = re.compile(rb"^(?:from|import) ([\w.]+)", re.MULTILINE)
_njit = cast(Callable[..., Callable[[object], object]], numba.njit)


@cache
def _cache_folder(module: str) -> Path:
    """Choose the folder for a module's machine code, named by a hash of the sources that it depends on.

    numba itself looks at a kernel's own file only: after a change to a part in another file it would run old
    code, and after a move of a record it would fail to load any.
    """
    sources: dict[str, bytes] = {}
    _read_sources(module, sources)
    name = "kernels-" + hashlib.sha256(b"".join(sources[name] for name in sorted(sources))).hexdigest()[:16]
    if chosen := vars(numba.config)["CACHE_DIR"]:
        return Path(chosen) / name
    package = Path(__file__).parent
    if os.access(package, os.W_OK):
        return package / "__pycache__" / name
    folder = user_cache_path("layerclaims")
    # Without a home, as for a user that the system does not know, it would be a folder called "~" right here.
    return (Path(os.devnull) if folder.parts[0] == "~" else folder) / name


def _read_sources(module: str, sources: dict[str, bytes]) -> None:
    """Read the source of a module, and of all modules that it imports from its own or from our package."""
    file = getattr(sys.modules.get(module), "__file__", None)
    if module in sources or file is None:
        return
    sources[module] = Path(file).read_bytes()
    for imported in _IMPORTED.findall(sources[module]):
        name = imported.decode()
        if name.partition(".")[0] in (module.partition(".")[0], __name__.partition(".")[0]):
            _read_sources(name, sources)


@contextmanager
def _own_cache(module: str) -> Iterator[None]:
    """Make numba keep the machine code of what is decorated inside in the module's folder."""
    settings = vars(numba.config)
    before = settings["CACHE_DIR"]
    settings["CACHE_DIR"] = str(_cache_folder(module))
    try:
        yield
    finally:
        settings["CACHE_DIR"] = before


def kernel(*, allocates: bool = False) -> Callable[[Function], Function]:
    """Compile a function that Python calls; keep the machine code on disk where a folder can be written.

    Parameters
    ----------
    allocates : bool
        Whether it makes arrays or lists, which takes numba's runtime.
    """

    def compile_function(function: Function) -> Function:
        options = {"nogil": True, "error_model": "numpy", "_nrt": allocates}
        compiled = _njit(**options)(function)
        with _own_cache(function.__module__), suppress(RuntimeError):
            # Without a folder that can be written, every process compiles anew.
            keep_on_disk(compiled, function)
        return cast(Function, compiled)

    return compile_function


def part(*, reassociate: bool = False, allocates: bool = False) -> Callable[[Function], Function]:
    """Compile a function that only kernels call; its machine code is kept with theirs.

    Parameters
    ----------
    reassociate : bool
        Whether sums may be taken in another order, which lets the compiler use vector units. The order
        depends on the processor, never on the number of threads.
    allocates : bool
        As for `kernel`.
    """
    fastmath = _REASSOCIATE if reassociate else False

    def compile_function(function: Function) -> Function:
        options = {"error_model": "numpy", "no_cpython_wrapper": True, "fastmath": fastmath}
        return cast(Function, _njit(_nrt=allocates, **options)(function))

    return compile_function
