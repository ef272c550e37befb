"""Chance, with the dependence between specifications kept, is told from a trend."""

import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.statistics.joint_null import JointNull, joint_null
from layerclaims.analysis.statistics.trends import change_at_end, spearman

Floats = NDArray[np.float64]

N_SPECIFICATIONS, N_LAYERS = 20, 24


def falls(profile: Floats) -> Floats:
    return 0.9 - change_at_end(profile)


def opposite(first: Floats, second: Floats) -> Floats:
    return -0.5 - spearman(first, second)


def under_all(logarithm: Floats, seed: int = 0) -> Floats:
    """Give one profile under all specifications, each at its own level and with a little of its own."""
    rng = np.random.default_rng([9, seed])
    levels = rng.normal(size=(N_SPECIFICATIONS, 1))
    return np.exp(levels + logarithm + 0.003 * rng.normal(size=(N_SPECIFICATIONS, N_LAYERS)))


def test_a_steady_fall_is_no_chance() -> None:
    found = joint_null([under_all(np.linspace(0, -0.4, N_LAYERS))], falls, np.random.default_rng(0))
    assert found.n_held == found.n_specifications == N_SPECIFICATIONS
    assert found.p_held < 0.05
    assert found.p_median < 0.002


def test_a_fall_in_one_step_is_chance_in_half_the_draws_however_many_specifications_agree() -> None:
    one_step = np.where(np.arange(N_LAYERS) < 18, 0, -0.4)
    found = joint_null([under_all(one_step)], falls, np.random.default_rng(0))
    assert found.n_held == N_SPECIFICATIONS
    assert found.p_held == pytest.approx(0.5, abs=0.04)
    # Specifications that depend on each other agree: all fall or none does.
    assert set(found.null_held.tolist()) == {0, N_SPECIFICATIONS}


def test_two_of_two_steps_down_are_a_quarter_of_the_draws() -> None:
    two_steps = np.interp(np.arange(N_LAYERS), [0, 16, 17, 18, 23], [0, 0, -0.08, -0.16, -0.16])
    found = joint_null([under_all(two_steps)], falls, np.random.default_rng(0))
    assert found.p_held == pytest.approx(0.25, abs=0.04)


def test_profiles_that_run_against_each_other_by_themselves_are_no_chance() -> None:
    rng = np.random.default_rng(3)
    falling, rising = (
        under_all(slope * np.arange(N_LAYERS) + 0.02 * rng.normal(size=N_LAYERS)) for slope in (-0.02, 0.05)
    )
    assert joint_null([falling, rising], opposite, rng).p_median < 0.05
    assert joint_null([falling, falling], opposite, rng).n_held == 0


def test_p_values_of_profiles_that_wander_are_small_as_rarely_as_they_say() -> None:
    """Each layer's change is up or down at random: at most 5% of p-values are below 0.05."""
    rng = np.random.default_rng(4)
    worlds = [under_all(np.cumsum(0.04 * rng.normal(size=N_LAYERS)), seed) for seed in range(300)]
    found = [joint_null([world], falls, rng, n_draws=99) for world in worlds]
    for p_values in (np.array([one.p_held for one in found]), np.array([one.p_median for one in found])):
        assert np.mean(p_values <= 0.05) <= 0.08  # 0.05 and two standard errors and a half
        assert np.mean(p_values <= 0.2) <= 0.26


def test_kinds_of_tokens_share_their_directions_so_that_several_kinds_are_no_further_confirmation() -> None:
    one_step = under_all(np.where(np.arange(N_LAYERS) < 18, 0, -0.4))
    both = np.stack([one_step, one_step**2], axis=1)  # a specification, a kind, a layer
    found = joint_null([both], lambda kinds: falls(kinds).min(axis=-1), np.random.default_rng(0))
    assert found.n_held == found.n_specifications == N_SPECIFICATIONS
    assert found.p_held == pytest.approx(0.5, abs=0.04)


def test_the_draws_repeat_with_the_seed() -> None:
    profile = under_all(np.linspace(0, -0.1, N_LAYERS))
    first, second = (joint_null([profile], falls, np.random.default_rng(5), n_draws=60) for _ in range(2))
    np.testing.assert_array_equal(first.null_held, second.null_held)
    assert len(first.null_held) == 60


