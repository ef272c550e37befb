"""One subject's activations under one specification, measured as claims ask for it.

A claim is a function of a `Measurement`. The subject itself, its controls, the other specifications and
synthetic activations of known truth are all measured by this one class, so every claim can be decided on
each of them by the same code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from analysis.bootstrap import resampled_means, token_multiplicities
from analysis.clusters import count_clusters, resampled_clusters, separation_index
from analysis.decision import Estimate, percentile_estimate
from analysis.kinds import KINDS, Kind
from analysis.mutual_information import Estimator
from analysis.pairwise import PairMeasures, outlying_dimensions, pairwise_measures

Measure: TypeAlias = Literal["mutual_information", "covariance", "pearson", "std_product"]
EmbeddingControl: TypeAlias = Literal["mixed_tokens", "varied_positions"]
Floats: TypeAlias = NDArray[np.float64]

MEASURES: tuple[Measure, ...] = ("mutual_information", "covariance", "pearson", "std_product")
UNITS: dict[str, str] = {"mutual_information": "bits"}
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
# Blocks of the document's model; its layers are read by relative depth on others.
DOCUMENT_LAYERS = 24
CLUSTER_RESAMPLES = 200
KEEP_BYTES = 1 << 30
# Claims ask for the same few layers again and again.
RECENT_LAYERS = 4


@dataclass(frozen=True)
class Specification:
    """One set of analyst's choices.

    Attributes
    ----------
    bins : int
        Bins of each token's histogram.
    outlier_sd : float
        Dimensions beyond this many standard deviations are dropped pair by pair; 0 drops none.
    estimator : str
        See `analysis.pairwise.pairwise_measures`.
    last_level : str
        ``"residual"``, or ``"final_norm"`` for the list of hidden states as transformers returns it.
    n_resamples : int
        Token resamples behind each interval.
    seed : int
        Of the resamples.
    """

    bins: int = 15
    outlier_sd: float = 5.0
    estimator: Estimator = "equal_width"
    last_level: Literal["residual", "final_norm"] = "residual"
    n_resamples: int = 1000
    seed: int = 0


@dataclass(frozen=True)
class Profile:
    """A measure's distribution over pairs (or tokens), layer by layer.

    Attributes
    ----------
    mean : ndarray of float64, shape (n_layers + 1,)
        NaN where the measure is undefined for a pair, as Pearson's is for a constant vector.
    resampled : ndarray of float64, shape (n_resamples, n_layers + 1)
        The mean in token resamples, the same resamples for every measure and layer of a kind.
    """

    mean: Floats
    resampled: Floats


@dataclass(frozen=True)
class Clusters:
    """The clusters of a pair measure at a layer.

    Attributes
    ----------
    count, separation :
        See `analysis.clusters.count_clusters` and `analysis.clusters.separation_index`.
    resampled_counts, resampled_separation : ndarray of float64, shape (n,)
        The same in the first n token resamples, at most `CLUSTER_RESAMPLES`.
    """

    count: int
    resampled_counts: Floats
    separation: float
    resampled_separation: Floats


@dataclass(frozen=True)
class _LayerSummary:
    mean: float
    resampled: Floats


@dataclass(frozen=True)
class Measurement:
    """What claims ask their numbers of.

    Attributes
    ----------
    residual : mapping
        Kind to activations of shape ``(n_layers + 1, n_tokens, hidden_size)``, the residual stream.
    final_norm : mapping
        Kind to ``(n_tokens, hidden_size)``, the last level after the final norm; may be empty.
    specification : Specification
        The analyst's choices.
    embedding_controls : mapping
        Layer 0 again with something varied, ``(n_windows, hidden_size)`` each: under ``"mixed_tokens"`` other
        tokens at the mark's position, under ``"varied_positions"`` the mark at other positions. Empty where
        the model itself is out of reach.
    positions_added : bool or None
        Whether the embedding adds a vector for the position; `None` where that is not known.
    keep_bytes : int
        Pair measures are kept if those of all layers take no more than this; otherwise those of the last few
        layers asked for are, and the others are measured again at need.
    """

    residual: Mapping[Kind, NDArray[np.floating]]
    final_norm: Mapping[Kind, NDArray[np.floating]] = field(default_factory=dict)
    specification: Specification = field(default_factory=Specification)
    embedding_controls: Mapping[EmbeddingControl, NDArray[np.floating]] = field(default_factory=dict)
    positions_added: bool | None = None
    keep_bytes: int = KEEP_BYTES

    @property
    def n_layers(self) -> int:
        """Number of blocks: the index of the last level."""
        return len(self.residual["internal"]) - 1

    def n_tokens(self, kind: Kind) -> int:
        """Count the tokens of a kind."""
        return int(self.residual[kind].shape[1])

    @cached_property
    def final_norm_level(self) -> "Measurement | None":
        """The last level after the final norm, as a measurement of one level; `None` without a norm."""
        if not self.final_norm:
            return None
        return Measurement(
            {kind: self.final_norm[kind][None] for kind in KINDS}, specification=self.specification
        )

    def layer_of(self, document_layer: int) -> int:
        """Find the layer at the relative depth of the document's; 0 and 1 stay what they are."""
        if document_layer <= 1:
            return document_layer
        return max(1, int(document_layer / DOCUMENT_LAYERS * self.n_layers + 0.5))

    def activations(self, kind: Kind, layer: int) -> NDArray[np.floating]:
        """Give a level's activations, shape ``(n_tokens, hidden_size)``, as the specification asks."""
        if layer == self.n_layers and self.specification.last_level == "final_norm" and self.final_norm:
            return self.final_norm[kind]
        level: NDArray[np.floating] = self.residual[kind][layer]
        return level

    def pairs(self, kind: Kind, layer: int) -> PairMeasures:
        """Measure all pairs of a kind at a layer; kept where all layers fit, else the last few asked for."""
        if (kind, layer) in self._kept_pairs:
            return self._kept_pairs[kind, layer]
        measured = self.measure(self.activations(kind, layer))
        n_pairs = self.n_tokens(kind) ** 2 // 2
        all_bytes = len(KINDS) * (self.n_layers + 1) * n_pairs * 8 * len(MEASURES)
        if all_bytes > self.keep_bytes and len(self._kept_pairs) == RECENT_LAYERS:
            del self._kept_pairs[next(iter(self._kept_pairs))]
        self._kept_pairs[kind, layer] = measured
        return measured

    def measure(self, activations: NDArray[np.floating]) -> PairMeasures:
        """Measure all pairs of any activations, shape ``(n_tokens, hidden_size)``, as specified."""
        choices = self.specification
        return pairwise_measures(
            activations, bins=choices.bins, outlier_sd=choices.outlier_sd, estimator=choices.estimator
        )

    def respecified(self, specification: Specification) -> "Measurement":
        """Give the measurement of the same activations under other choices.

        All that are made from one another share a register, so that none is measured twice.
        """
        self._register.setdefault(self.specification, self)
        if specification not in self._register:
            other = replace(self, specification=specification)
            other.__dict__["_register"] = self._register
            self._register[specification] = other
        return self._register[specification]

    @cached_property
    def _register(self) -> "dict[Specification, Measurement]":
        return {}

    @cached_property
    def _kept_pairs(self) -> dict[tuple[Kind, int], PairMeasures]:
        return {}

    @cached_property
    def multiplicities(self) -> dict[Kind, Floats]:
        """How often each resample draws each token, by kind: shape ``(n_resamples, n_tokens)``."""
        choices = self.specification
        return {
            kind: token_multiplicities(
                self.n_tokens(kind), choices.n_resamples, np.random.default_rng([choices.seed, number])
            )
            for number, kind in enumerate(KINDS)
        }

    def profile(self, kind: Kind, measure: Measure) -> Profile:
        """Summarise a pair measure at every layer."""
        if kind not in self._profiles:
            layers = [self._layer_summary(kind, layer) for layer in range(self.n_layers + 1)]
            self._profiles[kind] = {
                name: Profile(
                    np.array([layer[name].mean for layer in layers]),
                    np.stack([layer[name].resampled for layer in layers], axis=1),
                )
                for name in MEASURES
            }
        return self._profiles[kind][measure]

    @cached_property
    def _profiles(self) -> dict[Kind, dict[Measure, Profile]]:
        return {}

    def _layer_summary(self, kind: Kind, layer: int) -> dict[Measure, _LayerSummary]:
        """Summarise a layer, or take it from the measurement that differs in the last level only."""
        if (kind, layer) not in self._layer_summaries:
            residual = self._register.get(replace(self.specification, last_level="residual"), self)
            if residual is not self and layer < self.n_layers:
                return residual._layer_summary(kind, layer)
            measured = self.pairs(kind, layer)
            self._layer_summaries[kind, layer] = {
                measure: self._summarise_values(kind, getattr(measured, measure)) for measure in MEASURES
            }
        return self._layer_summaries[kind, layer]

    @cached_property
    def _layer_summaries(self) -> dict[tuple[Kind, int], dict[Measure, _LayerSummary]]:
        return {}

    def _summarise_values(self, kind: Kind, values: Floats) -> _LayerSummary:
        if not np.isfinite(values).all():
            undefined = np.full(self.specification.n_resamples, np.nan)
            return _LayerSummary(np.nan, undefined)
        return _LayerSummary(float(values.mean()), resampled_means(values, self.multiplicities[kind]))

    def quantiles(self, kind: Kind, measure: Measure) -> Floats:
        """Give a pair measure's `QUANTILES` at every layer, ``(5, n_layers + 1)``; NaN where undefined."""
        layers = [getattr(self.pairs(kind, layer), measure) for layer in range(self.n_layers + 1)]
        return np.stack([np.quantile(values, QUANTILES) for values in layers], axis=1)

    @cached_property
    def _token_std(self) -> dict[Kind, Floats]:
        choices = self.specification
        spread = {}
        for kind in KINDS:
            levels = []
            for layer in range(self.n_layers + 1):
                values = self.activations(kind, layer).astype(np.float64)
                kept = ~outlying_dimensions(values, choices.outlier_sd)
                levels.append(np.std(values, axis=1, ddof=1, where=kept))
            spread[kind] = np.stack(levels)
        return spread

    def token_std(self, kind: Kind) -> Floats:
        """Give the standard deviation over kept dimensions, shape ``(n_layers + 1, n_tokens)``."""
        return self._token_std[kind]

    def std_profile(self, kind: Kind) -> Profile:
        """Summarise the standard deviation of activations at every layer, over tokens."""
        spread = self.token_std(kind)
        weights = self.multiplicities[kind]
        return Profile(
            spread.mean(axis=1),
            weights @ spread.T / weights.sum(axis=1, keepdims=True),
        )

    def measure_all(self) -> None:
        """Measure every layer now, rather than when the first claim asks."""
        for kind in KINDS:
            self.profile(kind, "covariance")
        _ = self._token_std

    def cluster_count(self, kind: Kind, measure: Measure, layer: int) -> Estimate:
        """Count a pair measure's clusters at a layer, with the counts of token resamples as interval."""
        found = self.clusters(kind, measure, layer)
        return percentile_estimate(found.count, found.resampled_counts, n=self.n_tokens(kind))

    def clusters(self, kind: Kind, measure: Measure, layer: int) -> Clusters:
        """Count a pair measure's clusters at a layer and index their separation, with token resamples."""
        if (kind, measure, layer) not in self._clusters:
            values = getattr(self.pairs(kind, layer), measure)
            multiplicities = self.multiplicities[kind][:CLUSTER_RESAMPLES]
            counts, separations = resampled_clusters(values, multiplicities)
            self._clusters[kind, measure, layer] = Clusters(
                count_clusters(values), counts.astype(np.float64), separation_index(values), separations
            )
        return self._clusters[kind, measure, layer]

    @cached_property
    def _clusters(self) -> dict[tuple[Kind, Measure, int], Clusters]:
        return {}

    def cluster_profile(self, kind: Kind, measure: Measure) -> tuple[list[int], list[float]]:
        """Count clusters and index their separation at every layer, without intervals."""
        values = [getattr(self.pairs(kind, layer), measure) for layer in range(self.n_layers + 1)]
        return [count_clusters(layer) for layer in values], [separation_index(layer) for layer in values]
