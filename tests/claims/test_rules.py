"""Rules give the numbers that are planted, and name what is missing where they cannot."""

from dataclasses import replace

import numpy as np
import pytest

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.analysis.statistics.estimate import Estimate
from layerclaims.calibration.synthetic import DOCUMENT_LIKE, Planted
from layerclaims.claims.document import COMMAS, KINDS
from layerclaims.claims.shared.clusters import clusters_gone
from layerclaims.claims.shared.growth import covariance_growth
from layerclaims.claims.test_section_2_1_embedding import (
    kinds_differ,
    mixing_separates,
    positions_decide,
    tokens_coincide,
)
from layerclaims.claims.test_section_2_2_clusters import clusters_not_gone_before, partition_kept
from layerclaims.claims.test_section_3_1_profiles import (
    information_at_end,
    information_regained,
    opposite_trends,
)
from layerclaims.claims.test_section_3_2_scale import (
    correlation_growth,
    covariance_deviation,
    variance_growth,
    variance_share,
)
from layerclaims.claims.test_section_4_conclusions import (
    clusters_later,
    early_share,
    order_by_covariance,
    ranking_with_bins,
)
from layerclaims.decision import Decision
from tests.claims.planted import measured

# Without groups and with the same vectors at each layer, what is planted is what should be measured.
PLAIN = DOCUMENT_LIKE.but(
    n_layers=6, n_tokens=60, hidden=256, factors=(1.0,), shares=(1.0,), spread=0.0, unevenness=0.0, turn=0.0
)


def estimate_of(decision: Decision) -> Estimate:
    assert decision.estimate is not None, decision.reason
    return decision.estimate


def growing(correlation: tuple[float, float], scale: float) -> Planted:
    return PLAIN.but(
        correlation=((1, correlation[0]), (24, correlation[1])), growth=((1, 0), (24, np.log10(scale)))
    )


def test_variance_grows_by_the_square_of_the_planted_scale() -> None:
    estimate = estimate_of(variance_growth(measured(growing((0.6, 0.6), 5)), kind="internal"))
    assert estimate.value == pytest.approx(25, rel=0.05)
    assert estimate.low < 25 < estimate.high or abs(estimate.value - 25) < 1


def test_covariance_grows_by_scale_and_correlation() -> None:
    estimate = estimate_of(covariance_growth(measured(growing((0.3, 0.6), 5)), kind="terminal"))
    assert estimate.value == pytest.approx(50, rel=0.08)


def test_the_standard_deviations_share_is_that_of_the_planted_logarithms() -> None:
    decision = variance_share(measured(growing((0.3, 0.6), 5)), kind="internal")
    assert estimate_of(decision).value == pytest.approx(np.log(25) / np.log(50), abs=0.02)
    assert decision.verdict == "refuted"


def test_correlation_grows_as_planted() -> None:
    estimate = estimate_of(correlation_growth(measured(growing((0.3, 0.6), 5)), kind="internal"))
    assert estimate.value == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize("rule", [variance_share, correlation_growth])
def test_growth_is_not_explained_where_there_is_none(rule: object) -> None:
    decision = rule(measured(growing((0.6, 0.6), 2)), kind="internal")  # type: ignore[operator]
    assert decision.verdict == "not_applicable"
    assert "there is no tenfold growth: mean covariance of commas" in str(decision.reason)


def test_covariance_that_is_zero_at_layer_1_has_no_multiple() -> None:
    drawn = measured(PLAIN)
    residual = {kind: drawn.residual[kind].copy() for kind in KINDS}
    residual["internal"][1] = np.random.default_rng(0).normal(size=residual["internal"][1].shape)
    decision = covariance_growth(Measurement(residual, specification=drawn.specification), kind="internal")
    assert "not clearly positive" in str(decision.reason)


