"""One subject's measures, as claims ask for them."""

from dataclasses import replace

import numpy as np
import pytest

import layerclaims.analysis.measurement.measurement
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.analysis.pairs.cosine import pairwise_cosine
from layerclaims.analysis.pairs.estimators import ESTIMATORS, Estimator
from layerclaims.analysis.pairs.measures import MEASURES
from layerclaims.analysis.pairs.pairwise import pairwise_measures
from layerclaims.analysis.statistics.bootstrap import resampled_means
from layerclaims.analysis.statistics.estimate import Estimate
from tests.analysis.levels import KINDS, random_measurement, text_of_tokens

SPECIFICATION = Specification(n_resamples=50, block_length=None)
NAMES = [measure.name for measure in MEASURES]


@pytest.fixture
def measured() -> Measurement:
    return random_measurement(SPECIFICATION)


def blocks(n_layers: int) -> Measurement:
    return Measurement({"kind": np.zeros((n_layers + 1, 2, 2))}, reference_blocks=24)


@pytest.mark.parametrize(
    ("n_layers", "expected"),
    [
        (60, {0: 0, 1: 1, 2: 5, 24: 60}),
        (24, {0: 0, 1: 1, 7: 7, 8: 8, 9: 9, 10: 10, 20: 20, 24: 24}),
        (30, {0: 0, 1: 1, 7: 9, 8: 10, 9: 11, 10: 13, 20: 25, 24: 30}),
        (12, {0: 0, 1: 1, 7: 4, 8: 4, 9: 5, 10: 5, 20: 10, 24: 12}),
        (6, {0: 0, 1: 1, 7: 2, 8: 2, 9: 2, 20: 5, 24: 6}),
        (2, {0: 0, 1: 1, 2: 1, 7: 1, 24: 2}),
    ],
)
def test_layers_are_read_by_relative_depth(n_layers: int, expected: dict[int, int]) -> None:
    measurement = blocks(n_layers)
    assert {layer: measurement.layer_of(layer) for layer in expected} == expected


@pytest.mark.parametrize(("layer", "expected"), [(0, 0), (1, 1), (5, 5), (6, 6), (7, 6), (24, 6)])
def test_without_a_reference_layers_are_the_models_own(layer: int, expected: int) -> None:
    assert replace(blocks(6), reference_blocks=None).layer_of(layer) == expected


def test_the_reference_stays_under_other_choices() -> None:
    other = blocks(12).respecified(replace(SPECIFICATION, bins=7))
    assert other.layer_of(20) == 10


def test_profiles_are_the_means_over_pairs(measured: Measurement) -> None:
    for kind in KINDS:
        direct = vars(pairwise_measures(measured.residual[kind]))
        direct["cosine"] = pairwise_cosine(measured.residual[kind])
        assert set(direct) == set(NAMES)
        for measure in NAMES:
            values = direct[measure][1:]
            profile = measured.profile(kind, measure)
            np.testing.assert_allclose(profile.mean[1:], values.mean(axis=1))
            assert profile.resampled.shape == (50, 5)


def test_resamples_are_shared_between_measures_and_layers() -> None:
    """Covariance is scaled by 4 a layer here, so shared resamples are alike but for that factor."""
    made = random_measurement()
    same = {kind: made.residual[kind][1:2] * 2.0 ** np.arange(5)[:, None, None] for kind in KINDS}
    measurement = Measurement(same, specification=SPECIFICATION)
    covariance, product = (measurement.profile("internal", name) for name in ("covariance", "std_product"))
    np.testing.assert_allclose(covariance.resampled, covariance.resampled[:, :1] * 4.0 ** np.arange(5))
    np.testing.assert_allclose(product.resampled, product.resampled[:, :1] * 4.0 ** np.arange(5))
    weights = measurement.multiplicities["internal"]
    pairs = weights[:, :, None] * weights[:, None, :]
    first, second = np.triu_indices(24, 1)
    drawn = pairs[:, first, second]
    values = measurement.values("internal", "covariance", 0)
    means = drawn @ values / drawn.sum(axis=1)
    np.testing.assert_allclose(covariance.resampled[:, 0], values.mean() + means - means.mean())
    assert np.ptp(covariance.resampled[:, 0]) > 0


def test_kinds_may_have_different_numbers_of_tokens(measured: Measurement) -> None:
    residual = {**measured.residual, "few": measured.residual["internal"][:, :9]}
    few = Measurement(residual, specification=SPECIFICATION)
    few.measure_all()
    assert few.multiplicities["few"].shape == (50, 9)
    assert few.n_all_tokens == 24 + 24 + 9
    expected = pairwise_measures(residual["few"]).covariance.mean(axis=1)
    np.testing.assert_allclose(few.profile("few", "covariance").mean, expected)


