"""The analyst's choices under which activations are measured."""

from dataclasses import dataclass
from typing import Literal

from layerclaims.analysis.pairs.measures import PairChoices


@dataclass(frozen=True)
class Specification(PairChoices):
    """One set of analyst's choices.

    Attributes
    ----------
    bins, outlier_sd, estimator :
        See `analysis.pairs.measures.PairChoices`.
    last_level : str
        ``"residual"``, or ``"final_norm"`` for the list of hidden states as transformers returns it.
    counting : str
        ``"panel"``, or the name of the rule of `analysis.clusters.panel.PANEL` that alone counts clusters.
    n_resamples : int
        Number of token resamples for each interval.
    seed : int
        Seed of the resamples.
    block_length : int or None
        Neighbouring tokens that are drawn together. `None` chooses it from the data, for each kind; 1 takes
        tokens as independent.
    """

    last_level: Literal["residual", "final_norm"] = "residual"
    counting: str = "panel"
    n_resamples: int = 1000
    seed: int = 0
    block_length: int | None = None
