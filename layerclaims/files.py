"""Write files whole or not at all, and read JSON with one kind of error."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any


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
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files that only their owner reads; a report is to be shared.
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_json(path: Path) -> Any:  # noqa: ANN401 - JSON holds anything
    """Read a JSON file.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is not JSON, or nested so deeply that nobody wrote it.
    """
    return parse_json(path.read_bytes())


def parse_json(text: str | bytes) -> Any:  # noqa: ANN401 - JSON holds anything
    """Parse JSON; a `ValueError` says why it is none."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
