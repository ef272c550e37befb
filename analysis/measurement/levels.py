"""One set of activations under one specification, level by level: the measures of all pairs of tokens.

Measurements of the same activations under several specifications share what is the same under both.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.kinds import Kind
from layerclaims.analysis.measurement.lru_cache import Kept
from layerclaims.analysis.pairs.moments import Moments
from layerclaims.analysis.pairs.mutual_information import Estimator
from layerclaims.analysis.pairs.pairwise import PairMeasures, pairwise_information, pairwise_moments

Measure: TypeAlias = Literal["mutual_information", "covariance", "pearson", "std_product"]
Floats: TypeAlias = NDArray[np.float64]

MEASURES: tuple[Measure, ...] = ("mutual_information", "covariance", "pearson", "std_product")
# What the engine measures in one go: MI needs bins and the others do not.
INFORMATION, MOMENTS = MEASURES[:1], MEASURES[1:]
KEEP_BYTES = 1 << 28
"""All levels of 250 tokens under several choices of bins; five levels of 2,000 tokens."""
STRETCH_BYTES = 1 << 25
"""Neighbouring levels are measured together up to this size of a measure: small ones share the threads."""


class NoInformationError(LookupError):
    """Mutual information was asked of a measurement whose specification leaves it out."""


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
        See `analysis.pairs.pairwise.pairwise_measures`.
    last_level : str
        ``"residual"``, or ``"final_norm"`` for the list of hidden states as transformers returns it.
    n_resamples : int
        Token resamples behind each interval.
    seed : int
        Of the resamples.
    information : bool
        Whether mutual information may be asked for. A rule that can do without decides the same whatever
        bins and estimator are.
    """

    bins: int = 15
    outlier_sd: float = 5.0
    estimator: Estimator = "equal_width"
    last_level: Literal["residual", "final_norm"] = "residual"
    n_resamples: int = 1000
    seed: int = 0
    information: bool = True


class Shared:
    """What measurements of the same activations have in common, by all choices that it depends on.

    Attributes
    ----------
    pairs : Kept
        Values of all pairs at a level, those measured in one go together.
    derived : dict
        What was made of them; small, so all of it stays.
    measurements : dict
        The measurements themselves, by specification.
    """

    def __init__(self, keep_bytes: int) -> None:
        self.pairs: Kept[tuple[Floats, ...]] = Kept(keep_bytes)
        self.derived: dict[Hashable, Any] = {}
        self.measurements: dict[Specification, Any] = {}


