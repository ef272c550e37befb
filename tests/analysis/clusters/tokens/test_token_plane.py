"""Where tokens lie."""

import numpy as np
import pytest

from layerclaims.analysis.clusters.tokens.token_plane import fit_effects, fit_kinship, token_plane
from tests.analysis.clusters.tokens.planted import FIRST, N_TOKENS, SECOND, amplitudes, pairs_of


@pytest.mark.parametrize("n_tokens", [2, 3])
def test_effects_alone_fit_the_pairs_of_very_few_tokens(n_tokens: int) -> None:
    matrix = np.random.default_rng(2).normal(size=(n_tokens, n_tokens))
    assert fit_kinship(matrix + matrix.T).tolist() == [[0.0] * n_tokens]


def test_effects_of_sums_are_found_exactly() -> None:
    effects = np.random.default_rng(5).normal(size=N_TOKENS)
    matrix = effects[:, None] + effects[None, :]
    np.fill_diagonal(matrix, 0)
    np.testing.assert_allclose(fit_effects(matrix), effects, atol=1e-12)


def test_kinship_is_the_leading_eigenvector_of_what_effects_leave() -> None:
    side = np.where(np.arange(20) < 8, 1.0, -1.0)
    effects = np.linspace(0, 3, 20)
    matrix = effects[:, None] + effects[None, :] + 0.5 * np.outer(side, side)
    np.fill_diagonal(matrix, 0)
    (kinship,) = fit_kinship(matrix)
    assert np.linalg.norm(kinship) == pytest.approx(1)
    assert len({*np.sign(kinship[:8])}) == len({*np.sign(kinship[8:])}) == 1
    assert np.sign(kinship[0]) != np.sign(kinship[8])
    left = matrix - fit_effects(matrix)[:, None] - fit_effects(matrix)[None, :]
    np.fill_diagonal(left, 0)
    np.testing.assert_allclose(left @ kinship, np.linalg.eigvalsh(left)[-1] * kinship, atol=1e-8)
    np.testing.assert_allclose(np.abs(fit_kinship(1e-9 * matrix)[0]), np.abs(kinship), atol=1e-6)


def test_sums_of_effects_leave_no_kinship() -> None:
    matrix = np.ones((4, 4)) - np.eye(4)
    assert fit_kinship(2 * matrix).tolist() == [[0.0] * 4]
    assert fit_kinship(np.diag([0.0] * 3)).shape == (1, 3)


def test_four_tokens_may_be_kin() -> None:
    matrix = np.array([[0.0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]])
    (kinship,) = fit_kinship(matrix)
    assert kinship[0] == pytest.approx(kinship[1])
    assert kinship[2] == pytest.approx(kinship[3]) == pytest.approx(-kinship[0])


def test_the_plane_holds_the_coordinates_of_all_pairs_and_no_token_with_itself() -> None:
    covariance, pearson = pairs_of(amplitudes((0.5, 0.5), (1.0, 1.6)))
    plane = token_plane(covariance, pearson)
    x, y = plane.pairs
    np.testing.assert_allclose(x[FIRST, SECOND] - x[0, 1], np.log(covariance / covariance[0]), atol=0.02)
    np.testing.assert_allclose(y[FIRST, SECOND] - y[0, 1], np.log(pearson / pearson[0]), atol=0.02)
    for coordinate in plane.pairs:
        assert not np.diag(coordinate).any()
        np.testing.assert_array_equal(coordinate, coordinate.T)
    assert plane.effects.shape == (12, N_TOKENS)
    # The first direction is the first axis of the whitened plane, the seventh the second.
    assert np.asarray(np.corrcoef(plane.effects[[0, 6]]))[0, 1] == pytest.approx(0, abs=0.1)


def test_kinship_repeats_to_the_last_bit_and_with_its_sign() -> None:
    matrix = np.random.default_rng(7).normal(size=(30, 30))
    matrix += matrix.T
    np.fill_diagonal(matrix, 0)
    first = fit_kinship(matrix)
    for _ in range(8):
        np.testing.assert_array_equal(fit_kinship(matrix), first)
