"""Section 4.2: the occurrences of a word become less alike with depth, and those of function words most."""

import numpy as np
import pytest

from contextuality.document import DOCUMENT, FUNCTION_WORDS, OTHER_WORDS, WORDS
from contextuality.similarity import adjusted_self_similarity, change_with_depth, self_similarity
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.profile import Profile
from layerclaims.claim import Claim, Judge, figure
from layerclaims.claims.shared.resampled import decide_profile
from layerclaims.decision import Criterion, Decision
from layerclaims.message import message

LESS_THAN_BEFORE = Criterion(
    "at most",
    -0.05,
    message(
        "Cosine similarity runs to 1, and a twentieth of that is how much one layer differs from the next: "
        "less is no fall."
    ),
)
AMONG_THE_LEAST = Criterion(
    "at least",
    0.75,
    message("To be among the least self-similar words is to have three quarters of the others above one."),
)
UPPER = Criterion("above", 2 / 3, message("Upper layers are the last third of the depth."))

less_alike_with_depth = Claim(
    DOCUMENT,
    id="self-similarity-falls",
    section="4.2",
    statement=message(
        "The occurrences of a word become less alike with depth, once anisotropy is subtracted from their "
        "similarity."
    ),
    figures=(figure("decline", measure="cosine"),),
)
function_words_least_alike = Claim(
    DOCUMENT,
    id="function-words-are-least-self-similar",
    section="4.2",
    statement=message("“The”, “of” and “and” are among the words whose occurrences are least alike."),
    figures=(figure("assertions"), figure("decline", measure="cosine")),
)
upper_layers_most_specific = Claim(
    DOCUMENT,
    id="upper-layers-are-most-context-specific",
    section="4.2",
    statement=message(
        "The occurrences of a word, anisotropy subtracted, are least alike in an upper layer, as in GPT-2."
    ),
    figures=(figure("decline", measure="cosine"),),
)


def self_similarity_fall(measurement: Measurement) -> Decision:
    """Compare self-similarity, anisotropy subtracted, in the last third of the layers and in the first."""
    return decide_profile(
        message(
            "mean self-similarity of words, anisotropy subtracted, in the last third of the layers, less "
            "that in the first third,"
        ),
        adjusted_self_similarity(measurement),
        change_with_depth,
        LESS_THAN_BEFORE,
        n=_n_tokens(measurement),
    )


def words_above(measurement: Measurement, *, word: str) -> Decision:
    """Count how many other words are more self-similar than a function word, on average over layers."""
    profiles = [self_similarity(measurement, [one]) for one in (word, *OTHER_WORDS)]
    # Words in place of the layers, the function word first.
    means = Profile(
        np.stack([profile.mean.mean(axis=-1) for profile in profiles], axis=-1),
        np.stack([profile.resampled.mean(axis=-1) for profile in profiles], axis=-1),
    )
    return decide_profile(
        message(
            "the share of {n} other words that are more self-similar than {kind}",
            n=len(OTHER_WORDS),
            kind=DOCUMENT.kind(word).name,
        ),
        means,
        lambda similarities: np.mean(similarities[..., 1:] > similarities[..., :1], axis=-1),
        AMONG_THE_LEAST,
        {"kind": word},
        n=measurement.n_tokens(word),
    )


def most_specific_depth(measurement: Measurement) -> Decision:
    """Find the depth, as a share of all layers, at which adjusted self-similarity is lowest."""
    return decide_profile(
        message(
            "the relative depth of the layer at which mean self-similarity of words, anisotropy subtracted, "
            "is lowest,"
        ),
        adjusted_self_similarity(measurement),
        lambda similarities: (similarities.argmin(axis=-1) + 1) / similarities.shape[-1],
        UPPER,
        n=_n_tokens(measurement),
    )


@less_alike_with_depth
def test_occurrences_are_less_alike_in_the_last_third(judge: Judge) -> None:
    decision = judge(self_similarity_fall)
    assert decision.supported, decision.message


@function_words_least_alike
@pytest.mark.parametrize("word", FUNCTION_WORDS)
def test_most_other_words_are_more_self_similar(word: str, judge: Judge) -> None:
    decision = judge(words_above, word=word)
    assert decision.supported, decision.message


@upper_layers_most_specific
def test_occurrences_are_least_alike_in_an_upper_layer(judge: Judge) -> None:
    decision = judge(most_specific_depth)
    assert decision.supported, decision.message


def _n_tokens(measurement: Measurement) -> int:
    return sum(measurement.n_tokens(word) for word in WORDS)