@pytest.mark.parametrize(
    ("profiles", "message"),
    [
        ([np.ones((3, 4)), np.ones((3, 5))], "one shape"),
        ([np.ones((3, 1))], "two layers"),
        ([np.ones((3, 2, 1))], "two layers"),
        ([np.ones(4)], "two layers"),
        ([np.array([[1.0, 0.0]])], "not positive"),
        ([np.array([[1.0, np.nan]])], "not positive"),
        ([np.array([[1.0, np.inf]])], "not positive"),
        ([np.array([[1.0, 1e80, 1.0]])], "too large to compute with"),
        ([np.array([[1e-154, 1e-155]])], "too large to compute with"),
        ([np.array([[1.0, 2.0, 1.0], [1.0, 1e80, 1.0]])], "too large to compute with"),
    ],
)
def test_profiles_without_relative_changes_are_refused(profiles: list[Floats], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        joint_null(profiles, lambda *drawn: drawn[0][..., 0], np.random.default_rng(0))


def test_specifications_of_one_kind_of_token_may_each_change_by_much() -> None:
    # Turned around, 1e70 and back may come to 1e140, and a ratio of two such to 1e280, which is finite.
    profile = np.tile([1.0, 1e70, 1.0], (30, 1))[:, np.newaxis]
    drawn: list[Floats] = []

    def margin(one: Floats) -> Floats:
        drawn.append(one)
        return one[..., 0, 0]

    joint_null([profile], margin, np.random.default_rng(0))
    assert np.concatenate(drawn[:-1]).max() == pytest.approx(1e140)
    one_kind = joint_null([profile[..., :2]], margin, np.random.default_rng(0))
    assert one_kind.n_held == 30


def by_chance(median: float, null_median: list[float]) -> JointNull:
    return JointNull(2, np.array([0, 1, 2, 3]), 5, median, np.array(null_median))


def test_the_measured_draw_is_one_of_the_draws_that_are_as_large() -> None:
    assert by_chance(0, [0]).p_held == pytest.approx((1 + 2) / (1 + 4))


@pytest.mark.parametrize("size", [0.001, 0.5, 1.0, 100.0, -100.0])
def test_a_draw_that_is_as_large_but_for_rounding_counts(size: float) -> None:
    rounding = 1e-9 * max(1, abs(size))
    assert by_chance(size, [size - 0.9 * rounding]).p_median == 1
    assert by_chance(size, [size - 1.1 * rounding]).p_median == 1 / 2


def test_a_draw_has_the_first_layer_and_the_sizes_of_the_changes() -> None:
    profile = np.exp(np.random.default_rng(1).normal(size=(3, 6)))
    seen = []

    def margin(drawn: Floats) -> Floats:
        seen.append(drawn)
        return np.zeros(drawn.shape[:-1])

    found = joint_null([profile], margin, np.random.default_rng(0), n_draws=200)
    drawn = np.concatenate(seen[:-1])
    assert drawn.shape == (200, 3, 6)
    np.testing.assert_allclose(drawn[..., 0], np.broadcast_to(profile[:, 0], (200, 3)))
    changes = np.diff(np.log(drawn), axis=-1) / np.diff(np.log(profile), axis=-1)
    np.testing.assert_allclose(np.abs(changes), 1)
    # Specifications share their directions, and each change is turned around in half the draws.
    np.testing.assert_allclose(changes, np.broadcast_to(changes[:, :1], changes.shape))
    np.testing.assert_allclose(changes.mean(axis=(0, 1)), 0, atol=0.2)
    # What meets the criterion by nothing meets it.
    assert (found.n_held, set(found.null_held.tolist())) == (3, {3})
    np.testing.assert_array_equal(seen[-1], profile)


def test_two_layers_are_enough() -> None:
    assert (
        joint_null([np.array([[1.0, 2.0]])], lambda drawn: drawn[..., 1] - 1, np.random.default_rng(0)).n_held
        == 1
    )


def test_the_median_is_that_of_the_specifications_in_the_sample_and_in_each_draw() -> None:
    profile = np.exp(np.random.default_rng(1).normal(size=(3, 4)))
    found = joint_null(
        [profile],
        lambda drawn: drawn[..., 0] * 0 + np.array([-1.0, 2, 9]),
        np.random.default_rng(0),
        n_draws=7,
    )
    assert (found.median, found.null_median.tolist()) == (2, [2] * 7)
    assert (found.n_held, found.null_held.tolist(), found.n_specifications) == (2, [2] * 7, 3)


def test_each_draw_is_counted_by_itself() -> None:
    profile = np.exp(np.random.default_rng(1).normal(size=(3, 4)))
    margins: list[Floats] = []

    def margin(drawn: Floats) -> Floats:
        margins.append(drawn[..., -1] - drawn[..., 0])
        return margins[-1]

    found = joint_null([profile], margin, np.random.default_rng(0), n_draws=120)
    drawn = np.concatenate(margins[:-1])
    assert drawn.shape == (120, 3)
    np.testing.assert_array_equal(found.null_held, (drawn >= 0).sum(axis=1))
    np.testing.assert_array_equal(found.null_median, np.median(drawn, axis=1))
    assert found.n_held == (margins[-1] >= 0).sum()
    assert len(set(found.null_held.tolist())) > 1


def test_two_thousand_draws_are_made_unless_it_is_said_otherwise() -> None:
    found = joint_null([np.ones((2, 3))], lambda drawn: drawn[..., 0], np.random.default_rng(0))
    assert len(found.null_held) == len(found.null_median) == 2000


def test_each_measure_has_directions_of_its_own_which_kinds_and_specifications_share() -> None:
    rng = np.random.default_rng(2)
    seen: list[tuple[Floats, Floats]] = []

    def margin(one: Floats, other: Floats) -> Floats:
        seen.append((one, other))
        return one[..., 0, 0]

    profiles = [np.exp(rng.normal(size=(3, 2, 5))) for _ in range(2)]
    joint_null(profiles, margin, np.random.default_rng(0), n_draws=40)
    directions = [
        np.sign(np.diff(np.log(drawn), axis=-1) / np.diff(np.log(profile), axis=-1))
        for drawn, profile in zip(seen[0], profiles, strict=True)
    ]
    for own in directions:
        assert own.shape == (40, 3, 2, 4)
        np.testing.assert_array_equal(own, np.broadcast_to(own[:, :1, :1], own.shape))
        assert np.abs(own[:, 0, 0].mean(axis=0)).max() < 0.5
        assert (np.ptp(own[:, 0, 0], axis=1) > 0).any(), "layers have directions of their own"
    assert not np.array_equal(directions[0], directions[1])
