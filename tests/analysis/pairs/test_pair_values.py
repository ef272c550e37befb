"""Values of all pairs: how many tokens they come from, and where each pair lies."""

import numpy as np
import pytest

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.pairs.pair_values import MIN_TOKENS, ROUNDING, count_tokens, is_constant, pair_index


@pytest.mark.parametrize("n_tokens", [20, 21, 250])
def test_tokens_are_counted_from_their_pairs(n_tokens: int) -> None:
    assert count_tokens(np.zeros(n_tokens * (n_tokens - 1) // 2)) == n_tokens


@pytest.mark.parametrize("n_values", [189, 191, 0, 209])
def test_other_numbers_of_values_are_refused(n_values: int) -> None:
    with pytest.raises(ValueError, match=r"not all pairs|20 tokens or more"):
        count_tokens(np.zeros(n_values))


def test_values_have_one_dimension() -> None:
    with pytest.raises(ValueError, match=r"one-dimensional, got shape \(1, 190\)"):
        count_tokens(np.zeros((1, 190)))


def test_fewer_tokens_than_twenty_are_undefined_and_counted() -> None:
    with pytest.raises(UndefinedResultError, match="pairs of 20 tokens or more, not of 19"):
        count_tokens(np.zeros(19 * 18 // 2))
    assert MIN_TOKENS == 20


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_a_pair_without_a_value_is_undefined(odd: float) -> None:
    values = np.zeros(190)
    values[7] = odd
    with pytest.raises(UndefinedResultError, match="undefined for a pair"):
        count_tokens(values)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1, 1, True),
        (0, 0, True),
        (1, 1 + 0.9 * ROUNDING, True),
        (1, 1 + 1.1 * ROUNDING, False),
        (-1, -1 + 0.9 * ROUNDING, True),
        (-1, 1, False),
        (-3 - 2 * ROUNDING, -3, True),
        (0, 1e-30, False),
    ],
)
def test_a_spread_within_rounding_is_constant(low: float, high: float, expected: bool) -> None:
    assert is_constant(low, high) is expected
    assert ROUNDING == 1e-6


@pytest.mark.parametrize("n_tokens", [2, 3, 7, 40])
def test_a_pairs_index_is_its_place_in_triu_indices(n_tokens: int) -> None:
    first, second = np.triu_indices(n_tokens, 1)
    assert pair_index(first, second, n_tokens).tolist() == list(range(len(first)))
