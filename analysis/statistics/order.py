"""Whether one profile confirms the order into which another puts the layers."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def order_confirmed(profile: Floats, other: Floats, tolerance: float) -> Floats:
    """Say how far another profile confirms the order of the layers by a profile.

    Of all pairs of layers that ``profile`` tells apart, the share that ``other`` puts into the same order
    less the share that it puts into the opposite one. Values closer than the tolerance are not told apart,
    so a profile that hardly changes confirms nothing, whatever its last digits say. With tolerance 0 this
    is Somers' D of ``other`` given ``profile``.

    Parameters
    ----------
    profile, other : ndarray of float64, shape (..., n_layers)
        Leading axes are broadcast.
    tolerance : float
        Share of the larger of two magnitudes that their difference must exceed.

    Returns
    -------
    ndarray of float64, shape (...)
        From -1 (always reversed) over 0 to 1 (always confirmed); NaN where ``profile`` tells no layers apart.

    Raises
    ------
    ValueError
        For fewer than two layers or values that are not finite.

    References
    ----------
    Somers (1962), A new asymmetric measure of association for ordinal variables, American Sociological
    Review 27, 799-811.
    """
    given, answer = _orders(profile, tolerance), _orders(other, tolerance)
    n_told_apart = np.abs(given).sum(axis=-1)
    agreement = (given * answer).sum(axis=-1)
    return np.where(n_told_apart > 0, agreement / np.maximum(n_told_apart, 1), np.nan)


def told_apart(profile: Floats, tolerance: float) -> Floats:
    """Give the share of the pairs of layers that a profile tells apart; parameters as `order_confirmed`.

    Returns
    -------
    ndarray of float64, shape (...)
        Between 0 and 1.
    """
    return np.asarray(np.abs(_orders(profile, tolerance)).mean(axis=-1))


def _orders(profile: Floats, tolerance: float) -> Floats:
    """Sign of the difference of every pair of layers, 0 within the tolerance."""
    profile = np.asarray(profile, dtype=np.float64)
    if profile.ndim == 0 or profile.shape[-1] < 2:
        raise ValueError(f"a profile needs two layers at least, its shape is {profile.shape}")
    if not np.isfinite(profile).all():
        raise ValueError("the profile is not finite")
    first, second = np.triu_indices(profile.shape[-1], 1)
    difference = profile[..., second] - profile[..., first]
    larger = np.maximum(np.abs(profile[..., first]), np.abs(profile[..., second]))
    return np.sign(difference) * (np.abs(difference) > tolerance * larger)
