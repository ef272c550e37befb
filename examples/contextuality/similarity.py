"""How alike occurrences are, layer by layer: anisotropy, self-similarity, and one adjusted for the other.

The input layer has seen no context yet, so all profiles begin at layer 1.
"""

from collections.abc import Sequence

from contextuality.document import RANDOM, WORDS
from layerclaims.analysis.measurement.levels import Floats
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.profile import Profile, mean_profile, means_of_thirds


def anisotropy(measurement: Measurement) -> Profile:
    """Return the mean cosine similarity of random words (Ethayarajh 2019, section 3.4)."""
    return measurement.profile(RANDOM, "cosine").without_embedding


def self_similarity(measurement: Measurement, words: Sequence[str] = WORDS) -> Profile:
    """Return the mean cosine similarity of a word's occurrences, averaged over words (definition 1)."""
    return mean_profile([measurement.profile(word, "cosine").without_embedding for word in words])


def adjusted_self_similarity(measurement: Measurement) -> Profile:
    """Return the words' self-similarity less the anisotropy (section 3.4)."""
    return self_similarity(measurement) - anisotropy(measurement)


def change_with_depth(similarities: Floats) -> Floats:
    """Subtract the mean of the first third of the layers from that of the last third."""
    first, last = means_of_thirds(similarities)
    return last - first
