import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.compiled import kernel
from layerclaims.analysis.pairs.popcount import LANES
from layerclaims.analysis.pairs.token_masks import (
    Block,
    Token,
    count_dimensions,
    empty_blocks,
    empty_tokens,
    encode_by_width,
    list_masks,
    pack,
    pick_block,
    pick_token,
)

Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@kernel()
def _encode(row: Floats, own: Bools, other: Bools, edges: Floats, codes: Bytes, extremes: Integers) -> None:
    encode_by_width(row, own, other, edges, codes, extremes)


@kernel()
def _list(tokens: Token, quarters: Integers) -> None:
    token = pick_token(tokens, 0)
    count_dimensions(token, quarters)
    list_masks(token)


@kernel()
def _pack(codes: Bytes, bins: int, block: Block) -> None:
    pack(codes, bins, pick_block(block, 0))


def bins_of(row: Floats, bins: int, dropped: Bools) -> Bytes:
    codes = np.zeros(4 * -(-row.size // 4), np.uint8)
    none, extremes = np.zeros(row.size, np.bool_), np.zeros(2, np.int64)
    _encode(row, dropped, none, np.empty(bins + 1), codes, extremes)
    kept = row[~dropped]
    assert row[extremes].tolist() == [kept.min(), kept.max()]
    assert not dropped[extremes].any()
    return codes


@pytest.mark.parametrize("bins", [1, 2, 15, 30, 255])
@pytest.mark.parametrize(
    ("low", "high"), [(-1, 1), (0.3, 7.1), (-3e-9, 1e140), (1e9, 1e9 + 3e-4), (1, 1 + 1e-7)]
)
def test_bins_are_those_of_numpys_edges_to_the_last_bit(bins: int, low: float, high: float) -> None:
    """On the edges, beside them, and where rounding moves an edge by more than a bin."""
    edges = np.histogram_bin_edges([low, high], bins)
    beside = np.concatenate([edges, np.nextafter(edges, -np.inf), np.nextafter(edges, np.inf)])
    within = np.random.default_rng(0).uniform(low, high, 40)
    row = np.concatenate([[low, high], np.clip(np.append(beside, within), low, high), [2 * high, -high]])
    dropped = np.arange(row.size) >= row.size - 2
    expected = np.append(np.searchsorted(edges[1:-1], row[:-2], side="right"), [bins, bins])
    found = bins_of(row, bins, dropped)
    np.testing.assert_array_equal(found[: row.size], expected)
    assert (found[row.size :] == bins).all()


@pytest.mark.parametrize("hidden", [5, 8, 203])
def test_every_dimension_is_listed_once_in_its_bin(hidden: int) -> None:
    bins = 6
    tokens = empty_tokens(1, hidden, bins)
    rng = np.random.default_rng(1)
    tokens.codes[:] = np.repeat(
        rng.integers(0, bins + 1, tokens.codes.size), rng.integers(1, 4, tokens.codes.size)
    )[: tokens.codes.size]
    _list(tokens, np.empty((4, bins + 1), np.int64))
    for code in range(bins):
        first = tokens.first_word[0, code]
        entries = tokens.words[0, first : first + tokens.n_words[0, code]]
        assert (entries & 15 > 0).all()
        assert (np.diff(entries >> 4) > 0).all()
        listed = [
            4 * (entry >> 4) + bit for entry in entries.tolist() for bit in range(4) if entry >> bit & 1
        ]
        assert listed == np.flatnonzero(tokens.codes[0] == code).tolist()
        assert tokens.n_dimensions[0, code] == len(listed)


@pytest.mark.parametrize(("hidden", "n_tokens"), [(5, 1), (8, LANES), (203, 7)])
def test_every_dimension_has_its_bit_in_the_lane_of_its_token(hidden: int, n_tokens: int) -> None:
    bins, rng = 6, np.random.default_rng(2)
    block = empty_blocks(1, hidden, bins)
    n_words = block.lowest.shape[1]
    for _ in range(2):  # whatever a block held before is gone
        codes = rng.integers(0, bins + 1, (n_tokens, 4 * n_words), dtype=np.uint8)
        codes[:, :4] = np.minimum(codes[:, :4], 2)
        codes[:, 4:8] = bins  # nobody has any of these
        _pack(codes, bins, block)
        by_word = codes.reshape(n_tokens, n_words, 4)
        shared = by_word[:, :, None, :] == np.arange(bins)[:, None]
        expected = np.zeros((n_words, bins, LANES), np.uint8)
        expected[..., :n_tokens] = (shared @ np.array([1, 2, 4, 8])).transpose(1, 2, 0)
        np.testing.assert_array_equal(block.bits[0, : expected.size], expected.ravel())
        occurs = np.asarray(expected.any(axis=2))
        assert block.lowest[0, 0] == np.flatnonzero(occurs[0]).min()
        assert block.highest[0, 0] == np.flatnonzero(occurs[0]).max()
        assert (block.lowest[0, 1], block.highest[0, 1]) == (bins, -1)
