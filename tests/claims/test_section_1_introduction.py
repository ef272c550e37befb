"""At layer 1 clusters are counted in covariance, and in MI where covariance has several."""

import pytest

from layerclaims.claims import test_section_1_introduction as introduction
from layerclaims.claims.document import COMMAS, FULL_STOPS
from layerclaims.claims.shared.clusters import ONE_CLUSTER, cluster_count
from layerclaims.decision import Verdict
from tests.claims.shared.means import N_TOKENS, Means, asked, bounds, declared


def test_what_is_claimed_and_shown() -> None:
    assert declared(introduction.layer1_three_clusters, introduction.layer1_mi_one_cloud) == {
        "layer1-three-clusters": ("1", "empirical", ["plane", "pair_sorts", "token_groups"], 1, False),
        "layer1-mi-one-cloud": ("1", "empirical", ["histograms"], 0, False),
    }
    assert bounds(introduction.THREE_CLUSTERS) == [("exactly", 3, None)]


def test_three_clusters_of_commas_and_one_of_full_stops_are_asked_for_at_layer_1() -> None:
    assert asked(introduction.test_commas_fall_into_three_clusters_at_layer_1, kind=COMMAS) == (
        cluster_count,
        {"kind": COMMAS, "document_layer": 1, "criterion": introduction.THREE_CLUSTERS},
    )
    assert asked(introduction.test_full_stops_stay_together_at_layer_1, kind=FULL_STOPS) == (
        cluster_count,
        {"kind": FULL_STOPS, "document_layer": 1, "criterion": ONE_CLUSTER},
    )
    assert asked(introduction.test_information_of_commas_is_one_cloud_at_layer_1) == (
        introduction.clusters_in_information,
        {},
    )


@pytest.mark.parametrize(("count", "verdict"), [(1, "supported"), (2, "refuted")])
def test_information_has_one_cloud_or_several_at_layer_1(count: int, verdict: Verdict) -> None:
    means = Means(counts={1: 3, 2: 1}, information_counts={1: count})
    decision = introduction.clusters_in_information(means.measurement)
    assert (decision.verdict, decision.parameters) == (verdict, {"layer": 1})
    assert decision.criterion == ONE_CLUSTER
    assert decision.estimate is not None
    assert (decision.estimate.value, decision.estimate.n) == (count, N_TOKENS)


def test_without_clusters_in_covariance_information_has_none_to_hide() -> None:
    decision = introduction.clusters_in_information(Means(counts={1: 1, 2: 3}).measurement)
    assert (decision.verdict, decision.parameters) == ("not_applicable", {"layer": 1})
