"""Memory for vectors that lies on the processor's cache lines."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

LINE = 64
"""Bytes of a cache line, of the processors that this is written for."""

Number = TypeVar("Number", bound=np.generic)


def empty_aligned(shape: tuple[int, ...], dtype: "np.dtype[Number]") -> NDArray[Number]:
    """Allocate an array that begins with a cache line, which NumPy's own do by chance.

    A vector that is written across two lines cannot be read before both are in the cache, and joint counts
    are read right after they are written: counting took up to half as long again.

    Parameters
    ----------
    shape : tuple of int
    dtype : dtype

    Returns
    -------
    ndarray of that shape and dtype
        What it holds is anything.
    """
    n_bytes = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    memory = np.empty(n_bytes + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + n_bytes].view(dtype).reshape(shape)
