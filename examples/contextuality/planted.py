"""Activations of planted truth for the claims about words.

At every layer a token's activation is

    sqrt(a) * common + sqrt(1 - a) * (sqrt(s) * word + sqrt(1 - s) * own)

with *common* one direction for all tokens, *word* one for each word, orthogonal to it, and *own* noise of the
token. So random words have cosine similarity *a*, and occurrences of a word *(1 - a) * s* more.
"""

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from scipy.special import expit, logit

from contextuality.document import DOCUMENT, FUNCTION_WORDS, RANDOM
from layerclaims.analysis.measurement.levels import Floats
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification

Course: TypeAlias = tuple[tuple[float, float], ...]
"""Value at relative depths from 0, layer 1, to 1, the last layer; linear in between."""

NOISE_KEPT = 0.9  # correlation of a token's own part from one layer to the next


@dataclass(frozen=True)
class Planted:
    """What is planted. As it stands, all claims are true.

    Attributes
    ----------
    anisotropy : Course
        *a* of the module's formula.
    function_words, other_words : Course
        *s* of the module's formula, in the middle of a word's tokens.
    unevenness : float
        Standard deviation of the log odds of *s* between the tokens of a word.
    """

    anisotropy: Course = ((0, 0.3), (1, 0.7))
    function_words: Course = ((0, 0.6), (1, 0.1))
    other_words: Course = ((0, 0.8), (1, 0.3))
    unevenness: float = 0.3
    n_layers: int = 12
    n_tokens: int = 30
    hidden: int = 128

    def but(self, **changes: Any) -> "Planted":  # noqa: ANN401
        """Plant the same with some things changed."""
        return replace(self, **changes)


def plant(planted: Planted, seed: int) -> Measurement:
    """Draw activations and give their measurement."""
    rng = np.random.default_rng(seed)
    keys = DOCUMENT.kind_keys
    # Orthonormal, so that planted similarities hold exactly but for the tokens' own noise.
    common, *words = np.linalg.qr(rng.normal(size=(planted.hidden, len(keys) + 1)))[0].T
    residual = {}
    for key, word in zip(keys, words, strict=True):
        # Random words share no direction but the common one.
        directions = _unit(rng.normal(size=(planted.n_tokens, planted.hidden))) if key == RANDOM else word
        course = planted.function_words if key in FUNCTION_WORDS else planted.other_words
        residual[key] = _draw_layers(planted, common, directions, course, rng).astype(np.float32)
    return Measurement(residual, specification=Specification(n_resamples=400, seed=seed))


def _draw_layers(
    planted: Planted, common: Floats, word: Floats, course: Course, rng: np.random.Generator
) -> Floats:
    """Draw the input layer, which has no common direction and no noise, and all layers after it."""
    shape = (planted.n_tokens, planted.hidden)
    layers = [np.broadcast_to(word, shape)]
    own = rng.normal(size=shape)
    odds = planted.unevenness * rng.normal(size=(planted.n_tokens, 1))
    for depth in np.linspace(0, 1, planted.n_layers):
        a, share = _value_at(planted.anisotropy, depth), _value_at(course, depth)
        s = expit(logit(share) + odds)
        layers.append(
            np.sqrt(a) * common + np.sqrt(1 - a) * (np.sqrt(s) * word + np.sqrt(1 - s) * _unit(own))
        )
        own = NOISE_KEPT * own + np.sqrt(1 - NOISE_KEPT**2) * rng.normal(size=shape)
    return np.stack(layers)


def _value_at(course: Course, depth: float) -> float:
    depths, values = zip(*course, strict=True)
    return float(np.interp(depth, depths, values))


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


ALL_TRUE = Planted()
FLAT = ((0, 0.4),)
_ADJUSTED_FLAT = ALL_TRUE.but(anisotropy=FLAT, function_words=((0, 0.3),), other_words=((0, 0.5),))
SCENARIOS: dict[str, dict[tuple[str, str], Planted]] = {
    "representations-are-anisotropic": {
        ("true", "barely, everywhere"): ALL_TRUE.but(anisotropy=((0, 0.2),)),
        ("false", "no common direction"): ALL_TRUE.but(anisotropy=((0, 0),)),
        ("false", "in upper layers only"): ALL_TRUE.but(anisotropy=((0, 0), (0.5, 0), (1, 0.7))),
        ("false", "in lower layers only"): ALL_TRUE.but(anisotropy=((0, 0.7), (0.5, 0), (1, 0))),
        ("near", "a tenth everywhere"): ALL_TRUE.but(anisotropy=((0, 0.1),)),
    },
    "upper-layers-are-more-anisotropic": {
        ("false", "as much in all layers"): ALL_TRUE.but(anisotropy=FLAT),
        ("false", "it falls"): ALL_TRUE.but(anisotropy=((0, 0.7), (1, 0.3))),
        ("false", "highest in the middle"): ALL_TRUE.but(anisotropy=((0, 0.3), (0.5, 0.7), (1, 0.3))),
        ("near", "thirds a twentieth apart"): ALL_TRUE.but(anisotropy=((0, 0.4), (1, 0.469))),
    },
    "self-similarity-falls": {
        ("true", "it falls beneath a rising anisotropy"): ALL_TRUE.but(
            anisotropy=((0, 0.1), (1, 0.9)), function_words=((0, 0.5),), other_words=((0, 0.7),)
        ),
        ("false", "it stays"): _ADJUSTED_FLAT,
        ("false", "it rises"): ALL_TRUE.but(
            function_words=((0, 0.1), (1, 0.8)), other_words=((0, 0.2), (1, 0.9))
        ),
        ("false", "only anisotropy falls"): _ADJUSTED_FLAT.but(
            anisotropy=((0, 0.6), (1, 0.2)),
            function_words=((0, 0.5), (1, 0.25)),
            other_words=((0, 0.75), (1, 0.375)),
        ),
        ("near", "thirds a twentieth apart"): _ADJUSTED_FLAT.but(
            function_words=((0, 0.35), (1, 0.235)), other_words=((0, 0.55), (1, 0.435))
        ),
    },
    "function-words-are-least-self-similar": {
        ("false", "they are the most alike"): ALL_TRUE.but(
            function_words=ALL_TRUE.other_words, other_words=ALL_TRUE.function_words
        ),
        ("false", "they are as alike as the others"): ALL_TRUE.but(function_words=ALL_TRUE.other_words),
        ("near", "they are a little less alike"): ALL_TRUE.but(function_words=((0, 0.775), (1, 0.275))),
    },
    "upper-layers-are-most-context-specific": {
        ("false", "lowest in the middle"): ALL_TRUE.but(
            anisotropy=FLAT,
            function_words=((0, 0.6), (0.4, 0.1), (1, 0.6)),
            other_words=((0, 0.8), (0.4, 0.3), (1, 0.8)),
        ),
        ("false", "lowest in the first layers"): ALL_TRUE.but(
            anisotropy=FLAT, function_words=((0, 0.1), (1, 0.6)), other_words=((0, 0.3), (1, 0.8))
        ),
        ("near", "the same in all layers"): _ADJUSTED_FLAT,
    },
}
"""Claim's id to truth and name of a planting, and what is planted; `ALL_TRUE` stands for all of them."""
