"""A measurement whose profiles and counts are given, so that a test sees what a rule makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from layerclaims.analysis.clusters.counting import Clusters
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.statistics.profile import Floats, Profile
from layerclaims.claims.document import KINDS

N_TOKENS = 7


@dataclass(frozen=True)
class Means:
    """Plays the part of a `Measurement` that rules read.

    Attributes
    ----------
    profiles : dict
        By kind and measure.
    n_layers : int
    reference_blocks : int or None
    counts : mapping
        Clusters by layer, or by layer and the name of a rule that finds another number; 1 elsewhere.
    counting : str
        Which rules count.
    """

    profiles: dict[tuple[str, str], Profile] = field(default_factory=dict)
    n_layers: int = 4
    reference_blocks: int | None = None
    counts: Mapping[int | tuple[int, str], int] = field(default_factory=dict)
    counting: str = "panel"

    def profile(self, kind: str, measure: str) -> Profile:
        return self.profiles[kind, measure]

    def n_tokens(self, _kind: str) -> int:
        return N_TOKENS

    def layer_of(self, layer: int) -> int:
        return min(layer, self.n_layers)

    @property
    def weights(self) -> dict[str, Floats]:
        return {kind: np.ones((3, N_TOKENS)) for kind in KINDS}

    @property
    def resampling(self) -> tuple[int, int, None]:
        return 3, 0, None

    def derived(self, name: tuple[str, str], kind: str, layer: int, *_computed: object) -> Clusters:
        assert kind in KINDS
        count = self.counts.get((layer, name[1]), self.counts.get(layer, 1))
        return Clusters(count, np.full(3, float(count)), float(layer), np.full(3, float(layer)))

    @property
    def measurement(self) -> Measurement:
        return cast(Measurement, self)


def profile(mean: list[float], *resampled: list[float]) -> Profile:
    """Make a profile; without resamples of its own it has two like its mean."""
    means: Floats = np.array(mean, dtype=float)
    return Profile(means, np.array(resampled, dtype=float) if resampled else np.stack([means, means]))
