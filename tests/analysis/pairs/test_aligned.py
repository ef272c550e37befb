"""Memory on cache lines."""

import numpy as np
import pytest

from layerclaims.analysis.pairs.aligned import LINE, empty_aligned
from layerclaims.analysis.pairs.table_sums import empty_scratch
from layerclaims.analysis.pairs.token_masks import empty_blocks


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int64])
@pytest.mark.parametrize("shape", [(1,), (65,), (3, 5)])
def test_arrays_begin_with_a_line_and_hold_what_is_written(
    shape: tuple[int, ...], dtype: type[np.generic]
) -> None:
    kept = [empty_aligned(shape, np.dtype(dtype)) for _ in range(20)]
    for number, array in enumerate(kept):
        array[:] = number
    for number, array in enumerate(kept):
        assert array.shape == shape
        assert array.dtype == dtype
        assert array.flags.c_contiguous
        assert array.ctypes.data % LINE == 0
        assert (array == number).all()


@pytest.mark.parametrize("bins", [3, 15, 30])
def test_what_counting_writes_and_reads_at_once_is_aligned(bins: int) -> None:
    """Vectors of counts that lie across two lines took counting up to half as long again."""
    scratch, blocks = empty_scratch(577, bins), empty_blocks(3, 577, bins)
    rows = [scratch.counts, scratch.four_counts, scratch.totals, scratch.block.bits, *blocks.bits]
    assert [row.ctypes.data % LINE for row in rows] == [0] * len(rows)
