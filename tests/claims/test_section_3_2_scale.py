"""What rescaling does to MI and covariance, and what growth of covariance the standard deviations carry."""

import numpy as np
import pytest

from layerclaims.analysis.statistics.profile import Floats
from layerclaims.claims import test_section_3_2_scale as scale
from layerclaims.claims.document import COMMAS, FULL_STOPS, KINDS
from layerclaims.decision import Verdict
from tests.claims.shared.means import N_TOKENS, Means, asked, bounds, declared, profile

MANY = 130
"""Tokens, of which every third is measured again: 44 of them, of at most 64."""


def test_what_is_claimed_and_shown() -> None:
    assert declared(
        scale.mi_scale_invariant,
        scale.covariance_scale_dependent,
        scale.variance_grows,
        scale.variance_explains_growth,
        scale.pearson_removes_growth,
    ) == {
        "mi-scale-invariant": ("3.2", "identity", ["assertions"], 0, False),
        "covariance-scale-dependent": ("3.2", "identity", ["assertions"], 0, False),
        "variance-grows": ("3.2", "empirical", ["growth"], 0, True),
        "variance-explains-growth": ("3.2", "empirical", ["covariance_growth"], 0, False),
        "pearson-removes-growth": ("3.2, 4", "empirical", ["growth"], 0, False),
    }
    assert bounds(
        scale.UNCHANGED_INFORMATION,
        scale.PROPORTIONAL,
        scale.VERY_LARGE,
        scale.GROWTH_EXPLAINED,
        scale.GROWTH_REMOVED,
    ) == [
        ("at most", 0.01, None),
        ("at most", 1e-6, None),
        ("at least", 10, 1),
        ("at least", 0.9, None),
        ("at most", 1.25, 1),
    ]


def test_each_rule_is_asked_for() -> None:
    for test, rule in (
        (scale.test_rescaling_leaves_information_alone, scale.information_change),
        (scale.test_rescaling_multiplies_covariance, scale.covariance_deviation),
    ):
        given = {"kind": FULL_STOPS, "document_layer": 24, "factor": 0.1}
        assert asked(test, **given) == (rule, given)
    for by_kind, kind_rule in (
        (scale.test_variance_of_activations_becomes_very_large, scale.variance_growth),
        (scale.test_standard_deviations_carry_the_growth_of_covariance, scale.variance_share),
        (scale.test_mean_correlation_does_not_grow_with_covariance, scale.correlation_growth),
    ):
        assert asked(by_kind, kind=FULL_STOPS) == (kind_rule, {"kind": FULL_STOPS})


def products(values: Floats, name: str) -> Floats:
    """Stand for any measure that is bilinear: the product of two tokens' first numbers."""
    first, second = np.triu_indices(len(values), 1)
    found: Floats = values[first, 0] * values[second, 0]
    return np.asarray(np.abs(found)) if name == "std_product" else found


def rescaled(measure: object, n_tokens: int = MANY) -> Means:
    """Give tokens of one dimension, and what stands for every measure of some of them."""
    levels = {(COMMAS, 4): np.linspace(1, 2, n_tokens, dtype=np.float32)[:, None]}
    return Means(tokens=n_tokens, levels=levels, measure=measure)  # type: ignore[arg-type]


def n_pairs(values: Floats) -> int:
    return len(values) * (len(values) - 1) // 2


PARAMETERS = {"kind": COMMAS, "layer": 4, "factor": 10}


def test_some_tokens_are_measured_as_they_are_and_with_every_other_rescaled() -> None:
    seen = []

    def measure(values: Floats, name: str) -> Floats:
        assert values.dtype == np.float64
        seen.append((values[:, 0], name))
        return np.arange(n_pairs(values), dtype=np.float64)

    decision = scale.information_change(
        rescaled(measure).measurement, kind=COMMAS, document_layer=24, factor=10
    )
    (before, name), (after, other_name) = seen
    assert name == other_name == "mutual_information"
    np.testing.assert_allclose(before, np.linspace(1, 2, MANY)[::3], rtol=1e-6)
    np.testing.assert_array_equal(after, before * np.where(np.arange(44) % 2, 1, 10))
    assert decision.estimate is not None
    assert decision.estimate.value == 0


