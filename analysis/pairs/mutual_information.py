"""Estimates of mutual information of all pairs of tokens, as `analysis.pairs.estimators` describes them."""

import math

import numpy as np

from layerclaims.analysis.pairs.estimators import Estimator
from layerclaims.analysis.pairs.joint_counts import describe_chunks, measure_tiles
from layerclaims.analysis.pairs.layout import Floats, Integers, Layout
from layerclaims.analysis.pairs.rank_bins import no_ranks, rank_tokens
from layerclaims.analysis.pairs.table_sums import FRACTION_BITS, Scratch, empty_scratch
from layerclaims.analysis.pairs.token_masks import empty_blocks, empty_tokens
from layerclaims.analysis.threads import run_in_threads


def mutual_information(values: Floats, layout: Layout, bins: int, estimator: Estimator) -> Floats:
    """Estimate the mutual information of every pair of tokens.

    Parameters
    ----------
    values, layout :
        From `arrange` and `find_layout` in `analysis.pairs.layout`.
    bins : int
        1 to 255.
    estimator : {"equal_width", "equal_frequency", "miller_madow"}

    Returns
    -------
    ndarray of float64, shape (n_pairs,)
        In bits, in the order of ``numpy.triu_indices(n_tokens, 1)``.
    """
    hidden = values.shape[1]
    if estimator == "miller_madow" and occupied_bits(hidden, bins):
        return plug_in_and_corrected(values, layout, bins)[1]
    return _measure(
        values, layout, bins, count_table(hidden, estimator), by_rank=estimator == "equal_frequency"
    )[0]


def plug_in_and_corrected(values: Floats, layout: Layout, bins: int) -> tuple[Floats, Floats]:
    """Make the estimates ``"equal_width"`` and ``"miller_madow"`` from the same counts.

    Parameters and results are those of `mutual_information`; `occupied_bits` must not be 0.
    """
    hidden = values.shape[1]
    bits = occupied_bits(hidden, bins)
    table = (count_table(hidden, "equal_width") << bits) + (np.arange(hidden + 1) > 0)
    return _measure(values, layout, bins, table, n_bits=bits)


def occupied_bits(hidden: int, bins: int) -> int:
    """Count the bits of a sum of the table that can count occupied bins instead; 0 where too few are left.

    The sum of a pair is its n dimensions times its mutual information, at most log2(bins). What is added up
    on the way may be larger: it overflows, and what is subtracted undoes that.
    """
    most = max(min(bins**2, hidden), 2 * bins) + 1
    needed = most.bit_length() + 1  # one for the sign
    largest = FRACTION_BITS + math.log2(hidden * max(math.log2(bins), 1))
    return needed if largest + needed < 62.99 else 0


def _measure(
    values: Floats, layout: Layout, bins: int, table: Integers, *, n_bits: int = 0, by_rank: bool = False
) -> tuple[Floats, Floats]:
    """Estimate by a table, and corrected by the number of occupied bins where the table counts them."""
    n_tokens, hidden = values.shape
    ranks = rank_tokens(values, layout, bins) if by_rank else no_ranks(n_tokens)
    tokens = empty_tokens(n_tokens, hidden, bins)
    blocks = empty_blocks(layout.start.size, hidden, bins)
    result = np.empty(n_tokens * (n_tokens - 1) // 2)
    corrected = np.empty(result.size if n_bits else 0)

    def make_room() -> Scratch:
        return empty_scratch(hidden, bins)

    def describe(start: int, stop: int, scratch: Scratch) -> None:
        describe_chunks(start, stop, values, ranks, layout, tokens, blocks, scratch)

    def measure(start: int, stop: int, scratch: Scratch) -> None:
        measure_tiles(
            start, stop, values, ranks, layout, tokens, blocks, scratch, table, n_bits, result, corrected
        )

    run_in_threads(describe, layout.start.size, make_room)
    run_in_threads(measure, len(layout.tiles), make_room)
    return result, corrected


def count_table(hidden: int, estimator: Estimator) -> Integers:
    """Tabulate c log2(c) for each count c, as integers: the term of a bin in minus n times an entropy.

    The entropy of n dimensions is log2(n) less the sum of these terms divided by n. Miller and Madow's
    correction is half a nat for each occupied bin but one, so it subtracts one constant from the terms of all
    counts above 0.
    """
    counts = np.arange(hidden + 1, dtype=np.float64)
    terms = counts * np.log2(np.maximum(counts, 1))
    if estimator == "miller_madow":
        terms[1:] -= 1 / (2 * np.log(2))
    return np.rint(np.ldexp(terms, FRACTION_BITS)).astype(np.int64)
