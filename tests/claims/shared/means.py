"""A measurement whose profiles and counts are given, so that a test sees what a rule makes of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.counting import Clusters
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.analysis.statistics.estimate import Estimate, exact
from layerclaims.analysis.statistics.profile import Floats, Profile
from layerclaims.claim import Claim, Rule
from layerclaims.claims.document import COMMAS, KINDS
from layerclaims.decision import Criterion, Decision, decide
from layerclaims.message import message

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
    separations : mapping
        Separation index by layer, in the sample and in every resample; elsewhere the layer's number.
    information_counts : mapping
        Clusters in the MI of commas, by layer.
    tokens : int
        Of each kind.
    multiplicities : mapping
        By kind.
    pairs : mapping
        Values of all pairs of commas, by measure and layer.
    groups : mapping
        What is derived from pairs beside clusters' counts, by the name of the result and the layer.
    levels : mapping
        Activations by kind and layer.
    measure : callable
        Given activations and the name of a measure, gives the values of all pairs.
    spread : mapping
        Standard deviations of tokens by kind, ``(n_layers + 1, n_tokens)``.
    specification : Specification
    others : mapping
        The same activations measured by other specifications.
    """

    profiles: dict[tuple[str, str], Profile] = field(default_factory=dict)
    n_layers: int = 4
    reference_blocks: int | None = None
    counts: Mapping[int | tuple[int, str], int] = field(default_factory=dict)
    counting: str = "panel"
    separations: Mapping[int, float] = field(default_factory=dict)
    information_counts: Mapping[int, int] = field(default_factory=dict)
    tokens: int = N_TOKENS
    multiplicities: Mapping[str, Floats] = field(default_factory=dict)
    pairs: Mapping[tuple[str, int], Floats] = field(default_factory=dict)
    groups: Mapping[tuple[str, int], NDArray[np.int64]] = field(default_factory=dict)
    levels: Mapping[tuple[str, int], Floats] = field(default_factory=dict)
    measure: Callable[[Floats, str], Floats] = lambda _values, _name: np.zeros(1)
    spread: Mapping[str, Floats] = field(default_factory=dict)
    specification: Specification = field(default_factory=Specification)
    others: Mapping[Specification, "Means"] = field(default_factory=dict)

    def profile(self, kind: str, measure: str) -> Profile:
        return self.profiles[kind, measure]

    def n_tokens(self, kind: str) -> int:
        assert kind in KINDS
        return self.tokens

    def layer_of(self, layer: int) -> int:
        return min(layer, self.n_layers)

    def values(self, kind: str, measure: str, layer: int) -> Floats:
        assert kind == COMMAS
        return self.pairs[measure, layer]

    def activations(self, kind: str, layer: int) -> Floats:
        return self.levels[kind, layer]

    def token_std(self, kind: str) -> Floats:
        return self.spread[kind]

    def cluster_count(self, kind: str, measure: str, layer: int) -> Estimate:
        assert (kind, measure) == (COMMAS, "mutual_information")
        return exact(float(self.information_counts[layer]), unit="clusters", n=self.tokens)

    def respecified(self, specification: Specification) -> "Means":
        return self.others[specification]

    @property
    def weights(self) -> dict[str, Floats]:
        return {kind: np.ones((3, self.tokens)) for kind in KINDS}

    @property
    def resampling(self) -> tuple[int, int, None]:
        return 3, 0, None

    def derived(
        self, name: tuple[str, ...], kind: str, layer: int, *_computed: object
    ) -> Clusters | NDArray[np.int64]:
        assert kind in KINDS
        if (name[0], layer) in self.groups:
            return self.groups[name[0], layer]
        count = self.counts.get((layer, name[1]), self.counts.get(layer, 1))
        separation = self.separations.get(layer, float(layer))
        return Clusters(count, np.full(3, float(count)), separation, np.full(3, separation))

    @property
    def measurement(self) -> Measurement:
        return cast(Measurement, self)


def profile(mean: list[float], *resampled: list[float]) -> Profile:
    """Make a profile; without resamples of its own it has two like its mean."""
    means: Floats = np.array(mean, dtype=float)
    return Profile(means, np.array(resampled, dtype=float) if resampled else np.stack([means, means]))


def asked(test: Callable[..., None], **arguments: object) -> tuple[Rule, dict[str, object]]:
    """Call a claim's test with a judge that finds everything supported; returns what it was asked."""
    seen: list[tuple[Rule, dict[str, object]]] = []

    def judge(rule: Rule, **parameters: object) -> Decision:
        seen.append((rule, parameters))
        return decide(message("it"), exact(1.0), Criterion("at least", 1, message("for this test")))

    test(judge=judge, **arguments)
    (found,) = seen
    return found


def declared(*claims: Claim) -> dict[str, tuple[str, str, list[str], int, bool]]:
    """Give section, nature, kinds of figures, number of notes, and whether there is a null, by id."""
    return {
        claim.id: (
            claim.section,
            claim.nature,
            [one.kind for one in claim.figures],
            len(claim.notes),
            claim.null is not None,
        )
        for claim in claims
    }


def bounds(*criteria: Criterion) -> list[tuple[str, float, float | None]]:
    """Give the relation, the number and the number without effect of criteria."""
    return [(criterion.relation, criterion.bound, criterion.no_effect) for criterion in criteria]
