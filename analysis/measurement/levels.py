"""Measures of all pairs of tokens at each level, for one set of activations under one specification.

Measurements of the same activations under several specifications share the results on which they agree.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from layerclaims.analysis.measurement.shared import LAYOUT_BYTES, Shared, count_bytes, layout_bytes
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.analysis.pairs.measures import (
    MEASURES,
    OTHER,
    Computation,
    computed_together,
    pair_measure,
)

if TYPE_CHECKING:
    from layerclaims.analysis.pairs.pairwise import Layouts

Floats: TypeAlias = NDArray[np.float64]
Derived = TypeVar("Derived")

KEEP_BYTES = 3 << 26
"""Default memory for pair values: all levels of 250 tokens for several numbers of bins, or four levels of
2,000 tokens.
"""
ANY_LEVEL = -1
"""In place of a level, for activations that are of none."""
STRETCH_BYTES = 1 << 25
"""Largest size in bytes of one measure over neighbouring levels that are measured together, in parallel."""


@dataclass(frozen=True)
class Levels:
    """The levels of one set of activations.

    Attributes
    ----------
    residual : mapping
        Kind of tokens to activations of shape ``(n_layers + 1, n_tokens, hidden_size)``, the residual stream.
    final_norm : mapping
        Kind to ``(n_tokens, hidden_size)``, the last level after the final norm; may be empty.
    specification : Specification
        The analyst's choices.
    keep_bytes : int
        Memory for pair values, for all specifications together; at least one level is kept. The least
        recently used values are dropped, and computed again on request.
    names : mapping
        Kind to the name under which its pair values are kept, where that is another; see
        `analysis.measurement.measurement.Measurement.exchanged`.
    """

    residual: Mapping[str, NDArray[np.floating]]
    final_norm: Mapping[str, NDArray[np.floating]] = field(default_factory=dict)
    specification: Specification = field(default_factory=Specification)
    keep_bytes: int = field(default=KEEP_BYTES, kw_only=True)
    names: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of tokens, in the order of ``residual``."""
        return tuple(self.residual)

    @property
    def n_layers(self) -> int:
        """Number of blocks: the index of the last level."""
        return len(self.residual[self.kinds[0]]) - 1

    def n_tokens(self, kind: str) -> int:
        """Count the tokens of a kind."""
        return int(self.residual[kind].shape[1])

    @property
    def n_all_tokens(self) -> int:
        """The number of tokens of all kinds together."""
        return sum(self.n_tokens(kind) for kind in self.kinds)

    def respecified(self, specification: Specification) -> Self:
        """Return the measurement of the same activations under other choices.

        Measurements made from one another share their results. Each result is computed once for all
        specifications that agree in the choices that it depends on.
        """
        measurements = self._shared.measurements
        measurements.setdefault(self.specification, self)
        found: Self | None = measurements.get(specification)
        if found is None:
            found = replace(self, specification=specification)
            found.__dict__["_shared"] = self._shared
            measurements[specification] = found
        return found

    def apart(self, keep_bytes: int) -> Self:
        """Return the measurement of the same activations with pair values of its own, for choices of its own.

        Two threads may use the two at the same time: they share nothing but what depends on the tokens alone.

        Parameters
        ----------
        keep_bytes : int
            See `Levels`.
        """
        other = replace(self, keep_bytes=keep_bytes)
        other._shared.of_tokens = self._shared.of_tokens
        return other

    @property
    def _most_tokens(self) -> int:
        return max(self.n_tokens(kind) for kind in self.kinds)

    @cached_property
    def _shared(self) -> Shared:
        # The cache always holds one level, so that a rule that reads its values twice computes them once.
        most_tokens = self._most_tokens
        most_measures = max(len(computed_together(measure.computation)) for measure in MEASURES)
        one_level = 8 * most_measures * most_tokens * (most_tokens - 1) // 2
        return Shared(LRUCache(max(self.keep_bytes, one_level), getsizeof=count_bytes))

    @contextmanager
    def recorded_choices(self) -> Iterator[set[str]]:
        """Record the choices on which the results requested inside the context depend.

        A decision is a function of the results that its rule requests. So a rule that requests no mutual
        information decides the same for all bins, and need not be decided again for other bins.

        Yields
        ------
        set of str
            Names of fields of `PairChoices`, added when results are requested, whether computed or cached.
            ``last_level`` and the resamples are not recorded.
        """
        read: set[str] = set()
        self._shared.choices_read.append(read)
        try:
            yield read
        finally:
            self._shared.choices_read.remove(read)

    def activations(self, kind: str, layer: int) -> NDArray[np.floating]:
        """Return a level's activations under the specification, shape ``(n_tokens, hidden_size)``."""
        if self._is_normed(layer):
            return self.final_norm[kind]
        level: NDArray[np.floating] = self.residual[kind][layer]
        return level

    def values(self, kind: str, measure: str, layer: int) -> Floats:
        """Return one measure of all pairs of a kind at a layer, shape ``(n_pairs,)``."""
        return self._measured(kind, layer, pair_measure(measure).computation)[measure]

    def derived(
        self,
        name: tuple[Hashable, ...],
        kind: str,
        layer: int,
        measures: tuple[str, ...],
        compute: Callable[[Mapping[str, Floats]], Derived],
    ) -> Derived:
        """Return what is computed from pair measures at a level: once for all specifications that share it.

        Parameters
        ----------
        name : tuple
            What is computed, with all it depends on beside the measures.
        kind, layer :
            See `values`.
        measures : tuple of str
            Names of the pair measures that ``compute`` is given.
        compute : callable
        """
        known = self._shared.derived
        sources = {self._key(kind, layer, pair_measure(measure).computation) for measure in measures}
        key = (*name, frozenset(sources))
        if key not in known:
            known[key] = compute({measure: self.values(kind, measure, layer) for measure in measures})
        found: Derived = known[key]
        return found

    def is_derived(
        self, name: tuple[Hashable, ...], kind: str, layer: int, measures: tuple[str, ...]
    ) -> bool:
        """Tell whether `derived` has computed a result already; parameters as there."""
        sources = {self._key(kind, layer, pair_measure(measure).computation) for measure in measures}
        return (*name, frozenset(sources)) in self._shared.derived

    def measure(self, activations: NDArray[np.floating], measure: str) -> Floats:
        """Compute a measure of all pairs of any activations, shape ``(n_tokens, hidden_size)``.

        Results are kept as those of levels are, under the content of the activations: rules make the same
        ones again under each specification.
        """
        computation = pair_measure(measure).computation
        content = f"{activations.shape} {blake2b(activations.tobytes()).hexdigest()}"
        key = self._key(content, ANY_LEVEL, computation)
        if key not in self._shared.pairs:
            if len(activations) > self._most_tokens:  # there may be no room to keep it
                return self.compute(computation, activations)[measure]
            self._compute_levels(content, [ANY_LEVEL], computation, activations)
        return self._shared.pairs[key][measure]

    def compute(
        self, computation: Computation, activations: NDArray[np.floating], layouts: "Layouts | None" = None
    ) -> Mapping[str, Floats]:
        """Run a computation under the specification; all pair values of a measurement are computed here.

        Parameters
        ----------
        computation : Computation
        activations : ndarray of float, shape (..., n_tokens, hidden_size)
        layouts : list, optional
            For a computation that has them: those of each level that are known; the others are filled in.
        """
        if computation.has_layouts:
            return computation.compute(activations, self.specification, layouts)
        return computation.compute(activations, self.specification)

    def stretches(
        self, kind: str, layers: list[int], computation: Computation
    ) -> Iterator[tuple[list[int], "list[tuple[Self, Mapping[str, Floats]]]"]]:
        """Iterate over levels, in groups of neighbours that fit into memory.

        Yields
        ------
        layers : list of int
            Neighbouring levels.
        measured : list
            This measurement with each measure of the computation, shape ``(n_layers, n_pairs)``; where these
            were computed now, also the measurement under other choices whose values came along, with those.
        """
        n_pairs = self.n_tokens(kind) * (self.n_tokens(kind) - 1) // 2
        longest = max(1, STRETCH_BYTES // (8 * n_pairs))
        for run in _neighbours(layers, longest=longest, alone=self.n_layers):
            keys = [self._key(kind, layer, computation) for layer in run]
            if any(self._kept(kind, key, computation) for key in keys):
                levels = [self._measured(kind, layer, computation) for layer in run]
                yield run, [(self, {name: np.stack([level[name] for level in levels]) for name in levels[0]})]
            else:
                alone = len(run) == 1
                neighbours = slice(run[0], run[-1] + 1)
                activations = self.activations(kind, run[0]) if alone else self.residual[kind][neighbours]
                yield run, self._compute_levels(kind, run, computation, activations)

    def _measured(self, kind: str, layer: int, computation: Computation) -> Mapping[str, Floats]:
        """Return the results of a computation at a level from the cache, or compute them."""
        key = self._key(kind, layer, computation)
        found = self._kept(kind, key, computation)
        if found is None:
            self._compute_levels(kind, [layer], computation, self.activations(kind, layer))
            found = self._shared.pairs[key]
        return found

    def _compute_levels(
        self, kind: str, run: list[int], computation: Computation, activations: NDArray[np.floating]
    ) -> "list[tuple[Self, Mapping[str, Floats]]]":
        """Compute levels and keep the results, with what comes along if there is room for it."""
        along = computation.along and computation.along(
            self.specification, self.residual[self.kinds[0]].shape[-1]
        )
        computed = self._compute_arranged(kind, run, along.both if along else computation, activations)
        stacked = {name: np.reshape(values, (len(run), -1)) for name, values in computed.items()}
        own = {name: values for name, values in stacked.items() if not name.startswith(OTHER)}
        self._keep(kind, run, computation, own)
        if not along:
            return [(self, own)]
        others = {name.removeprefix(OTHER): values for name, values in stacked.items() if name not in own}
        chosen = {name: getattr(along.choices, name) for name in computation.depends_on}
        other = self.respecified(replace(self.specification, **chosen))
        if self._has_room:
            other._keep(kind, run, computation, others)
        return [(self, own), (other, others)]

    def _compute_arranged(
        self, kind: str, run: list[int], computation: Computation, activations: NDArray[np.floating]
    ) -> Mapping[str, Floats]:
        """Run a computation on levels; those arranged for other bins or estimators are not arranged anew."""
        if not computation.has_layouts:
            return self.compute(computation, activations)
        keys = [self._level_key(kind, layer, ("outlier_sd",)) for layer in run]
        layouts: Layouts = [self._shared.layouts.get(key) for key in keys]
        computed = self.compute(computation, activations, layouts)
        for key, layout in zip(keys, layouts, strict=True):
            if layout is not None and layout_bytes(layout) <= LAYOUT_BYTES:
                self._shared.layouts[key] = layout
        return computed

    def _keep(
        self, kind: str, run: list[int], computation: Computation, stacked: Mapping[str, Floats]
    ) -> None:
        """Keep the results of levels; copies of several, since one level would hold the memory of all."""
        for row, layer in enumerate(run):
            own = {
                name: values[row] if len(run) == 1 else values[row].copy() for name, values in stacked.items()
            }
            self._shared.pairs[self._key(kind, layer, computation)] = own

    @cached_property
    def _has_room(self) -> bool:
        """Whether two values of every pair at every level can be kept."""
        sizes = (self.n_tokens(kind) for kind in self.kinds)
        n_pairs = sum(n_tokens * (n_tokens - 1) // 2 for n_tokens in sizes)
        return 2 * 8 * n_pairs * (self.n_layers + 1) <= self._shared.pairs.maxsize

    def _kept(self, kind: str, key: Hashable, computation: Computation) -> Mapping[str, Floats] | None:
        """Return results that are kept, or that are a part of others that are."""
        found = self._shared.pairs.get(key)
        if found is None and self._shared.part is not None and computation.is_by_pair:
            found = self._shared.part.take(kind, key)
            if found is not None:
                self._shared.pairs[key] = found
        return found

    def release(self) -> None:
        """Give back the memory of the pair values; what is asked for again is measured again."""
        self._shared.pairs.clear()
        self._shared.layouts.clear()

    def _is_normed(self, layer: int) -> bool:
        listed = self.specification.last_level == "final_norm" and bool(self.final_norm)
        return listed and layer == self.n_layers

    def _key(self, kind: str, layer: int, computation: Computation) -> Hashable:
        """Build the key of a computation's results at a level from the choices that they depend on."""
        return self._level_key(kind, layer, computation.depends_on), computation

    def _level_key(self, kind: str, layer: int, depends_on: tuple[str, ...]) -> Hashable:
        self._record(depends_on)
        chosen = tuple(getattr(self.specification, name) for name in depends_on)
        return self.names.get(kind, kind), layer, self._is_normed(layer), chosen

    def _record(self, depends_on: tuple[str, ...]) -> None:
        for read in self._shared.choices_read:
            read.update(depends_on)


def _neighbours(layers: list[int], *, longest: int, alone: int) -> Iterator[list[int]]:
    """Divide ascending layers into runs of neighbours; the layer ``alone`` is a run of its own."""
    run: list[int] = []
    for layer in layers:
        if run and (layer > run[-1] + 1 or layer == alone or len(run) == longest):
            yield run
            run = []
        run.append(layer)
    if run:
        yield run