@pytest.mark.parametrize(("n_tokens", "measured"), [(64, 64), (65, 33), (128, 64), (129, 43)])
def test_no_more_than_64_tokens_are_measured(n_tokens: int, measured: int) -> None:
    means = rescaled(lambda values, _name: np.zeros(n_pairs(values)), n_tokens)
    decision = scale.information_change(means.measurement, kind=COMMAS, document_layer=24, factor=10)
    assert decision.estimate is not None
    assert decision.estimate.n == measured


@pytest.mark.parametrize(("change", "verdict"), [(0.008, "supported"), (0.03, "refuted")])
def test_information_may_change_by_a_hundredth_of_a_bit_in_the_mean(change: float, verdict: Verdict) -> None:
    """Pairs change up and down by a half and one and a half times as much: their sizes have the mean."""

    def measure(values: Floats, _name: str) -> Floats:
        is_rescaled = values[0, 0] == 10
        return np.asarray(np.where(np.arange(n_pairs(values)) % 2, 0.5, -1.5) * change * is_rescaled)

    decision = scale.information_change(
        rescaled(measure).measurement, kind=COMMAS, document_layer=24, factor=10
    )
    assert (decision.verdict, decision.parameters) == (verdict, PARAMETERS)
    assert decision.criterion == scale.UNCHANGED_INFORMATION
    assert decision.estimate is not None
    assert decision.estimate.value == pytest.approx(change)
    assert (decision.estimate.unit, decision.estimate.n) == ("bits", 44)
    assert decision.estimate.method == "mean over all pairs of these tokens"
    assert str(decision.quantity) == "the mean change of a pair's MI of commas at layer 4, rescaled by 10,"


def test_covariance_is_multiplied_by_both_factors() -> None:
    decision = scale.covariance_deviation(
        rescaled(products).measurement, kind=COMMAS, document_layer=24, factor=10
    )
    assert (decision.verdict, decision.parameters) == ("supported", PARAMETERS)
    assert decision.criterion == scale.PROPORTIONAL
    assert decision.estimate is not None
    assert decision.estimate.value == pytest.approx(0, abs=1e-14)
    assert (decision.estimate.n, decision.estimate.method) == (44, "largest of all pairs of these tokens")
    assert str(decision.quantity).startswith(
        "the largest deviation of the covariance of commas at layer 4, rescaled by 10, from the product"
    )


def test_a_deviation_is_the_largest_relative_to_the_mean_product_of_standard_deviations() -> None:
    def off_at_one_pair(values: Floats, name: str) -> Floats:
        found = products(values, name)
        if name == "covariance" and values[0, 0] > 5:
            found[2] *= 1.5  # the first token, which is rescaled, with the fourth, which is not
        return found

    decision = scale.covariance_deviation(
        rescaled(off_at_one_pair).measurement, kind=COMMAS, document_layer=24, factor=10
    )
    before = products(np.linspace(1, 2, MANY)[::3, None], "covariance")
    assert decision.estimate is not None
    assert decision.estimate.value == pytest.approx(0.5 * before[2] / before.mean(), rel=1e-6)
    assert decision.verdict == "refuted"


def test_covariance_of_constants_cannot_be_rescaled() -> None:
    means = rescaled(lambda values, _name: np.zeros(len(values)))
    decision = scale.covariance_deviation(means.measurement, kind=COMMAS, document_layer=24, factor=10)
    assert (decision.verdict, decision.parameters) == ("not_applicable", PARAMETERS)
    assert "activations are constant" in str(decision.reason)


SPREAD = np.array([[0.0, 0, 0, 0], [1, 1, 1, 3], [2, 2, 2, 2], [3, 3, 3, 3], [6, 6, 6, 6]])
"""Standard deviations of four tokens from layer 0 to 4; the last token is larger at layer 1."""


def spreading(spread: Floats = SPREAD, *, multiplicities: list[list[float]] | None = None) -> Means:
    return Means(
        tokens=4,
        spread={COMMAS: spread, FULL_STOPS: 2 * spread},
        multiplicities=dict.fromkeys(KINDS, np.array(multiplicities or [[1.0, 1, 1, 1], [2, 1, 1, 0]])),
    )


def test_variance_grows_by_its_mean_over_tokens_and_in_resamples_by_their_weighted_mean() -> None:
    decision = scale.variance_growth(spreading().measurement, kind=COMMAS)
    # At layer 1 the mean is (1 + 1 + 1 + 9) / 4, and 1 without the last token.
    assert decision.estimate is not None
    assert decision.estimate.value == 36 / 3
    assert decision.estimate.resampled is not None
    assert decision.estimate.resampled.tolist() == [12, 36]
    assert (decision.estimate.unit, decision.estimate.n) == ("times", 4)
    assert (decision.verdict, decision.parameters) == ("supported", {"kind": COMMAS, "layer": 4})
    assert decision.criterion == scale.VERY_LARGE
    assert str(decision.quantity) == "mean variance of commas at layer 4, relative to layer 1,"


