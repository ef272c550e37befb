"""The measures of pairs: one entry each. What computes, shows or compares measures reads this list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.pairs.mutual_information import Estimator
from layerclaims.analysis.pairs.pairwise import pairwise_information, pairwise_moments

Floats: TypeAlias = NDArray[np.float64]
Compute: TypeAlias = Callable[[NDArray[np.floating], "Choices"], Mapping[str, Floats]]


@dataclass(frozen=True)
class Choices:
    """The analyst's choices that a pair measure may depend on.

    Attributes
    ----------
    bins : int
    outlier_sd : float
        Dimensions beyond this many standard deviations are dropped pair by pair; 0 drops none.
    estimator : str
        Of mutual information.
    """

    bins: int
    outlier_sd: float
    estimator: Estimator


@dataclass(frozen=True)
class PairMeasure:
    """One measure of two activations.

    Attributes
    ----------
    title : str
        Its name in words; the key of its translations.
    name : str
        Its key.
    unit, symbol : str
        May be empty.
    depends_on_scale : bool
        Whether rescaling activations changes it.
    computation : Computation
        What computes it; measures with the same one are computed together.
    is_shown : bool
        Whether profiles, figures and comparisons show it; others are parts that claims ask for.
    """

    title: str
    name: str
    unit: str
    symbol: str
    depends_on_scale: bool
    computation: "Computation"
    is_shown: bool = True


@dataclass(frozen=True)
class Computation:
    """A function that computes measures of all pairs of the rows of activations.

    Attributes
    ----------
    compute : callable
        Activations ``(..., n_tokens, hidden_size)`` and `Choices` to measure name to float64
        ``(..., n_pairs)``, pairs in the order of ``numpy.triu_indices``.
    depends_on : tuple of str
        The fields of `Choices` that change its results.
    """

    compute: Compute
    depends_on: tuple[str, ...]


def _information(activations: NDArray[np.floating], choices: Choices) -> Mapping[str, Floats]:
    values = pairwise_information(
        activations, bins=choices.bins, outlier_sd=choices.outlier_sd, estimator=choices.estimator
    )
    return {"mutual_information": values}


def _moments(activations: NDArray[np.floating], choices: Choices) -> Mapping[str, Floats]:
    return pairwise_moments(activations, outlier_sd=choices.outlier_sd)._asdict()


_INFORMATION = Computation(_information, ("bins", "outlier_sd", "estimator"))
_MOMENTS = Computation(_moments, ("outlier_sd",))

MEASURES = (
    PairMeasure("mutual information", "mutual_information", "bits", "MI", False, _INFORMATION),
    PairMeasure("covariance", "covariance", "", "cov", True, _MOMENTS),
    PairMeasure("Pearson correlation", "pearson", "", "r", False, _MOMENTS),
    PairMeasure("product of the standard deviations", "std_product", "", "", True, _MOMENTS, is_shown=False),
)
