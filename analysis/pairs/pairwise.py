"""Mutual information, covariance and Pearson correlation of every pair of tokens."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.pairs.estimators import ESTIMATORS, Estimator
from layerclaims.analysis.pairs.layout import Floats, Layout, arrange, fewest_kept, find_layout
from layerclaims.analysis.pairs.moments import Moments, pair_moments
from layerclaims.analysis.pairs.mutual_information import mutual_information, plug_in_and_corrected
from layerclaims.analysis.pairs.outliers import check_values, outlying_dimensions
from layerclaims.analysis.pairs.table_sums import MAX_HIDDEN
from layerclaims.analysis.threads import no_room, run_in_threads

Layouts: TypeAlias = list[Layout | None]
"""How each layer is arranged, where that is known. It depends on the activations and ``outlier_sd`` alone."""

MAX_BINS = 255
SMALL_LAYER = 512
"""Up to this many tokens, each thread measures a layer of its own. Above it, all threads share one layer, and
only one layer is in memory.
"""


@dataclass(frozen=True)
class PairMeasures:
    """The measures of every pair of tokens, in the order of ``numpy.triu_indices(n_tokens, 1)``.

    Attributes
    ----------
    mutual_information : ndarray of float64, shape (..., n_pairs)
        In bits.
    covariance : ndarray of float64, shape (..., n_pairs)
        With ``n - 1``, in squared units of the activations.
    pearson : ndarray of float64, shape (..., n_pairs)
        NaN where a token is constant over the dimensions that the pair keeps. Values are clipped to -1 and 1,
        as by ``numpy.corrcoef``.
    std_product : ndarray of float64, shape (..., n_pairs)
        Product of the two standard deviations, covariance over Pearson correlation, in squared units.
    """

    mutual_information: Floats
    covariance: Floats
    pearson: Floats
    std_product: Floats


def pairwise_measures(
    activations: ArrayLike, *, bins: int = 15, outlier_sd: float = 5.0, estimator: Estimator = "equal_width"
) -> PairMeasures:
    """Measure every pair of tokens over the hidden dimensions.

    Each pair is measured over the dimensions in which neither token lies more than ``outlier_sd`` standard
    deviations (``ddof=1``) from its own mean over all dimensions. The bins span each token's kept values. The
    result does not depend on the number of threads.

    Parameters
    ----------
    activations : array_like of float, shape (n_tokens, hidden) or (n_layers, n_tokens, hidden)
        Converted to float64 one layer at a time, so only the results grow with the number of layers.
    bins : int
        Bins of each token, 1 to 255.
    outlier_sd : float
        0 keeps every dimension.
    estimator : {"equal_width", "equal_frequency", "miller_madow"}
        How the mutual information is estimated: see `analysis.pairs.estimators`.

    Returns
    -------
    PairMeasures

    Raises
    ------
    ValueError
        For a wrong shape or parameter; for values that are not finite (the message has layer, token and
        dimension) or whose variance float64 cannot hold; for a pair that keeps fewer than two dimensions.
    """
    array = np.asarray(activations)
    _check_choices(array.shape, outlier_sd)
    _check_bins(bins, estimator)

    def measure(arranged: Floats, layout: Layout) -> tuple[Floats, ...]:
        information = mutual_information(arranged, layout, bins, estimator)
        return information, *pair_moments(arranged, layout)

    return PairMeasures(*_measure_layers(array, outlier_sd, measure, len(fields(PairMeasures))))


def pairwise_information(
    activations: ArrayLike,
    *,
    bins: int = 15,
    outlier_sd: float = 5.0,
    estimator: Estimator = "equal_width",
    layouts: Layouts | None = None,
) -> Floats:
    """Measure only the mutual information of every pair.

    Parameters and errors are those of `pairwise_measures`.

    Parameters
    ----------
    activations, bins, outlier_sd, estimator :
        See there.
    layouts : list of Layout or None, optional
        One for each layer, from an earlier call with these activations and this threshold. Those that are
        None are filled in.

    Returns
    -------
    ndarray of float64, shape (..., n_pairs)
        In bits.
    """
    array = np.asarray(activations)
    _check_choices(array.shape, outlier_sd)
    _check_bins(bins, estimator)

    def measure(arranged: Floats, layout: Layout) -> tuple[Floats, ...]:
        return (mutual_information(arranged, layout, bins, estimator),)

    return _measure_layers(array, outlier_sd, measure, 1, layouts)[0]


def pairwise_estimates(
    activations: ArrayLike, *, bins: int = 15, outlier_sd: float = 5.0, layouts: Layouts | None = None
) -> tuple[Floats, Floats]:
    """Estimate mutual information as ``"equal_width"`` and ``"miller_madow"`` do, from the same counts.

    Parameters, results and errors are those of `pairwise_information`;
    `analysis.pairs.mutual_information.occupied_bits` must not be 0.
    """
    array = np.asarray(activations)
    _check_choices(array.shape, outlier_sd)
    _check_bins(bins, "miller_madow")

    def measure(arranged: Floats, layout: Layout) -> tuple[Floats, ...]:
        return plug_in_and_corrected(arranged, layout, bins)

    plug_in, corrected = _measure_layers(array, outlier_sd, measure, 2, layouts)
    return plug_in, corrected


def pairwise_moments(
    activations: ArrayLike, *, outlier_sd: float = 5.0, layouts: Layouts | None = None
) -> Moments:
    """Measure only what needs no bins, for every pair.

    Parameters and errors are those of `pairwise_information`, without bins and estimator.

    Returns
    -------
    Moments
        ``covariance``, ``pearson`` and ``std_product`` as those of `PairMeasures`.
    """
    array = np.asarray(activations)
    _check_choices(array.shape, outlier_sd)
    return Moments(*_measure_layers(array, outlier_sd, pair_moments, len(Moments._fields), layouts))


def _measure_layers(
    array: NDArray[np.generic],
    outlier_sd: float,
    measure: Callable[[Floats, Layout], tuple[Floats, ...]],
    n_results: int,
    layouts: Layouts | None = None,
) -> tuple[Floats, ...]:
    """Measure the pairs of one layer, of shape (n_tokens, hidden), or of several."""
    layers = array[None] if array.ndim == 2 else array
    n_layers, n_tokens, _ = layers.shape
    known: Layouts = [None] * n_layers if layouts is None else layouts

    def measure_one(layer: int) -> tuple[Floats, ...]:
        values = np.ascontiguousarray(layers[layer], dtype=np.float64)
        layout = known[layer] or _find_layout(values, layer, outlier_sd)
        known[layer] = layout
        return measure(arrange(values, layout), layout)

    if array.ndim == 2:
        return measure_one(0)
    results = tuple(np.empty((n_layers, n_tokens * (n_tokens - 1) // 2)) for _ in range(n_results))

    def measure_some(start: int, stop: int, _: None) -> None:
        for layer in range(start, stop):
            for result, measured in zip(results, measure_one(layer), strict=True):
                result[layer] = measured

    if n_tokens <= SMALL_LAYER:
        run_in_threads(measure_some, n_layers, no_room)
    else:
        measure_some(0, n_layers, None)
    return results


def _check_choices(shape: tuple[int, ...], outlier_sd: float) -> None:
    """Refuse activations of a wrong shape and an invalid threshold."""
    if len(shape) not in (2, 3):
        raise ValueError(f"activations have the shape (layers,) tokens, dimensions, not {shape}")
    if shape[-2] < 2 or not 2 <= shape[-1] <= MAX_HIDDEN:
        raise UndefinedResultError(
            "pairs need 2 tokens or more of 2 to {most} dimensions, and there are {tokens} of {dimensions}",
            most=MAX_HIDDEN,
            tokens=shape[-2],
            dimensions=shape[-1],
        )
    if not 0 <= outlier_sd < np.inf:
        raise ValueError(f"outlier_sd must be 0 or more, not {outlier_sd}")


def _check_bins(bins: int, estimator: str) -> None:
    if not 1 <= bins <= MAX_BINS:
        raise ValueError(f"bins must be 1 to {MAX_BINS}, not {bins}")
    if estimator not in ESTIMATORS:
        raise ValueError(f"the estimator must be one of {', '.join(ESTIMATORS)}, not {estimator}")


def _find_layout(values: Floats, number: int, outlier_sd: float) -> Layout:
    """Check one layer, of shape (n_tokens, hidden), and find out how to arrange it."""
    check_values(values, number)
    layout = find_layout(values, outlying_dimensions(values, outlier_sd))
    if values.shape[1] - 2 * layout.n_dropped.max() < 2:  # otherwise every pair keeps 2 or more
        _check_kept(layout, number, outlier_sd)
    return layout


def _check_kept(layout: Layout, number: int, outlier_sd: float) -> None:
    """Refuse a layer with a pair that keeps fewer than two dimensions."""
    n_kept, pair = fewest_kept(layout)
    if n_kept < 2:
        raise UndefinedResultError(
            "layer {layer}: tokens {first} and {second} keep {kept} dimensions within {sd} standard "
            "deviations; a pair needs 2",
            layer=number,
            first=int(pair[0]),
            second=int(pair[1]),
            kept=int(n_kept),
            sd=outlier_sd,
        )
