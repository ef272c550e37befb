"""Cosine similarity of pairs of tokens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial.distance import pdist

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.pairs.cosine import pairwise_cosine

Floats = NDArray[np.float64]


def drawn(seed: int, *shape: int) -> Floats:
    return np.random.default_rng(seed).normal(size=shape)


def test_angles_drawn_by_hand_have_their_cosines() -> None:
    # Parallel, at 60 degrees, at a right angle, opposite.
    tokens = np.array([[2.0, 0], [5, 0], [1, np.sqrt(3)], [0, 7], [-3, 0]])
    expected = [1, 0.5, 0, -1, 0.5, 0, -1, np.sqrt(3) / 2, -0.5, 0]
    np.testing.assert_allclose(pairwise_cosine(tokens), expected, atol=1e-15)


def test_two_tokens_of_one_dimension_are_the_fewest() -> None:
    assert pairwise_cosine([[2.0], [-3.0]]).tolist() == [-1]
    assert pairwise_cosine([[[2.0], [3.0]]]).tolist() == [[1]]


def test_one_token_has_no_pairs_and_is_counted() -> None:
    with pytest.raises(UndefinedResultError, match="pairs need 2 tokens or more, and there are 1"):
        pairwise_cosine([[2.0, 1.0]])


def test_every_pair_equals_scipy_in_the_order_of_triu_indices() -> None:
    tokens = drawn(0, 30, 70)
    np.testing.assert_allclose(pairwise_cosine(tokens), 1 - pdist(tokens, "cosine"), atol=1e-14)


def test_random_directions_are_at_right_angles_and_a_common_mean_brings_them_together() -> None:
    # With mean m and variance 1 in each of many dimensions the cosine tends to m^2 / (m^2 + 1).
    tokens = drawn(1, 40, 20_000)
    assert pairwise_cosine(tokens).mean() == pytest.approx(0, abs=1e-3)
    assert pairwise_cosine(tokens + 2).mean() == pytest.approx(0.8, abs=1e-3)


def test_all_dimensions_count_outliers_included() -> None:
    tokens = drawn(2, 10, 500)
    tokens[:, 7] = 1e4
    assert pairwise_cosine(tokens).min() > 0.99999


@given(seed=st.integers(0, 1000), factor=st.sampled_from([1e-300, 1e-30, 0.1, 3.0, 1e30, 1e300]))
def test_a_factor_changes_nothing_and_a_sign_turns_it_round(seed: int, factor: float) -> None:
    tokens = drawn(seed, 6, 20)
    before = pairwise_cosine(tokens)
    assert (np.abs(before) <= 1).all()
    scaled = tokens * np.where(np.arange(6) % 2, factor, 1.0)[:, np.newaxis]
    np.testing.assert_allclose(pairwise_cosine(scaled), before, atol=1e-13)
    tokens[0] *= -1
    after = pairwise_cosine(tokens)
    np.testing.assert_allclose(after[:5], -before[:5], atol=1e-15)
    np.testing.assert_array_equal(after[5:], before[5:])


@given(seed=st.integers(0, 1000), data=st.data())
def test_the_order_of_tokens_and_dimensions_does_not_matter(seed: int, data: st.DataObject) -> None:
    tokens = drawn(seed, 5, 12)
    order = data.draw(st.permutations(range(5)))
    dimensions = data.draw(st.permutations(range(12)))
    first, second = np.triu_indices(5, 1)
    matrix = np.eye(5)
    matrix[first, second] = matrix[second, first] = pairwise_cosine(tokens)
    permuted = pairwise_cosine(tokens[order][:, dimensions])
    np.testing.assert_allclose(permuted, matrix[np.ix_(order, order)][first, second], atol=1e-14)


def test_copies_have_a_cosine_of_one_and_no_more() -> None:
    tokens = np.repeat(drawn(3, 50, 33), 2, axis=0)
    cosines = pairwise_cosine(tokens)
    assert cosines.max() <= 1
    np.testing.assert_allclose(cosines[0], 1, atol=1e-15)


def test_layers_are_computed_one_by_one_and_as_float64() -> None:
    layers = drawn(4, 3, 9, 40).astype(np.float32)
    together = pairwise_cosine(layers)
    assert together.dtype == np.float64
    for layer, cosines in zip(layers, together, strict=True):
        np.testing.assert_array_equal(pairwise_cosine(layer.astype(np.float64)), cosines)


def test_a_zero_vector_has_no_cosine_and_its_neighbours_keep_theirs() -> None:
    tokens = drawn(5, 4, 10)
    rest = pairwise_cosine(tokens)
    tokens[1] = 0
    undefined = np.isnan(pairwise_cosine(tokens))
    assert undefined.tolist() == [True, False, False, True, True, False]
    np.testing.assert_allclose(pairwise_cosine(tokens)[~undefined], rest[~undefined], rtol=1e-14)


@pytest.mark.parametrize("shape", [(5,), (1, 5), (4, 0), (2, 2, 2, 2)])
def test_a_shape_without_pairs_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"2 tokens or more|have the shape"):
        pairwise_cosine(np.ones(shape))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_value_that_is_not_finite_is_refused_with_its_place(bad: float) -> None:
    layers = drawn(6, 3, 4, 5)
    layers[1, 2, 3] = bad
    with pytest.raises(ValueError, match="layer 1, token 2, dimension 3"):
        pairwise_cosine(layers)


def test_rounding_leaves_no_cosine_outside_of_what_there_is() -> None:
    parallel = np.linspace(-3, 4, 60)[:, np.newaxis] * drawn(5, 37)
    assert np.unique(np.abs(pairwise_cosine(parallel))).max() == 1
    assert pairwise_cosine(parallel).min() == -1
