"""Which figures a report has: those of the whole study, and those that show one claim."""

from collections.abc import Callable

from report.evidence import ClaimRecord
from report.figures.decline import draw_decline
from report.figures.distributions import draw_distributions
from report.figures.drawing import Drawing
from report.figures.grid import draw_grid
from report.figures.growth import draw_growth
from report.figures.histograms import draw_histograms
from report.figures.profiles import draw_profiles
from report.figures.two_points import draw_two_points
from report.study import Study

ClaimFigure = Callable[[Study, ClaimRecord], Drawing | None]

STUDY_FIGURES: tuple[Callable[[Study], Drawing | None], ...] = (draw_grid, draw_profiles, draw_distributions)


def draw_study(study: Study) -> list[Drawing]:
    """Draw what belongs to no single claim."""
    drawings = (draw(study) for draw in STUDY_FIGURES)
    return [drawing for drawing in drawings if drawing is not None]


def draw_claim(study: Study, claim: ClaimRecord) -> Drawing | None:
    """Draw the figure that shows a claim; None where there is none for it or its data are missing."""
    draw = CLAIM_FIGURES.get(claim.id)
    return None if draw is None else draw(study, claim)


def _histograms(measure: str, *document_layers: int) -> ClaimFigure:
    def draw(study: Study, claim: ClaimRecord) -> Drawing | None:
        layers = [study.layer(layer) for layer in document_layers]
        return draw_histograms(study, claim.id, measure, layers)

    return draw


CLAIM_FIGURES: dict[str, ClaimFigure] = {
    "embedding-two-points": lambda study, _: draw_two_points(study),
    "layer1-three-clusters": _histograms("covariance", 1),
    "layer1-mi-one-cloud": _histograms("mutual_information", 1),
    "clusters-dissolve": _histograms("covariance", 1, 3, 5, 7, 8, 9),
    "layer20-one-cluster": _histograms("covariance", 1, 20),
    "mi-declines": lambda study, claim: draw_decline(study, claim.id),
    "covariance-grows": lambda study, claim: draw_growth(study, claim, ["covariance"]),
    "variance-grows": lambda study, claim: draw_growth(study, claim, ["variance"]),
    "pearson-removes-growth": lambda study, claim: draw_growth(study, claim, ["pearson", "covariance"]),
}
