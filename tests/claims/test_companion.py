"""Simpson's paradox at layer 1: the correlation over all pairs, and the lowest inside a cluster."""

import numpy as np
import pytest

from layerclaims.claims import test_companion as companion
from layerclaims.claims.document import KINDS
from layerclaims.claims.shared.clusters import clusters_gone
from layerclaims.decision import Decision, Verdict
from tests.claims.shared.means import Means, asked, bounds, declared

N_TOKENS = 24
FIRST, SECOND = np.triu_indices(N_TOKENS, 1)
CLUSTERS = (FIRST % 2 + SECOND % 2).astype(np.int64)
INSIDE = np.sin(np.arange(len(FIRST)))
"""How far a pair lies from the middle of its cluster, in covariance."""


def paradox(slopes: tuple[float, float, float], step: float = -5.0, count: int = 3) -> Means:
    """Plant pairs whose MI falls from cluster to cluster, and inside each goes by a slope of covariance."""
    noise = 0.1 * np.cos(7 * np.arange(len(FIRST)))
    return Means(
        counts={1: count},
        tokens=N_TOKENS,
        pairs={
            ("covariance", 1): np.asarray(10.0 * CLUSTERS + INSIDE, np.float64),
            ("mutual_information", 1): step * CLUSTERS + np.array(slopes)[CLUSTERS] * INSIDE + noise,
        },
        groups={("clusters of pairs", 1): CLUSTERS},
        multiplicities={
            kind: np.stack([1.0 + np.arange(N_TOKENS) % 3, np.full(N_TOKENS, 2.0)]) for kind in KINDS
        },
    )


def assert_second_resample_alone_is_the_sample(decision: Decision) -> None:
    """See that the resample that holds all tokens equally often is the sample again."""
    assert decision.estimate is not None
    assert decision.estimate.resampled is not None
    value, (other, same) = decision.estimate.value, decision.estimate.resampled
    assert same == pytest.approx(value)
    assert abs(other - value) > 1e-6


def test_what_is_claimed_and_shown() -> None:
    assert declared(companion.simpson_paradox, companion.layer20_one_cluster) == {
        "simpson-paradox": ("companion", "empirical", ["simpson"], 0, False),
        "layer20-one-cluster": ("companion", "empirical", ["histograms"], 0, False),
    }
    assert bounds(companion.NEGATIVE, companion.POSITIVE) == [("below", 0, 0), ("above", 0, 0)]


def test_each_rule_is_asked_for() -> None:
    overall = companion.test_covariance_and_information_correlate_negatively_over_all_pairs
    assert asked(overall) == (companion.correlation_overall, {})
    inside = companion.test_covariance_and_information_correlate_positively_inside_clusters
    assert asked(inside) == (companion.correlation_inside, {})
    again = companion.test_commas_are_one_cluster_again
    assert asked(again, document_layer=20) == (clusters_gone, {"document_layer": 20})


@pytest.mark.parametrize(("step", "verdict"), [(-5.0, "supported"), (5.0, "refuted")])
def test_the_correlation_over_all_pairs_has_the_sign_of_the_clusters(step: float, verdict: Verdict) -> None:
    means = paradox((1, 1, 1), step)
    decision = companion.correlation_overall(means.measurement)
    assert (decision.verdict, decision.parameters) == (verdict, {"layer": 1})
    assert decision.criterion == companion.NEGATIVE
    assert decision.estimate is not None
    expected = np.corrcoef(means.pairs["covariance", 1], means.pairs["mutual_information", 1])[0, 1]
    assert decision.estimate.value == pytest.approx(expected)
    assert_second_resample_alone_is_the_sample(decision)
    assert decision.estimate.n == N_TOKENS


@pytest.mark.parametrize(
    ("slopes", "lowest", "verdict"),
    [((1, 1, 1), None, "supported"), ((1, 1, -1), 2, "refuted"), ((-1, 1, 1), 0, "refuted")],
)
def test_the_lowest_correlation_inside_a_cluster_decides(
    slopes: tuple[float, float, float], lowest: int | None, verdict: Verdict
) -> None:
    means = paradox(slopes)
    decision = companion.correlation_inside(means.measurement)
    assert (decision.verdict, decision.parameters) == (verdict, {"layer": 1})
    assert decision.criterion == companion.POSITIVE
    assert decision.estimate is not None
    inside = [
        np.corrcoef(
            means.pairs["covariance", 1][number == CLUSTERS],
            means.pairs["mutual_information", 1][number == CLUSTERS],
        )[0, 1]
        for number in range(3)
    ]
    assert decision.estimate.value == pytest.approx(min(inside))
    assert lowest is None or min(inside) == inside[lowest]
    assert_second_resample_alone_is_the_sample(decision)
    assert decision.estimate.n == N_TOKENS


@pytest.mark.parametrize("rule", [companion.correlation_overall, companion.correlation_inside])
def test_without_clusters_there_is_no_paradox(rule: object) -> None:
    decision = rule(paradox((1, 1, 1), count=1).measurement)  # type: ignore[operator]
    assert (decision.verdict, decision.parameters) == ("not_applicable", {"layer": 1})
    assert decision.quantity.text.startswith("the ")


def test_the_quantities_say_over_which_pairs() -> None:
    means = paradox((1, 1, 1)).measurement
    assert "over all pairs of commas" in str(companion.correlation_overall(means).quantity)
    assert "inside a cluster of comma pairs" in str(companion.correlation_inside(means).quantity)
