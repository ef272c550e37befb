import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.compiled import kernel
from layerclaims.analysis.pairs import popcount
from layerclaims.analysis.pairs.popcount import CELLS, LANES, MAX_ENTRIES, add_shared_bits


@pytest.mark.parametrize("look_ups", [popcount._LOOK_UPS, ()], ids=["this processor's", "any processor's"])
def test_bits_are_counted_as_one_by_one(look_ups: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(popcount, "_LOOK_UPS", look_ups)

    @kernel()
    def add(
        counts: NDArray[np.uint16], block: NDArray[np.uint8], cell: int, bins: int, words: NDArray[np.uint32]
    ) -> None:
        add_shared_bits(counts, block, cell, bins, words, 1, words.size)

    rng = np.random.default_rng(0)
    bins, first = 7, 3
    masks = rng.integers(0, 16, (MAX_ENTRIES, bins, LANES), dtype=np.uint8)
    masks[:, 4] = 15  # the largest count that a byte must hold
    own = np.full(MAX_ENTRIES + 1, 15, np.uint32)
    own[:20] = rng.integers(0, 16, 20)
    places = rng.permutation(np.append(np.arange(MAX_ENTRIES), 0)).astype(np.uint32)
    block = np.append(masks.ravel(), np.zeros(CELLS * LANES, np.uint8))
    counts = np.full((bins + CELLS, LANES), 1000, np.uint16)
    add(counts.reshape(-1), block, first, bins, (places << 4 | own).astype(np.uint32))
    shared = np.bitwise_count(masks[places[1:]] & own[1:, None, None].astype(np.uint8)).sum(axis=0)
    np.testing.assert_array_equal(counts[first : first + CELLS] - 1000, shared[first : first + CELLS])
    assert (np.delete(counts, np.s_[first : first + CELLS], axis=0) == 1000).all()
