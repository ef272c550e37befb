"""Clusters are the early layers' business, MI keeps the order of layers and covariance misleads."""

from dataclasses import replace

import numpy as np
import pytest

from layerclaims.analysis.measurement.specification import Specification
from layerclaims.analysis.pairs.estimators import Estimator
from layerclaims.claims import test_section_4_conclusions as conclusions
from layerclaims.claims.document import COMMAS, FULL_STOPS
from layerclaims.decision import Verdict
from tests.claims.shared.means import N_TOKENS, Means, asked, bounds, declared, profile


def test_what_is_claimed_and_shown() -> None:
    assert declared(
        conclusions.syntax_in_early_layers,
        conclusions.mi_compares_across_layers,
        conclusions.covariance_misleads_across_layers,
    ) == {
        "syntax-in-early-layers": ("4", "empirical", ["clusters"], 0, False),
        "mi-compares-across-layers": ("4", "empirical", ["assertions"], 0, False),
        "covariance-misleads-across-layers": ("4", "empirical", ["rank_agreement"], 0, False),
    }
    assert bounds(
        conclusions.MOSTLY_EARLY,
        conclusions.HARDLY_LATER,
        conclusions.SAME_RANKING,
        conclusions.ORDERED,
        conclusions.MISLEADING,
    ) == [
        ("at least", 0.75, None),
        ("at most", 0.25, None),
        ("at least", 0.6, None),
        ("at least", 0.5, None),
        ("at most", 0.5, None),
    ]


def test_each_rule_is_asked_for() -> None:
    early = conclusions.test_most_separation_lies_in_the_first_10_layers
    assert asked(early) == (conclusions.early_share, {})
    later = conclusions.test_few_later_layers_have_several_clusters
    assert asked(later) == (conclusions.clusters_later, {})
    bins = conclusions.test_the_order_of_layers_does_not_hang_on_bins
    assert asked(bins, kind=COMMAS, bins=30) == (
        conclusions.ranking_with_bins,
        {"kind": COMMAS, "bins": 30},
    )
    estimator = conclusions.test_the_order_of_layers_does_not_hang_on_the_estimator
    assert asked(estimator, kind=COMMAS, estimator="miller_madow") == (
        conclusions.ranking_by_estimator,
        {"kind": COMMAS, "estimator": "miller_madow"},
    )
    covariance = conclusions.test_correlation_does_not_confirm_the_order_of_layers_by_covariance
    assert asked(covariance, kind=FULL_STOPS) == (conclusions.order_by_covariance, {"kind": FULL_STOPS})


@pytest.mark.parametrize(("late", "share", "verdict"), [(0.5, 0.75, "supported"), (1.0, 0.6, "refuted")])
def test_the_early_share_is_that_of_the_separation_of_layers_with_several_clusters(
    late: float, share: float, verdict: Verdict
) -> None:
    separations = {1: 0.75, 10: 0.75, 11: 0.9, 12: late} | dict.fromkeys(range(2, 10), 0.4)
    means = Means(n_layers=12, counts={1: 3, 10: 2, 12: 2}, separations=separations)
    decision = conclusions.early_share(means.measurement)
    assert (decision.verdict, decision.parameters) == (verdict, {"last_layer": 10})
    assert decision.criterion == conclusions.MOSTLY_EARLY
    assert decision.estimate is not None
    assert decision.estimate.value == pytest.approx(share)
    assert decision.estimate.resampled == pytest.approx([share] * 3)
    assert decision.estimate.n == N_TOKENS
    assert str(decision.quantity) == "the share of the separation of pairs of commas in layers 1 to 10"


def test_without_clusters_none_are_early_or_later() -> None:
    means = Means(n_layers=12).measurement
    early, later = conclusions.early_share(means), conclusions.clusters_later(means)
    assert (early.verdict, early.parameters) == ("not_applicable", {"last_layer": 10})
    assert (later.verdict, later.parameters) == ("not_applicable", {"first_layer": 11})


@pytest.mark.parametrize(
    ("several", "share", "verdict"), [([11], 0.25, "supported"), ([11, 14], 0.5, "refuted")]
)
def test_clusters_are_later_by_the_share_of_layers_from_11_on(
    several: list[int], share: float, verdict: Verdict
) -> None:
    counts: dict[int | tuple[int, str], int] = {1: 3, 9: 2, 10: 2}
    counts.update(dict.fromkeys(several, 2))
    decision = conclusions.clusters_later(Means(n_layers=14, counts=counts).measurement)
    assert (decision.verdict, decision.parameters) == (verdict, {"first_layer": 11})
    assert decision.criterion == conclusions.HARDLY_LATER
    assert decision.estimate is not None
    assert decision.estimate.value == share
    assert str(decision.quantity).startswith("the share of the layers past layer 10 at which")


