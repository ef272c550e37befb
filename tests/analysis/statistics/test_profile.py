"""Profiles are subtracted, averaged and cut layer by layer, and resample by resample."""

import numpy as np
import pytest

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.statistics.profile import Profile, mean_profile, means_of_thirds

FIRST = Profile(np.array([1.0, 2, 4]), np.array([[1.0, 2, 3], [3, 2, 1]]))
SECOND = Profile(np.array([3.0, 2, 8]), np.array([[5.0, 0, 1], [1, 0, 5]]))


def as_lists(profile: Profile) -> tuple[list[float], list[list[float]]]:
    return profile.mean.tolist(), profile.resampled.tolist()


def test_a_difference_is_that_of_means_and_of_each_resample() -> None:
    assert as_lists(FIRST - SECOND) == ([-2, 0, -4], [[-4, 2, 2], [2, 2, -4]])


def test_layer_0_can_be_left_out() -> None:
    assert as_lists(FIRST.without_embedding) == ([2, 4], [[2, 3], [2, 1]])


def test_an_average_weighs_profiles_alike() -> None:
    assert as_lists(mean_profile([FIRST, SECOND])) == ([2, 2, 6], [[3, 1, 2], [2, 1, 3]])
    third = mean_profile([FIRST, FIRST, SECOND])
    assert third.mean == pytest.approx([5 / 3, 2, 16 / 3])
    assert third.resampled[0] == pytest.approx([7 / 3, 4 / 3, 7 / 3])


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        ([1, 5, 9], (1, 9)),
        ([1, 5, 7, 9], (1, 9)),
        ([1, 5, 7, 9, 2], (1, 2)),
        ([1, 5, 7, 9, 2, 4], (3, 3)),
        ([[1, 5, 9], [2, 0, 4]], ([1, 2], [9, 4])),
    ],
)
def test_thirds_are_those_of_the_layers_rounded_down(
    means: list[float], expected: tuple[object, object]
) -> None:
    first, last = means_of_thirds(np.array(means, dtype=float))
    assert (first.tolist(), last.tolist()) == expected


def test_two_layers_have_no_thirds() -> None:
    with pytest.raises(UndefinedResultError, match="2 layers has no thirds"):
        means_of_thirds(np.array([1.0, 2]))
