"""A measure's mean, layer by layer, with its resamples."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Profile:
    """A measure's mean over pairs (or tokens), layer by layer.

    Attributes
    ----------
    mean : ndarray of float64, shape (n_layers + 1,)
        NaN where the measure is undefined for a pair, as Pearson's is for a constant vector.
    resampled : ndarray of float64, shape (n_resamples, n_layers + 1)
        The mean in token resamples, the same resamples for every measure and layer of a kind; centred on
        ``mean``.
    """

    mean: Floats
    resampled: Floats
