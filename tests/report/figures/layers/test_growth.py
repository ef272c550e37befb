import pytest
from matplotlib.axes import Axes

from layerclaims.report.figures.layers.growth import draw_growth, relative_means
from layerclaims.report.figures.palette import CRITERION
from layerclaims.report.records.evidence import ClaimRecord
from layerclaims.report.study import Study
from tests.report.builder import make_claim


def band(panel: Axes) -> tuple[float, float]:
    """Find the lower and upper edge of the shaded criterion."""
    for patch in panel.patches:
        if patch.get_facecolor()[:3] == tuple(int(CRITERION[i : i + 2], 16) / 255 for i in (1, 3, 5)):
            corners = patch.get_patch_transform().transform(patch.get_path().vertices)
            return float(corners[:, 1].min()), float(corners[:, 1].max())
    raise AssertionError("no band")


def with_relation(relation: str, bound: float) -> ClaimRecord:
    data = make_claim("covariance-grows", "supported").model_dump()
    for assertion in data["assertions"]:
        assertion["criterion"] |= {"relation": relation, "bound": bound}
    return ClaimRecord.model_validate(data)


def test_layer_1_is_one_and_the_others_are_multiples_of_it(study: Study) -> None:
    means = study.means("internal", "covariance")
    relative = relative_means(study, "internal", "covariance")
    assert relative[1] == 1
    assert relative[-1] == pytest.approx(means[-1] / means[1])


def test_variance_is_the_square_of_the_standard_deviation(study: Study) -> None:
    std = study.means("internal", "std")
    assert relative_means(study, "internal", "variance")[-1] == pytest.approx((std[-1] / std[1]) ** 2)


def test_what_is_shaded_is_what_the_criterion_accepts(study: Study) -> None:
    up = draw_growth(study, "x", with_relation("at least", 10), ["covariance"])
    down = draw_growth(study, "x", with_relation("at most", 10), ["covariance"])
    assert up is not None
    assert down is not None
    assert band(up.figure.axes[0])[0] == pytest.approx(10)
    assert band(up.figure.axes[0])[1] == pytest.approx(up.figure.axes[0].get_ylim()[1])
    assert band(down.figure.axes[0])[1] == pytest.approx(10)


def test_only_the_measure_that_is_asked_about_has_the_band(study: Study) -> None:
    drawing = draw_growth(study, "x", with_relation("at most", 1.25), ["pearson", "covariance"])
    assert drawing is not None
    assert band(drawing.figure.axes[0])
    with pytest.raises(AssertionError, match="no band"):
        band(drawing.figure.axes[1])