def test_a_model_of_ten_blocks_has_no_later_layer() -> None:
    decision = conclusions.clusters_later(Means(n_layers=10, counts={1: 3}).measurement)
    assert (decision.verdict, decision.parameters) == ("not_applicable", {"first_layer": 11})
    assert str(decision.reason) == "there is no layer past 10"


ORDER = [9.0, 1.0, 2.0, 4.0, 8.0]
"""Layer 0, which no order has, and four layers that all differ."""
ONE_TURNED = [0.0, 2.0, 1.0, 4.0, 8.0]
TWO_TURNED = [0.0, 4.0, 2.0, 1.0, 8.0]
PLAIN = Specification()


def informed(other: list[float], specification: Specification, *resampled: list[float]) -> Means:
    """Give means of MI as measured and by another specification; others are not known."""
    known = Means({(COMMAS, "mutual_information"): profile(other, *resampled)})
    own = profile(ORDER, ORDER, ORDER)
    return Means({(COMMAS, "mutual_information"): own}, others={specification: known})


@pytest.mark.parametrize(
    ("other", "tau", "verdict"), [(ONE_TURNED, 4 / 6, "supported"), (TWO_TURNED, 0.0, "refuted")]
)
def test_other_bins_keep_the_order_of_layers_or_do_not(
    other: list[float], tau: float, verdict: Verdict
) -> None:
    means = informed(other, replace(PLAIN, bins=30))
    decision = conclusions.ranking_with_bins(means.measurement, kind=COMMAS, bins=30)
    assert (decision.verdict, decision.parameters) == (verdict, {"kind": COMMAS, "bins": 30})
    assert decision.criterion == conclusions.SAME_RANKING
    assert decision.estimate is not None
    assert decision.estimate.value == pytest.approx(tau)
    assert decision.estimate.resampled == pytest.approx([tau, tau])
    assert decision.estimate.n == N_TOKENS
    assert str(decision.quantity) == (
        "Kendall's tau of the layers by mean MI of commas as measured and with 30 bins, over the 100% of "
        "pairs of layers that differ by a tenth,"
    )


def test_each_resample_is_compared_with_itself_by_the_other_specification() -> None:
    means = informed(ORDER, replace(PLAIN, bins=30), ORDER, ONE_TURNED)
    decision = conclusions.ranking_with_bins(means.measurement, kind=COMMAS, bins=30)
    assert decision.estimate is not None
    assert decision.estimate.resampled == pytest.approx([1, 4 / 6])


def test_pairs_of_layers_that_differ_by_less_than_a_tenth_do_not_count() -> None:
    close = [0.0, 1.0, 1.09, 1.0, 1.09]
    known = Means({(COMMAS, "mutual_information"): profile(close)})
    own = profile([0.0, 1.09, 1.0, 1.0, 2.0])
    specification = replace(PLAIN, bins=30)
    means = Means({(COMMAS, "mutual_information"): own}, others={specification: known})
    decision = conclusions.ranking_with_bins(means.measurement, kind=COMMAS, bins=30)
    # Only the last layer is told apart, by MI as measured, from each of three; with one of them it is level.
    assert "over the 50% of pairs" in str(decision.quantity)
    assert decision.estimate is not None
    assert decision.estimate.value == pytest.approx(2 / 3)


@pytest.mark.parametrize("estimator", ["equal_frequency", "miller_madow"])
def test_another_estimator_keeps_the_order_of_layers(estimator: Estimator) -> None:
    means = informed(ONE_TURNED, replace(PLAIN, estimator=estimator))
    decision = conclusions.ranking_by_estimator(means.measurement, kind=COMMAS, estimator=estimator)
    assert (decision.verdict, decision.parameters) == (
        "supported",
        {"kind": COMMAS, "estimator": estimator},
    )
    assert f"with the {estimator.replace('_fr', '-fr').replace('_m', '-m')} estimator" in str(
        decision.quantity
    )


def test_every_estimator_has_a_name() -> None:
    names = {estimator: str(name) for estimator, name in conclusions.ESTIMATOR_NAMES.items()}
    assert names == {
        "equal_width": "the equal-width estimator",
        "equal_frequency": "the equal-frequency estimator",
        "miller_madow": "the miller-madow estimator",
    }


def test_a_measurement_is_not_compared_with_itself_nor_without_thirds() -> None:
    same = conclusions.ranking_by_estimator(Means().measurement, kind=COMMAS, estimator="equal_width")
    assert (same.verdict, same.parameters) == (
        "not_applicable",
        {"kind": COMMAS, "estimator": "equal_width"},
    )
    assert str(same.reason) == "the measurement itself is made with the equal-width estimator"
    assert str(same.quantity) == "Kendall's tau of the layers by mean MI of commas"
    shallow = conclusions.ranking_with_bins(Means(n_layers=2).measurement, kind=COMMAS, bins=30)
    assert "has no thirds" in str(shallow.reason)


