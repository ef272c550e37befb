"""Rank agreement of two layer profiles; differences within a tolerance do not count."""

import math
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError

Floats = NDArray[np.float64]
Compared: TypeAlias = tuple[Floats, NDArray[np.bool_]]
"""Signs of differences of layers, and whether they exceed the tolerance."""


def order_confirmed(profile: Floats, other: Floats, tolerance: float) -> Floats:
    """Measure how far another profile has the same order of layers as a profile.

    A profile tells two layers apart if their values differ by more than the tolerance. Of all pairs of layers
    that ``profile`` tells apart, the result is the share that ``other`` puts into the same order less the
    share that it puts into the opposite order. Pairs that ``other`` does not tell apart are in neither share,
    so a profile that hardly changes confirms no order. With tolerance 0 this is Somers' D of ``other`` given
    ``profile``.

    Parameters
    ----------
    profile, other : ndarray of float64, shape (..., n_layers)
        Leading axes are broadcast.
    tolerance : float
        Share of the larger of two magnitudes that their difference must exceed.

    Returns
    -------
    ndarray of float64, shape (...)
        From -1 (always opposite) to 1 (always the same); NaN where ``profile`` tells no layers apart.

    Raises
    ------
    ValueError
        For fewer than two layers or values that are not finite.

    References
    ----------
    Somers (1962), A new asymmetric measure of association for ordinal variables, American Sociological
    Review 27, 799-811.
    """
    n_told_apart = agreement = np.zeros(())
    for (signs, apart), (other_signs, other_apart) in _compared_both(profile, other, tolerance):
        n_told_apart = n_told_apart + apart.sum(axis=0)
        agreement = agreement + (signs * other_signs * (apart & other_apart)).sum(axis=0)
    return np.where(n_told_apart > 0, agreement / np.maximum(n_told_apart, 1), np.nan)


def order_agreement(first: Floats, second: Floats, tolerance: float) -> Floats:
    """Measure how far two profiles put the layers into the same order; symmetric in the two.

    It is Kendall's tau over the pairs of layers that at least one of the two profiles tells apart: the share
    that both put into the same order less the share that they put into opposite orders. Where only one
    profile tells a pair apart, the other's order counts without a tolerance. So a compressed profile, such as
    one with a constant bias, still agrees. A flat profile agrees and disagrees by chance, and the result is
    near 0. Pairs that neither tells apart are left out, since their order is noise in both.

    Where neither tells any layers apart, the result is 1: in both, no layer differs from another.
    `either_tells_apart` is 0 there, and a report should state it.

    Parameters
    ----------
    first, second : ndarray of float64, shape (..., n_layers)
        Leading axes are broadcast.
    tolerance : float
        Share of the larger of two magnitudes that their difference must exceed; 0 gives Kendall's tau.

    Returns
    -------
    ndarray of float64, shape (...)
        From -1 (opposite orders) to 1 (the same order).

    Raises
    ------
    ValueError
        For fewer than two layers or values that are not finite.

    References
    ----------
    Kendall (1938), A new measure of rank correlation, Biometrika 30, 81-93.
    """
    n_counted = agreement = np.zeros(())
    for (signs, apart), (other_signs, other_apart) in _compared_both(first, second, tolerance):
        counted = apart | other_apart
        n_counted = n_counted + counted.sum(axis=0)
        agreement = agreement + (signs * other_signs * counted).sum(axis=0)
    return np.where(n_counted > 0, agreement / np.maximum(n_counted, 1), 1.0)


def either_tells_apart(first: Floats, second: Floats, tolerance: float) -> Floats:
    """Return the share of the pairs of layers that count in `order_agreement`; parameters as there.

    Returns
    -------
    ndarray of float64, shape (...)
        Between 0 and 1.
    """
    both = _compared_both(first, second, tolerance)
    n_counted = sum((apart | other_apart).sum(axis=0) for (_, apart), (_, other_apart) in both)
    return np.asarray(n_counted / _n_pairs(first))


def told_apart(profile: Floats, tolerance: float) -> Floats:
    """Return the share of the pairs of layers that a profile tells apart; parameters as `order_confirmed`.

    Returns
    -------
    ndarray of float64, shape (...)
        Between 0 and 1.
    """
    n_apart = sum(apart.sum(axis=0) for _, apart in _compared(_checked(profile), tolerance))
    return np.asarray(n_apart / _n_pairs(profile))


def _n_pairs(profile: Floats) -> int:
    """Count the pairs of layers."""
    return math.comb(profile.shape[-1], 2)


def _compared_both(first: Floats, second: Floats, tolerance: float) -> Iterator[tuple[Compared, Compared]]:
    """Compare the layers of two profiles."""
    both = np.broadcast_arrays(_checked(first), _checked(second))
    return zip(*(_compared(profile, tolerance) for profile in both), strict=True)


def _checked(profile: Floats) -> Floats:
    profile = np.asarray(profile, dtype=np.float64)
    if profile.ndim == 0 or profile.shape[-1] < 2:
        raise UndefinedResultError("a profile needs two layers at least")
    if not np.isfinite(profile).all():
        raise UndefinedResultError("the profile is not finite at every layer")
    return profile


def _compared(profile: Floats, tolerance: float) -> Iterator[Compared]:
    """Compare each layer with those after it, which are the first axis of the results.

    One layer at a time, for all pairs of them at once take far more memory than a processor's caches hold.
    """
    layers = np.ascontiguousarray(np.moveaxis(profile, -1, 0))
    sizes = np.abs(layers)
    for layer in range(len(layers) - 1):
        difference = layers[layer + 1 :] - layers[layer]
        larger = np.maximum(sizes[layer], sizes[layer + 1 :])
        yield np.sign(difference), np.abs(difference) > tolerance * larger
