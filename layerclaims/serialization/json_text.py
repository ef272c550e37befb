"""Read JSON that comes from outside, with one kind of error for whatever is wrong with it."""

import json
from pathlib import Path
from typing import Any

from layerclaims.serialization.regular_file import read_regular


def read_json(path: Path) -> Any:  # noqa: ANN401 - JSON holds anything
    """Read a JSON file.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is not JSON, or nested so deeply that nobody wrote it.
    """
    return parse_json(read_regular(path))


def parse_json(text: str | bytes) -> Any:  # noqa: ANN401 - JSON holds anything
    """Parse JSON; a `ValueError` says why it is none."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
