"""What measurements share is bounded in bytes."""

import numpy as np
from cachetools import LRUCache

from layerclaims.analysis.measurement.shared import LAYOUT_BYTES, Shared


def test_layouts_are_kept_as_far_as_their_bytes_go() -> None:
    shared = Shared(LRUCache(1))
    third = tuple(np.zeros(LAYOUT_BYTES // 6, np.uint8) for _ in range(2))
    for name in "abcd":
        shared.layouts[name] = third  # type: ignore[assignment]
    assert list(shared.layouts) == ["b", "c", "d"]
