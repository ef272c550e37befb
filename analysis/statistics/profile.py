"""A measure's mean, layer by layer, with its resamples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError

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

    def __sub__(self, other: "Profile") -> "Profile":
        """Subtract another profile, layer by layer and resample by resample."""
        return Profile(self.mean - other.mean, self.resampled - other.resampled)

    @property
    def without_embedding(self) -> "Profile":
        """The profile from layer 1 on."""
        return Profile(self.mean[1:], self.resampled[:, 1:])


def mean_profile(profiles: Sequence[Profile]) -> Profile:
    """Average profiles of as many layers and resamples; each has the same weight."""
    return Profile(
        np.mean([profile.mean for profile in profiles], axis=0),
        np.mean([profile.resampled for profile in profiles], axis=0),
    )


def means_of_thirds(means: Floats) -> tuple[Floats, Floats]:
    """Average the first third of the layers, and the last.

    Parameters
    ----------
    means : ndarray of float64, shape (..., n_layers)

    Returns
    -------
    first, last : ndarray of float64, shape (...)

    Raises
    ------
    UndefinedResultError
        For fewer than three layers.
    """
    n_layers = means.shape[-1]
    if n_layers < 3:
        raise UndefinedResultError("a profile of {layers} layers has no thirds to compare", layers=n_layers)
    third = n_layers // 3
    return np.asarray(means[..., :third].mean(axis=-1)), np.asarray(means[..., -third:].mean(axis=-1))
