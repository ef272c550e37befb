"""Decide on a statistic and its token resamples, where it is defined in all of them."""

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.decision import Criterion, Decision, Parameter, decide, not_applicable
from layerclaims.message import Message, message


def decide_resampled(
    quantity: Message,
    value: float,
    resampled: NDArray[np.float64],
    criterion: Criterion,
    parameters: dict[str, Parameter],
    *,
    n: int,
    unit: str = "",
    is_count: bool = False,
) -> Decision:
    """Hold a statistic against a criterion, with the interval that token resamples give it.

    Parameters
    ----------
    quantity, criterion, parameters :
        As `layerclaims.decision.decide`.
    value : float
        The statistic of the sample itself.
    resampled : ndarray of float64, shape (n_resamples,)
        The statistic of each token resample.
    n, unit, is_count :
        As `percentile_estimate`.

    Returns
    -------
    Decision
        Not applicable where the statistic is undefined (not finite) in the sample or in a resample: an
        interval from the others would leave out what may lie far away.
    """
    undefined = int((~np.isfinite(resampled)).sum())
    if not np.isfinite(value):
        return not_applicable(quantity, message("it is undefined for these tokens"), parameters)
    if undefined:
        reason = message("it is undefined in {n} of {all} token resamples", n=undefined, all=resampled.size)
        return not_applicable(quantity, reason, parameters)
    estimate = percentile_estimate(value, resampled, n=n, unit=unit, is_count=is_count)
    return decide(quantity, estimate, criterion, parameters)
