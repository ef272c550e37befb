"""What specifications share is what each would measure by itself, within bounds of memory."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

import layerclaims.analysis.measurement.levels
from layerclaims.analysis.kinds import KINDS
from layerclaims.analysis.measurement.levels import KEEP_BYTES, MEASURES, NoInformationError, Specification
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.pairs.moments import Moments
from layerclaims.analysis.pairs.mutual_information import ESTIMATORS
from layerclaims.analysis.pairs.pairwise import pairwise_moments
from tests.builders import random_activations

OWN = Specification(n_resamples=20)
OTHERS = [
    replace(choices, bins=bins, estimator=estimator, outlier_sd=outlier_sd)
    for choices in (OWN, replace(OWN, last_level="final_norm"))
    for bins, estimator, outlier_sd in product((15, 6), ESTIMATORS, (5.0, 2.0))
]


def measured(specification: Specification = OWN, keep_bytes: int = KEEP_BYTES) -> Measurement:
    made = random_activations()
    return Measurement(made.residual, made.final_norm, specification, keep_bytes=keep_bytes)


@pytest.mark.parametrize("order", [OTHERS, OTHERS[::-1]])
@pytest.mark.parametrize("keep_bytes", [0, 1 << 28])
def test_shared_numbers_are_those_of_a_fresh_measurement(order: list[Specification], keep_bytes: int) -> None:
    base = measured(keep_bytes=keep_bytes)
    for specification in order:
        shared, fresh = base.respecified(specification), measured(specification)
        for kind in KINDS:
            np.testing.assert_array_equal(shared.token_std(kind), fresh.token_std(kind))
            for measure in MEASURES:
                one, other = (m.profile(kind, measure) for m in (shared, fresh))
                np.testing.assert_array_equal(one.mean, other.mean)
                np.testing.assert_array_equal(one.resampled, other.resampled)
                np.testing.assert_array_equal(shared.values(kind, measure, 4), fresh.values(kind, measure, 4))
            one_, other_ = (m.clusters(kind, "covariance", 4) for m in (shared, fresh))
            np.testing.assert_array_equal(one_.resampled_separation, other_.resampled_separation)


def test_moments_are_measured_once_for_all_bins_and_estimators(monkeypatch: pytest.MonkeyPatch) -> None:
    measured_levels: list[float] = []

    def counted(activations: NDArray[np.floating], *, outlier_sd: float) -> Moments:
        measured_levels.append(len(activations) if activations.ndim == 3 else 1)
        return pairwise_moments(activations, outlier_sd=outlier_sd)

    monkeypatch.setattr(layerclaims.analysis.measurement.levels, "pairwise_moments", counted)
    base = measured()
    for specification in OTHERS:
        for kind in KINDS:
            base.respecified(specification).profile(kind, "pearson")
    # Two thresholds; five levels, the last one also after the final norm; two kinds.
    assert sum(measured_levels) == 2 * (5 + 1) * 2


@pytest.mark.parametrize("keep_levels", [0, 1, 3])
def test_pairs_kept_stay_within_their_room(keep_levels: int) -> None:
    n_pairs = 24 * 23 // 2
    level_bytes = 8 * n_pairs * len(MEASURES)
    base = measured(keep_bytes=keep_levels * level_bytes)
    for specification in OTHERS:
        other = base.respecified(specification)
        for kind, measure in product(KINDS, MEASURES):
            other.profile(kind, measure)
            other.clusters(kind, "covariance", 2)
            assert base._shared.pairs.n_bytes <= max(keep_levels * level_bytes, level_bytes)


def test_values_kept_hold_no_larger_array_alive() -> None:
    base = measured()
    base.profile("internal", "covariance")
    for layer in range(5):
        assert all(values.base is None for values in base.moments("internal", layer))


@pytest.mark.parametrize("stretch_bytes", [1, 8 * 276 * 2, 1 << 25])
def test_stretches_hold_every_level_once(monkeypatch: pytest.MonkeyPatch, stretch_bytes: int) -> None:
    monkeypatch.setattr(layerclaims.analysis.measurement.levels, "STRETCH_BYTES", stretch_bytes)
    normed = measured(replace(OWN, last_level="final_norm"))
    seen = []
    for layers, values in normed.stretches("terminal", [0, 2, 3, 4], "covariance"):
        seen += layers
        for row, layer in enumerate(layers):
            alone = normed.measure_moments(normed.activations("terminal", layer))
            np.testing.assert_array_equal(values["pearson"][row], alone.pearson)
    assert seen == [0, 2, 3, 4]


def test_without_information_everything_else_is_the_same_and_information_is_refused() -> None:
    blind = measured().respecified(replace(OWN, information=False))
    np.testing.assert_array_equal(
        blind.profile("internal", "covariance").mean, measured().profile("internal", "covariance").mean
    )
    for ask in (
        lambda: blind.profile("internal", "mutual_information"),
        lambda: blind.pairs("internal", 1),
        lambda: blind.clusters("internal", "mutual_information", 1),
        lambda: blind.measure_information(blind.activations("internal", 1)),
        lambda: blind.respecified(replace(blind.specification, bins=7)).information("internal", 1),
    ):
        with pytest.raises(NoInformationError):
            ask()