@dataclass(frozen=True)
class Levels:
    """The levels of one set of activations.

    Attributes
    ----------
    residual : mapping
        Kind to activations of shape ``(n_layers + 1, n_tokens, hidden_size)``, the residual stream.
    final_norm : mapping
        Kind to ``(n_tokens, hidden_size)``, the last level after the final norm; may be empty.
    specification : Specification
        The analyst's choices.
    keep_bytes : int
        Room for pair measures, under all specifications together: those asked for last are kept, the others
        are measured again at need.
    """

    residual: Mapping[Kind, NDArray[np.floating]]
    final_norm: Mapping[Kind, NDArray[np.floating]] = field(default_factory=dict)
    specification: Specification = field(default_factory=Specification)
    keep_bytes: int = field(default=KEEP_BYTES, kw_only=True)

    @property
    def n_layers(self) -> int:
        """Number of blocks: the index of the last level."""
        return len(self.residual["internal"]) - 1

    def n_tokens(self, kind: Kind) -> int:
        """Count the tokens of a kind."""
        return int(self.residual[kind].shape[1])

    def respecified(self, specification: Specification) -> Self:
        """Give the measurement of the same activations under other choices.

        All that are made from one another share what they measure: every level that is the same, and where
        only bins or estimator differ everything but the mutual information.
        """
        measurements = self._shared.measurements
        measurements.setdefault(self.specification, self)
        if specification not in measurements:
            other = replace(self, specification=specification)
            other.__dict__["_shared"] = self._shared
            measurements[specification] = other
        found: Self = measurements[specification]
        return found

    @cached_property
    def _shared(self) -> Shared:
        return Shared(self.keep_bytes)

    def activations(self, kind: Kind, layer: int) -> NDArray[np.floating]:
        """Give a level's activations, shape ``(n_tokens, hidden_size)``, as the specification asks."""
        if self._is_normed(layer):
            return self.final_norm[kind]
        level: NDArray[np.floating] = self.residual[kind][layer]
        return level

    def pairs(self, kind: Kind, layer: int) -> PairMeasures:
        """Measure all pairs of a kind at a layer."""
        return PairMeasures(self.information(kind, layer), *self.moments(kind, layer))

    def information(self, kind: Kind, layer: int) -> Floats:
        """Measure the mutual information of all pairs of a kind at a layer, in bits."""
        return self._measured(kind, layer, INFORMATION)[0]

    def moments(self, kind: Kind, layer: int) -> Moments:
        """Measure all that needs no bins of all pairs of a kind at a layer."""
        return Moments(*self._measured(kind, layer, MOMENTS))

    def values(self, kind: Kind, measure: Measure, layer: int) -> Floats:
        """Give one measure of all pairs of a kind at a layer."""
        together = measured_with(measure)
        return self._measured(kind, layer, together)[together.index(measure)]

    def measure_information(self, activations: NDArray[np.floating]) -> Floats:
        """Measure the MI of all pairs of any activations, shape ``(..., n_tokens, hidden_size)``."""
        choices = self.specification
        if not choices.information:
            raise NoInformationError("the specification leaves mutual information out")
        return pairwise_information(
            activations, bins=choices.bins, outlier_sd=choices.outlier_sd, estimator=choices.estimator
        )

    def measure_moments(self, activations: NDArray[np.floating]) -> Moments:
        """Measure all that needs no bins of all pairs of any activations."""
        return pairwise_moments(activations, outlier_sd=self.specification.outlier_sd)

    def stretches(
        self, kind: Kind, layers: list[int], measure: Measure
    ) -> Iterator[tuple[list[int], dict[Measure, Floats]]]:
        """Go through levels, as many at once as there is room for.

        Yields
        ------
        layers : list of int
            Neighbours.
        values : dict
            Each measure that comes with the one asked for, ``(n_layers, n_pairs)``.
        """
        together = measured_with(measure)
        n_pairs = self.n_tokens(kind) * (self.n_tokens(kind) - 1) // 2
        for run in _neighbours(layers, longest=max(1, STRETCH_BYTES // (8 * n_pairs)), alone=self.n_layers):
            keys = [self._key(kind, layer, together) for layer in run]
            if len(run) > 1 and not any(key in self._shared.pairs for key in keys):
                stacked = self._measure(self.residual[kind][run[0] : run[-1] + 1], together)
                for key, parts in zip(keys, zip(*stacked, strict=True), strict=True):
                    self._keep(key, tuple(values.copy() for values in parts))
            else:
                levels = [self._measured(kind, layer, together) for layer in run]
                stacked = tuple(np.stack(values) for values in zip(*levels, strict=True))
            yield run, dict(zip(together, stacked, strict=True))

    def _measured(self, kind: Kind, layer: int, together: tuple[Measure, ...]) -> tuple[Floats, ...]:
        """Give what is measured together of a level, kept or measured again."""
        key = self._key(kind, layer, together)
        found = self._shared.pairs.get(key)
        if found is None:
            found = self._measure(self.activations(kind, layer), together)
            self._keep(key, found)
        return found

    def _measure(
        self, activations: NDArray[np.floating], together: tuple[Measure, ...]
    ) -> tuple[Floats, ...]:
        if together == INFORMATION:
            return (self.measure_information(activations),)
        return tuple(self.measure_moments(activations))

    def _keep(self, key: Hashable, parts: tuple[Floats, ...]) -> None:
        self._shared.pairs.put(key, parts, sum(values.nbytes for values in parts))

    def _is_normed(self, layer: int) -> bool:
        listed = self.specification.last_level == "final_norm" and bool(self.final_norm)
        return listed and layer == self.n_layers

    def _key(self, kind: Kind, layer: int, together: tuple[Measure, ...]) -> Hashable:
        """Name what is measured of a level by all choices that it depends on, and by no other."""
        choices = self.specification
        key = kind, layer, self._is_normed(layer), choices.outlier_sd, together
        if together == INFORMATION:
            return *key, choices.bins, choices.estimator, choices.information
        return key


def measured_with(measure: Measure) -> tuple[Measure, ...]:
    """Name the measures that come with one, itself included."""
    return INFORMATION if measure in INFORMATION else MOMENTS


def _neighbours(layers: list[int], *, longest: int, alone: int) -> Iterator[list[int]]:
    """Divide ascending layers into runs of neighbours; one layer, which may be another array, stays alone."""
    run: list[int] = []
    for layer in layers:
        if run and (layer > run[-1] + 1 or layer == alone or len(run) == longest):
            yield run
            run = []
        run.append(layer)
    if run:
        yield run
