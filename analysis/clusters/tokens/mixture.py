"""Fit Gaussian mixtures to tokens, here or wherever a run has them fitted.

scikit-learn takes longer to import than all mixtures of a run take to fit, so a run may leave them to another
process, which imports it while the run does something else.
"""

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Fit: TypeAlias = Callable[[Floats, int], Integers]
"""What does the same as `fit_here`."""

MOST_COMPONENTS = 3


def fit_here(positions: Floats, n_starts: int = 1) -> Integers:
    """Assign tokens to the components of a Gaussian mixture: one, two or three, whichever has the lowest BIC.

    Parameters
    ----------
    positions : ndarray of float64, shape (n_tokens, n_coordinates)
    n_starts : int
        From how many starts, drawn with a fixed seed, the likelihood is climbed.

    Returns
    -------
    ndarray of int64, shape (n_tokens,)
        Numbers from 0.

    References
    ----------
    Fraley and Raftery (2002), Model-based clustering, discriminant analysis, and density estimation, JASA 97.
    """
    from sklearn.mixture import GaussianMixture

    n_distinct = len(np.unique(positions.round(6), axis=0))  # of tokens that coincide, k-means fills no more
    with _openmp().limit(limits=1):  # threads wait for one another longer than so few tokens take
        fits = [
            GaussianMixture(number, reg_covar=1e-4, random_state=0, n_init=n_starts).fit(positions)
            for number in range(1, min(MOST_COMPONENTS, n_distinct) + 1)
        ]
    best = min(fits, key=lambda fit: float(fit.bic(positions)))
    return np.asarray(best.predict(positions))


@cache
def _openmp() -> ThreadpoolController:
    """Find the threads of scikit-learn, once it is loaded."""
    return ThreadpoolController().select(user_api="openmp")


_fits: list[Fit] = [fit_here]


def fit_by(fit: Fit = fit_here) -> None:
    """Have mixtures fitted by another function from now on, or here again."""
    _fits[0] = fit


def mixture_components(positions: Floats, n_starts: int = 1) -> Integers:
    """Assign tokens to components, as `fit_here` does it, where `fit_by` says."""
    return _fits[0](positions, n_starts)
