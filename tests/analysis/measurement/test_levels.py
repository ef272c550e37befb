"""What specifications share is what each would measure by itself, within bounds of memory."""

import gc
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from weakref import ref

import numpy as np
import pytest
from numpy.typing import NDArray

import layerclaims.analysis.measurement.levels
import layerclaims.analysis.measurement.resampled_levels
from layerclaims.analysis.measurement.levels import KEEP_BYTES
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.analysis.pairs import pairwise
from layerclaims.analysis.pairs.estimators import ESTIMATORS
from layerclaims.analysis.pairs.measures import (
    MEASURES,
    Computation,
    PairMeasure,
    computed_together,
    pair_measure,
)
from layerclaims.analysis.pairs.outliers import outlying_dimensions
from layerclaims.analysis.pairs.pairwise import Layouts
from layerclaims.analysis.statistics.dependence import token_series
from tests.analysis.levels import KINDS, random_measurement

NAMES = [measure.name for measure in MEASURES]
OWN = Specification(n_resamples=20)
OTHERS = [
    replace(choices, bins=bins, estimator=estimator, outlier_sd=outlier_sd)
    for choices in (OWN, replace(OWN, last_level="final_norm"))
    for bins, estimator, outlier_sd in product((15, 6), ESTIMATORS, (5.0, 2.0))
]


def measured(specification: Specification = OWN, keep_bytes: int = KEEP_BYTES) -> Measurement:
    return random_measurement(specification, keep_bytes=keep_bytes)


@pytest.mark.parametrize("order", [OTHERS, OTHERS[::-1]])
@pytest.mark.parametrize("keep_bytes", [0, 1 << 28])
def test_shared_numbers_are_those_of_a_fresh_measurement(order: list[Specification], keep_bytes: int) -> None:
    base = measured(keep_bytes=keep_bytes)
    for specification in order:
        shared, fresh = base.respecified(specification), measured(specification)
        for kind in KINDS:
            np.testing.assert_array_equal(shared.token_std(kind), fresh.token_std(kind))
            for measure in NAMES:
                one, other = (m.profile(kind, measure) for m in (shared, fresh))
                np.testing.assert_array_equal(one.mean, other.mean)
                np.testing.assert_array_equal(one.resampled, other.resampled)
                np.testing.assert_array_equal(shared.values(kind, measure, 4), fresh.values(kind, measure, 4))
            one_, other_ = (m.clusters(kind, "covariance", 4) for m in (shared, fresh))
            np.testing.assert_array_equal(one_.resampled_separation, other_.resampled_separation)


