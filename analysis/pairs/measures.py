"""The pair measures: one entry each. Whatever computes, shows or compares measures reads this list.

What computes them is compiled, and imported when it is first asked for: numba takes half a second.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.pairs.cosine import pairwise_cosine
from layerclaims.analysis.pairs.estimators import Estimator

if TYPE_CHECKING:
    from layerclaims.analysis.pairs.pairwise import Layouts

Floats: TypeAlias = NDArray[np.float64]
OTHER = "other "
Compute: TypeAlias = Callable[..., Mapping[str, Floats]]


@dataclass(frozen=True)
class PairChoices:
    """The analyst's choices that a pair measure may depend on.

    Attributes
    ----------
    bins : int
        Bins of each token's histogram.
    outlier_sd : float
        Dimensions beyond this many standard deviations are dropped pair by pair; 0 drops none.
    estimator : str
        Of mutual information; see `analysis.pairs.estimators`.
    """

    bins: int = 15
    outlier_sd: float = 5.0
    estimator: Estimator = "equal_width"


@dataclass(frozen=True)
class Computation:
    """A function that computes measures of all pairs of the rows of activations.

    Attributes
    ----------
    compute : callable
        Activations ``(..., n_tokens, hidden_size)`` and `PairChoices` to measure name to float64
        ``(..., n_pairs)``, pairs in the order of ``numpy.triu_indices``. A value is NaN where the measure is
        undefined for the pair.
    depends_on : tuple of str
        The fields of `PairChoices` that change its results.
    is_by_pair : bool
        Whether a pair has the same values, to the last bit, whichever other tokens are measured with it. Sums
        by matrix products do not: their order depends on the number of tokens.
    has_layouts : bool
        Whether the function takes as its third argument the layouts of levels; see
        `analysis.pairs.pairwise.pairwise_information`.
    along : callable, optional
        Choices and hidden size to what can be had beside the results for these choices, or None.
    """

    compute: Compute
    depends_on: tuple[str, ...] = ()
    is_by_pair: bool = False
    has_layouts: bool = False
    along: "Callable[[PairChoices, int], Along | None] | None" = None


@dataclass(frozen=True)
class Along:
    """What a computation can give for other choices at little cost.

    Attributes
    ----------
    choices : PairChoices
        The other choices.
    both : Computation
        Gives the results for both choices; the names of those for the other choices begin with `OTHER`.
    """

    choices: PairChoices
    both: Computation


@dataclass(frozen=True)
class PairMeasure:
    """One measure of two activations. Its mean over pairs is resampled by tokens.

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
    computation: Computation
    is_shown: bool = True


def _information(
    activations: NDArray[np.floating], choices: PairChoices, layouts: "Layouts | None" = None
) -> Mapping[str, Floats]:
    from layerclaims.analysis.pairs.pairwise import pairwise_information

    values = pairwise_information(
        activations,
        bins=choices.bins,
        outlier_sd=choices.outlier_sd,
        estimator=choices.estimator,
        layouts=layouts,
    )
    return {"mutual_information": values}


def _both_estimates(
    activations: NDArray[np.floating], choices: PairChoices, layouts: "Layouts | None" = None
) -> Mapping[str, Floats]:
    from layerclaims.analysis.pairs.pairwise import pairwise_estimates

    plug_in, corrected = pairwise_estimates(
        activations, bins=choices.bins, outlier_sd=choices.outlier_sd, layouts=layouts
    )
    return {"mutual_information": plug_in, f"{OTHER}mutual_information": corrected}


def _corrected_along(choices: PairChoices, hidden_size: int) -> Along | None:
    from layerclaims.analysis.pairs.mutual_information import occupied_bits

    if choices.estimator != "equal_width" or not occupied_bits(hidden_size, choices.bins):
        return None
    return Along(replace(choices, estimator="miller_madow"), _BOTH_ESTIMATES)


def _moments(
    activations: NDArray[np.floating], choices: PairChoices, layouts: "Layouts | None" = None
) -> Mapping[str, Floats]:
    from layerclaims.analysis.pairs.pairwise import pairwise_moments

    return pairwise_moments(activations, outlier_sd=choices.outlier_sd, layouts=layouts)._asdict()


def _cosine(activations: NDArray[np.floating], _: PairChoices) -> Mapping[str, Floats]:
    return {"cosine": pairwise_cosine(activations)}


_INFORMATION = Computation(
    _information,
    ("bins", "outlier_sd", "estimator"),
    is_by_pair=True,
    has_layouts=True,
    along=_corrected_along,
)
_BOTH_ESTIMATES = Computation(_both_estimates, ("bins", "outlier_sd"), is_by_pair=True, has_layouts=True)
_MOMENTS = Computation(_moments, ("outlier_sd",), has_layouts=True)

MEASURES = (
    PairMeasure("mutual information", "mutual_information", "bits", "MI", False, _INFORMATION),
    PairMeasure("covariance", "covariance", "", "cov", True, _MOMENTS),
    PairMeasure("Pearson correlation", "pearson", "", "r", False, _MOMENTS),
    PairMeasure("product of the standard deviations", "std_product", "", "", True, _MOMENTS, is_shown=False),
    PairMeasure("cosine similarity", "cosine", "", "cos", False, Computation(_cosine)),
)


def pair_measure(name: str) -> PairMeasure:
    """Find a pair measure by its key.

    Raises
    ------
    ValueError
        If there is none of that name; the message lists those that there are.
    """
    for measure in MEASURES:
        if measure.name == name:
            return measure
    raise ValueError(f"there is no pair measure {name!r}, only {', '.join(known.name for known in MEASURES)}")


def shown_measures(names: Sequence[str] = ()) -> tuple[PairMeasure, ...]:
    """Find the measures of these names, in their order; without names all that are shown.

    Raises
    ------
    ValueError
        As `pair_measure`.
    """
    return tuple(map(pair_measure, names)) or tuple(measure for measure in MEASURES if measure.is_shown)


def computed_together(computation: Computation) -> tuple[str, ...]:
    """List the keys of the measures that a computation gives."""
    return tuple(measure.name for measure in MEASURES if measure.computation == computation)
