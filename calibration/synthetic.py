"""Synthetic activations with known properties, on which a claim's verdict can be checked.

Two kinds of tokens pass through a stack of layers. A token's activation is

    scale * factor * (sqrt(q) * shared + sqrt(1 - q) * own) + direction

where *shared* is one vector for all tokens of a kind at a layer, *own* is the token's noise, and *q* is its
share of shared variance: two tokens with equal q have correlation q. Commas belong to groups that differ in
their factor, so that covariance falls into clusters and correlation does not. All of these may change with
depth.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter
from scipy.special import expit, logit

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.analysis.pairs.measures import Computation

if TYPE_CHECKING:
    from layerclaims.analysis.pairs.pairwise import Layouts

Floats: TypeAlias = NDArray[np.float64]
Course: TypeAlias = tuple[tuple[float, float], ...]
"""Pairs of layer (of the document's model) and value, with linear interpolation between them."""

KINDS = ("internal", "terminal")  # commas and full stops
REFERENCE_BLOCKS = 24  # blocks of the document's model; courses are given in its layers
NOISE_KEPT = 0.9  # correlation of a token's own part from one layer to the next
N_RESAMPLES = 400


@dataclass(frozen=True)
class Planted:
    """Parameters of a planting. All of the document's claims are true under the defaults.

    Attributes
    ----------
    n_layers, n_tokens, hidden : int
        Blocks, tokens of a kind, dimensions.
    factors, stop_factors : tuple of float
        Scale of each group of commas and of full stops; groups are of equal size unless `shares` is given.
    shares : tuple of float
        Share of the commas in each group.
    spread : float
        Standard deviation of the logarithm of a token's factor inside its group.
    fade : Course
        Exponent of the groups' differences: 1 keeps them, 0 removes them.
    correlation, stop_correlation : Course
        Mean of q; `stop_correlation` for full stops where they differ.
    unevenness : float
        Standard deviation of the log odds of q between tokens.
    penalty : float
        How much lower the log odds of q are in each group than in the one before it.
    unlike : float
        Slope of the log odds of q over the logarithm of a token's own factor. A negative slope reverses the
        correlation of covariance and MI inside the groups.
    growth : Course
        Base-10 logarithm of the scale.
    direction : Course
        Size of a direction that is added to one half of the commas and subtracted from the other.
    spikes : Course
        Size of one dimension in fifty, shared by all tokens; these dimensions stretch the range of each
        token.
    neighbours : float
        Correlation of a token with the next one in the text: of its factor, its log odds of q and its noise.
    turn : float
        Share of the shared vector's variance that is drawn again at each layer.
    embedding_spread, odd_tokens, kinds_apart : float, int, float
        At layer 0: relative spread of the tokens of a kind, number of outlying tokens, distance of the kinds.
    mixed_spread, varied_spread : float
        Relative spread of the controls at layer 0.
    positions_added : bool or None
        See `analysis.measurement.measurement.Measurement`.
    """

    n_layers: int = 24
    n_tokens: int = 120
    hidden: int = 384
    factors: tuple[float, ...] = (1.0, 1.8)
    shares: tuple[float, ...] = (0.5, 0.5)
    stop_factors: tuple[float, ...] = (1.0,)
    spread: float = 0.02
    fade: Course = ((1, 1), (5, 0.9), (7, 0.2), (9, 0))
    correlation: Course = ((1, 0.85), (24, 0.45))
    stop_correlation: Course | None = None
    unevenness: float = 0.3
    penalty: float = 0.4
    unlike: float = 0.0
    growth: Course = ((1, 0), (24, 1.05))
    direction: Course = ((1, 0),)
    spikes: Course = ((1, 0),)
    neighbours: float = 0.0
    turn: float = 0.05
    embedding_spread: float = 0.0
    odd_tokens: int = 0
    kinds_apart: float = 1.0
    mixed_spread: float = 1.0
    varied_spread: float = 1.0
    positions_added: bool | None = True

    def but(self, **changes: Any) -> "Planted":  # noqa: ANN401
        """Return the same planting with some parameters changed."""
        return replace(self, **changes)

    def at(self, course: Course, layer: int) -> float:
        """Evaluate a course at a layer of the planted model."""
        layers, values = zip(*course, strict=True)
        depth = 1 + (layer - 1) * (REFERENCE_BLOCKS - 1) / max(1, self.n_layers - 1)
        return float(np.interp(depth, layers, values))

    def along_text(self, rng: np.random.Generator, n_columns: int) -> Floats:
        """Draw standard normal numbers, ``(n_tokens, n_columns)``, autoregressive along the text."""
        steps = rng.normal(size=(self.n_tokens, n_columns))
        if not self.neighbours:
            return steps
        steps[1:] *= np.sqrt(1 - self.neighbours**2)
        return np.asarray(lfilter([1], [1, -self.neighbours], steps, axis=0))


DOCUMENT_LIKE = Planted()
"""Planting of which all claims of the document are true."""


def plant(planted: Planted, seed: int) -> Measurement:
    """Draw activations and return their measurement.

    Parameters
    ----------
    planted : Planted
    seed : int
        Determines the draw, tokens included.
    """
    rng = np.random.default_rng(seed)
    embedding = _draw_embedding(planted, rng)
    residual: dict[str, NDArray[np.floating]] = {
        kind: np.stack([embedding[kind], *_draw_layers(planted, kind, rng)]).astype(np.float32)
        for kind in KINDS
    }
    centre = rng.normal(size=planted.hidden)
    return Measurement(
        residual,
        specification=Specification(n_resamples=N_RESAMPLES, seed=seed),
        embedding_controls={
            "mixed_tokens": _around(centre, planted.mixed_spread, planted.n_tokens, rng),
            "varied_positions": _around(centre, planted.varied_spread, planted.n_tokens, rng),
        },
        positions_added=planted.positions_added,
        reference_blocks=REFERENCE_BLOCKS,
    )


@dataclass(frozen=True)
class Resolved(Measurement):
    """An instrument of fixed resolution: it rounds activations to multiples of ``step``."""

    step: float = 0.5

    def compute(
        self, computation: Computation, activations: NDArray[np.floating], layouts: "Layouts | None" = None
    ) -> Mapping[str, Floats]:
        """Measure rounded activations."""
        return super().compute(computation, np.round(activations / self.step) * self.step, layouts)


@dataclass(frozen=True)
class Saturated(Measurement):
    """An instrument of limited range: it clips activations beyond ``limit``."""

    limit: float = 3.0

    def compute(
        self, computation: Computation, activations: NDArray[np.floating], layouts: "Layouts | None" = None
    ) -> Mapping[str, Floats]:
        """Measure clipped activations."""
        return super().compute(computation, np.clip(activations, -self.limit, self.limit), layouts)


@dataclass(frozen=True)
class Standardised(Measurement):
    """An instrument that returns correlation instead of covariance."""

    def compute(
        self, computation: Computation, activations: NDArray[np.floating], layouts: "Layouts | None" = None
    ) -> Mapping[str, Floats]:
        """Measure the activations, then divide the covariance by the standard deviations."""
        measured = dict(super().compute(computation, activations, layouts))
        if "covariance" in measured:
            measured["covariance"] = measured["pearson"]
        return measured


def _draw_embedding(planted: Planted, rng: np.random.Generator) -> dict[str, Floats]:
    """Draw layer 0: one point for each kind, with the planted spread and outlying tokens."""
    first = rng.normal(size=planted.hidden)
    centres = {KINDS[0]: first, KINDS[1]: _around(first, planted.kinds_apart, 1, rng)[0]}
    drawn = {}
    for kind in KINDS:
        tokens = _around(centres[kind], planted.embedding_spread, planted.n_tokens, rng)
        tokens[: planted.odd_tokens] = _around(centres[kind], 0.3, planted.odd_tokens, rng)
        drawn[kind] = tokens
    return drawn


def _around(centre: Floats, spread: float, n_tokens: int, rng: np.random.Generator) -> Floats:
    """Draw points at the relative distance ``spread`` from a centre."""
    offsets = rng.normal(size=(n_tokens, len(centre)))
    offsets *= np.linalg.norm(centre) / np.linalg.norm(offsets, axis=1, keepdims=True)
    return centre + spread * offsets


@dataclass
class _Tokens:
    """Properties of the tokens of a kind that are the same at all layers."""

    group: NDArray[np.int64]
    log_factors: Floats
    own_factors: Floats
    odds: Floats
    side: Floats
    course: Course = field(default=())


def _draw_tokens(planted: Planted, kind: str, rng: np.random.Generator) -> _Tokens:
    commas = kind == "internal"
    factors = planted.factors if commas else planted.stop_factors
    shares = planted.shares if commas else (1 / len(factors),) * len(factors)
    edges = np.round(planted.n_tokens * np.cumsum(shares))
    group = np.searchsorted(edges, np.arange(planted.n_tokens), side="right")
    group = rng.permutation(group)
    own = planted.spread * planted.along_text(rng, 1)[:, 0]
    course = planted.correlation if commas or not planted.stop_correlation else planted.stop_correlation
    return _Tokens(
        group,
        np.log(factors)[group],
        own,
        planted.unevenness * planted.along_text(rng, 1)[:, 0] + planted.unlike * own,
        np.where(group == 0, -1.0, 1.0) * commas,
        course,
    )


def _draw_layers(planted: Planted, kind: str, rng: np.random.Generator) -> list[Floats]:
    """Draw layers 1 to the last."""
    tokens = _draw_tokens(planted, kind, rng)
    shared, own = rng.normal(size=planted.hidden), planted.along_text(rng, planted.hidden)
    sideways = rng.normal(size=planted.hidden)
    stretch = np.zeros(planted.hidden)
    stretch[: planted.hidden // 50] = (-1.0) ** np.arange(planted.hidden // 50)
    layers = []
    for layer in range(1, planted.n_layers + 1):
        fade = planted.at(planted.fade, layer)
        q = expit(
            logit(planted.at(tokens.course, layer)) + tokens.odds - planted.penalty * fade * tokens.group
        )[:, None]
        factor = np.exp(fade * tokens.log_factors + tokens.own_factors)[:, None]
        pattern = np.sqrt(q) * _standardised(shared) + np.sqrt(1 - q) * own
        pattern = pattern + planted.at(planted.direction, layer) * tokens.side[:, None] * _standardised(
            sideways
        )
        pattern = pattern + planted.at(planted.spikes, layer) * stretch
        layers.append(10 ** planted.at(planted.growth, layer) * factor * pattern)
        shared = np.sqrt(1 - planted.turn) * shared + np.sqrt(planted.turn) * rng.normal(size=planted.hidden)
        own = NOISE_KEPT * own + np.sqrt(1 - NOISE_KEPT**2) * planted.along_text(rng, planted.hidden)
    return layers


def _standardised(vector: Floats) -> Floats:
    """Standardise a vector to mean 0 and variance 1, so that planted correlations hold exactly."""
    return np.asarray((vector - vector.mean()) / vector.std())
