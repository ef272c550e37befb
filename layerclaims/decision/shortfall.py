"""Say in words which way a number goes and by how much it misses its criterion.

A change that is smaller than asked is not the opposite of what was asked, and the verdict alone
does not tell.
"""

import math

from layerclaims.analysis.statistics.estimate import Estimate
from layerclaims.message import Message, Percent, message

MANIFOLD = 2
"""From this ratio on a change is told as a multiple, below it in percent."""


def shortfall(
    estimate: Estimate, relation: str, bound: float, upper: float | None, no_effect: float | None
) -> Message:
    """Say how an estimate that is not supported misses a criterion.

    Parameters
    ----------
    estimate : Estimate
    relation, bound, upper :
        Of the criterion; see `layerclaims.decision.Criterion`.
    no_effect : float or None
        The number that means no effect: 1 for a ratio, 0 for a number whose sign is its direction; `None`
        where the number has no direction.

    Returns
    -------
    Message
        A clause, such as "it falls by 6%, and a fall of at least 10% is asked for".
    """
    if no_effect == 1:
        return message(
            "{direction}, and {asked} is asked for",
            direction=_change(estimate),
            asked=_asked(relation, bound),
        )
    lower = -math.inf if relation in ("at most", "below") else bound
    if relation in ("at least", "above"):
        upper = math.inf
    missed = _missed(estimate, lower, bound if upper is None else upper)
    if no_effect == 0:
        return message("{sign}, and {missed}", sign=_sign(estimate), missed=missed)
    return missed


def _change(ratio: Estimate) -> Message:
    """Say which way a ratio goes, and how far."""
    if ratio.low <= 1 <= ratio.high:
        return message("whether it rises or falls is open")
    if ratio.value >= MANIFOLD:
        return message("it grows {times} times", times=ratio.value)
    if ratio.value > 1:
        return message("it rises by {share}", share=Percent(share=ratio.value - 1))
    return message("it falls by {share}", share=Percent(share=1 - ratio.value))


def _asked(relation: str, bound: float) -> Message:
    """Say what change a criterion on a ratio asks for."""
    at_least = relation in ("at least", "above")
    if bound >= MANIFOLD:
        if at_least:
            return message("growth of at least {times} times", times=bound)
        return message("growth of at most {times} times", times=bound)
    share = Percent(share=abs(bound - 1))
    if bound >= 1:
        if at_least:
            return message("a rise of at least {share}", share=share)
        return message("a rise of at most {share}", share=share)
    if at_least:
        return message("a fall of at most {share}", share=share)
    return message("a fall of at least {share}", share=share)


def _sign(estimate: Estimate) -> Message:
    if estimate.low > 0:
        return message("it is positive")
    if estimate.high < 0:
        return message("it is negative")
    return message("its sign is open")


def _missed(estimate: Estimate, lower: float, upper: float) -> Message:
    """Say by how much a number, or its interval where the number meets the criterion, misses one."""
    if estimate.value < lower:
        return message("it lies {gap} below the criterion", gap=lower - estimate.value)
    if estimate.value > upper:
        return message("it lies {gap} above the criterion", gap=estimate.value - upper)
    gap = max(lower - estimate.low, estimate.high - upper)
    return message("its interval reaches {gap} past the criterion", gap=gap)
