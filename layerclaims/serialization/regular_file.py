"""Read regular files only: a pipe that nobody writes to and a device may have no end."""

import errno
from pathlib import Path


def is_special(path: Path) -> bool:
    """Tell whether there is a pipe, a device or a socket under a name."""
    return path.exists() and not (path.is_file() or path.is_dir())


def read_regular(path: Path) -> bytes:
    """Read a file.

    Raises
    ------
    OSError
        If it cannot be read, or is no regular file.
    """
    if is_special(path):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return path.read_bytes()
