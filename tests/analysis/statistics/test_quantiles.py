"""Several quantiles of the same numbers."""

import numpy as np
import pytest

from layerclaims.analysis.statistics.quantiles import quantiles


@pytest.mark.parametrize("shape", [(1,), (2,), (7,), (496,), (3, 20), (2, 3, 31_125)])
def test_quantiles_are_numpys_to_the_last_bit(shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(0).standard_cauchy(shape)
    for shares in (
        [0.005, 0.05, 0.95, 0.995],
        [0.025, 0.975],
        [0.0, 0.5, 1.0],
        np.linspace(0, 1, 41).tolist(),
    ):
        expected = np.moveaxis(np.quantile(values, shares, axis=-1), 0, -1)
        np.testing.assert_array_equal(quantiles(values, shares), expected)


def test_values_stay_in_their_order() -> None:
    values = np.array([3.0, 1.0, 2.0])
    assert quantiles(values, [0.5, 0.25]).tolist() == [2.0, 1.5]
    assert values.tolist() == [3.0, 1.0, 2.0]