def test_pairs_are_the_same_whether_kept_or_measured_again(measured: Measurement) -> None:
    kept = measured.values("internal", "covariance", 2)
    assert measured.values("internal", "covariance", 2) is kept
    fresh = replace(measured, keep_bytes=0)
    once = fresh.values("internal", "covariance", 2)
    assert fresh.values("internal", "covariance", 2) is once
    fresh.values("internal", "covariance", 0)
    assert fresh.values("internal", "covariance", 2) is not once
    for measure in NAMES:
        np.testing.assert_array_equal(
            fresh.values("internal", measure, 2), measured.values("internal", measure, 2)
        )
        np.testing.assert_array_equal(
            fresh.profile("internal", measure).resampled, measured.profile("internal", measure).resampled
        )
    assert fresh.cluster_count("internal", "covariance", 1) == measured.cluster_count(
        "internal", "covariance", 1
    )


def test_the_last_level_is_the_residual_stream_unless_the_final_norm_is_asked_for(
    measured: Measurement,
) -> None:
    normed = replace(measured, specification=replace(SPECIFICATION, last_level="final_norm"))
    for kind in KINDS:
        np.testing.assert_array_equal(measured.activations(kind, 4), measured.residual[kind][4])
        np.testing.assert_array_equal(normed.activations(kind, 4), measured.final_norm[kind])
        np.testing.assert_array_equal(normed.activations(kind, 3), measured.residual[kind][3])
        final = pairwise_measures(measured.final_norm[kind]).covariance.mean()
        assert normed.profile(kind, "covariance").mean[4] == pytest.approx(final)
        assert measured.profile(kind, "covariance").mean[4] != pytest.approx(final)
        assert measured.final_norm_level is not None
        assert measured.final_norm_level.profile(kind, "covariance").mean == pytest.approx(final)
    np.testing.assert_array_equal(
        normed.profile("internal", "covariance").mean[:4], measured.profile("internal", "covariance").mean[:4]
    )


def test_a_model_without_a_final_norm_has_its_last_level_either_way(measured: Measurement) -> None:
    bare = Measurement(measured.residual, specification=replace(SPECIFICATION, last_level="final_norm"))
    np.testing.assert_array_equal(bare.activations("internal", 4), measured.residual["internal"][4])
    assert bare.final_norm_level is None


def test_the_spread_of_a_token_leaves_outliers_out(measured: Measurement) -> None:
    residual = {kind: measured.residual[kind].copy() for kind in KINDS}
    residual["internal"][2, 5, 7] = 1e4
    measurement = Measurement(residual, specification=SPECIFICATION)
    spread = measurement.token_std("internal")
    assert spread.shape == (5, 24)
    rest = np.delete(residual["internal"][2, 5].astype(np.float64), 7)
    assert spread[2, 5] == pytest.approx(rest.std(ddof=1))
    everything = replace(measurement, specification=replace(SPECIFICATION, outlier_sd=0))
    assert everything.token_std("internal")[2, 5] > 100 * spread[2, 5]
    profile = measurement.std_profile("internal")
    np.testing.assert_allclose(profile.mean, spread.mean(axis=1))
    weights = measurement.multiplicities["internal"]
    np.testing.assert_allclose(profile.resampled, weights @ spread.T / weights.sum(axis=1, keepdims=True))


def test_a_token_that_is_constant_leaves_its_layers_correlation_undefined(measured: Measurement) -> None:
    residual = {kind: measured.residual[kind].copy() for kind in KINDS}
    residual["internal"][3, 0] = 1
    profile = Measurement(residual, specification=SPECIFICATION).profile("internal", "pearson")
    assert np.isnan(profile.mean[3])
    assert np.isnan(profile.resampled[:, 3]).all()
    assert np.isfinite(profile.mean[[1, 2, 4]]).all()


def test_a_zero_vector_leaves_its_layers_cosine_undefined_and_no_other_measure(measured: Measurement) -> None:
    residual = {kind: measured.residual[kind].copy() for kind in KINDS}
    residual["internal"][3, 0] = 0
    zero = Measurement(residual, specification=SPECIFICATION)
    cosine = zero.profile("internal", "cosine")
    assert np.flatnonzero(np.isnan(cosine.mean)).tolist() == [3]
    assert np.isnan(cosine.resampled[:, 3]).all()
    assert np.isfinite(zero.profile("internal", "covariance").mean).all()


