"""Hold what a configuration asks for against what the files hold, before a model is built.

A model's own code builds as many modules as its configuration states: a configuration of one kilobyte could
ask for unlimited time and memory.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from layerclaims.errors import InputError
from layerclaims.serialization.json_text import read_json
from layerclaims.subject.model.stored_tensors import StoredTensors
from layerclaims.subject.model.weights_size import WeightsSize
from layerclaims.text import readable_bytes

# Entries that state how many modules are built, in the configurations of all architectures.
COUNTS = re.compile(r"(^|_)(layers?|blocks|depths?|experts|groups|codebooks|stages|streams)$")
# Blocks may share their weights (ALBERT), and some counts are not of modules: small numbers always pass.
ALWAYS_ALLOWED = 1024
# Weights of one bit, read as float32, and room for tables that are computed.
BYTES_PER_BYTE = 32
TABLES_BYTES = 256_000_000
MAX_DEPTH = 20


def check_counts(name: str, folder: Path, stored: StoredTensors) -> None:
    """Refuse a configuration that counts more layers or experts than the files hold tensors.

    Parameters
    ----------
    name : str
        The user's name of the model.
    folder : Path
        Its files.
    stored : StoredTensors
        The tensors in them.

    Raises
    ------
    InputError
        With the entry, before anything is built by it.
    """
    try:
        config = read_json(folder / "config.json")
    except (OSError, ValueError):  # what is wrong with it is said when it is loaded
        return
    most = max(ALWAYS_ALLOWED, stored.most_tensors, stored.largest_dimension or 0)
    for key, count in _counts(config, 0):
        if count > most:
            raise InputError(
                "--model {name}: its config.json says {key} is {count}, and its files hold "
                "{most_tensors} tensors: they do not belong together",
                name=name,
                key=key,
                count=count,
                most_tensors=stored.most_tensors,
            )


def check_size(name: str, size: WeightsSize, stored: StoredTensors) -> None:
    """Refuse a configuration of which most weights cannot be in the files, before memory is taken for them.

    Raises
    ------
    InputError
        With both sizes.
    """
    if size.n_bytes > BYTES_PER_BYTE * stored.n_bytes + TABLES_BYTES:
        raise InputError(
            "--model {name}: its config.json asks for {n_parameters} parameters, {needed} "
            "with tables, and its files hold {held}: they do not belong together",
            name=name,
            n_parameters=f"{size.n_parameters:,}",
            needed=readable_bytes(size.n_bytes),
            held=readable_bytes(stored.n_bytes),
        )


def _counts(value: Any, depth: int) -> Iterator[tuple[str, int]]:
    """Give the entries that count modules, nested ones too."""
    if depth > MAX_DEPTH:
        return
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        if isinstance(part, dict | list):
            yield from _counts(part, depth + 1)
        elif isinstance(part, int) and isinstance(key, str) and COUNTS.search(key):
            yield key, part