def ordered(covariance: list[float], pearson: list[float]) -> Means:
    return Means({(COMMAS, "covariance"): profile(covariance), (COMMAS, "pearson"): profile(pearson)})


@pytest.mark.parametrize(
    ("pearson", "confirmed", "verdict"),
    [
        ([0.0, 0.1, 0.2, 0.4, 0.3], 4 / 6, "refuted"),
        ([0.0, 0.5, 0.5, 0.52, 0.52], 0.0, "supported"),
        ([0.0, 0.1, 0.2, 0.2, 0.2], 0.5, "supported"),
    ],
)
def test_covariance_misleads_where_correlation_does_not_confirm_its_order(
    pearson: list[float], confirmed: float, verdict: Verdict
) -> None:
    decision = conclusions.order_by_covariance(ordered(ORDER, pearson).measurement, kind=COMMAS)
    assert (decision.verdict, decision.parameters) == (verdict, {"kind": COMMAS})
    assert decision.criterion == conclusions.MISLEADING
    assert str(decision.quantity) == (
        "how far mean Pearson's r of commas confirms the layers' order by mean covariance"
    )
    assert decision.estimate is not None
    assert decision.estimate.value == pytest.approx(confirmed)
    assert decision.estimate.resampled == pytest.approx([confirmed] * 2)
    assert decision.estimate.n == N_TOKENS


def test_each_resample_of_covariance_is_confirmed_by_its_own_of_correlation() -> None:
    means = Means(
        {
            (COMMAS, "covariance"): profile(ORDER, ORDER, [0, 8, 4, 2, 1]),
            (COMMAS, "pearson"): profile([0, 1, 2, 3, 4], [9, 1, 2, 3, 4], [9, 1, 2, 3, 4]),
        }
    )
    decision = conclusions.order_by_covariance(means.measurement, kind=COMMAS)
    assert decision.estimate is not None
    assert decision.estimate.resampled == pytest.approx([1, -1])


def test_layer_0_may_have_no_correlation_and_the_others_must() -> None:
    without = ordered(ORDER, [np.nan, 0.1, 0.2, 0.3, 0.4])
    assert conclusions.order_by_covariance(without.measurement, kind=COMMAS).estimate is not None
    constant = ordered(ORDER, [0.0, np.nan, 0.2, 0.3, 0.4])
    decision = conclusions.order_by_covariance(constant.measurement, kind=COMMAS)
    assert (decision.verdict, decision.parameters) == ("not_applicable", {"kind": COMMAS})
    assert "a token is constant at some layer" in str(decision.reason)


@pytest.mark.parametrize(
    ("covariance", "share", "verdict"),
    [
        ([9.0, 1.0, 1.0, 2.0, 2.0], 4 / 6, "supported"),
        ([9.0, 1.0, 1.0, 1.0, 2.0], 0.5, "supported"),
        ([9.0, 1.0, 1.05, 1.0, 1.05], 0.0, "refuted"),
    ],
)
def test_covariance_orders_the_layers_where_it_tells_half_of_their_pairs_apart(
    covariance: list[float], share: float, verdict: Verdict
) -> None:
    decision = conclusions.layers_told_apart(ordered(covariance, covariance).measurement, kind=COMMAS)
    assert (decision.verdict, decision.parameters) == (verdict, {"kind": COMMAS})
    assert decision.criterion == conclusions.ORDERED
    assert str(decision.quantity) == (
        "the share of pairs of layers whose mean covariance of commas differs by a tenth"
    )
    assert decision.estimate is not None
    assert decision.estimate.value == pytest.approx(share)
    assert decision.estimate.resampled == pytest.approx([share] * 2)
    assert decision.estimate.n == N_TOKENS


def test_layers_without_an_order_mislead_nobody() -> None:
    flat = ordered([9.0, 1.0, 1.05, 1.0, 1.05], ORDER)
    decision = conclusions.order_by_covariance(flat.measurement, kind=COMMAS)
    assert (decision.verdict, decision.parameters) == ("not_applicable", {"kind": COMMAS})
    assert "puts them into no order" in str(decision.reason)
    shallow = conclusions.order_by_covariance(Means(n_layers=2).measurement, kind=COMMAS)
    assert (shallow.verdict, shallow.parameters) == ("not_applicable", {"kind": COMMAS})
    assert "has no thirds" in str(shallow.reason)
