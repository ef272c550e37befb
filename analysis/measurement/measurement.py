"""One subject's activations under one specification, measured as claims ask for it.

A claim is a function of a `Measurement`. The subject itself, its controls, the other specifications and
synthetic activations of known truth are all measured by this one class, so every claim can be decided on
each of them by the same code.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.clusters.counting import Clusters, find_clusters, resampled_clusters
from layerclaims.analysis.measurement.levels import Floats
from layerclaims.analysis.measurement.resampled_levels import ResampledLevels
from layerclaims.analysis.measurement.shared import Part, Shared
from layerclaims.analysis.pairs.measures import pair_measure, shown_measures
from layerclaims.analysis.pairs.outliers import outlying_dimensions
from layerclaims.analysis.statistics.bootstrap import resampled_means
from layerclaims.analysis.statistics.estimate import Estimate, percentile_estimate
from layerclaims.analysis.statistics.profile import Profile

EmbeddingControl: TypeAlias = Literal["mixed_tokens", "varied_positions"]

CLUSTER_RESAMPLES = 200


@dataclass(frozen=True)
class _LayerSummary:
    mean: float
    resampled: Floats


@dataclass(frozen=True)
class Measurement(ResampledLevels):
    """The levels of some activations, with the summaries over pairs and tokens that claims ask for.

    Attributes
    ----------
    embedding_controls : mapping
        Layer 0 again with something varied, ``(n_windows, hidden_size)`` each: under ``"mixed_tokens"`` other
        tokens at the position of the measured token, under ``"varied_positions"`` that token at other
        positions. Empty where the model itself is out of reach.
    positions_added : bool or None
        Whether the embedding adds a vector for the position; `None` where that is not known.
    reach : int or None
        Windows of two tokens have text in common where these are no further apart in the text; `None` where
        the windows are not known.
    reference_blocks : int or None
        Blocks of the model whose layer numbers `layer_of` takes; `None` takes them as this model's own.
    """

    embedding_controls: Mapping[EmbeddingControl, NDArray[np.floating]] = field(default_factory=dict)
    positions_added: bool | None = None
    reach: int | None = field(default=None, kw_only=True)
    reference_blocks: int | None = field(default=None, kw_only=True)

    @cached_property
    def final_norm_level(self) -> "Measurement | None":
        """The last level after the final norm, as a measurement of one level; `None` without a norm."""
        if not self.final_norm:
            return None
        return Measurement(
            {kind: self.final_norm[kind][None] for kind in self.kinds},
            specification=self.specification,
            positions=self.positions,
        )

    def restricted(
        self,
        chosen: Mapping[str, NDArray[np.intp]],
        *,
        keep_bytes: int | None = None,
        follows: bool = False,
    ) -> "Measurement":
        """Return the measurement of some of the tokens, by their indices; kinds not named keep all of theirs.

        What is measured of their pairs already is taken from there, where it is the same to the last bit. So
        the two are not to be used by two threads at the same time. With
        `analysis.statistics.dependence.without_overlap` it shows what tokens that share no text tell.

        Parameters
        ----------
        chosen : mapping
            Kind to the indices of its tokens.
        keep_bytes : int, optional
            See `Levels`; as here, if not given.
        follows : bool
            Whether its profiles will be asked for under most specifications under which these are. Where
            there is no room to keep the values of all pairs, they are then summarised together.
        """
        kept = {kind: chosen.get(kind, np.arange(self.n_tokens(kind))) for kind in self.kinds}
        part = replace(
            self,
            keep_bytes=self.keep_bytes if keep_bytes is None else keep_bytes,
            residual={kind: self.residual[kind][:, kept[kind]] for kind in self.kinds},
            final_norm={kind: self.final_norm[kind][kept[kind]] for kind in self.final_norm},
            positions={kind: self.positions[kind][kept[kind]] for kind in self.positions},
        )
        n_tokens = {kind: self.n_tokens(kind) for kind in self.kinds}
        part._shared.part = Part(self._shared.pairs, kept, n_tokens)
        tokens = tuple((kind, chosen.tobytes()) for kind, chosen in kept.items())
        part._shared.of_tokens = self._shared.of_tokens.setdefault(("part", tokens), {})
        if follows:
            self._shared.followers[id(part)] = part
        return part

    def exchanged(self, other_of: Mapping[str, str]) -> "Measurement":
        """Return the measurement of the same tokens with the kinds under other names.

        It shares the pair values, which are those of the same tokens, and nothing else: resamples go by the
        place of a kind. So the two are not to be used by two threads at the same time.

        Parameters
        ----------
        other_of : mapping
            Kind to the kind whose tokens it gets.
        """
        other = replace(
            self,
            residual={kind: self.residual[other_of[kind]] for kind in self.kinds},
            final_norm={kind: self.final_norm[other_of[kind]] for kind in self.final_norm},
            positions={kind: self.positions[other_of[kind]] for kind in self.positions},
            names={kind: self.names.get(other_of[kind], other_of[kind]) for kind in self.kinds},
        )
        other.__dict__["_shared"] = Shared(self._shared.pairs)
        return other

    def layer_of(self, reference_layer: int) -> int:
        """Return the layer at the same relative depth as a layer of the reference model.

        Layers 0 and 1 stay what they are. Without a reference, layers are this model's own, up to its last.
        """
        if self.reference_blocks is None:
            return min(reference_layer, self.n_layers)
        if reference_layer <= 1:
            return reference_layer
        return max(1, int(reference_layer / self.reference_blocks * self.n_layers + 0.5))

    def profile(self, kind: str, measure: str) -> Profile:
        """Summarise a pair measure at every layer."""
        known = self._shared.derived
        # Layers between these two have the choices of the first.
        key = "profile", *(self._summary_key(kind, layer, measure) for layer in (0, self.n_layers))
        if key not in known:
            known[key] = self._summarise_layers(kind, measure)
        profile: Profile = known[key]
        return profile

    def _summarise_layers(self, kind: str, measure: str) -> Profile:
        known = self._shared.derived
        computation = pair_measure(measure).computation
        keys = [self._summary_key(kind, layer, measure) for layer in range(self.n_layers + 1)]
        missing = [layer for layer, key in enumerate(keys) if key not in known]
        for layers, measured in self.stretches(kind, missing, computation):
            for measurement, values in measured:
                measurement._keep_summaries(kind, layers, values)
        summaries: list[_LayerSummary] = [known[key] for key in keys]
        return Profile(
            np.array([layer.mean for layer in summaries]),
            np.stack([layer.resampled for layer in summaries], axis=1),
        )

    def _keep_summaries(self, kind: str, layers: list[int], measured: Mapping[str, Floats]) -> None:
        """Summarise measures at some layers, each of shape ``(n_layers, n_pairs)``."""
        for name, values in measured.items():
            for layer, summary in zip(layers, self._summarise(kind, values), strict=True):
                self._shared.derived[self._summary_key(kind, layer, name)] = summary
            if pair_measure(name).computation.is_by_pair and not self._has_room:
                self._summarise_followers(kind, layers, name, values)

    def _summarise_followers(self, kind: str, layers: list[int], measure: str, values: Floats) -> None:
        """Summarise a measure's values, of which there are none left later, of part of the tokens too."""
        for follower in list(self._shared.followers.values()):
            part = follower.respecified(self.specification)
            # By `take` each level lies in one piece, and sums up in the order of one that is alone.
            part._keep_summaries(kind, layers, {measure: values.take(part._shared.part.places[kind], axis=1)})

    def _summary_key(self, kind: str, layer: int, measure: str) -> Hashable:
        key = self._key(kind, layer, pair_measure(measure).computation)
        return "summary", measure, key, self.resampling

    def _summarise(self, kind: str, values: Floats) -> list[_LayerSummary]:
        """Summarise a measure at some layers, ``(n_layers, n_pairs)``; NaN where a pair has none."""
        defined = np.isfinite(values).all(axis=1)
        means = np.full(len(values), np.nan)
        resampled = np.full((self.specification.n_resamples, len(values)), np.nan)
        if defined.any():
            whole = values if defined.all() else values[defined]
            means[defined] = whole.mean(axis=1)
            drawn = resampled_means(whole, self.multiplicities[kind])
            if self.block_length(kind) > 1:
                # A block holds its pairs of neighbours more often than the sample does, which moves all
                # resamples to one side; they are to show the spread around the sample's mean.
                drawn += means[defined] - drawn.mean(axis=0)
            resampled[:, defined] = drawn
        return [_LayerSummary(float(mean), own) for mean, own in zip(means, resampled.T, strict=True)]

    def token_std(self, kind: str) -> Floats:
        """Return the standard deviation over kept dimensions, shape ``(n_layers + 1, n_tokens)``."""
        return np.stack([self._level_std(kind, layer) for layer in range(self.n_layers + 1)])

    def _level_std(self, kind: str, layer: int) -> Floats:
        known, key = self._shared.derived, ("std", self._level_key(kind, layer, ("outlier_sd",)))
        if key not in known:
            values = self.activations(kind, layer).astype(np.float64)
            kept = ~outlying_dimensions(values, self.specification.outlier_sd)
            known[key] = np.std(values, axis=1, ddof=1, where=kept)
        spread: Floats = known[key]
        return spread

    def std_profile(self, kind: str) -> Profile:
        """Summarise the standard deviation of activations at every layer, over tokens."""
        spread = self.token_std(kind)
        weights = self.multiplicities[kind]
        return Profile(
            spread.mean(axis=1),
            weights @ spread.T / weights.sum(axis=1, keepdims=True),
        )

    def measure_all(self, measures: Sequence[str] = ()) -> None:
        """Measure every layer now, rather than when the first claim asks; by all measures, or only these."""
        for kind in self.kinds:
            for measure in shown_measures(measures):
                self.profile(kind, measure.name)
            self.token_std(kind)

    @property
    def counting(self) -> str:
        """How clusters of pairs are counted; see `analysis.measurement.cluster_counts`."""
        self._record(("counting",))
        return self.specification.counting

    def cluster_count(self, kind: str, measure: str, layer: int) -> Estimate:
        """Count a pair measure's clusters at a layer, with an interval from the counts in token resamples."""
        found = self.clusters(kind, measure, layer)
        return percentile_estimate(
            found.count, found.resampled_counts, n=self.n_tokens(kind), is_discrete=True
        )

    def clusters(self, kind: str, measure: str, layer: int) -> Clusters:
        """Count a pair measure's clusters and index their separation, with `CLUSTER_RESAMPLES` resamples."""
        multiplicities = self.multiplicities[kind][:CLUSTER_RESAMPLES]

        def count(pairs: Mapping[str, Floats]) -> Clusters:
            counts, separations = resampled_clusters(pairs[measure], multiplicities)
            number, separation = find_clusters(pairs[measure])
            return Clusters(number, counts.astype(np.float64), separation, separations)

        return self.derived(("clusters", measure, *self.resampling), kind, layer, (measure,), count)
