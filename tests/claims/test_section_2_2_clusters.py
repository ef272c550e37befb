"""Past layer 1 clusters persist, blur and dissolve, by counts, by the separation index and by groups."""

import numpy as np
import pytest

from layerclaims.claims import test_section_2_2_clusters as clusters
from layerclaims.claims.document import COMMAS, KINDS
from layerclaims.claims.shared.clusters import clusters_gone
from layerclaims.decision import Verdict
from tests.claims.shared.means import N_TOKENS, Means, asked, bounds, declared

DEEP = 24
MANY = 20
FIRST, SECOND = np.triu_indices(MANY, 1)


def test_what_is_claimed_and_shown() -> None:
    assert declared(
        clusters.clusters_fade, clusters.clusters_dissolve, clusters.deep_layers_drop_partition
    ) == {
        "clusters-fade": ("2.2", "empirical", ["clusters"], 0, False),
        "clusters-dissolve": ("2.2", "empirical", ["histograms", "clusters"], 0, False),
        "deep-layers-drop-partition": ("2.2", "empirical", ["pair_sorts"], 1, False),
    }
    criteria = (
        clusters.SEVERAL_CLUSTERS,
        clusters.NOT_GONE_BEFORE,
        clusters.BLURRED,
        clusters.PARTITION_LOST,
    )
    assert bounds(*criteria) == [
        ("at least", 2, None),
        ("at least", 2, None),
        ("at least", 0.5, None),
        ("at most", 0.1, None),
    ]


def test_each_rule_is_asked_for() -> None:
    assert asked(clusters.test_clusters_of_commas_persist_halfway_to_layer_7)[0] == clusters.clusters_persist
    assert asked(clusters.test_clusters_of_commas_blur_up_to_layer_9)[0] == clusters.separation_lost
    assert asked(clusters.test_commas_are_one_cloud, document_layer=9) == (
        clusters_gone,
        {"document_layer": 9},
    )
    before = clusters.test_commas_are_not_one_cloud_long_before
    assert asked(before)[0] == clusters.clusters_not_gone_before
    partition = clusters.test_the_groups_of_layer_1_do_not_explain_covariance_in_the_last_third
    assert asked(partition)[0] == clusters.partition_kept


@pytest.mark.parametrize(("left", "verdict"), [(2, "supported"), (1, "refuted")])
def test_clusters_persist_at_layer_4_and_are_not_gone_before_layer_5(left: int, verdict: Verdict) -> None:
    persist = clusters.clusters_persist(Means(n_layers=DEEP, counts={1: 3, 4: left}).measurement)
    assert (persist.verdict, persist.parameters) == (verdict, {"kind": COMMAS, "layer": 4})
    assert persist.criterion == clusters.SEVERAL_CLUSTERS
    gone = clusters.clusters_not_gone_before(Means(n_layers=DEEP, counts={1: 3, 5: left}).measurement)
    assert (gone.verdict, gone.parameters) == (verdict, {"kind": COMMAS, "layer": 5})
    assert gone.criterion == clusters.NOT_GONE_BEFORE


@pytest.mark.parametrize(("left", "verdict"), [(0.25, "supported"), (0.5, "refuted")])
def test_clusters_blur_where_half_of_their_separation_is_lost_by_layer_9(
    left: float, verdict: Verdict
) -> None:
    means = Means(n_layers=DEEP, counts={1: 3}, separations={1: 0.875, 9: left})
    decision = clusters.separation_lost(means.measurement)
    assert (decision.verdict, decision.parameters) == (verdict, {"last_layer": 9})
    assert decision.estimate is not None
    assert (decision.estimate.value, decision.estimate.n) == (0.875 - left, N_TOKENS)
    assert (decision.estimate.low, decision.estimate.high) == (0.875 - left, 0.875 - left)
    assert str(decision.quantity).endswith("of pairs of commas from layer 1 to layer 9")


def test_separation_that_never_was_and_layers_that_are_not_there_lose_nothing() -> None:
    absent = clusters.separation_lost(Means(n_layers=DEEP).measurement)
    assert (absent.verdict, absent.parameters) == ("not_applicable", {"last_layer": 9})
    shallow = clusters.separation_lost(Means(n_layers=1, counts={1: 3}).measurement)
    assert (shallow.verdict, shallow.parameters) == ("not_applicable", {"last_layer": 1})
    assert "is layer 1 itself" in str(shallow.reason)


def grouped(kept: tuple[bool, ...], first_layer: int) -> Means:
    """Plant groups of commas whose pairs differ in covariance by a factor at some of the last layers."""
    labels = np.arange(MANY) % 2
    amplitudes = np.where(labels, 8.0, 1.0)
    alternating = np.where((FIRST + SECOND // 2) % 2, 2.0, 1.0)
    pairs = {
        ("covariance", first_layer + place): amplitudes[FIRST] * amplitudes[SECOND] if has else alternating
        for place, has in enumerate(kept)
    }
    resamples = np.ones((3, MANY))
    resamples[0, :5] = 2
    return Means(
        n_layers=first_layer + len(kept) - 1,
        counts={1: 3},
        tokens=MANY,
        pairs=pairs,
        multiplicities=dict.fromkeys(KINDS, resamples),
        groups={("two groups", 1): labels},
    )


@pytest.mark.parametrize(
    ("kept", "low", "high", "verdict"),
    [
        ((True, True), 0.99, 1.01, "refuted"),
        ((True, False), 0.49, 0.55, "refuted"),
        ((False, False), 0.0, 0.05, "supported"),
    ],
)
def test_a_partition_is_kept_by_what_it_explains_over_the_last_third(
    kept: tuple[bool, ...], low: float, high: float, verdict: Verdict
) -> None:
    decision = clusters.partition_kept(grouped(kept, 5).measurement)
    assert (decision.verdict, decision.parameters) == (verdict, {"first_layer": 5, "last_layer": 6})
    assert decision.estimate is not None
    assert decision.estimate.n == MANY
    assert low <= decision.estimate.value <= high
    assert decision.estimate.resampled is not None
    # Two of the three resamples are the sample again, and the first is not.
    assert decision.estimate.resampled[1:] == pytest.approx([decision.estimate.value] * 2)
    assert str(decision.quantity).endswith("on average at layers 5 to 6,")


def test_a_partition_that_never_was_or_a_model_without_thirds_keeps_nothing() -> None:
    absent = clusters.partition_kept(Means(n_layers=6).measurement)
    assert (absent.verdict, absent.parameters) == ("not_applicable", {"first_layer": 5, "last_layer": 6})
    shallow = clusters.partition_kept(Means(n_layers=2, counts={1: 3}).measurement)
    assert "has no thirds" in str(shallow.reason)
    assert shallow.parameters == {"first_layer": 3, "last_layer": 2}


def test_as_many_resamples_are_taken_as_clusters_are_counted_in() -> None:
    means = grouped((True, True), 5)
    many = Means(**{**vars(means), "multiplicities": {kind: np.ones((250, MANY)) for kind in KINDS}})
    decision = clusters.partition_kept(many.measurement)
    assert decision.estimate is not None
    assert decision.estimate.resampled is not None
    assert len(decision.estimate.resampled) == 200
