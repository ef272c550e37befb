"""Write files whole or not at all; what a killed process leaves is cleared away by the next one.

Whatever is not finished has a name that begins with `UNFINISHED`, and is locked by the process that makes it.
The system releases the lock when the process ends, however it ends: so what is not locked is abandoned.
"""

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path

UNFINISHED = ".layerclaims-"
ATTEMPTS = 10
LONGEST_WAIT = 10
"""Seconds that a process waits for another one that writes to a folder."""


def write_atomically(path: Path, content: bytes | str) -> None:
    """Replace a file in one step, so that nobody ever reads a half-written one.

    Parameters
    ----------
    path : Path
        Where to write; missing folders are made.
    content : bytes or str
        Text is encoded as UTF-8.

    Raises
    ------
    OSError
        If the folder cannot be made or written to; the old file is then untouched.
    """
    with prepared(path, content) as put_in_place:
        put_in_place()


def _replaceable(path: Path) -> Path:
    """Return the file that a name or a link stands for; what is no regular file, such as a device, stays.

    Raises
    ------
    OSError
        If there is something else under the name.
    """
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if target.is_symlink() or (target.exists() and not target.is_file()):  # a link in a circle stays one
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return target


@contextmanager
def prepared(path: Path, content: bytes | str) -> Iterator[Callable[[], object]]:
    """Write a file's new content beside it; yields the function that puts it in place in one step.

    Several files can be written first and put in place together. What is not put in place is removed.

    Parameters
    ----------
    path, content :
        As for `write_atomically`.

    Raises
    ------
    OSError
        If the folder cannot be made or written to, or something else than a file has the name; what is there
        is then untouched.
    """
    path = _replaceable(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    clear_abandoned(path.parent)
    temporary, handle = _make_locked(partial(_new_file, path.parent, path.name))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            # mkstemp makes files that only their owner reads; a report is to be shared.
            umask = os.umask(0)
            os.umask(umask)
            temporary.chmod(0o666 & ~umask)
            yield partial(temporary.replace, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def scratch_folder(parent: Path, name: str) -> Iterator[Path]:
    """Make a folder for what is not finished yet, and remove it at the end with what is still in it.

    Parameters
    ----------
    parent : Path
        Made where missing.
    name : str
        What the folder is for, as a part of its name.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    parent.mkdir(parents=True, exist_ok=True)
    clear_abandoned(parent)
    folder, handle = _make_locked(partial(_new_folder, parent, name))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def temporary_folder(name: str) -> AbstractContextManager[Path]:
    """Make a scratch folder where the system keeps temporary files; see `scratch_folder`."""
    return scratch_folder(Path(tempfile.gettempdir()), name)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let one process at a time decide by what lies in a folder what it writes there.

    Where the file system has no locks, or another process holds this one for long, it goes on all the same.

    Parameters
    ----------
    folder : Path
        Made where missing, if it can be.
    """
    handle = None
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    try:
        if handle is not None:
            deadline = time.monotonic() + LONGEST_WAIT
            while not _lock(handle) and time.monotonic() < deadline:
                time.sleep(0.01)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def clear_abandoned(folder: Path) -> None:
    """Remove what killed processes left unfinished in a folder; what cannot be removed stays."""
    with suppress(OSError):
        for path in [Path(entry) for entry in os.scandir(folder) if entry.name.startswith(UNFINISHED)]:
            with suppress(OSError):
                _clear(path)


def _clear(path: Path) -> None:
    # A pipe of this name would block without the flag.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        if _lock(handle):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    finally:
        os.close(handle)


def _make_locked(make: Callable[[], tuple[Path, int]]) -> tuple[Path, int]:
    """Make a file or folder and lock it; again where another process took it for abandoned in between."""
    for _ in range(ATTEMPTS):
        path, handle = make()
        _lock(handle)
        with suppress(FileNotFoundError):
            if os.path.samestat(path.stat(), os.fstat(handle)):
                return path, handle
        os.close(handle)
    raise OSError(errno.EBUSY, "another process removes what is made there", str(path.parent))


def _new_file(parent: Path, name: str) -> tuple[Path, int]:
    handle, path = tempfile.mkstemp(dir=parent, prefix=f"{UNFINISHED}{name[:40]}.")
    return Path(path), handle


def _new_folder(parent: Path, name: str) -> tuple[Path, int]:
    while True:
        path = tempfile.mkdtemp(dir=parent, prefix=f"{UNFINISHED}{name}-")
        with suppress(FileNotFoundError):
            return Path(path), os.open(path, os.O_RDONLY)


def _lock(handle: int) -> bool:
    """Lock an open file or folder; returns whether it could be: not where another process holds it."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):  # Windows; a file system without locks
        return False
    return True
