"""A run's evidence as its figures and pages need it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layerclaims.report.language.words import Words
from layerclaims.report.records.evidence import ClaimRecord, Evidence, KindProfile, LayerSummary, TokenGroups
from layerclaims.report.records.store import Points

DOCUMENT_LAYERS = 24

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Study:
    """Evidence, sampled pairs and the reader's language, with the look-ups that they share.

    Attributes
    ----------
    evidence : Evidence
    points : dict of str to ndarray, or None
        The sampled pairs, where the run left them.
    words : Words
        The reader's language.
    """

    evidence: Evidence
    points: Points | None
    words: Words

    @property
    def n_levels(self) -> int:
        """Hidden states a token has: the embedding and one a block."""
        return self.evidence.subject.n_layers + 1

    @property
    def drawn_kinds(self) -> list[str]:
        """Kinds of which sampled pairs are there, the document's order first."""
        points = self.points or {}
        return [kind for kind in self.evidence.subject.tokens if f"{kind}.index" in points]

    def pairs(self, kind: str, measure: str) -> FloatArray:
        """Give a pair measure of the sampled pairs, float64 ``[n_levels, n_points]``."""
        assert self.points is not None
        return self.points[f"{kind}.{measure}"].astype(np.float64)

    def pair_index(self, kind: str) -> NDArray[np.int64]:
        """Give the two tokens of each sampled pair, int64 ``[n_points, 2]``."""
        assert self.points is not None
        return self.points[f"{kind}.index"].astype(np.int64)

    def thinned(self, kind: str, limit: int) -> NDArray[np.int64]:
        """Choose at most so many of a kind's sampled pairs, evenly over the sample."""
        n_points = len(self.pair_index(kind))
        return np.linspace(0, n_points - 1, min(limit, n_points)).round().astype(np.int64)

    def n_pairs(self, kind: str) -> int:
        """Count the unordered pairs that were measured, of which the points are a sample."""
        n_tokens = self.evidence.subject.tokens[kind]
        return n_tokens * (n_tokens - 1) // 2

    def profile(self, kind: str, measure: str) -> list[LayerSummary]:
        """Give a measure's summaries by layer; empty where the run has none."""
        record = self.kind_profile(kind)
        summaries: list[LayerSummary] = getattr(record, measure) if record is not None else []
        return summaries

    def kind_profile(self, kind: str) -> KindProfile | None:
        """Give one kind's profiles."""
        profiles = self.evidence.profiles
        return (
            None if profiles is None else {"internal": profiles.internal, "terminal": profiles.terminal}[kind]
        )

    def means(self, kind: str, measure: str) -> FloatArray:
        """Give the mean of a measure by layer, NaN where it is not known."""
        return as_floats([summary.mean for summary in self.profile(kind, measure)])

    def claim(self, claim_id: str) -> ClaimRecord | None:
        """Find a claim by its id."""
        return next((claim for claim in self.evidence.claims if claim.id == claim_id), None)

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

    def groups(self, kind: str) -> TokenGroups | None:
        """Find the token groups behind a kind's clusters."""
        return next((groups for groups in self.evidence.token_groups if groups.kind == kind), None)

    def layer(self, document_layer: int) -> int:
        """Translate a layer of the document's 24 blocks by relative depth; layer 1 stays 1."""
        if document_layer <= 1:
            return document_layer
        return max(1, int(document_layer / DOCUMENT_LAYERS * self.evidence.subject.n_layers + 0.5))


def as_floats(values: list[float | None] | list[int | None]) -> FloatArray:
    """Turn a list with gaps into an array with NaN."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
