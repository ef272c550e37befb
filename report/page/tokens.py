"""The table of tokens: each measured token with its window, group, amplitudes and what its pairs say."""

from dataclasses import dataclass

import numpy as np

from layerclaims.report.records.evidence import Window
from layerclaims.report.study import FloatArray, Study

FIRST_LAYERS = (1, 2, 3)
CONTEXT = 90
"""Characters of a window's text shown on either side of its token."""


@dataclass(frozen=True)
class TokenRow:
    """One measured token.

    Attributes
    ----------
    number : int
        Its row in the evidence's samples and in the sampled pairs.
    window : Window
        Shortened.
    group : int or None
        From 1, where the run found groups of this kind's tokens.
    amplitudes : list of float
        Standard deviation of its activations at each of the first layers that are known.
    means : list of float
        Mean of each of the plane's measures over its sampled pairs at layer 1; NaN where it has none.
    """

    number: int
    window: Window
    group: int | None
    amplitudes: list[float]
    means: list[float]


@dataclass(frozen=True)
class TokenTable:
    """The tokens of one kind, with the names of the columns that differ by run."""

    kind: str
    rows: list[TokenRow]
    layers: list[int]
    measures: list[str]

    @property
    def has_groups(self) -> bool:
        """Whether any token has a group."""
        return any(row.group is not None for row in self.rows)


def token_tables(study: Study) -> list[TokenTable]:
    """Make a table for each kind whose windows of text are known."""
    return [_table(study, kind) for kind in study.kinds if study.evidence.samples.get(kind)]


def _table(study: Study, kind: str) -> TokenTable:
    windows = study.evidence.samples[kind]
    groups = study.groups(kind)
    labels = groups.labels if groups is not None and len(groups.labels) == len(windows) else None
    std = study.evidence.token_std.get(kind, [])
    layers = [layer for layer in FIRST_LAYERS if layer < len(std)]
    measures = list(study.plane or ()) if kind in study.drawn_kinds and study.n_levels > 1 else []
    means = [_means(study, kind, measure, len(windows)) for measure in measures]
    rows = [
        TokenRow(
            number=number,
            window=_shortened(window),
            group=None if labels is None else labels[number] + 1,
            amplitudes=[std[layer][number] for layer in layers],
            means=[float(values[number]) for values in means],
        )
        for number, window in enumerate(windows)
    ]
    return TokenTable(kind, rows, layers, measures)


def _means(study: Study, kind: str, measure: str, n_tokens: int) -> FloatArray:
    """Average a measure at layer 1 over each token's sampled pairs."""
    index, values = study.pair_index(kind), study.pairs(kind, measure)[1]
    n_pairs = np.bincount(index.ravel(), minlength=n_tokens)
    total = np.bincount(index.ravel(), weights=np.repeat(values, 2), minlength=n_tokens)
    return np.where(n_pairs > 0, total / np.maximum(n_pairs, 1), np.nan)


def _shortened(window: Window) -> Window:
    return window.model_copy(update={"before": window.before[-CONTEXT:], "after": window.after[:CONTEXT]})
