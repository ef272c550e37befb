"""Mixtures are those that scikit-learn fits from the same start, and are chosen as it chooses."""

import warnings

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from layerclaims.analysis.clusters.tokens.mixture import LEAST_VARIANCE, SEED, fit_mixture
from tests.analysis.clusters.tokens.draws import draw_points


@pytest.mark.parametrize("n_starts", [1, 3])
@pytest.mark.parametrize("seed", range(20))
def test_fits_are_those_of_scikit_learn(seed: int, n_starts: int) -> None:
    points = draw_points(seed)
    for n_components in (1, 2, 3):
        theirs = GaussianMixture(n_components, reg_covar=LEAST_VARIANCE, random_state=SEED, n_init=n_starts)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a hundred steps that were too few
            theirs.fit(points)
        ours = fit_mixture(points, n_components, n_starts=n_starts)
        assert ours.bic == pytest.approx(theirs.bic(points), rel=1e-10)
        np.testing.assert_array_equal(ours.components, theirs.predict(points))


def test_the_criterion_prefers_the_number_of_clouds_there_are() -> None:
    rng = np.random.default_rng(0)
    centres = np.array([[0.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, 4.0, 0.0]])
    for n_clouds in (1, 2, 3):
        clouds = np.arange(300) % n_clouds
        points = centres[clouds] + rng.normal(0, 0.5, (300, 3))
        fits = [fit_mixture(points, number) for number in (1, 2, 3)]
        assert min(fits, key=lambda fit: fit.bic) is fits[n_clouds - 1]
        found = fits[n_clouds - 1].components
        assert len({*zip(found.tolist(), clouds.tolist(), strict=True)}) == n_clouds


def test_points_that_all_coincide_are_one_component() -> None:
    fit = fit_mixture(np.ones((30, 3)), 1)
    assert fit.components.tolist() == [0] * 30
    assert np.isfinite(fit.bic)