@pytest.mark.parametrize(
    ("measure", "n_times"), [("pearson", 2), ("covariance", 2), ("cosine", 1), ("mutual_information", 8)]
)
def test_a_measure_is_computed_once_for_all_choices_that_it_does_not_depend_on(
    measure: str, n_times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[int] = []
    compute = Measurement.compute

    def counted(
        self: Measurement,
        computation: Computation,
        activations: NDArray[np.floating],
        layouts: Layouts | None = None,
    ) -> Mapping[str, NDArray[np.float64]]:
        computed.append(len(activations) if activations.ndim == 3 else 1)
        return compute(self, computation, activations, layouts)

    monkeypatch.setattr(Measurement, "compute", counted)
    base = measured()
    for specification in OTHERS:
        for kind in KINDS:
            base.respecified(specification).profile(kind, measure)
    # Five levels, the last one also after the final norm, and two kinds, for each choice that matters: two
    # thresholds, and for mutual information also two numbers of bins and two ways of counting.
    assert sum(computed) == n_times * (5 + 1) * 2


@pytest.mark.parametrize(("room", "n_times"), [(1 << 24, 1), (1, 5)])
def test_levels_are_arranged_once_for_all_bins_and_estimators(
    room: int, n_times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless there is no room for a single layout: then for moments, and each pair of bins and estimator."""
    monkeypatch.setattr(layerclaims.analysis.measurement.levels, "LAYOUT_BYTES", room)
    arranged: list[float] = []

    def counted(values: NDArray[np.float64], outlier_sd: float) -> NDArray[np.bool_]:
        arranged.append(outlier_sd)
        return outlying_dimensions(values, outlier_sd)

    monkeypatch.setattr(pairwise, "outlying_dimensions", counted)
    base = measured()
    for specification in OTHERS:
        for kind in KINDS:
            base.respecified(specification).profile(kind, "pearson")
            base.respecified(specification).profile(kind, "mutual_information")
    # Five levels, the last one also after the final norm, of two kinds. Equal width and Miller-Madow are
    # measured together.
    assert [arranged.count(threshold) for threshold in (5.0, 2.0)] == [n_times * (5 + 1) * 2] * 2


def test_what_comes_along_is_summarised_before_its_pairs_make_room_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    corrected = replace(OWN, estimator="miller_madow")
    expected = measured(corrected).profile("internal", "mutual_information")
    # Room for two values of each pair at five levels of two kinds, and moments have three.
    base = measured(keep_bytes=2 * 276 * 2 * 5 * 8)
    for kind in KINDS:
        base.profile(kind, "mutual_information")
        base.profile(kind, "covariance")
    seen = computations(monkeypatch)
    found = base.respecified(corrected).profile("internal", "mutual_information")
    assert not seen
    np.testing.assert_array_equal(found.resampled, expected.resampled)


def test_the_same_activations_are_measured_once_for_the_choices_that_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = measured()
    made = base.activations("internal", 1).astype(np.float64) * 3
    fresh = measured()
    expected = {
        choices: fresh.respecified(choices).compute(pair_measure("mutual_information").computation, made)
        for choices in OTHERS
    }
    seen = computations(monkeypatch)
    for choices in (*OTHERS, *OTHERS):
        again = made.copy()
        found = base.respecified(choices).measure(again, "mutual_information")
        np.testing.assert_array_equal(found, expected[choices]["mutual_information"])
        base.respecified(choices).measure(again, "covariance")
        base.respecified(choices).measure(again, "std_product")
    # By two numbers of bins and two thresholds, equal width along with Miller-Madow and the ranks; moments.
    assert len(seen) == 2 * 2 * 2 + 2
    base.measure(made + 1, "covariance")
    base.measure(made[:, ::-1], "covariance")
    assert len(seen) == 2 * 2 * 2 + 2 + 2


def test_more_tokens_than_there_are_of_a_kind_are_measured_too() -> None:
    base = measured(keep_bytes=0)
    doubled = np.repeat(base.activations("internal", 1), 2, axis=0)
    assert base.measure(doubled, "covariance").shape == (48 * 47 // 2,)


def test_activations_apart_share_what_depends_on_the_tokens_alone_and_no_pair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def counted(activations: NDArray[np.floating]) -> NDArray[np.float64]:
        asked.append(len(activations))
        return token_series(activations)

    monkeypatch.setattr(layerclaims.analysis.measurement.resampled_levels, "token_series", counted)
    base = measured()
    other = base.apart(KEEP_BYTES // 2).respecified(replace(OWN, outlier_sd=2.0))
    every_second = {kind: np.arange(0, 24, 2) for kind in KINDS}
    halves = [one.restricted(every_second) for one in (base, other)]
    for one in (base, other, *halves):
        for kind in KINDS:
            one.profile(kind, "covariance")
    assert len(asked) == 2 * 2 * 5  # of all tokens and of the half of them: two kinds, five levels
    assert halves[0].multiplicities[KINDS[0]] is halves[1].multiplicities[KINDS[0]]
    assert other._shared.pairs.maxsize == KEEP_BYTES // 2
    assert not set(other._shared.pairs) & set(base._shared.pairs)
    fresh = measured(other.specification).profile(KINDS[0], "covariance")
    np.testing.assert_array_equal(other.profile(KINDS[0], "covariance").resampled, fresh.resampled)


@pytest.mark.parametrize("keep_levels", [0, 1, 3])
def test_pairs_kept_stay_within_their_room(keep_levels: int) -> None:
    n_pairs = 24 * 23 // 2
    level_bytes = 8 * n_pairs * 3  # of the computation that gives most measures
    base = measured(keep_bytes=keep_levels * level_bytes)
    for specification in OTHERS:
        other = base.respecified(specification)
        for kind, measure in product(KINDS, NAMES):
            other.profile(kind, measure)
            other.clusters(kind, "covariance", 2)
            assert base._shared.pairs.currsize <= max(keep_levels * level_bytes, level_bytes)


def test_values_kept_hold_no_larger_array_alive() -> None:
    base = measured()
    base.profile("internal", "covariance")
    for layer in range(5):
        for name in ("covariance", "pearson"):
            values = base.values("internal", name, layer)
            assert values.base is None or values.base.size == values.size


@pytest.mark.parametrize(
    ("stretch_bytes", "runs"),
    [(1, [[0], [2], [3], [4]]), (8 * 276 * 2, [[0], [2, 3], [4]]), (1 << 25, [[0], [2, 3], [4]])],
)
def test_stretches_hold_every_level_once(
    monkeypatch: pytest.MonkeyPatch, stretch_bytes: int, runs: list[list[int]]
) -> None:
    monkeypatch.setattr(layerclaims.analysis.measurement.levels, "STRETCH_BYTES", stretch_bytes)
    normed = measured(replace(OWN, last_level="final_norm"))
    computation = pair_measure("covariance").computation
    seen = []
    for layers, ((own, values),) in normed.stretches("terminal", [0, 2, 3, 4], computation):
        assert own is normed
        seen.append(layers)
        for row, layer in enumerate(layers):
            for name in computed_together(computation):
                alone = normed.measure(normed.activations("terminal", layer), name)
                np.testing.assert_array_equal(values[name][row], alone)
    assert seen == runs


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
@pytest.mark.parametrize(
    "ask",
    [
        lambda m, name: m.profile("internal", name),
        lambda m, name: m.values("internal", name, 1),
        lambda m, name: m.clusters("internal", name, 1),
        lambda m, name: m.measure(m.activations("internal", 1), name),
        lambda m, name: m.respecified(replace(m.specification, n_resamples=7)).profile("internal", name),
    ],
    ids=["profile", "values", "clusters", "measure", "respecified"],
)
def test_the_choices_that_results_depend_on_are_recorded_whether_computed_or_kept(
    measure: PairMeasure,
    ask: Callable[[Measurement, str], object],
) -> None:
    measurement = measured()
    for _ in range(2):
        with measurement.recorded_choices() as read:
            ask(measurement, measure.name)
        assert read == set(measure.computation.depends_on)


def test_choices_are_recorded_inside_only_and_for_each_that_records() -> None:
    measurement = measured()
    measurement.profile("internal", "mutual_information")
    with measurement.recorded_choices() as outer:
        measurement.token_std("internal")
        with measurement.recorded_choices() as inner:
            measurement.activations("internal", 4)
            measurement.profile("internal", "cosine")
        assert inner == set()
        assert outer == {"outlier_sd"}
        measurement.profile("internal", "mutual_information")
    assert inner == set()
    assert outer == {"bins", "outlier_sd", "estimator"}
    measurement.profile("internal", "covariance")
    assert inner == set()


def test_a_rule_that_raises_ends_its_record() -> None:
    measurement = measured()
    with pytest.raises(ZeroDivisionError), measurement.recorded_choices() as read:
        raise ZeroDivisionError
    measurement.profile("internal", "mutual_information")
    assert read == set()


def test_released_values_are_measured_again_to_the_same_bits() -> None:
    base = measured()
    before = base.values(base.kinds[0], "covariance", 1)
    base.release()
    after = base.values(base.kinds[0], "covariance", 1)
    assert after is not before
    assert (after == before).all()


def test_a_measurement_that_nobody_holds_leaves_no_pair_values_behind() -> None:
    base = measured()
    base.respecified(replace(OWN, bins=10)).values(base.kinds[0], "covariance", 1)
    shared = ref(base._shared)
    gc.disable()  # what counts is memory before the interpreter looks for cycles
    try:
        del base
        assert shared() is None
    finally:
        gc.enable()


CORRECTED = replace(OWN, estimator="miller_madow")


def computations(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Computation, int]]:
    """List what measurements compute from here on, and of how many levels at once."""
    seen: list[tuple[Computation, int]] = []
    compute = Measurement.compute

    def noted(
        self: Measurement,
        computation: Computation,
        activations: NDArray[np.floating],
        layouts: Layouts | None = None,
    ) -> Mapping[str, NDArray[np.float64]]:
        seen.append((computation, len(activations) if activations.ndim == 3 else 1))
        return compute(self, computation, activations, layouts)

    monkeypatch.setattr(Measurement, "compute", noted)
    return seen


def test_two_neighbouring_levels_are_computed_at_once_unless_one_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base, covariance = measured(), pair_measure("covariance").computation
    seen = computations(monkeypatch)
    list(base.stretches("internal", [1, 2], covariance))
    assert seen == [(covariance, 2)]
    list(base.stretches("internal", [2, 3], covariance))
    assert seen == [(covariance, 2), (covariance, 1)]


# Two values of 276 pairs of either kind at each of 5 levels, of 8 bytes.
@pytest.mark.parametrize(("lacking", "is_kept"), [(0, True), (1, False)])
def test_values_for_other_choices_are_kept_where_there_is_room_for_both_at_all_levels(
    lacking: int, is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = measured(keep_bytes=2 * 276 * 2 * 5 * 8 - lacking)
    seen = computations(monkeypatch)
    base.values("internal", "mutual_information", 1)
    base.respecified(CORRECTED).values("internal", "mutual_information", 1)
    assert len(seen) == (1 if is_kept else 2)


@pytest.mark.parametrize("stretch_bytes", [1, 1 << 25])
@pytest.mark.parametrize("keep_bytes", [0, KEEP_BYTES])
def test_profiles_for_other_choices_come_along_whether_or_not_there_is_room_for_pairs(
    keep_bytes: int, stretch_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layerclaims.analysis.measurement.levels, "STRETCH_BYTES", stretch_bytes)
    base = measured(keep_bytes=keep_bytes)
    corrected = base.respecified(CORRECTED)
    base.profile("internal", "mutual_information")
    seen = computations(monkeypatch)
    along = corrected.profile("internal", "mutual_information")
    assert seen == []
    alone = measured(CORRECTED).profile("internal", "mutual_information")
    np.testing.assert_array_equal(along.mean, alone.mean)
    np.testing.assert_array_equal(along.resampled, alone.resampled)


def test_it_is_known_what_was_derived_of_which_level_and_choices() -> None:
    base = measured()
    asked = (("mean", 3), "internal", 1, ("covariance",))
    assert base.is_derived(*asked) is False
    base.derived(*asked, lambda values: float(values["covariance"].mean()))
    assert base.is_derived(*asked) is True
    assert base.respecified(replace(OWN, bins=7)).is_derived(*asked) is True
    assert base.respecified(replace(OWN, outlier_sd=2.0)).is_derived(*asked) is False
    assert base.is_derived(("mean", 3), "internal", 2, ("covariance",)) is False