@pytest.mark.parametrize(
    ("layer", "are_left", "after"), [(5, False, "supported"), (8, True, "supported"), (12, True, "refuted")]
)
def test_clusters_dissolve_by_layer_9_and_not_long_before(layer: int, are_left: bool, after: str) -> None:
    fade = ((1, 1), (layer - 1, 0.9), (layer, 0))
    planted = DOCUMENT_LIKE.but(n_layers=24, n_tokens=80, correlation=((1, 0.85),), fade=fade)
    assert clusters_not_gone_before(measured(planted)).supported == are_left
    assert clusters_gone(measured(planted), document_layer=9).verdict == after


def test_clusters_that_return_are_a_share_of_the_later_layers() -> None:
    fade = ((1, 1), (4, 0), (19, 0), (20, 1))
    planted = DOCUMENT_LIKE.but(n_layers=12, n_tokens=80, correlation=((1, 0.85),), fade=fade)
    assert estimate_of(clusters_later(measured(planted))).value == pytest.approx(3 / 7)


def test_groups_that_stay_explain_the_covariance_of_deep_layers() -> None:
    kept = DOCUMENT_LIKE.but(n_layers=6, n_tokens=80, correlation=((1, 0.85),), fade=((1, 1),))
    decision = partition_kept(measured(kept))
    assert estimate_of(decision).value > 0.9
    assert decision.verdict == "refuted"
    lost = DOCUMENT_LIKE.but(n_layers=6, n_tokens=80, correlation=((1, 0.85),))
    assert partition_kept(measured(lost)).verdict == "supported"


def test_separation_that_stays_is_early_by_the_early_layers_share() -> None:
    planted = DOCUMENT_LIKE.but(n_layers=12, n_tokens=80, correlation=((1, 0.85),), fade=((1, 1),))
    assert estimate_of(early_share(measured(planted))).value == pytest.approx(5 / 12, abs=0.02)


def test_the_fate_of_clusters_is_not_told_where_a_layer_is_layer_1_itself() -> None:
    shallow = measured(DOCUMENT_LIKE.but(n_layers=3, n_tokens=80))
    decision = clusters_gone(shallow, document_layer=7)
    assert str(decision.reason) == "with 3 blocks, the document's layer 7 of 24 is layer 1 itself"


@pytest.mark.parametrize("rule", [information_at_end, opposite_trends])
def test_two_blocks_have_no_trend(rule: object) -> None:
    decision = rule(measured(PLAIN.but(n_layers=2)), kind="internal")  # type: ignore[operator]
    assert str(decision.reason) == "a model with 2 blocks has no thirds of its depth to compare"


def test_a_single_block_is_measured_without_error() -> None:
    drawn = measured(DOCUMENT_LIKE.but(n_layers=1, n_tokens=80))
    assert clusters_later(drawn).verdict == "not_applicable"
    assert partition_kept(drawn).verdict == "not_applicable"
    assert covariance_growth(drawn, kind="internal").verdict == "refuted"


def test_the_smallest_odd_one_decides_whether_tokens_coincide() -> None:
    decision = tokens_coincide(measured(PLAIN.but(odd_tokens=1)), kind="internal")
    # One token 0.3 lengths away from the others pulls their centre along by a sixtieth of that.
    assert estimate_of(decision).value == pytest.approx(0.3 * 59 / 60, rel=0.02)


def test_equal_kinds_are_not_two_points() -> None:
    assert estimate_of(kinds_differ(measured(PLAIN.but(kinds_apart=0.0)))).value == 0


def test_one_kind_of_token_cannot_differ_from_another() -> None:
    both = measured(PLAIN)
    decision = kinds_differ(Measurement({COMMAS: both.residual[COMMAS]}))
    assert decision.verdict == "not_applicable"
    assert "only one kind is here" in str(decision.reason)


def test_activations_alone_do_not_tell_the_cause() -> None:
    decision = mixing_separates(replace(measured(PLAIN), embedding_controls={}))
    assert str(decision.reason) == "the model itself is needed, and only its activations are at hand"


