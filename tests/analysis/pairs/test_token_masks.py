import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.compiled import kernel
from layerclaims.analysis.pairs.token_masks import (
    Token,
    empty_tokens,
    encode_by_width,
    list_masks,
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
    list_masks(token, quarters)


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
