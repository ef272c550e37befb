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
    n_resamples : int
        Number of token resamples for each interval.
    seed : int
        Seed of the resamples.
    """

    last_level: Literal["residual", "final_norm"] = "residual"
    n_resamples: int = 1000
    seed: int = 0
