"""Decide on a statistic and its token resamples, where it is defined in all of them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.analysis.statistics.profile import Floats, Profile
from layerclaims.decision import Criterion, Decision, Parameter, decide, not_applicable, reason_of
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
    is_discrete: bool = False,
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
    n, unit, is_discrete :
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
    estimate = percentile_estimate(value, resampled, n=n, unit=unit, is_discrete=is_discrete)
    return decide(quantity, estimate, criterion, parameters)


def decide_profile(
    quantity: Message,
    profile: Profile,
    statistic: Callable[[Floats], Floats],
    criterion: Criterion,
    parameters: dict[str, Parameter] | None = None,
    *,
    n: int,
    unit: str = "",
) -> Decision:
    """Hold a statistic of a profile against a criterion.

    Parameters
    ----------
    quantity, criterion, parameters, n, unit :
        As `decide_resampled`.
    profile : Profile
    statistic : callable
        Means ``(..., n_layers)`` to a number for each leading index. It may raise `UndefinedResultError`.

    Returns
    -------
    Decision
        Not applicable where the statistic is undefined, or the profile at a layer.
    """
    try:
        value = _where_finite(statistic, profile.mean[None])[0]
        resampled = _where_finite(statistic, profile.resampled)
    except UndefinedResultError as error:
        return not_applicable(quantity, reason_of(error), parameters)
    return decide_resampled(quantity, float(value), resampled, criterion, parameters or {}, n=n, unit=unit)


def _where_finite(statistic: Callable[[Floats], Floats], means: Floats) -> Floats:
    """Apply a statistic to each row, shape (n, n_layers); NaN for a row that holds one."""
    return np.where(np.isfinite(means).all(axis=-1), statistic(means), np.nan)
