import numpy as np
import pytest

from layerclaims.analysis.pairs.layout import arrange, fewest_kept, find_layout


@pytest.mark.parametrize("most", [0, 1, 40])
def test_a_layout_has_every_token_with_the_dimensions_that_it_drops(most: int) -> None:
    rng = np.random.default_rng(most)
    values, dropped = rng.normal(size=(70, 90)), np.zeros((70, 90), np.bool_)
    for token in range(10, 70):  # ten tokens drop none, the others some of the first or any
        among = 2 if token < 40 else 90
        dropped[token, rng.choice(among, rng.integers(0, min(most, among) + 1), replace=False)] = True
    layout = find_layout(values, dropped)
    arranged = arrange(values, layout)
    order = layout.dimensions
    np.testing.assert_array_equal(order, np.argsort(values.mean(axis=0), kind="stable"))
    np.testing.assert_array_equal(arranged, values[np.ix_(layout.tokens, order)])
    assert arranged.flags.c_contiguous
    np.testing.assert_array_equal(layout.dropped[layout.group], dropped[np.ix_(layout.tokens, order)])
    for group, mask in enumerate(layout.dropped):
        listed = layout.listed[group, : layout.n_dropped[group]]
        np.testing.assert_array_equal(listed, np.flatnonzero(mask))
    assert layout.listed.shape[1] == dropped.sum(axis=1).max()
    kept = [
        (~(dropped[one] | dropped[other])).sum()
        for one in range(70)
        for other in range(one, 70)
        if one < other
    ]
    assert fewest_kept(layout)[0] == min(kept)
