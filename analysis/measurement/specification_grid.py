"""Other defensible choices of the analyst, and how much each one matters."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import TypeAlias

import numpy as np

Choices: TypeAlias = dict[str, str | int | float]

# Each with what speaks for it. The document's own value comes first where the document has one.
ALTERNATIVES: dict[str, tuple[str | int | float, ...]] = {
    # Fewer bins lose detail, more bins raise the bias of a histogram over some hundred dimensions.
    "bins": (15, 10, 20, 30),
    # A few dimensions carry most of the variance: keep them, or drop more of them.
    "outlier_sd": (5.0, 0.0, 3.0),
    # Equal-width bins follow the extremes, equal-frequency ones the ranks; the correction is for bias.
    "estimator": ("equal_width", "equal_frequency", "miller_madow"),
    # The document's list ends after the final norm, its argument speaks of the residual stream.
    "last_level": ("residual", "final_norm"),
    # Consecutive windows overlap and share their topic.
    "sampling": ("first", "random", "spaced"),
    # Whether half as many tokens say the same.
    "sample": ("whole", "half"),
}
MAX_CHANGES = 2


def specifications(
    own: Mapping[str, str | int | float],
    alternatives: Mapping[str, Sequence[str | int | float]],
    max_changes: int = MAX_CHANGES,
) -> list[Choices]:
    """List the specifications that differ from one's own in at most so many choices.

    All combinations would grow with the product of the alternatives; up to two changes at once hold every
    choice and every interplay of two.

    Parameters
    ----------
    own : mapping
        Choice to the value of the main measurement.
    alternatives : mapping
        Choice to all its defensible values; one's own is left out of them.
    max_changes : int
        How many choices may differ at once.

    Returns
    -------
    list of dict
        One's own specification first.
    """
    others = {
        name: [value for value in alternatives[name] if value != own[name]]
        for name in own
        if name in alternatives
    }
    found: list[Choices] = []
    for n_changes in range(max_changes + 1):
        for names in combinations(others, n_changes):
            for values in product(*(others[name] for name in names)):
                found.append({**own, **dict(zip(names, values, strict=True))})
    return found


def most_influential(choices: Sequence[Choices], values: Sequence[float]) -> str:
    """Name the choice that moves a value most.

    It is the one whose groups of specifications explain the largest share of the value's variance over
    specifications (eta squared).

    Parameters
    ----------
    choices : sequence of dict
        The specifications.
    values : sequence of float
        The value under each.

    Returns
    -------
    str
        Empty where the value is the same under all of them, up to rounding.
    """
    measured = np.asarray(values, dtype=np.float64)
    if len(measured) < 2 or np.ptp(measured) <= 1e-9 * np.abs(measured).max():
        return ""
    between = {}
    for name in choices[0]:
        levels = [choice[name] for choice in choices]
        groups = [measured[[level == other for other in levels]] for level in set(levels)]
        between[name] = sum(len(group) * (group.mean() - measured.mean()) ** 2 for group in groups)
    return max(between, key=lambda name: float(between[name]))