def test_no_variance_at_layer_1_in_one_resample_has_no_multiple() -> None:
    spread = SPREAD.copy()
    spread[1, :3] = 0
    decision = scale.variance_growth(spreading(spread).measurement, kind=COMMAS)
    assert (decision.verdict, decision.parameters) == ("not_applicable", {"kind": COMMAS, "layer": 4})
    assert "activations at layer 1 are constant" in str(decision.reason)


def test_the_null_of_variance_judges_both_kinds_from_layer_1_on() -> None:
    null = scale.variance_grows.null
    assert null is not None
    (variances,) = null.profiles(spreading().measurement)
    assert variances.tolist() == [[3, 4, 9, 36], [12, 16, 36, 144]]
    assert null.margin(variances) == 12 - 10


def explained(deviations: list[float], covariance: list[float], pearson: list[float] | None = None) -> Means:
    found = {(COMMAS, "covariance"): profile(covariance), (COMMAS, "std_product"): profile(deviations)}
    if pearson:
        found[COMMAS, "pearson"] = profile(pearson)
    return Means(found)


@pytest.mark.parametrize(("last", "share", "verdict"), [(16.0, 1.0, "supported"), (4.0, 0.5, "refuted")])
def test_standard_deviations_carry_a_share_of_the_doublings(
    last: float, share: float, verdict: Verdict
) -> None:
    means = explained([9, 1, 2, 3, last], [9, 2, 3, 4, 32])
    decision = scale.variance_share(means.measurement, kind=COMMAS)
    assert (decision.verdict, decision.parameters) == (verdict, {"kind": COMMAS, "layer": 4})
    assert decision.criterion == scale.GROWTH_EXPLAINED
    assert str(decision.quantity) == (
        "the standard deviations' share in the growth of mean covariance of commas"
    )
    assert decision.estimate is not None
    assert decision.estimate.value == pytest.approx(share)
    assert decision.estimate.resampled == pytest.approx([share, share])
    assert decision.estimate.n == N_TOKENS


def test_resamples_have_the_share_of_their_own_growth() -> None:
    means = Means(
        {
            (COMMAS, "covariance"): profile([9, 1, 2, 3, 16], [9, 1, 1, 1, 16], [9, 1, 1, 1, 64]),
            (COMMAS, "std_product"): profile([9, 1, 2, 3, 16], [9, 1, 1, 1, 8], [9, 1, 1, 1, 64]),
        }
    )
    decision = scale.variance_share(means.measurement, kind=COMMAS)
    assert decision.estimate is not None
    assert decision.estimate.resampled == pytest.approx([0.75, 1.0])


@pytest.mark.parametrize(("last", "verdict"), [(0.6, "supported"), (0.7, "refuted")])
def test_correlation_may_grow_by_a_quarter_where_covariance_grows_tenfold(
    last: float, verdict: Verdict
) -> None:
    means = explained([9, 1, 2, 3, 16], [9, 2, 3, 4, 32], [0.9, 0.5, 0.1, 0.2, last])
    decision = scale.correlation_growth(means.measurement, kind=COMMAS)
    assert (decision.verdict, decision.parameters) == (verdict, {"kind": COMMAS, "layer": 4})
    assert decision.criterion == scale.GROWTH_REMOVED
    assert str(decision.quantity) == "mean Pearson's r of commas at layer 4, relative to layer 1,"
    assert decision.estimate is not None
    assert decision.estimate.value == pytest.approx(2 * last)


@pytest.mark.parametrize("rule", [scale.variance_share, scale.correlation_growth])
def test_growth_that_is_not_there_is_not_explained(rule: object) -> None:
    means = explained([9, 1, 2, 3, 16], [9, 2, 3, 4, 5], [0.9, 0.5, 0.1, 0.2, 0.5])
    decision = rule(means.measurement, kind=COMMAS)  # type: ignore[operator]
    assert (decision.verdict, decision.parameters) == ("not_applicable", {"kind": COMMAS, "layer": 4})
    assert "there is no tenfold growth" in str(decision.reason)
