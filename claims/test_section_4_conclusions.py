"""Section 4: what the document concludes.

Kinds of punctuation are separated in the first 10 layers. To compare layers with each other, MI can be
relied on and raw covariance cannot.
"""

import pytest

from layerclaims.analysis.kinds import KINDS, Kind
from layerclaims.analysis.pairs.mutual_information import Estimator
from layerclaims.claims.judging import Judge
from layerclaims.claims.rules.clusters import clusters_later, early_share
from layerclaims.claims.rules.comparison import order_by_covariance, ranking_by_estimator, ranking_with_bins

syntax_in_early_layers = pytest.mark.claim(
    "syntax-in-early-layers",
    section="4",
    statement="Separating kinds of commas is mostly the business of the first 10 layers.",
)
mi_compares_across_layers = pytest.mark.claim(
    "mi-compares-across-layers",
    section="4",
    statement="MI is a safe measure to compare layers with: their order does not hang on the estimator.",
)
covariance_misleads_across_layers = pytest.mark.claim(
    "covariance-misleads-across-layers",
    section="4",
    statement="Comparing raw covariance between layers misleads: Pearson's r does not confirm their order.",
)


@syntax_in_early_layers
def test_most_separation_lies_in_the_first_10_layers(judge: Judge) -> None:
    decision = judge(early_share)
    assert decision.supported, decision.message


@syntax_in_early_layers
def test_no_later_layer_has_several_clusters(judge: Judge) -> None:
    decision = judge(clusters_later)
    assert decision.supported, decision.message


@mi_compares_across_layers
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bins", [10, 30])
def test_the_order_of_layers_does_not_hang_on_bins(kind: Kind, bins: int, judge: Judge) -> None:
    decision = judge(ranking_with_bins, kind=kind, bins=bins)
    assert decision.supported, decision.message


@mi_compares_across_layers
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("estimator", ["equal_frequency", "miller_madow"])
def test_the_order_of_layers_does_not_hang_on_the_estimator(
    kind: Kind, estimator: Estimator, judge: Judge
) -> None:
    decision = judge(ranking_by_estimator, kind=kind, estimator=estimator)
    assert decision.supported, decision.message


@covariance_misleads_across_layers
@pytest.mark.parametrize("kind", KINDS)
def test_correlation_does_not_confirm_the_order_of_layers_by_covariance(kind: Kind, judge: Judge) -> None:
    decision = judge(order_by_covariance, kind=kind)
    assert decision.supported, decision.message
