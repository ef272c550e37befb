"""The clusters that groups of tokens make of their pairs."""

import warnings

import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.clusters.tokens.blocks import count_separate
from layerclaims.analysis.clusters.tokens.counts import count_blocks, count_mixture, pair_clusters
from layerclaims.analysis.clusters.tokens.rules import TOKEN_RULES
from layerclaims.analysis.clusters.tokens.splitting import split_resamples, split_tokens
from layerclaims.analysis.clusters.tokens.token_plane import token_plane
from layerclaims.analysis.statistics.bootstrap import token_weights
from tests.analysis.clusters.tokens.planted import FIRST, N_TOKENS, ONE, SECOND, amplitudes, pairs_of


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


@pytest.mark.parametrize(
    ("levels", "sorts"),
    [
        ((1.0,), [[0]]),
        ((1.0, 1.6), [[0, 1], [1, 2]]),
        ((1.0, 1.6, 2.56), [[0, 1, 2], [1, 2, 3], [2, 3, 4]]),
    ],
)
def test_pairs_are_in_the_cluster_of_their_block(levels: tuple[float, ...], sorts: list[list[int]]) -> None:
    shares = {1: (1.0,), 2: (0.5, 0.5), 3: (0.4, 0.3, 0.3)}[len(levels)]
    clusters = pair_clusters(token_plane(*pairs_of(amplitudes(shares, levels))))
    groups = np.searchsorted(np.round(N_TOKENS * np.cumsum(shares)), np.arange(N_TOKENS), side="right")
    expected = np.array(sorts)[groups[FIRST], groups[SECOND]]
    assert len({*zip(clusters.tolist(), expected.tolist(), strict=True)}) == expected.max() + 1
    assert set(clusters.tolist()) == set(range(expected.max() + 1))


def test_looser_rules_join_blocks_of_pairs() -> None:
    plane = token_plane(*pairs_of(amplitudes((0.5, 0.5), (1.0, 1.6), spread=0.08)))
    assert pair_clusters(plane).max() == 2
    assert pair_clusters(plane, TOKEN_RULES._replace(max_overlap=0.005)).max() == 0


def test_a_mixture_leaves_out_small_components_with_their_tokens() -> None:
    covariance, pearson = pairs_of(amplitudes((0.95, 0.05), (1.0, 1.6)))
    assert count_mixture(token_plane(covariance, pearson), np.concatenate([ONE, ONE])).tolist() == [1, 1]
    plane = token_plane(*pairs_of(amplitudes((0.5, 0.5), (1.0, 1.6))))
    weights = np.concatenate([ONE, ONE * (np.arange(N_TOKENS) < 80), 0 * ONE])
    assert count_mixture(plane, weights).tolist() == [3, 1, 1]


def test_a_mixture_sees_kinship() -> None:
    side = np.arange(N_TOKENS) % 2
    cosine = np.where(side[:, None] == side[None, :], 1.0, 0.4)
    assert count_mixture(token_plane(*pairs_of(amplitudes((1.0,), (1.0,)), cosine)), ONE).tolist() == [2]


def test_a_mixture_has_up_to_three_components() -> None:
    three = token_plane(*pairs_of(amplitudes((0.5, 0.3, 0.2), (1.0, 1.5, 3.0))))
    assert count_mixture(three, ONE).tolist() == [6]


@pytest.mark.parametrize("n_alike", [0, 80, N_TOKENS])
def test_a_mixture_of_tokens_that_coincide_has_no_more_components_than_points(n_alike: int) -> None:
    pairs = ((n_alike > FIRST) & (n_alike > SECOND)).astype(float)  # all others are constant
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # scikit-learn warns of components that stay empty
        assert count_mixture(token_plane(pairs, pairs), ONE).tolist() == [1]


def test_the_size_of_all_weights_does_not_matter() -> None:
    plane = token_plane(*pairs_of(amplitudes((0.5, 0.5), (1.0, 1.6))))
    groups = np.repeat([0, 1], 80)
    assert count_separate(plane.pairs, groups, 1e-3 * ONE, TOKEN_RULES).tolist() == [3]
    assert count_blocks(plane, 1e-3 * ONE).tolist() == count_blocks(plane, 1e3 * ONE).tolist() == [3]
    assert count_mixture(plane, 1e-3 * ONE).tolist() == [3]


@pytest.mark.parametrize(("n_small", "clusters"), [(10, 3), (9, 1)])
def test_one_token_in_sixteen_is_the_smallest_component_of_a_mixture(n_small: int, clusters: int) -> None:
    plane = token_plane(*pairs_of(amplitudes((1 - n_small / N_TOKENS, n_small / N_TOKENS), (1.0, 1.8))))
    assert count_mixture(plane, ONE).tolist() == [clusters]
