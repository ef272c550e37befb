"""Several quantiles of the same numbers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def quantiles(values: Floats, shares: Sequence[float]) -> Floats:
    """Find quantiles of finite numbers, to the last bit those of `numpy.quantile`.

    NumPy looks for each place by itself. One sort, which uses vector units, takes a third of the time.

    Parameters
    ----------
    values : ndarray of float64, shape (..., n)
    shares : sequence of float
        From 0 to 1.

    Returns
    -------
    ndarray of float64, shape (..., n_shares)
        Interpolated linearly between neighbours.
    """
    ordered = np.sort(values)
    last = values.shape[-1] - 1
    places = last * np.asarray(shares)
    below = np.floor(places).astype(np.intp)
    low, high = ordered[..., below], ordered[..., np.minimum(below + 1, last)]
    part, step = places - below, high - low
    found: Floats = np.where(part < 0.5, low + step * part, high - step * (1 - part))
    return found
