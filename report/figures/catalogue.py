"""Which figures a report has: those of the whole study, and those that show one claim."""

from collections.abc import Callable

from layerclaims.report.figures.assertions import draw_assertions
from layerclaims.report.figures.drawing import Drawing
from layerclaims.report.figures.layers.clusters import draw_clusters
from layerclaims.report.figures.layers.decline import draw_decline
from layerclaims.report.figures.layers.decomposition import draw_decomposition
from layerclaims.report.figures.layers.growth import draw_growth
from layerclaims.report.figures.layers.profiles import draw_profiles
from layerclaims.report.figures.layers.ranks import draw_rank_agreement, draw_ranks_by_depth
from layerclaims.report.figures.pairs.distributions import draw_distributions
from layerclaims.report.figures.pairs.grid import draw_grid
from layerclaims.report.figures.pairs.histograms import draw_histograms
from layerclaims.report.figures.pairs.pair_sorts import draw_pair_sorts
from layerclaims.report.figures.pairs.simpson import draw_simpson
from layerclaims.report.figures.pairs.token_groups import draw_token_groups
from layerclaims.report.figures.pairs.two_points import draw_two_points
from layerclaims.report.records.evidence import ClaimRecord
from layerclaims.report.study import Study

ClaimFigure = Callable[[Study, ClaimRecord], list[Drawing | None]]


def draw_study(study: Study) -> list[Drawing]:
    """Draw what belongs to no single claim."""
    return _present(
        [
            draw_grid(study),
            draw_profiles(study),
            draw_distributions(study),
            draw_clusters(study, "clusters"),
            draw_decomposition(study, "decomposition"),
        ]
    )


def draw_claim(study: Study, claim: ClaimRecord) -> list[Drawing]:
    """Draw the figures that show a claim; none for one that is not known here or lacks its data."""
    draw = CLAIM_FIGURES.get(claim.id)
    return [] if draw is None else _present(draw(study, claim))


def _present(drawings: list[Drawing | None]) -> list[Drawing]:
    return [drawing for drawing in drawings if drawing is not None]


def _histograms(measure: str, *document_layers: int) -> ClaimFigure:
    def draw(study: Study, claim: ClaimRecord) -> list[Drawing | None]:
        return [draw_histograms(study, claim.id, measure, [study.layer(layer) for layer in document_layers])]

    return draw


def _growth(*measures: str) -> ClaimFigure:
    return lambda study, claim: [draw_growth(study, claim, list(measures))]


def _clusters(first: int, last: int) -> ClaimFigure:
    def draw(study: Study, claim: ClaimRecord) -> list[Drawing | None]:
        return [draw_clusters(study, claim.id, (study.layer(first), study.layer(last)))]

    return draw


def _assertions(study: Study, claim: ClaimRecord) -> list[Drawing | None]:
    return [draw_assertions(study, claim)]


def _three_clusters(study: Study, claim: ClaimRecord) -> list[Drawing | None]:
    return [
        draw_histograms(study, claim.id, "covariance", [1]),
        draw_pair_sorts(study, f"{claim.id}-sorts", [1]),
        draw_token_groups(study, f"{claim.id}-groups"),
    ]


def _dissolution(study: Study, claim: ClaimRecord) -> list[Drawing | None]:
    layers = [study.layer(layer) for layer in (1, 3, 5, 7, 8, 9)]
    return [
        draw_histograms(study, claim.id, "covariance", layers),
        draw_clusters(study, f"{claim.id}-by-layer", (study.layer(7), study.layer(9))),
    ]


CLAIM_FIGURES: dict[str, ClaimFigure] = {
    "embedding-two-points": lambda study, claim: [draw_two_points(study, claim.id)],
    "embedding-cause": _assertions,
    "layer1-three-clusters": _three_clusters,
    "layer1-mi-one-cloud": _histograms("mutual_information", 1),
    "clusters-fade": _clusters(1, 9),
    "clusters-dissolve": _dissolution,
    "deep-layers-drop-partition": lambda study, claim: [
        draw_pair_sorts(study, claim.id, [1, study.layer(16), study.layer(24)])
    ],
    "mi-declines": lambda study, claim: [draw_decline(study, claim.id)],
    "covariance-grows": _growth("covariance"),
    "opposite-trends": lambda study, claim: [draw_ranks_by_depth(study, claim.id)],
    "mi-scale-invariant": _assertions,
    "covariance-scale-dependent": _assertions,
    "variance-grows": _growth("variance"),
    "variance-explains-growth": lambda study, claim: [draw_decomposition(study, claim.id)],
    "pearson-removes-growth": _growth("pearson", "covariance"),
    "syntax-in-early-layers": _clusters(1, 10),
    "mi-compares-across-layers": _assertions,
    "covariance-misleads-across-layers": lambda study, claim: [draw_rank_agreement(study, claim.id)],
    "simpson-paradox": lambda study, claim: [draw_simpson(study, claim.id)],
    "layer20-one-cluster": _histograms("covariance", 1, 20),
}