def test_a_measure_that_is_not_in_the_registry_is_refused(measured: Measurement) -> None:
    with pytest.raises(ValueError, match="no pair measure 'correlation'"):
        measured.profile("internal", "correlation")


def test_a_count_of_clusters_has_the_resamples_counts_as_interval() -> None:
    rng = np.random.default_rng(0)
    scale = np.where(np.arange(80) < 30, 1.0, 3.0)[:, None]
    level = scale * (rng.normal(size=300) + 0.1 * rng.normal(size=(80, 300)))
    residual = dict.fromkeys(KINDS, np.stack([level] * 3))
    # The tokens of a group follow one another here, so blocks of the text would not hold both groups.
    alone = replace(SPECIFICATION, block_length=1)
    counted = Measurement(residual, specification=alone).cluster_count("internal", "covariance", 1)
    assert counted == Estimate(3, 3, 3, n=80, method=counted.method, is_discrete=True)


def test_asked_again_for_other_choices_the_same_measurement_is_given(measured: Measurement) -> None:
    other = replace(SPECIFICATION, bins=30)
    assert measured.respecified(SPECIFICATION) is measured
    assert measured.respecified(other) is measured.respecified(other)
    assert measured.respecified(other).specification.bins == 30
    assert not np.array_equal(
        measured.respecified(other).profile("internal", "mutual_information").mean,
        measured.profile("internal", "mutual_information").mean,
    )


def test_a_number_that_is_not_finite_is_refused_with_its_place(measured: Measurement) -> None:
    residual = {kind: measured.residual[kind].copy() for kind in KINDS}
    residual["terminal"][2, 3, 4] = np.nan
    with pytest.raises(ValueError, match="token 3, dimension 4"):
        Measurement(residual, specification=SPECIFICATION).measure_all()


def test_measurements_made_from_one_another_share_what_they_measure(measured: Measurement) -> None:
    choices = measured.specification
    other = measured.respecified(replace(choices, bins=7))
    assert other.respecified(choices) is measured
    assert measured.respecified(replace(choices, bins=7)) is other


def test_a_final_normed_last_level_changes_no_other_level() -> None:
    residual = random_measurement().residual
    base = Measurement(residual, {kind: residual[kind][-1] / 2 for kind in KINDS}, SPECIFICATION)
    normed = base.respecified(replace(SPECIFICATION, last_level="final_norm"))
    alone = replace(normed)
    for measure in NAMES:
        shared, separate = (m.profile("internal", measure) for m in (normed, alone))
        np.testing.assert_array_equal(shared.mean, separate.mean)
        np.testing.assert_array_equal(shared.resampled, separate.resampled)
    ratio = normed.profile("internal", "covariance").mean / base.profile("internal", "covariance").mean
    np.testing.assert_allclose(ratio, [1, 1, 1, 1, 0.25])


@pytest.mark.parametrize(("block_length", "is_centred"), [(1, False), (2, True)])
def test_resamples_of_blocks_lie_around_the_sample(block_length: int, is_centred: bool) -> None:
    specification = replace(SPECIFICATION, block_length=block_length)
    profile = replace(text_of_tokens(0.7), specification=specification).profile("kind", "covariance")
    distance = np.abs(profile.resampled.mean(axis=0) / profile.mean - 1)
    assert (distance < 1e-12).all() == is_centred