def test_what_does_not_coincide_has_no_cause_of_coinciding() -> None:
    assert "nothing to give the cause of" in str(
        mixing_separates(measured(PLAIN.but(embedding_spread=0.1))).reason
    )


@pytest.mark.parametrize(
    ("added", "spread", "verdict"),
    [
        (True, 1.0, "supported"),
        (True, 0.0, "refuted"),
        (False, 0.0, "supported"),
        (False, 1.0, "refuted"),
        (None, 1.0, "not_applicable"),
    ],
)
def test_positions_must_matter_exactly_where_they_are_added(
    added: bool | None, spread: float, verdict: str
) -> None:
    planted = PLAIN.but(positions_added=added, varied_spread=spread)
    assert positions_decide(measured(planted)).verdict == verdict


def test_constant_activations_have_no_covariance_to_rescale() -> None:
    constant = np.ones((2, 30, 8), np.float32)
    measurement = Measurement(dict.fromkeys(KINDS, constant))
    decision = covariance_deviation(measurement, kind="internal", document_layer=1, factor=10)
    assert str(decision.reason) == "activations are constant, so all covariance is zero"


def test_a_ranking_is_not_compared_with_itself() -> None:
    drawn = replace(measured(PLAIN), specification=Specification(bins=10, n_resamples=50))
    assert ranking_with_bins(drawn, kind="internal", bins=10).verdict == "not_applicable"


FLAT_INFORMATION = PLAIN.but(n_layers=12, correlation=((1, 0.65),))


@pytest.mark.parametrize(
    ("course", "at_end", "regained"),
    [
        (((1, 0.75), (20, 0.75), (21.8, 0.33)), "supported", "supported"),
        (((1, 0.75), (24, 0.33)), "supported", "supported"),
        (((1, 0.75), (6, 0.33)), "refuted", "supported"),
        (((1, 0.75), (12.5, 0.33), (24, 0.75)), "refuted", "refuted"),
        (((1, 0.75), (9, 0.75), (18, 0.2), (24, 0.55)), "supported", "refuted"),
    ],
    ids=["late", "steady", "early", "there and back", "half of it back"],
)
def test_information_declines_if_it_falls_towards_the_last_layers(
    course: tuple[tuple[float, float], ...], at_end: str, regained: str
) -> None:
    drawn = measured(PLAIN.but(n_layers=12, correlation=course))
    assert information_at_end(drawn, kind="internal").verdict == at_end
    assert information_regained(drawn, kind="internal").verdict == regained


def test_flat_information_is_in_the_same_order_whatever_the_bins() -> None:
    decision = ranking_with_bins(measured(FLAT_INFORMATION), kind="internal", bins=10)
    assert decision.verdict == "supported"
    assert "over the 0% of pairs of layers that differ by a tenth" in decision.message


def order_of_covariance(scales: np.ndarray) -> Decision:
    """Decide on covariance of tokens whose scale at each layer is given, ``(n_layers, n_tokens)``."""
    rng = np.random.default_rng(0)
    n_tokens = scales.shape[1]
    level = rng.normal(size=64) + rng.normal(size=(n_tokens, 64))
    residual = np.stack([level, *(scale[:, None] * level for scale in scales)])
    measurement = Measurement({COMMAS: residual}, specification=Specification(n_resamples=200))
    return order_by_covariance(measurement, kind=COMMAS)


def test_covariance_that_tells_no_layers_apart_misleads_nobody() -> None:
    decision = order_of_covariance(np.ones((8, 60)))
    assert decision.verdict == "not_applicable"
    assert "puts them into no order" in str(decision.reason)


def test_covariance_that_may_tell_layers_apart_leaves_open_whether_it_misleads() -> None:
    # A fifth of the tokens makes the difference in the last layers: resamples have more or fewer of them.
    scales = np.ones((8, 60))
    scales[4:, ::5] = 1.25
    decision = order_of_covariance(scales)
    assert decision.verdict == "inconclusive"
    assert "what the claim presupposes, the share of pairs of layers" in decision.message
