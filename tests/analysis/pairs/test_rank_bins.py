import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from layerclaims.analysis.compiled import kernel
from layerclaims.analysis.pairs.layout import find_layout
from layerclaims.analysis.pairs.rank_bins import (
    Ranks,
    encode_by_rank,
    find_starts,
    leave_out_by_rank,
    pick_ranks,
    rank_tokens,
)

Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@kernel()
def _encode(row: Floats, n_kept: int, all_ranks: Ranks, codes: Bytes) -> None:
    ranks = pick_ranks(all_ranks, 0)
    find_starts(row, n_kept, ranks)
    encode_by_rank(ranks, codes)


@kernel()
def _leave_out(all_ranks: Ranks, own: Bytes, dropped: Integers, left_out: Integers, codes: Bytes) -> None:
    leave_out_by_rank(pick_ranks(all_ranks, 0), own, dropped, left_out, codes)


def expected_bins(row: Floats, dropped: Bools, bins: int) -> NDArray[np.intp]:
    """Give each value the last bin that begins at or below the highest rank of the values equal to it."""
    kept = np.sort(row[~dropped])
    ranks = np.searchsorted(kept, row, side="right") - 1
    starts = np.arange(bins) * kept.size // bins
    return np.where(dropped, bins, np.searchsorted(starts, ranks, side="right") - 1)


def assert_bins(row: Floats, own: Bools, other: Bools, bins: int) -> None:
    """Compare a token's bins with their definition: alone, and beside a token that drops other dimensions."""
    # The order of dimensions that it would give is not wanted here: it is that of one token's values.
    layout = find_layout(row[None], own[None])._replace(dropped=own[None])
    ranks = rank_tokens(row[None], layout, bins)
    codes, beside = np.full((2, 4 * -(-row.size // 4)), 99, np.uint8)
    _encode(row, row.size - int(own.sum()), ranks, codes)
    np.testing.assert_array_equal(codes[: row.size], expected_bins(row, own, bins))
    left_out = np.empty(row.size, np.int64)
    _leave_out(ranks, codes, np.random.default_rng(0).permutation(np.flatnonzero(other)), left_out, beside)
    np.testing.assert_array_equal(beside[: row.size], expected_bins(row, own | other, bins))
    assert (codes[row.size :] == bins).all()
    assert (beside[row.size :] == bins).all()


@pytest.mark.parametrize("bins", [1, 2, 15, 30, 255])
@pytest.mark.parametrize("hidden", [5, 203, 576])
@pytest.mark.parametrize("n_values", [1, 3, 40, 10_000])
def test_bins_of_a_pair_are_those_of_what_both_keep(bins: int, hidden: int, n_values: int) -> None:
    """With ties and without, and with more bins than dimensions."""
    rng = np.random.default_rng(bins * hidden)
    for share in (0.01, 0.2):
        row = rng.integers(0, n_values, hidden).astype(np.float64)
        own, other = rng.uniform(size=(2, hidden)) < share
        row[own] = 1e6
        own[:2] = other[:2] = False
        assert_bins(row, own, other, bins)


@given(data=st.data())
def test_any_bins_of_a_pair_are_those_of_what_both_keep(data: st.DataObject) -> None:
    hidden, bins = data.draw(st.integers(2, 30)), data.draw(st.integers(1, 40))
    row = np.array(data.draw(st.lists(st.integers(-3, 9), min_size=hidden, max_size=hidden)), np.float64)
    own, other = np.array(
        data.draw(st.lists(st.booleans(), min_size=2 * hidden, max_size=2 * hidden))
    ).reshape(2, hidden)
    own[0] = other[0] = False
    row[own] = -1e6
    assert_bins(row, own, other, bins)


def test_a_bin_begins_later_where_what_lies_below_is_left_out() -> None:
    row = np.arange(8.0)
    none, lowest = np.zeros(8, np.bool_), np.arange(8) < 2
    assert expected_bins(row, none, 3).tolist() == [0, 0, 1, 1, 1, 2, 2, 2]
    assert expected_bins(row, lowest, 3).tolist() == [3, 3, 0, 0, 1, 1, 2, 2]
    assert_bins(row, none, lowest, 3)
