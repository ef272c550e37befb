"""A run's evidence with the look-ups that figures and pages share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layerclaims.report.language.words import Words
from layerclaims.report.records.evidence import (
    Evidence,
    KindProfile,
    LayerSummary,
    TokenGroups,
)
from layerclaims.report.records.store import Points
from layerclaims.text import shorten

FloatArray = NDArray[np.float64]

_LONGEST_NAME = 28
"""Characters of a measure's name that a figure has room for."""


@dataclass(frozen=True)
class Study:
    """Evidence, sampled pairs and the reader's language.

    Attributes
    ----------
    evidence : Evidence
    points : dict of str to ndarray, or None
        The sampled pairs, where the run left them.
    words : Words
        The reader's language, with the names of the document's kinds.
    """

    evidence: Evidence
    points: Points | None
    words: Words

    @property
    def n_levels(self) -> int:
        """Number of hidden states of a token: the embedding and one a block."""
        return self.evidence.subject.n_layers + 1

    @property
    def kinds(self) -> list[str]:
        """Kinds of tokens that were measured, in the document's order."""
        order = [kind.key for kind in self.evidence.document.kinds]
        measured = self.evidence.subject.tokens
        return [kind for kind in order if kind in measured] + [kind for kind in measured if kind not in order]

    @property
    def profiled_kinds(self) -> list[str]:
        """Kinds that have profiles."""
        profiles = self.evidence.profiles
        return [] if profiles is None else [kind for kind in self.kinds if kind in profiles.kinds]

    @property
    def drawn_kinds(self) -> list[str]:
        """Kinds of which there are sampled pairs."""
        points = self.points or {}
        return [kind for kind in self.kinds if f"{kind}.index" in points]

    @property
    def measures(self) -> list[str]:
        """Names of the pair measures, in the evidence's order."""
        return [measure.name for measure in self.evidence.measures]

    @property
    def plane(self) -> tuple[str, str] | None:
        """The two measures of scatter plots, across and up: the second and the first one."""
        return (self.measures[1], self.measures[0]) if len(self.measures) > 1 else None

    def title(self, measure: str) -> str:
        """Name a profile's measure: a pair measure, ``std`` or ``variance``."""
        _ = self.words.gettext
        of_tokens: dict[str, str] = {"std": _("standard deviation"), "variance": _("variance")}
        titles = {record.name: self.words.term(record.title) for record in self.evidence.measures}
        return shorten((titles | of_tokens).get(measure, measure), _LONGEST_NAME)

    def axis_label(self, measure: str) -> str:
        """Name a measure with its unit, for an axis."""
        units = {record.name: record.unit for record in self.evidence.measures}
        unit = units.get(measure, "")
        label = f"{self.title(measure)} ({self.words.unit(unit)})" if unit else self.title(measure)
        return shorten(label, _LONGEST_NAME)

    def with_unit(self, measure: str, value: float) -> str:
        """Write a value of a measure with its unit."""
        units = {record.name: record.unit for record in self.evidence.measures}
        unit = units.get(measure, "")
        return f"{self.words.number(value)} {self.words.unit(unit)}".rstrip()

    def pairs(self, kind: str, measure: str) -> FloatArray:
        """Return a pair measure of the sampled pairs, float64 ``[n_levels, n_points]``."""
        assert self.points is not None
        return self.points[f"{kind}.{measure}"].astype(np.float64)

    def pair_index(self, kind: str) -> NDArray[np.int64]:
        """Return the two tokens of each sampled pair, int64 ``[n_points, 2]``."""
        assert self.points is not None
        return self.points[f"{kind}.index"].astype(np.int64)

    def thinned(self, kind: str, limit: int) -> NDArray[np.int64]:
        """Choose at most ``limit`` of a kind's sampled pairs, evenly over the sample."""
        n_points = len(self.pair_index(kind))
        return np.linspace(0, n_points - 1, min(limit, n_points)).round().astype(np.int64)

    def n_pairs(self, kind: str) -> int:
        """Count the unordered pairs that were measured, of which the points are a sample."""
        n_tokens = self.evidence.subject.tokens[kind]
        return n_tokens * (n_tokens - 1) // 2

    def profile(self, kind: str, measure: str) -> list[LayerSummary]:
        """Return a measure's summaries by layer, or those of ``std``; empty where the run has none."""
        record = self.kind_profile(kind)
        if record is None:
            return []
        return record.std if measure == "std" else record.measures.get(measure, [])

    def kind_profile(self, kind: str) -> KindProfile | None:
        """Return one kind's profiles."""
        profiles = self.evidence.profiles
        return None if profiles is None else profiles.kinds.get(kind)

    def means(self, kind: str, measure: str) -> FloatArray:
        """Return the mean of a measure by layer, NaN where it is not known."""
        return as_floats([summary.mean for summary in self.profile(kind, measure)])

    def mean_intervals(self, kind: str, measure: str) -> tuple[FloatArray, FloatArray]:
        """Return the ends of the intervals of a measure's means by layer, NaN where not known."""
        intervals = [summary.mean_interval for summary in self.profile(kind, measure)]
        low, high = (as_floats([None if i is None else i[end] for i in intervals]) for end in (0, 1))
        return low, high

    def pair_sorts(self, kind: str) -> NDArray[np.int64] | None:
        """Sort pairs by their tokens' groups: 0 and 2 lie within one of two groups, 1 between them.

        None where the run found no two groups.
        """
        groups = self.groups(kind)
        if groups is None or len(groups.sizes) != 2 or f"{kind}.index" not in (self.points or {}):
            return None
        labels = np.array(groups.labels, dtype=np.int64)
        if len(labels) != self.evidence.subject.tokens[kind] or set(labels.tolist()) != {0, 1}:
            return None
        return np.asarray(labels[self.pair_index(kind)].sum(axis=1))

    @property
    def sort_names(self) -> tuple[str, str, str]:
        """Name the three sorts of pairs that `pair_sorts` tells apart."""
        _ = self.words.gettext
        return _("both of group 1"), _("one of each"), _("both of group 2")

    def groups(self, kind: str) -> TokenGroups | None:
        """Find the token groups behind a kind's clusters."""
        return next((groups for groups in self.evidence.token_groups if groups.kind == kind), None)

    def layer(self, document_layer: int) -> int:
        """Translate a layer of the document's model by relative depth; layer 1 stays 1."""
        n_blocks = self.evidence.document.n_blocks
        if document_layer <= 1 or n_blocks is None:
            return document_layer
        return max(1, int(document_layer / n_blocks * self.evidence.subject.n_layers + 0.5))


def as_floats(values: list[float | None] | list[int | None]) -> FloatArray:
    """Turn a list with gaps into an array with NaN."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