def test_some_of_the_tokens_are_measured_as_if_they_were_all(measured: Measurement) -> None:
    positions = {"internal": np.arange(24) * 7}
    chosen = np.array([20, 3, 8, 11])
    few = replace(measured, positions=positions).restricted({"internal": chosen})
    assert few.n_tokens("internal") == 4
    assert few.n_tokens("terminal") == 24
    np.testing.assert_array_equal(few.positions["internal"], positions["internal"][chosen])
    np.testing.assert_array_equal(few.final_norm["internal"], measured.final_norm["internal"][chosen])
    expected = pairwise_measures(measured.residual["internal"][:, chosen]).covariance.mean(axis=1)
    np.testing.assert_allclose(few.profile("internal", "covariance").mean, expected)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_mutual_information_of_some_of_the_tokens_is_taken_from_all_to_the_last_bit(
    estimator: Estimator, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = random_measurement(replace(SPECIFICATION, estimator=estimator))
    chosen = {"internal": np.array([20, 3, 8, 11]), "terminal": np.arange(0, 24, 2)}
    alone = replace(
        own,
        residual={kind: own.residual[kind][:, tokens] for kind, tokens in chosen.items()},
        final_norm={kind: own.final_norm[kind][tokens] for kind, tokens in chosen.items()},
    )
    expected = {kind: alone.profile(kind, "mutual_information") for kind in KINDS}
    layers = range(own.n_layers + 1)
    values = {kind: [alone.values(kind, "mutual_information", layer) for layer in layers] for kind in KINDS}
    own.measure_all(["mutual_information"])

    def refuse(*_: object) -> None:
        raise AssertionError("pairs are measured again")

    monkeypatch.setattr(Measurement, "compute", refuse)
    few = own.restricted(chosen, keep_bytes=0)
    for kind in KINDS:
        found = few.profile(kind, "mutual_information")
        assert (found.mean == expected[kind].mean).all()
        assert (found.resampled == expected[kind].resampled).all()
        for layer in layers:
            assert (few.values(kind, "mutual_information", layer) == values[kind][layer]).all()


@pytest.mark.parametrize("follows", [True, False])
def test_without_room_for_pairs_part_of_the_tokens_is_summarised_with_all_where_it_follows(
    follows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = replace(random_measurement(), keep_bytes=0)
    chosen = {kind: np.arange(0, own.n_tokens(kind), 2) for kind in KINDS}
    few = own.restricted(chosen, follows=follows)
    others = [
        replace(own.specification, **change)
        for change in ({}, {"bins": 7}, {"estimator": "miller_madow"}, {"last_level": "final_norm"})
    ]
    expected = [
        [own.restricted(chosen).respecified(one).profile(kind, "mutual_information") for kind in KINDS]
        for one in others
    ]
    for one in others:
        for kind in KINDS:
            own.respecified(one).profile(kind, "mutual_information")
    asked = []
    compute = Measurement.compute

    def noted(self: Measurement, *given: object) -> object:
        asked.append(given)
        return compute(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Measurement, "compute", noted)
    for one, profiles in zip(others, expected, strict=True):
        for kind, profile in zip(KINDS, profiles, strict=True):
            found = few.respecified(one).profile(kind, "mutual_information")
            assert (found.mean == profile.mean).all()
            assert (found.resampled == profile.resampled).all()
    assert bool(asked) is not follows


@pytest.mark.parametrize(
    ("keep_bytes", "measure", "is_summarised"),
    [(0, "mutual_information", True), (1 << 20, "mutual_information", False), (0, "covariance", False)],
)
def test_part_of_the_tokens_is_summarised_ahead_only_where_that_saves_counting_and_changes_no_bit(
    keep_bytes: int, measure: str, is_summarised: bool
) -> None:
    own = replace(random_measurement(), keep_bytes=keep_bytes)
    few = own.restricted({kind: np.arange(0, 24, 2) for kind in KINDS}, follows=True)
    own.profile("internal", measure)
    assert bool(few._shared.derived) is is_summarised


def test_exchanged_kinds_measure_no_pair_again_and_find_what_a_fresh_measurement_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = random_measurement()
    kinds = own.kinds
    own.measure_all()
    fresh = Measurement(
        dict(zip(kinds, reversed(list(own.residual.values())), strict=True)), specification=own.specification
    )
    other_of = dict(zip(kinds, reversed(kinds), strict=True))
    expected = {
        (kind, name): fresh.profile(kind, name) for kind in kinds for name in ("covariance", "pearson")
    }

    def refuse(*_: object) -> None:
        raise AssertionError("pairs are measured again")

    monkeypatch.setattr(Measurement, "compute", refuse)
    exchanged = own.exchanged(other_of)
    for (kind, name), profile in expected.items():
        found = exchanged.profile(kind, name)
        assert (found.mean == profile.mean).all()
        assert (found.resampled == profile.resampled).all()
    again = exchanged.exchanged(other_of)
    assert (again.profile(kinds[0], "covariance").mean == own.profile(kinds[0], "covariance").mean).all()


def test_what_is_rarely_given_is_given_by_name(measured: Measurement) -> None:
    plain = Measurement(measured.residual, measured.final_norm, SPECIFICATION, {}, None)
    assert (plain.positions, plain.reach, plain.reference_blocks) == ({}, None, None)
    with pytest.raises(TypeError, match="positional"):
        Measurement(measured.residual, measured.final_norm, SPECIFICATION, {}, None, {})  # type: ignore[call-arg, arg-type]
    bare = Measurement(measured.residual)
    assert (bare.final_norm, bare.embedding_controls, bare.positions_added) == ({}, {}, None)
    assert bare.specification == Specification()


def test_a_level_after_the_norm_has_the_choices_and_places_of_the_others(measured: Measurement) -> None:
    positions = {kind: np.arange(24)[::-1] for kind in KINDS}
    norm = replace(measured, positions=positions).final_norm_level
    assert norm is not None
    assert norm.specification is measured.specification
    assert norm.positions is positions
    assert norm.n_layers == 0
    for kind in KINDS:
        np.testing.assert_array_equal(norm.activations(kind, 0), measured.final_norm[kind])


def test_some_of_the_tokens_keep_memory_as_all_do_or_as_told(measured: Measurement) -> None:
    some = {"internal": np.arange(22)}
    assert replace(measured, keep_bytes=12345).restricted(some).keep_bytes == 12345
    assert measured.restricted(some, keep_bytes=7).keep_bytes == 7


def test_exchanged_kinds_take_everything_along(measured: Measurement) -> None:
    positions = {kind: np.arange(24) + 100 * place for place, kind in enumerate(KINDS)}
    own = replace(measured, positions=positions)
    other = own.exchanged({"internal": "terminal", "terminal": "internal"})
    assert other.names == {"internal": "terminal", "terminal": "internal"}
    for kind, from_kind in other.names.items():
        for name in ("residual", "final_norm", "positions"):
            assert getattr(other, name)[kind] is getattr(own, name)[from_kind]
    assert other.exchanged({kind: kind for kind in KINDS}).names == other.names


def test_tokens_by_themselves_have_the_resamples_means_as_they_are(measured: Measurement) -> None:
    alone = measured.respecified(replace(SPECIFICATION, block_length=1))
    drawn = resampled_means(alone.values("internal", "covariance", 2), alone.multiplicities["internal"])
    resampled = alone.profile("internal", "covariance").resampled[:, 2]
    np.testing.assert_allclose(resampled, drawn)
    assert abs(resampled.mean() - alone.profile("internal", "covariance").mean[2]) > 1e-6


def test_blocks_have_resamples_around_the_mean_of_each_level(measured: Measurement) -> None:
    blocks = measured.respecified(replace(SPECIFICATION, block_length=3))
    profile = blocks.profile("internal", "covariance")
    np.testing.assert_allclose(profile.resampled.mean(axis=0), profile.mean, atol=1e-12)


def test_clusters_are_counted_in_two_hundred_resamples_at_the_most() -> None:
    many = random_measurement(Specification(n_resamples=250, block_length=1))
    found = many.clusters("internal", "covariance", 1)
    assert found.resampled_counts.shape == found.resampled_separation.shape == (200,)
    few = many.respecified(replace(many.specification, n_resamples=30))
    assert few.clusters("internal", "covariance", 1).resampled_counts.shape == (30,)


def test_everything_is_measured_at_once_where_it_is_asked_for(
    measured: Measurement, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured.measure_all(["covariance"])

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("it is measured only now")

    monkeypatch.setattr(Measurement, "compute", refuse)
    monkeypatch.setattr(layerclaims.analysis.measurement.measurement, "outlying_dimensions", refuse)
    for kind in KINDS:
        assert measured.profile(kind, "covariance").mean.shape == (5,)
        assert measured.token_std(kind).shape == (5, 24)
    with pytest.raises(AssertionError, match="only now"):
        measured.profile("internal", "mutual_information")


def test_how_clusters_are_counted_is_recorded_as_a_choice(measured: Measurement) -> None:
    with measured.recorded_choices() as read:
        assert measured.counting == "panel"
    assert read == {"counting"}


def test_one_level_of_the_larger_kind_is_kept_whatever_the_memory() -> None:
    rng = np.random.default_rng(0)
    residual = {"few": rng.normal(size=(3, 9, 16)), "many": rng.normal(size=(3, 24, 16))}
    measurement = Measurement(residual, specification=SPECIFICATION, keep_bytes=0)
    kept = measurement.values("many", "covariance", 1)
    assert measurement.values("many", "pearson", 1) is measurement.values("many", "pearson", 1)
    assert measurement.values("many", "covariance", 1) is kept
    measurement.values("few", "covariance", 1)
    assert measurement.values("many", "covariance", 1) is not kept


def test_a_level_that_is_kept_is_not_measured_again_for_a_profile(
    measured: Measurement, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[tuple[int, ...]] = []
    compute = Measurement.compute

    def counted(self: Measurement, computation: object, activations: np.ndarray, *layouts: object) -> object:
        computed.append(activations.shape)
        return compute(self, computation, activations, *layouts)  # type: ignore[arg-type]

    monkeypatch.setattr(Measurement, "compute", counted)
    measured.values("internal", "covariance", 2)
    measured.profile("internal", "covariance")
    # Levels 0 to 3 are neighbours, one of which is kept, so each is measured by itself, and the last one too.
    assert computed == [(24, 32)] * 5
    computed.clear()
    measured.profile("terminal", "covariance")
    assert computed == [(4, 24, 32), (24, 32)]
