"""Groups of tokens and the clusters that their blocks of pairs make."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from layerclaims.analysis.clusters.token_modes import (
    TOKEN_RULES,
    TokenPlane,
    block_overlaps,
    count_blocks,
    count_mixture,
    fit_effects,
    fit_kinship,
    split_resamples,
    split_tokens,
    token_plane,
)
from layerclaims.analysis.statistics.bootstrap import token_weights

N_TOKENS = 160
FIRST, SECOND = np.triu_indices(N_TOKENS, 1)
ONE = np.ones((1, N_TOKENS))


def pairs_of(
    amplitude: NDArray[np.float64], cosine: NDArray[np.float64] | float = 1.0, spread: float = 0.02
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Covariance and Pearson's r of tokens of a log amplitude, r being 0.6 times the directions' cosine."""
    noise = np.exp(spread * np.random.default_rng(0).normal(size=len(FIRST)))
    pearson = 0.6 * noise * (cosine if isinstance(cosine, float) else cosine[FIRST, SECOND])
    return np.exp(amplitude[FIRST] + amplitude[SECOND]) * pearson, pearson


def amplitudes(
    shares: tuple[float, ...], levels: tuple[float, ...], spread: float = 0.03
) -> NDArray[np.float64]:
    groups = np.searchsorted(np.round(N_TOKENS * np.cumsum(shares)), np.arange(N_TOKENS), side="right")
    return np.log(levels)[groups] + spread * np.random.default_rng(1).normal(size=N_TOKENS)


def count(covariance: NDArray[np.float64], pearson: NDArray[np.float64]) -> int:
    return int(count_blocks(token_plane(covariance, pearson), ONE)[0])


@pytest.mark.parametrize(
    ("shares", "levels", "clusters"),
    [
        ((1.0,), (1.0,), 1),
        ((0.5, 0.5), (1.0, 1.6), 3),
        ((0.1, 0.9), (1.0, 1.6), 3),
        ((0.9, 0.1), (1.0, 1.6), 3),
        ((0.4, 0.3, 0.3), (1.0, 1.5, 3.0), 6),
        ((0.4, 0.3, 0.3), (1.0, 1.6, 2.56), 5),  # 1.6 squared is 1 times 2.56: two blocks are one cluster
    ],
)
def test_groups_of_amplitude_make_a_cluster_for_each_distinct_product(
    shares: tuple[float, ...], levels: tuple[float, ...], clusters: int
) -> None:
    assert count(*pairs_of(amplitudes(shares, levels))) == clusters


def test_groups_that_differ_in_direction_make_two_clusters() -> None:
    side = np.arange(N_TOKENS) % 2
    cosine = np.where(side[:, None] == side[None, :], 1.0, 0.4)
    assert count(*pairs_of(amplitudes((1.0,), (1.0,)), cosine)) == 2


@pytest.mark.parametrize("loud", [0.3, 0.5, 0.6])
def test_two_kinds_are_told_apart_beside_a_third_that_is_louder(loud: float) -> None:
    # Pairs inside a quiet kind, between the quiet kinds, of a quiet and the loud one, inside the loud one.
    kind = np.searchsorted(N_TOKENS * np.array([(1 - loud) / 2, 1 - loud]), np.arange(N_TOKENS), side="right")
    cosine = np.where(kind[:, None] == kind[None, :], 1.0, 0.4)
    assert count(*pairs_of(amplitudes((1 - loud, loud), (1.0, 1.8)), cosine, spread=0.1)) == 4


@pytest.mark.parametrize("n_tokens", [2, 3])
def test_effects_alone_fit_the_pairs_of_very_few_tokens(n_tokens: int) -> None:
    matrix = np.random.default_rng(2).normal(size=(n_tokens, n_tokens))
    assert fit_kinship(matrix + matrix.T).tolist() == [[0.0] * n_tokens]


@pytest.mark.parametrize(("distance", "alone", "beside_another"), [(4.0, 1, 2), (4.5, 2, 2), (5.2, 2, 3)])
def test_a_part_of_the_tokens_must_show_a_deeper_valley_than_the_whole(
    distance: float, alone: int, beside_another: int
) -> None:
    lump = norm.ppf((np.arange(40) + 0.5) / 40)
    two_lumps = np.concatenate([lump, lump + distance])
    far_group = np.concatenate([lump, lump]) - 30
    for positions, groups in ((two_lumps, alone), (np.concatenate([far_group, two_lumps]), beside_another)):
        number = len(positions)
        plane = TokenPlane(np.zeros((6, number, number)), positions[None], np.zeros((1, number)))
        assert len(np.unique(split_tokens(plane, np.ones(number)))) == groups


