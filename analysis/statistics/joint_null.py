"""Whether as many specifications could agree by chance, with the dependence between them kept.

Specifications measure the same activations, so they agree with each other whether a claim is true or not: 50
of 61 are not 50 independent confirmations. The null here lets each change from one layer to the next go up or
down at random, by as much as it was measured and in the same direction under all specifications. What is left
of a trend then comes from chance alone, and specifications depend on each other as before.

It is a null for claims that a profile rises or falls with depth, by means over pairs or tokens: that mutual
information declines, that covariance or variance grows, that two profiles run against each other. It is none
for claims about a single layer, about clusters or about pairs of one layer, whose nulls need other
activations; nor for identities, which hold under every specification for reasons that no null takes away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError

Floats: TypeAlias = NDArray[np.float64]
Margin: TypeAlias = Callable[..., Floats]

N_DRAWS = 2000
ROUNDING = 1e-9
LARGEST_LOGARITHM = float(np.log(np.finfo(float).max)) / 2
"""Of a drawn profile: the ratio of two numbers must be finite too."""
AT_ONCE = 50
"""Draws that are decided together: a slope takes all pairs of layers of each."""


@dataclass(frozen=True)
class JointNull:
    """How far specifications lie inside a criterion, as measured and in each draw of the null.

    Attributes
    ----------
    n_held, null_held : int, ndarray of int64 of shape (n_draws,)
        Specifications that meet the criterion.
    n_specifications : int
    median, null_median : float, ndarray of float64 of shape (n_draws,)
        Median margin of the specifications.
    """

    n_held: int
    null_held: NDArray[np.int64]
    n_specifications: int
    median: float
    null_median: Floats

    @property
    def p_held(self) -> float:
        """Share of draws in which at least as many specifications meet the criterion."""
        return _share_at_least(self.null_held, self.n_held)

    @property
    def p_median(self) -> float:
        """Share of draws in which specifications lie as far inside the criterion, by their median.

        It tells more where the criterion asks for little: chance may reach a tenth and never a half.
        """
        return _share_at_least(self.null_median, self.median)


def joint_null(
    profiles: Sequence[Floats], margin: Margin, rng: np.random.Generator, *, n_draws: int = N_DRAWS
) -> JointNull:
    """Count the specifications that meet a criterion, and how often chance gives as many.

    Parameters
    ----------
    profiles : sequence of ndarray of float64, each of shape (n_specifications, ..., n_layers)
        The profiles that the claim is about, one or more; positive. Each has directions of its own under the
        null, which all its specifications share, and so do further axes, such as kinds of tokens.
    margin : callable
        Takes as many profiles, each with one axis of draws before its own, and tells how far each
        specification lies inside the criterion: float64, shape (n_draws, n_specifications), below 0 outside.
        Such as 0.9 less a ratio that is to be at most 0.9. It goes by the number alone, since profiles of the
        null have no interval. The measured profiles come without the axis of draws.
    rng : numpy.random.Generator
    n_draws : int

    Returns
    -------
    JointNull

    Raises
    ------
    ValueError
        For profiles that differ in shape, have fewer than two layers, or are not positive and finite.

    References
    ----------
    Simonsohn, Simmons and Nelson (2020), Specification curve analysis, Nature Human Behaviour 4, 1208-1214:
    joint inference on all specifications by resampling under the null.
    Fisher (1935), The Design of Experiments, section 21: the test by random signs.
    """
    logarithms = [_logarithm(profile, profiles[0].shape) for profile in profiles]
    n_specifications, n_layers = profiles[0].shape[0], profiles[0].shape[-1]
    null: list[Floats] = []
    for start in range(0, n_draws, AT_ONCE):
        shape = (min(AT_ONCE, n_draws - start), *[1] * (profiles[0].ndim - 1), n_layers - 1)
        drawn = [_with_random_directions(one, rng.choice((-1.0, 1.0), shape)) for one in logarithms]
        null.append(margin(*drawn))
    measured, by_chance = margin(*profiles), np.concatenate(null)
    return JointNull(
        int((measured >= 0).sum()),
        (by_chance >= 0).sum(axis=1),
        n_specifications,
        float(np.median(measured)),
        np.median(by_chance, axis=1),
    )


def _share_at_least(null: NDArray[np.number], measured: float) -> float:
    """Give the share of draws, with the measured one among them, of at least the measured size.

    A draw that turns no change that matters around is as large as the measured one, up to rounding.
    """
    as_large = measured - ROUNDING * max(1.0, abs(measured))
    return float((1 + (null >= as_large).sum()) / (1 + len(null)))


def _with_random_directions(logarithm: Floats, signs: Floats) -> Floats:
    """Turn the changes between layers around where the sign is negative; the first layer stays."""
    changes = np.cumsum(signs * np.diff(logarithm), axis=-1)
    first = np.broadcast_to(logarithm[..., :1], (*changes.shape[:-1], 1))
    return np.asarray(np.exp(np.concatenate([first, first + changes], axis=-1)))


def _logarithm(profile: Floats, shape: tuple[int, ...]) -> Floats:
    """Return the logarithm of one measure's profiles; refuse those that have none."""
    if profile.shape != shape or len(shape) < 2 or shape[-1] < 2:
        raise ValueError(
            f"profiles need one shape (n_specifications, ..., n_layers) with two layers at least, not "
            f"{shape} and {profile.shape}"
        )
    if not (np.isfinite(profile).all() and (profile > 0).all()):
        raise UndefinedResultError("a profile that is not positive has no relative changes to turn around")
    logarithm = np.log(profile)
    farthest = np.abs(logarithm[..., 0]) + np.abs(np.diff(logarithm)).sum(axis=-1)
    if farthest.max() > LARGEST_LOGARITHM:
        raise UndefinedResultError(
            "changes of this size, turned around, give numbers too large to compute with"
        )
    return np.asarray(logarithm)
