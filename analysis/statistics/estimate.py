"""Numbers with their intervals, as resampling tokens gives them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError

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
    level : float
        Share of repetitions in which the interval is to hold the truth.
    resampled : ndarray of float64 or None
        The number in each resample, for intervals at other levels; `None` for an exact quantity.
    is_discrete : bool
        Whether the number has few possible values, as a count or a share of some layers has: the ends are the
        outermost values that resamples reach, not values between.
    """

    value: float
    low: float
    high: float
    unit: str = ""
    n: int = 0
    method: str = ""
    level: float = LEVEL
    resampled: NDArray[np.float64] | None = field(default=None, repr=False, compare=False)
    is_discrete: bool = False

    def __post_init__(self) -> None:
        """Refuse numbers that no verdict can be read from."""
        if not np.isfinite([self.value, self.low, self.high]).all():
            raise UndefinedResultError("the estimate or an end of its interval is not finite")
        if self.low > self.high:
            raise ValueError(f"the interval [{self.low}, {self.high}] is upside down")

    def at_level(self, level: float) -> Self:
        """Return the estimate with its interval at another confidence level; an exact one stays as it is.

        Parameters
        ----------
        level : float
            Between 0 and 1. Where less than one resample lies beyond an end, the end is the outermost one.
        """
        if self.resampled is None:
            return self
        low, high = _percentile_interval(self.value, self.resampled, level, self.is_discrete)
        return replace(self, low=low, high=high, level=level)


def percentile_estimate(
    value: float,
    resampled: NDArray[np.float64],
    *,
    unit: str = "",
    n: int,
    method: str = "token bootstrap",
    is_discrete: bool = False,
) -> Estimate:
    """Make an estimate whose interval is the central 95% of resampled values.

    Parameters
    ----------
    value : float
        The statistic of the sample itself.
    resampled : ndarray of float64, shape (n_resamples,)
        The statistic of each token resample; non-finite ones are refused.
    unit, n, method, is_discrete :
        See `Estimate`.

    Returns
    -------
    Estimate
        The interval is widened to hold ``value`` where the bootstrap is biased away from it.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 13.3.
    """
    low, high = _percentile_interval(value, resampled, LEVEL, is_discrete)
    return Estimate(float(value), low, high, unit, n, method, resampled=resampled, is_discrete=is_discrete)


def _percentile_interval(
    value: float, resampled: NDArray[np.float64], level: float, is_discrete: bool
) -> tuple[float, float]:
    """Give the central share of the resamples, widened to hold the value."""
    tail = round(50 * (1 - level), 9)  # 2.5 in percent, not 2.5000000000000022
    method: Literal["inverted_cdf", "linear"] = "inverted_cdf" if is_discrete else "linear"
    low, high = (float(end) for end in np.percentile(resampled, [tail, 100 - tail], method=method))
    return min(low, value), max(high, value)


def joint_estimate(estimates: Sequence[Estimate]) -> Estimate:
    """Join estimates of one quantity: the first one's number, and the interval that holds all intervals."""
    low, high = min(each.low for each in estimates), max(each.high for each in estimates)
    return replace(estimates[0], low=low, high=high, resampled=None)


def exact(value: float, *, unit: str = "", n: int = 0, method: str = "exact") -> Estimate:
    """Make an estimate of a number that resampling tokens would not change."""
    return Estimate(value, value, value, unit, n, method)
