"""Read which tensors a model's files hold, without reading the tensors."""

from dataclasses import dataclass
from pathlib import Path

from safetensors import safe_open

from layerclaims.subject.resolving.model_files import PICKLES, WEIGHTS

# A tensor's entry in a file takes at least so many bytes.
SMALLEST_ENTRY_BYTES = 64
WHOLE_NUMBERS = ("I", "U", "BOOL")
"""Beginnings of the names that the format has for integers and booleans."""
COMPLEX_NUMBERS = "C"
"""Beginning of the names of its complex types."""


@dataclass(frozen=True)
class StoredTensors:
    """The tensors in a model's files.

    Attributes
    ----------
    names : tuple of str
        Empty where the files are pickles, which are not opened for this.
    n_bytes : int
        Size of the files.
    most_tensors : int
        How many tensors there are, or at most can be.
    largest_dimension : int or None
        Of all tensors; `None` where it is not known.
    whole_numbers : tuple of str
        Names of the tensors that are stored as integers or booleans.
    complex_numbers : tuple of str
        Names of those that are stored as complex numbers.
    """

    names: tuple[str, ...]
    n_bytes: int
    most_tensors: int
    largest_dimension: int | None
    whole_numbers: tuple[str, ...] = ()
    complex_numbers: tuple[str, ...] = ()


def stored_tensors(folder: Path, *, pickles: bool) -> StoredTensors:
    """List the tensors in a folder's weight files from the files' headers.

    Raises
    ------
    SafetensorError
        If a file is damaged.
    OSError
        If a file cannot be read.
    """
    files = sorted(file for file in folder.glob(PICKLES if pickles else WEIGHTS) if file.is_file())
    n_bytes = sum(file.stat().st_size for file in files)
    if pickles:
        return StoredTensors((), n_bytes, n_bytes // SMALLEST_ENTRY_BYTES, None)
    types: dict[str, str] = {}
    largest = 0
    for file in files:
        with safe_open(file, framework="numpy") as content:
            for name in content.keys():  # noqa: SIM118 - no mapping
                tensor = content.get_slice(name)
                largest = max(largest, *tensor.get_shape(), 0)
                types[name] = tensor.get_dtype()
    whole = tuple(name for name, kind in types.items() if kind.startswith(WHOLE_NUMBERS))
    complex_ones = tuple(name for name, kind in types.items() if kind.startswith(COMPLEX_NUMBERS))
    return StoredTensors(tuple(types), n_bytes, len(types), largest, whole, complex_ones)
