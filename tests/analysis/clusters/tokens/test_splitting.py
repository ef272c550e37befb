"""Tokens split at the valleys of their density."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from layerclaims.analysis.clusters.tokens import splitting
from layerclaims.analysis.clusters.tokens.rules import TOKEN_RULES
from layerclaims.analysis.clusters.tokens.splitting import split_resamples, split_tokens
from layerclaims.analysis.clusters.tokens.token_plane import TokenPlane
from tests.analysis.clusters.tokens.planted import EVEN, LUMP, UNEVEN, along


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


def test_a_part_split_in_many_resamples_is_numbered_in_each_by_the_groups_that_it_has() -> None:
    # Two lumps below and two above. In the second resample tokens between take the place of the last lump.
    lump, bridge = LUMP[::2], np.linspace(60, 75, 40)
    positions = np.concatenate([lump, lump + 10, lump + 60, lump + 75, bridge])
    weights = np.stack([np.repeat([1, 1, 1, 1, 1e-3], 40), np.repeat([1, 1, 1, 1e-3, 1], 40)])
    groups = split_resamples(along(positions), weights)
    assert [sorted(set(row.tolist())) for row in groups] == [[0, 1, 2, 3], [0, 1, 2]]


def test_a_part_that_resamples_reach_by_different_ways_is_looked_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What stands between two lumps of three weighs nothing at first, and something in the other resample."""
    lump, bridge = LUMP[::2], np.linspace(-3, 3, 20)
    positions = np.concatenate([lump, lump + 20, lump + 40, bridge + 10, bridge + 30])
    weights = np.repeat([[1, 1, 1, 1e-4, 0.02], [1, 1, 1, 0.02, 1e-4]], [40, 40, 40, 20, 20], axis=1)
    looked_at: list[tuple[str, ...]] = []
    coordinates = splitting._coordinates

    def watched(plane: TokenPlane, name: str, members: NDArray[np.int64]) -> NDArray[np.float64]:
        looked_at.append((name, *map(str, members)))
        return coordinates(plane, name, members)

    monkeypatch.setattr(splitting, "_coordinates", watched)
    together = split_resamples(along(positions), weights)
    shared = len(looked_at)
    assert len(set(looked_at)) == shared
    for row, groups in zip(weights, together, strict=True):
        alone = split_tokens(along(positions), row)
        assert len({*zip(alone.tolist(), groups.tolist(), strict=True)}) == len({*groups.tolist()}) == 3
    assert len(looked_at) - shared > shared, "the resamples have parts in common"


def test_two_kinds_within_a_part_are_told_apart_by_covariance() -> None:
    """The whole shows two amplitudes; in the louder half are two kinds that only covariance tells apart."""
    kinds = np.repeat([0, 1, 2], [80, 40, 40])
    effects = np.where(kinds > 0, 5.0, 0.0) + 0.1 * np.tile(LUMP, 2)
    x = effects[:, None] + effects + np.where(kinds[:, None] == kinds, 1.0, 0.0)
    np.fill_diagonal(x, 0)
    plane = TokenPlane(np.stack([x, 0 * x]), effects[None], np.zeros((1, 160)))
    groups = split_tokens(plane, EVEN)
    assert len({*zip(groups.tolist(), kinds.tolist(), strict=True)}) == len({*groups.tolist()}) == 3
