"""How alike occurrences are, layer by layer: anisotropy, self-similarity, and one adjusted for the other."""

from collections.abc import Callable, Sequence

import numpy as np

from contextuality.document import RANDOM, WORDS
from layerclaims.analysis.measurement.levels import Floats
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.analysis.statistics.profile import Profile
from layerclaims.decision import Criterion, Decision, Parameter, decide, not_applicable
from layerclaims.message import Message, message

FIRST = 1
"""The input layer, 0, has seen no context yet: every profile here begins after it."""


def anisotropy(measurement: Measurement) -> Profile:
    """Give the mean cosine similarity of random words at layers 1 to the last.

    References
    ----------
    Ethayarajh (2019), section 3.4.
    """
    return self_similarity(measurement, [RANDOM])


def self_similarity(measurement: Measurement, words: Sequence[str] = WORDS) -> Profile:
    """Give the mean cosine similarity of a word's occurrences, averaged over words, at layers 1 to the last.

    References
    ----------
    Ethayarajh (2019), definition 1.
    """
    profiles = [measurement.profile(word, "cosine") for word in words]
    return Profile(
        np.mean([profile.mean[FIRST:] for profile in profiles], axis=0),
        np.mean([profile.resampled[:, FIRST:] for profile in profiles], axis=0),
    )


def adjusted_self_similarity(measurement: Measurement) -> Profile:
    """Give the words' self-similarity less the anisotropy.

    References
    ----------
    Ethayarajh (2019), section 3.4.
    """
    words, baseline = self_similarity(measurement), anisotropy(measurement)
    return Profile(words.mean - baseline.mean, words.resampled - baseline.resampled)


def change_of_thirds(similarities: Floats) -> Floats:
    """Subtract the mean of the first third of the layers from that of the last third.

    Parameters
    ----------
    similarities : ndarray of float64, shape (..., n_layers)

    Returns
    -------
    ndarray of float64, shape (...)
    """
    third = similarities.shape[-1] // 3
    return np.asarray(similarities[..., -third:].mean(axis=-1) - similarities[..., :third].mean(axis=-1))


def decide_on(
    measurement: Measurement,
    profile: Profile,
    statistic: Callable[[Floats], Floats],
    criterion: Criterion,
    quantity: Message,
    *,
    n_tokens: int,
    **parameters: Parameter,
) -> Decision:
    """Hold a statistic of a profile, with its interval from the profile's resamples, against a criterion.

    Parameters
    ----------
    statistic : callable
        Similarities ``(..., n_layers)`` to a number for each leading index.
    """
    if measurement.n_layers < 3:
        blocks = measurement.n_layers
        reason = message("a model with {blocks} blocks has no thirds of its depth to compare", blocks=blocks)
        return not_applicable(quantity, reason, parameters)
    if not np.isfinite(profile.resampled).all():
        reason = message("an activation is all zeros, and a vector without length has no cosine similarity")
        return not_applicable(quantity, reason, parameters)
    value = float(statistic(profile.mean))
    estimate = percentile_estimate(value, statistic(profile.resampled), n=n_tokens)
    return decide(quantity, estimate, criterion, parameters)
