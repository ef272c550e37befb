"""Groups of tokens and the clusters that their blocks of pairs make."""

import warnings

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from layerclaims.analysis.clusters.token_modes import (
    TOKEN_RULES,
    TokenPlane,
    TokenRules,
    block_overlaps,
    count_blocks,
    count_mixture,
    count_separate,
    fit_effects,
    fit_kinship,
    pair_clusters,
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


def block_overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Give the overlap of one pair of blocks."""
    return float(block_overlaps(one[None], other[None])[0])


def test_overlap_is_the_tail_beyond_the_middle() -> None:
    # Unit Gaussians four apart along y: the best split lies two standard deviations from either.
    one = np.array([1, 0, 0, 1, 0, 1.0])
    other = np.array([1, 0, 4, 1, 0, 17.0])
    assert block_overlap(one, other) == pytest.approx(0.02275, abs=1e-5)
    assert block_overlap(one, one) == 0.5


def test_the_rules_are_those_that_were_calibrated() -> None:
    assert TokenRules(bandwidth=0.9, valley_depth=0.5, min_share=1 / 16, max_overlap=0.1) == TOKEN_RULES


def along(positions: NDArray[np.float64]) -> TokenPlane:
    """Place tokens along one direction, kinship telling nothing."""
    number = len(positions)
    return TokenPlane(np.zeros((6, number, number)), positions[None], np.zeros((1, number)))


LUMP = norm.ppf((np.arange(80) + 0.5) / 80)
EVEN, UNEVEN = np.ones(160), np.repeat([2.0, 0.5], 80)


def deepest_valley(positions: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Give the depth of the deepest valley of the density that the method describes, on no grid."""
    ordered, last = np.sort(positions), len(positions) - 1
    low, q05, q95, high = (ordered[round(share * last)] for share in (0.02, 0.05, 0.95, 0.98))
    effective = weights.sum() ** 2 / (weights**2).sum()
    bandwidth = 0.9 * effective**-0.2 * (q95 - q05) / 3.29
    places = np.linspace(low, high, 400)
    kernels = np.exp(-0.5 * ((places[:, None] - np.clip(positions, low, high)) / bandwidth) ** 2)
    density = kernels @ weights
    below, above = np.maximum.accumulate(density), np.maximum.accumulate(density[::-1])[::-1]
    n_below = (positions[:, None] < places).sum(axis=0)
    splits = np.minimum(n_below, len(positions) - n_below) >= len(positions) / 16
    return float(np.where(splits, 1 - density / np.minimum(below, above), 0).max())


@pytest.mark.parametrize("weights", [EVEN, UNEVEN], ids=["even", "uneven"])
@pytest.mark.parametrize("distance", [3.6, 3.9, 4.2, 4.5, 4.8])
def test_tokens_are_split_where_the_density_has_a_valley_of_the_depth_asked_for(
    distance: float, weights: NDArray[np.float64]
) -> None:
    positions = np.concatenate([LUMP, LUMP + distance])
    depth = deepest_valley(positions, weights)
    shallower, deeper = (
        split_tokens(along(positions), weights, TOKEN_RULES._replace(valley_depth=depth + by))
        for by in (-0.012, 0.012)
    )
    assert len(np.unique(deeper)) == 1
    assert len(np.unique(shallower)) == 2


def test_tokens_above_the_valley_are_the_second_group() -> None:
    positions = np.concatenate([LUMP, LUMP + 6.5])
    np.testing.assert_array_equal(split_tokens(along(positions), EVEN), np.repeat([0, 1], 80))
    np.testing.assert_array_equal(split_tokens(along(-positions), EVEN), np.repeat([1, 0], 80))


@pytest.mark.parametrize(("n_small", "groups"), [(10, 2), (9, 1)])
@pytest.mark.parametrize("side", [-1, 1])
def test_one_token_in_sixteen_is_the_smallest_group(n_small: int, groups: int, side: int) -> None:
    middle = norm.ppf((np.arange(160 - n_small) + 0.5) / (160 - n_small))
    positions = side * np.concatenate([middle, 9 + 0.1 * np.arange(n_small)])
    assert len(np.unique(split_tokens(along(positions), EVEN))) == groups


def test_groups_are_split_again_and_numbered_from_0() -> None:
    positions = np.concatenate([LUMP[::2], LUMP[::2] + 10, LUMP[::2] + 25, LUMP[::2] + 70])
    groups = split_tokens(along(positions), EVEN)
    assert len({*groups.tolist()}) == groups.max() + 1 == 4
    assert all(len(set(part)) == 1 for part in groups.reshape(4, 40).tolist())


def test_kinship_splits_where_effects_show_nothing() -> None:
    number = len(LUMP) * 2
    kin = np.repeat([-1.0, 1.0], 80) + 0.01 * np.tile(LUMP, 2)
    middle = norm.ppf((np.arange(number) + 0.5) / number)
    plane = TokenPlane(np.zeros((6, number, number)), middle[None], kin[None])
    np.testing.assert_array_equal(split_tokens(plane, EVEN), np.repeat([0, 1], 80))
    both = plane._replace(effects=np.concatenate([LUMP, LUMP + 9])[None][:, ::-1])
    assert len(np.unique(split_tokens(both, EVEN))) == 2, "the parts are not kin by what the plane holds"


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


def test_the_plane_holds_the_products_of_all_pairs_and_no_token_with_itself() -> None:
    covariance, pearson = pairs_of(amplitudes((0.5, 0.5), (1.0, 1.6)))
    plane = token_plane(covariance, pearson)
    ones, x, y, xx, xy, yy = plane.products
    np.testing.assert_array_equal(ones, 1 - np.eye(N_TOKENS))
    assert all(not np.diag(product).any() for product in plane.products)
    np.testing.assert_allclose(x[FIRST, SECOND] - x[0, 1], np.log(covariance / covariance[0]), atol=0.02)
    np.testing.assert_allclose(y[FIRST, SECOND] - y[0, 1], np.log(pearson / pearson[0]), atol=0.02)
    for product, expected in ((xx, x * x), (xy, x * y), (yy, y * y), (x, x.T), (y, y.T)):
        np.testing.assert_array_equal(product, expected)
    assert plane.effects.shape == (12, N_TOKENS)
    # The first direction is the first axis of the whitened plane, the seventh the second.
    assert np.asarray(np.corrcoef(plane.effects[[0, 6]]))[0, 1] == pytest.approx(0, abs=0.1)


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


def test_only_groups_with_weight_have_blocks() -> None:
    plane = token_plane(*pairs_of(amplitudes((0.5, 0.5), (1.0, 1.6))))
    groups = np.repeat([0, 1], 80)
    weights = np.stack([EVEN, 1 - groups, groups, 0 * groups, np.r_[1.0, np.zeros(159)]])
    assert count_separate(plane.products, groups, weights, TOKEN_RULES).tolist() == [3, 1, 1, 0, 0]


def block(x: float, y: float, xx: float, xy: float, yy: float) -> NDArray[np.float64]:
    """Give a block's moments by its mean and its covariance matrix."""
    return np.array([1, x, y, xx + x * x, xy + x * y, yy + y * y])


@pytest.mark.parametrize(
    ("one", "other", "deviations"),
    [
        # Spreads of 1 and 3 along x, eight apart: two deviations from either.
        (block(0, 5, 1, 0, 1), block(8, 5, 9, 0, 1), 2),
        # Fisher's direction is (1, 1 / 2): four apart along it, with a spread of the root of 2 each.
        (block(1, 1, 1, 0, 4), block(3, 5, 1, 0, 4), 4 / np.sqrt(8)),
        # Along (1, -1) / root 2 the spread is a half and the distance root 8.
        (block(0, 0, 1, 0.75, 1), block(2, -2, 1, 0.75, 1), np.sqrt(8)),
    ],
)
def test_blocks_overlap_along_fishers_direction(
    one: NDArray[np.float64], other: NDArray[np.float64], deviations: float
) -> None:
    assert block_overlap(one, other) == pytest.approx(norm.cdf(-deviations), rel=1e-6)
    assert block_overlap(other, one) == pytest.approx(norm.cdf(-deviations), rel=1e-6)


def test_points_overlap_where_they_are_the_same() -> None:
    point = block(1, 2, 0, 0, 0)
    assert block_overlap(point, point) == 0.5
    assert block_overlap(point, block(1, 3, 0, 0, 0)) == 0


def test_a_mixture_leaves_out_small_components_with_their_tokens() -> None:
    covariance, pearson = pairs_of(amplitudes((0.95, 0.05), (1.0, 1.6)))
    assert count_mixture(token_plane(covariance, pearson), np.concatenate([ONE, ONE])).tolist() == [1, 1]
    plane = token_plane(*pairs_of(amplitudes((0.5, 0.5), (1.0, 1.6))))
    weights = np.concatenate([ONE, ONE * (np.arange(N_TOKENS) < 80), 0 * ONE])
    assert count_mixture(plane, weights).tolist() == [3, 1, 1]


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("distance", [4.0, 4.6])
def test_the_bandwidth_follows_the_central_nine_tenths(distance: float, side: int) -> None:
    """Of 40 tokens the fourth from the end gives the 95% quantile; two more lie far beyond it."""
    lump = norm.ppf((np.arange(20) + 0.5) / 20)
    positions = np.concatenate([lump, lump + distance])
    for n_far in (2, 3, 4):
        far = positions.copy()
        far[40 - n_far :] += 3
        depth = deepest_valley(side * far, np.ones(40))
        splits = [
            split_tokens(along(side * far), np.ones(40), TOKEN_RULES._replace(valley_depth=depth + by))
            for by in (-0.025, 0.025)
        ]
        assert [len(np.unique(groups)) > 1 for groups in splits] == [True, False], (n_far, depth)


@pytest.mark.parametrize("side", [-1, 1])
def test_a_group_at_one_point_at_the_end_of_the_grid_is_seen(side: int) -> None:
    positions = side * np.concatenate([norm.ppf((np.arange(148) + 0.5) / 148), np.full(12, 9.0)])
    groups = split_tokens(along(positions), EVEN)
    assert groups[:148].tolist() == [groups[0]] * 148
    assert groups[148:].tolist() == [1 - groups[0]] * 12


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
    assert count_separate(plane.products, groups, 1e-3 * ONE, TOKEN_RULES).tolist() == [3]
    assert count_blocks(plane, 1e-3 * ONE).tolist() == count_blocks(plane, 1e3 * ONE).tolist() == [3]
    assert count_mixture(plane, 1e-3 * ONE).tolist() == [3]


@pytest.mark.parametrize("distance", [0.02, 0.2, 1.0])
def test_blocks_that_hardly_differ_overlap_nearly_by_half(distance: float) -> None:
    one, other = block(0, 0, 1, 0, 1), block(0, distance, 1, 0, 1)
    assert block_overlap(one, other) == pytest.approx(norm.cdf(-distance / 2))


def test_kinship_repeats_to_the_last_bit_and_with_its_sign() -> None:
    matrix = np.random.default_rng(7).normal(size=(30, 30))
    matrix += matrix.T
    np.fill_diagonal(matrix, 0)
    first = fit_kinship(matrix)
    for _ in range(8):
        np.testing.assert_array_equal(fit_kinship(matrix), first)


@pytest.mark.parametrize(("n_small", "clusters"), [(10, 3), (9, 1)])
def test_one_token_in_sixteen_is_the_smallest_component_of_a_mixture(n_small: int, clusters: int) -> None:
    plane = token_plane(*pairs_of(amplitudes((1 - n_small / N_TOKENS, n_small / N_TOKENS), (1.0, 1.8))))
    assert count_mixture(plane, ONE).tolist() == [clusters]


def test_a_part_split_in_many_resamples_is_numbered_in_each_by_the_groups_that_it_has() -> None:
    # Two lumps below and two above. In the second resample tokens between take the place of the last lump.
    lump, bridge = LUMP[::2], np.linspace(60, 75, 40)
    positions = np.concatenate([lump, lump + 10, lump + 60, lump + 75, bridge])
    weights = np.stack([np.repeat([1, 1, 1, 1, 1e-3], 40), np.repeat([1, 1, 1, 1e-3, 1], 40)])
    groups = split_resamples(along(positions), weights)
    assert [sorted(set(row.tolist())) for row in groups] == [[0, 1, 2, 3], [0, 1, 2]]


def test_two_kinds_within_a_part_are_told_apart_by_covariance() -> None:
    """The whole shows two amplitudes; in the louder half are two kinds that only covariance tells apart."""
    kinds = np.repeat([0, 1, 2], [80, 40, 40])
    effects = np.where(kinds > 0, 5.0, 0.0) + 0.1 * np.tile(LUMP, 2)
    x = effects[:, None] + effects + np.where(kinds[:, None] == kinds, 1.0, 0.0)
    np.fill_diagonal(x, 0)
    products = np.stack([1 - np.eye(160), x, 0 * x, x * x, 0 * x, 0 * x])
    plane = TokenPlane(products, effects[None], np.zeros((1, 160)))
    groups = split_tokens(plane, EVEN)
    assert len({*zip(groups.tolist(), kinds.tolist(), strict=True)}) == len({*groups.tolist()}) == 3
