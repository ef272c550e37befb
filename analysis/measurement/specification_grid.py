"""Other defensible choices of the analyst, and which of them changes a value most."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import TypeAlias

import numpy as np

from layerclaims.analysis.clusters.panel import PANEL

Choices: TypeAlias = dict[str, str | int | float]

# Each choice with the reason for its alternatives. The document's value, if it has one, comes first.
ALTERNATIVES: dict[str, tuple[str | int | float, ...]] = {
    # Fewer bins lose detail, more bins raise the bias of a histogram over some hundred dimensions.
    "bins": (15, 10, 20, 30),
    # A few dimensions have most of the variance: keep them, or drop more of them.
    "outlier_sd": (5.0, 0.0, 3.0),
    # Equal-width bins depend on the extremes, equal-frequency bins on ranks; Miller-Madow corrects for bias.
    "estimator": ("equal_width", "equal_frequency", "miller_madow"),
    # The document's list of levels ends after the final norm; its argument is about the residual stream.
    "last_level": ("residual", "final_norm"),
    # Consecutive windows overlap and have the same topic.
    "sampling": ("first", "random", "spaced"),
    # Half of the tokens show whether the result depends on the size of the sample.
    "sample": ("whole", "half"),
}
MAX_CHANGES = 2


def specifications(
    own: Mapping[str, str | int | float],
    alternatives: Mapping[str, Sequence[str | int | float]],
    max_changes: int = MAX_CHANGES,
) -> list[Choices]:
    """List the specifications that differ from one's own in at most ``max_changes`` choices.

    The number of all combinations is the product of the numbers of alternatives. Up to two changes at once
    cover every choice and every interaction of two choices.

    Parameters
    ----------
    own : mapping
        Choice to the value of the main measurement.
    alternatives : mapping
        Choice to all its defensible values; one's own value is skipped.
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


def counting_specifications(own: Choices) -> list[Choices]:
    """List the specifications in which one rule of the panel counts clusters alone.

    They are combined with no other choice: each rule counts anew in every resample, and only the claims that
    count clusters depend on it.

    Parameters
    ----------
    own : dict
        One's own choices, with ``"counting"``.

    Returns
    -------
    list of dict
        One for each rule of `analysis.clusters.panel.PANEL`, but one's own.
    """
    return [{**own, "counting": rule.name} for rule in PANEL if rule.name != own["counting"]]


def most_influential(choices: Sequence[Choices], values: Sequence[float]) -> str:
    """Return the choice that changes a value most.

    It is the choice whose groups of specifications explain the largest share of the value's variance over
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
        Empty where the value is the same under all specifications, up to rounding.
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
