"""What measurements of the same activations under several specifications share."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import WeakValueDictionary

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from layerclaims.analysis.measurement.specification import Specification
from layerclaims.analysis.pairs.pair_values import pair_index

if TYPE_CHECKING:
    from layerclaims.analysis.pairs.layout import Layout

Floats: TypeAlias = NDArray[np.float64]

LAYOUT_BYTES = 1 << 24
"""Memory for the layouts of levels: 20 to 200 kB each for 250 tokens, by how many groups drop the same."""


@dataclass(frozen=True)
class Part:
    """Which of the tokens of other activations some activations are of.

    Attributes
    ----------
    pairs : LRUCache
        Pair values of the other activations, as far as they are kept; see `Shared`.
    tokens : mapping
        Kind to the indices of the tokens.
    n_tokens : mapping
        Kind to the number of tokens of the other activations.
    """

    pairs: LRUCache[Hashable, Mapping[str, Floats]]
    tokens: Mapping[str, NDArray[np.intp]]
    n_tokens: Mapping[str, int]

    def take(self, kind: str, key: Hashable) -> Mapping[str, Floats] | None:
        """Return the values of the pairs of these tokens; None where they are not kept."""
        found = self.pairs.get(key)
        if found is None:
            return None
        return {name: values[self.places[kind]] for name, values in found.items()}

    @cached_property
    def places(self) -> Mapping[str, NDArray[np.int64]]:
        """Where the pairs of these tokens lie among all pairs, by kind."""
        found = {}
        for kind, tokens in self.tokens.items():
            one, two = tokens[np.stack(np.triu_indices(len(tokens), 1))]
            found[kind] = pair_index(np.minimum(one, two), np.maximum(one, two), self.n_tokens[kind])
        return found


class Shared:
    """Results that measurements of the same activations share.

    Attributes
    ----------
    pairs : LRUCache
        Values of all pairs at a level, by measure, for each computation; bounded in bytes.
    layouts : LRUCache
        How levels are arranged, which no number of bins and no estimator changes; bounded in bytes.
    derived : dict
        Summaries of the pair values, by all choices that they depend on. They are small, so all are kept.
    of_tokens : dict
        What depends on the tokens and how they are resampled, and on no choice about pairs.
    measurements : WeakValueDictionary
        The measurements themselves, by specification. They hold this object; were they held by it, pair
        values would stay in memory until the interpreter looks for cycles.
    choices_read : list of set
        Active recordings: each requested result adds the choices that it depends on to all of these sets. See
        `Levels.recorded_choices`.
    part : Part or None
        Where the values of these pairs may be found among those of more tokens.
    followers : WeakValueDictionary
        Measurements of part of the tokens that are asked for the same profiles; see
        `analysis.measurement.measurement.Measurement.restricted`.
    """

    def __init__(self, pairs: LRUCache[Hashable, Mapping[str, Floats]]) -> None:
        self.pairs = pairs
        self.layouts: LRUCache[Hashable, Layout] = LRUCache(LAYOUT_BYTES, getsizeof=layout_bytes)
        self.derived: dict[Hashable, Any] = {}
        self.of_tokens: dict[Hashable, Any] = {}
        self.measurements: WeakValueDictionary[Specification, Any] = WeakValueDictionary()
        self.choices_read: list[set[str]] = []
        self.part: Part | None = None
        self.followers: WeakValueDictionary[int, Any] = WeakValueDictionary()


def count_bytes(values: Mapping[str, Floats]) -> int:
    """Count the bytes of all values of a computation at a level."""
    return sum(array.nbytes for array in values.values())


def layout_bytes(layout: "Layout") -> int:
    """Count the bytes of a layout's arrays."""
    return sum(array.nbytes for array in layout)
