"""Estimators of the mutual information of two activations over the hidden dimensions, all in bits.

``equal_width``
    The document's: plug-in entropies of a histogram with bins of equal width. Biased upwards, by about
    (occupied cells - occupied rows - occupied columns + 1) / (2 n ln 2) bits for n dimensions (Panzeri and
    Treves 1996). Changes with a transformation of one activation that is not linear.
``miller_madow``
    The same histogram, each entropy corrected by (occupied bins - 1) / (2 n ln 2) (Miller 1955). That takes
    off part of the bias only, since cells that are possible yet empty are not counted. Can be negative.
``equal_frequency``
    Plug-in entropies with bins that hold equally many of the dimensions that the pair keeps, so both marginal
    entropies are log2(bins) but for ties: the information of the copula, unchanged by any increasing
    transformation of either activation. Biased upwards as ``equal_width``, and more, since more cells are
    occupied.

Independent Gaussian activations of 576 dimensions come out at 0.21, 0.09 and 0.28 bits with 15 bins. The
first two take the same time; the third up to three times as long, where tokens drop different dimensions.

References
----------
Miller (1955), Note on the bias of information estimates, in: Information Theory in Psychology, 95-100.
Panzeri and Treves (1996), Analytical estimates of limited sampling biases, Network 7, 87-107.
"""

from typing import Literal, TypeAlias

import numpy as np

from layerclaims.analysis.compiled import run_in_threads
from layerclaims.analysis.pairs.joint_counts import describe_chunks, measure_tiles
from layerclaims.analysis.pairs.layout import Floats, Integers, Layout
from layerclaims.analysis.pairs.table_sums import FRACTION_BITS, Scratch, empty_scratch
from layerclaims.analysis.pairs.token_masks import empty_blocks, empty_tokens

Estimator: TypeAlias = Literal["equal_width", "equal_frequency", "miller_madow"]
ESTIMATORS: tuple[Estimator, ...] = ("equal_width", "equal_frequency", "miller_madow")


def mutual_information(values: Floats, layout: Layout, bins: int, estimator: Estimator) -> Floats:
    """Estimate the mutual information of every pair of tokens.

    Parameters
    ----------
    values, layout :
        From `analysis.pairs.layout.arrange`.
    bins : int
        1 to 255.
    estimator : {"equal_width", "equal_frequency", "miller_madow"}

    Returns
    -------
    ndarray of float64, shape (n_pairs,)
        In bits, in the order of ``numpy.triu_indices(n_tokens, 1)``.
    """
    n_tokens, hidden = values.shape
    ranking = (
        np.argsort(values, axis=1) if estimator == "equal_frequency" else np.empty((n_tokens, 0), np.int64)
    )
    table = count_table(hidden, estimator)
    tokens = empty_tokens(n_tokens, hidden, bins)
    blocks = empty_blocks(layout.start.size, hidden, bins)
    result = np.empty(n_tokens * (n_tokens - 1) // 2)

    def make_room() -> Scratch:
        return empty_scratch(hidden, bins)

    def describe(start: int, stop: int, scratch: Scratch) -> None:
        describe_chunks(start, stop, values, ranking, layout, tokens, blocks, scratch)

    def measure(start: int, stop: int, scratch: Scratch) -> None:
        measure_tiles(start, stop, values, ranking, layout, tokens, blocks, scratch, table, result)

    run_in_threads(describe, layout.start.size, make_room)
    run_in_threads(measure, len(layout.tiles), make_room)
    return result


def count_table(hidden: int, estimator: Estimator) -> Integers:
    """Tabulate what a count adds to n times an entropy, with its sign changed, as integers.

    That is c log2(c). The entropy of n dimensions is log2(n) less the sum over bins divided by n, so
    Miller and Madow's correction, half a nat for each occupied bin but one, is the same constant taken
    off every count above 0.
    """
    counts = np.arange(hidden + 1, dtype=np.float64)
    terms = counts * np.log2(np.maximum(counts, 1))
    if estimator == "miller_madow":
        terms[1:] -= 1 / (2 * np.log(2))
    return np.rint(np.ldexp(terms, FRACTION_BITS)).astype(np.int64)
