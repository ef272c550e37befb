"""Section 4.1: representations occupy a narrow cone, and more so in upper layers."""

from contextuality.document import DOCUMENT, RANDOM
from contextuality.similarity import anisotropy, change_with_depth
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.claim import Claim, Judge, figure
from layerclaims.claims.shared.resampled import decide_profile
from layerclaims.decision import Criterion, Decision
from layerclaims.message import message

WELL_ABOVE_ZERO = Criterion(
    "at least",
    0.1,
    message(
        "Vectors without a common direction have a mean cosine similarity of 0. From 0.1 on a tenth of each "
        "vector's squared length lies along one direction that all words share."
    ),
)
MORE_THAN_BEFORE = Criterion(
    "at least",
    0.05,
    message(
        "To be more anisotropic is to be so by at least half of what counts as anisotropic at all; less than "
        "that is how much one layer differs from the next."
    ),
)

anisotropic = Claim(
    DOCUMENT,
    id="representations-are-anisotropic",
    section="4.1",
    statement=message("Random words have similar representations in every layer but the input layer."),
    figures=(figure("decline", measure="cosine", kinds=(RANDOM,)),),
)
more_so_in_upper_layers = Claim(
    DOCUMENT,
    id="upper-layers-are-more-anisotropic",
    section="4.1",
    statement=message("Random words have more similar representations in upper layers than in lower ones."),
    figures=(figure("decline", measure="cosine", kinds=(RANDOM,)),),
)


def lowest_anisotropy(measurement: Measurement) -> Decision:
    """Measure the mean cosine similarity of random words at the layer where it is lowest."""
    return decide_profile(
        message(
            "the lowest mean cosine similarity of {kind} at any layer from 1 on",
            kind=DOCUMENT.kind(RANDOM).name,
        ),
        anisotropy(measurement),
        lambda similarities: similarities.min(axis=-1),
        WELL_ABOVE_ZERO,
        n=measurement.n_tokens(RANDOM),
    )


def anisotropy_rise(measurement: Measurement) -> Decision:
    """Compare the mean cosine similarity of random words in the last third of the layers and in the first."""
    return decide_profile(
        message(
            "mean cosine similarity of {kind} in the last third of the layers, less that in the first third,",
            kind=DOCUMENT.kind(RANDOM).name,
        ),
        anisotropy(measurement),
        change_with_depth,
        MORE_THAN_BEFORE,
        n=measurement.n_tokens(RANDOM),
    )


@anisotropic
def test_random_words_are_alike_at_every_layer(judge: Judge) -> None:
    decision = judge(lowest_anisotropy)
    assert decision.supported, decision.message


@more_so_in_upper_layers
def test_random_words_are_more_alike_in_the_last_third(judge: Judge) -> None:
    decision = judge(anisotropy_rise)
    assert decision.supported, decision.message
