"""Numbers with their intervals, as resampling tokens gives them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A number with its interval, the only thing that a criterion may judge.

    Attributes
    ----------
    value : float
        The measured number, in ``unit``.
    low, high : float
        Ends of the interval at confidence ``level``; equal to ``value`` for an exact quantity.
    unit : str
        ``"bits"``, ``"clusters"``, ``"times"``, ... or ``""`` for a pure number.
    n : int
        Independent units behind the number: tokens, never pairs. 0 where none are sampled.
    method : str
        How the interval was made, in a few words.
    """

    value: float
    low: float
    high: float
    unit: str = ""
    n: int = 0
    method: str = ""
    level: float = LEVEL

    def __post_init__(self) -> None:
        """Refuse numbers that no verdict can be read from."""
        if not np.isfinite([self.value, self.low, self.high]).all():
            raise ValueError(f"an estimate must be finite, got {self.value} [{self.low}, {self.high}]")
        if self.low > self.high:
            raise ValueError(f"the interval [{self.low}, {self.high}] is upside down")


def percentile_estimate(
    value: float, resampled: NDArray[np.float64], *, unit: str = "", n: int, method: str = "token bootstrap"
) -> Estimate:
    """Make an estimate whose interval is the central 95% of resampled values.

    Parameters
    ----------
    value : float
        The statistic of the sample itself.
    resampled : ndarray of float64, shape (n_resamples,)
        The statistic of each token resample; non-finite ones are refused.
    unit, n, method :
        See `Estimate`.

    Returns
    -------
    Estimate
        The interval is widened to hold ``value`` where the bootstrap is biased away from it.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 13.3.
    """
    tail = 50 * (1 - LEVEL)
    low, high = (float(end) for end in np.percentile(resampled, [tail, 100 - tail]))
    return Estimate(float(value), min(low, value), max(high, value), unit, n, method)


def exact(value: float, *, unit: str = "", n: int = 0, method: str = "exact") -> Estimate:
    """Make an estimate of a number that resampling tokens would not change."""
    return Estimate(value, value, value, unit, n, method)
