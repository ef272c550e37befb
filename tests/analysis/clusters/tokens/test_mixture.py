"""Components of a mixture of tokens: where they are fitted, and in how many threads."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_info, threadpool_limits

from layerclaims.analysis.clusters.tokens.counts import count_mixture
from layerclaims.analysis.clusters.tokens.mixture import fit_by, fit_here, mixture_components
from layerclaims.analysis.clusters.tokens.token_plane import token_plane
from tests.analysis.clusters.tokens.planted import N_TOKENS, ONE, amplitudes, pairs_of


@pytest.fixture
def here_afterwards() -> Iterator[None]:
    yield
    fit_by()


@pytest.mark.parametrize("n_groups", [1, 2, 3])
def test_groups_far_apart_are_components(n_groups: int) -> None:
    group = np.arange(90) % n_groups
    positions = np.random.default_rng(n_groups).normal(size=(90, 3)) + 9 * group[:, None]
    components = fit_here(positions)
    assert len({*zip(group.tolist(), components.tolist(), strict=True)}) == n_groups
    assert set(components.tolist()) == set(range(n_groups))


@pytest.mark.usefixtures("here_afterwards")
def test_another_function_fits_where_it_is_asked_to() -> None:
    asked: list[tuple[int, int]] = []

    def fit(positions: NDArray[np.float64], n_starts: int) -> NDArray[np.int64]:
        asked.append((len(positions), n_starts))
        return np.zeros(len(positions), np.int64)

    plane = token_plane(*pairs_of(amplitudes((0.5, 0.5), (1.0, 1.6))))
    fit_by(fit)
    assert count_mixture(plane, ONE, n_starts=4).tolist() == [1]
    fit_by()
    assert count_mixture(plane, ONE).tolist() == [3]
    assert asked == [(N_TOKENS, 4)]


def test_more_starts_are_climbed_from_as_many_places(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers: list[int] = []
    fit = GaussianMixture.fit

    def watched(mixture: GaussianMixture, positions: NDArray[np.float64]) -> GaussianMixture:
        numbers.append(mixture.n_init)
        return fit(mixture, positions)

    monkeypatch.setattr(GaussianMixture, "fit", watched)
    mixture_components(np.random.default_rng(0).normal(size=(40, 3)), 3)
    assert numbers == [3, 3, 3]


def test_a_mixture_is_fitted_in_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    fit = GaussianMixture.fit

    def watched(mixture: GaussianMixture, positions: NDArray[np.float64]) -> GaussianMixture:
        libraries = [each for each in threadpool_info() if each["user_api"] == "openmp"]
        # PyTorch, which other tests may have loaded since, has one of its own.
        seen.extend(each["num_threads"] for each in libraries if "torch" not in each["filepath"])
        return fit(mixture, positions)

    monkeypatch.setattr(GaussianMixture, "fit", watched)
    plane = token_plane(*pairs_of(amplitudes((0.5, 0.5), (1.0, 1.6))))
    with threadpool_limits(2, "openmp"):
        assert count_mixture(plane, ONE).tolist() == [3]
    assert seen
    assert set(seen) == {1}