@pytest.mark.parametrize(("shares", "clusters"), [((1.0,), 1), ((0.5, 0.5), 3), ((0.9, 0.1), 3)])
def test_a_mixture_of_tokens_counts_the_same_clusters(shares: tuple[float, ...], clusters: int) -> None:
    plane = token_plane(*pairs_of(amplitudes(shares, (1.0, 1.6)[: len(shares)])))
    assert count_mixture(plane, ONE).tolist() == [clusters]


def test_a_group_below_one_token_in_sixteen_does_not_count() -> None:
    assert count(*pairs_of(amplitudes((0.95, 0.05), (1.0, 1.6)))) == 1


def test_token_groups_whose_pairs_blur_are_one_cluster() -> None:
    covariance, pearson = pairs_of(amplitudes((0.5, 0.5), (1.0, 1.6), spread=0.08))
    plane = token_plane(
        covariance, pearson
    )  # clusters four standard deviations apart: 2% lie beyond the middle
    assert split_tokens(plane, ONE[0]).any()
    assert count_blocks(plane, ONE, TOKEN_RULES._replace(max_overlap=0.005))[0] == 1
    assert count_blocks(plane, ONE, TOKEN_RULES._replace(max_overlap=0.1))[0] == 3


def test_counts_follow_neither_scale_nor_sign_of_all_covariances() -> None:
    covariance, pearson = pairs_of(amplitudes((0.7, 0.3), (1.0, 1.6)))
    assert count(1e-9 * covariance, pearson) == count(1e9 * covariance, pearson) == 3
    assert count(-covariance, -pearson) == 3


def test_tokens_that_are_all_alike_are_one_cluster() -> None:
    assert count(np.ones(len(FIRST)), np.ones(len(FIRST))) == 1


def test_resamples_are_split_and_counted_together_as_each_by_itself() -> None:
    shares, levels = (0.45, 0.35, 0.2), (1.0, 1.35, 2.2)
    plane = token_plane(*pairs_of(amplitudes(shares, levels, spread=0.09)))
    weights = token_weights(N_TOKENS, 30, np.random.default_rng(3))
    together, counts = split_resamples(plane, weights), count_blocks(plane, weights)
    assert len(np.unique(together, axis=0)) == 3  # some have what others have not
    assert len(np.unique(counts)) > 1
    for row, groups, number in zip(weights, together, counts, strict=True):
        alone = split_tokens(plane, row)
        assert (
            len({*zip(alone.tolist(), groups.tolist(), strict=True)}) == alone.max() + 1 == groups.max() + 1
        )
        assert count_blocks(plane, row[None])[0] == number


def test_covariances_of_both_signs_are_counted() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(size=len(FIRST))
    assert count(values, values / 10) == 1


def test_a_resample_without_a_group_shows_the_other_alone() -> None:
    covariance, pearson = pairs_of(amplitudes((0.5, 0.5), (1.0, 1.6)))
    weights = ONE * (np.arange(N_TOKENS) < N_TOKENS // 2) * 2
    assert count_blocks(token_plane(covariance, pearson), np.concatenate([ONE, weights])).tolist() == [3, 1]


def test_effects_of_sums_are_found_exactly() -> None:
    effects = np.random.default_rng(5).normal(size=N_TOKENS)
    matrix = effects[:, None] + effects[None, :]
    np.fill_diagonal(matrix, 0)
    np.testing.assert_allclose(fit_effects(matrix), effects, atol=1e-12)


def test_overlap_is_the_tail_beyond_the_middle() -> None:
    # Unit Gaussians four apart along y: the best split lies two standard deviations from either.
    one = np.array([1, 0, 0, 1, 0, 1.0])
    other = np.array([1, 0, 4, 1, 0, 17.0])
    assert block_overlaps(one[None], other[None]) == pytest.approx(0.02275, abs=1e-5)
    assert block_overlaps(one[None], one[None]) == 0.5
