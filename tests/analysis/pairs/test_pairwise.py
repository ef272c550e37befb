from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchmarks.plain import kept_dimensions, measure_pair
from layerclaims.analysis import threads
from layerclaims.analysis.pairs import pairwise
from layerclaims.analysis.pairs.estimators import ESTIMATORS, Estimator
from layerclaims.analysis.pairs.outliers import SMALLEST_EXTENT, outlying_dimensions
from layerclaims.analysis.pairs.pairwise import (
    Layouts,
    PairMeasures,
    pairwise_estimates,
    pairwise_information,
    pairwise_measures,
    pairwise_moments,
)

Floats = NDArray[np.float64]
MEASURES = ("mutual_information", "covariance", "pearson", "std_product")


def assert_plain(activations: Floats, bins: int = 15, outlier_sd: float = 5.0, n_pairs: int = 200) -> None:
    """Compare with the plain loop, on all pairs or on some spread over them."""
    measured = pairwise_measures(activations, bins=bins, outlier_sd=outlier_sd)
    first, second = np.triu_indices(len(activations), 1)
    for pair in np.unique(np.linspace(0, first.size - 1, n_pairs).astype(int)):
        one, other = (activations[token].astype(np.float64) for token in (first[pair], second[pair]))
        plain = measure_pair(one, other, bins, outlier_sd)
        kept = kept_dimensions(one, other, outlier_sd)
        scale = one[kept].std(ddof=1) * other[kept].std(ddof=1)
        assert measured.mutual_information[pair] == pytest.approx(plain.mutual_information, abs=1e-9)
        assert measured.covariance[pair] == pytest.approx(plain.covariance, abs=1e-9 * scale + 1e-300)
        assert measured.pearson[pair] == pytest.approx(plain.pearson, abs=1e-9, nan_ok=True)
        assert measured.std_product[pair] == pytest.approx(scale, rel=1e-9, abs=1e-300)


def model_like(rng: np.random.Generator, n_tokens: int, hidden: int, n_massive: int = 4) -> Floats:
    """Tokens with a common direction, heavy tails, and massive dimensions that only some of them have."""
    values = rng.standard_t(5, size=hidden) + 0.6 * rng.standard_t(4, size=(n_tokens, hidden))
    massive = rng.choice(hidden, n_massive, replace=False)
    values[:, massive] += rng.choice([0, 3, 12, 200], size=(n_tokens, n_massive)) * rng.normal(size=n_massive)
    return values


def same_bin(rng: np.random.Generator) -> Floats:
    """Nearly all dimensions in one bin: joint counts beyond a byte."""
    values = rng.normal(size=(6, 900)) * 1e-3
    values[:, :3] = rng.normal(size=(6, 3)) * 50
    return values


def each_its_own_outlier(rng: np.random.Generator) -> Floats:
    """No two tokens drop the same dimension, and each drops another's largest or smallest value."""
    values = rng.normal(size=(40, 120))
    values[np.arange(40), np.arange(40)] = 80
    values[np.arange(40), (np.arange(40) + 1) % 40] = np.where(np.arange(40) % 2, 4.5, -4.5)
    return values


def words_that_others_drop(rng: np.random.Generator) -> Floats:
    """Four tokens have eight dimensions alone in a bin; six others, of two small groups, drop these."""
    values = rng.uniform(-1, 1, size=(10, 576))
    values[:, 0] = 2.5
    values[:4, 8:16] = 1.7
    values[4:, 8:16] = 1000
    values[7:, 5] = -1000
    return values


def lost_variance(rng: np.random.Generator) -> Floats:
    """Two tokens: what the second drops holds all but 1e-12 of the variance of the first."""
    values = rng.normal(size=(2, 10))
    values[0, :2] = 1e6
    values[1, :2] = 1e6, -1e6
    return values


CASES: dict[str, Callable[[np.random.Generator], Floats]] = {
    "model-like": lambda rng: model_like(rng, 80, 576),
    "a massive dimension": lambda rng: rng.normal(size=(8, 300)) + 1e4 * (np.arange(300) == 7),
    "ties on bin edges": lambda rng: rng.integers(0, 16, size=(20, 90)).astype(float),
    "few values": lambda rng: rng.choice([-1.0, 0.0, 0.1], size=(20, 40)),
    "identical tokens": lambda rng: np.repeat(rng.normal(size=(2, 70)), 4, axis=0),
    "large offset": lambda rng: 1e8 + rng.normal(size=(6, 50)),
    "small numbers": lambda rng: 1e-30 * rng.normal(size=(6, 50)),
    "one bin for nearly all": same_bin,
    "own outliers": each_its_own_outlier,
    "words that others drop": words_that_others_drop,
    "two tokens": lambda rng: rng.normal(size=(2, 576)),
    "two dimensions": lambda rng: rng.normal(size=(9, 2)),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("outlier_sd", [5.0, 2.0, 0.0])
def test_every_pair_equals_the_plain_loop(case: str, outlier_sd: float) -> None:
    assert_plain(CASES[case](np.random.default_rng(1)), outlier_sd=outlier_sd)


@pytest.mark.parametrize("n_tokens", [3, 63, 64, 65, 130])
@pytest.mark.parametrize("hidden", [7, 8, 9, 64, 65, 257])
def test_sizes_around_vectors_and_words_equal_the_plain_loop(n_tokens: int, hidden: int) -> None:
    assert_plain(model_like(np.random.default_rng(2), n_tokens, hidden, 2), outlier_sd=3, n_pairs=60)


@pytest.mark.parametrize("bins", [1, 2, 7, 16, 64, 255])
def test_other_numbers_of_bins_equal_the_plain_loop(bins: int) -> None:
    assert_plain(model_like(np.random.default_rng(3), 10, 300), bins=bins)


def test_the_cases_reach_what_they_are_meant_for() -> None:
    rng = np.random.default_rng(1)
    values = model_like(rng, 80, 576)
    dropped = outlying_dimensions(values, 5.0)
    kept = np.where(dropped, np.nan, values)
    lowest, highest = np.nanargmin(kept, axis=1), np.nanargmax(kept, axis=1)
    moved = dropped[:, lowest] | dropped[:, highest]
    assert (moved & moved.T).any(), "both ranges of a pair should move"
    assert (moved & ~moved.T).any(), "one range of a pair should move"
    assert len(np.unique(outlying_dimensions(each_its_own_outlier(rng), 5.0), axis=0)) == 40


def test_variance_lost_with_the_other_tokens_outliers_is_measured_again() -> None:
    values = lost_variance(np.random.default_rng(4))
    assert outlying_dimensions(values, 2.0).tolist() == [[False] * 10, [True, True] + [False] * 8]
    assert_plain(values, outlier_sd=2)


small_numbers = st.integers(-4, 4).map(float)
any_numbers = st.floats(-1e6, 1e6, width=32) | small_numbers | st.sampled_from([1e6, -1e6, 1e-6])


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_anything_equals_the_plain_loop(data: st.DataObject) -> None:
    n_tokens, hidden = data.draw(st.integers(2, 6)), data.draw(st.integers(2, 40))
    numbers = data.draw(st.sampled_from([small_numbers, any_numbers]))
    token = st.lists(numbers, min_size=hidden, max_size=hidden)
    values = np.array(data.draw(st.lists(token, min_size=n_tokens, max_size=n_tokens)))
    outlier_sd = data.draw(st.sampled_from([0.0, 1.5, 2.0, 3.0, 5.0]))
    bins = data.draw(st.sampled_from([1, 2, 3, 10, 15, 33]))
    fewest = min(
        kept_dimensions(one, other, outlier_sd).sum()
        for place, one in enumerate(values)
        for other in values[place + 1 :]
    )
    if fewest < 2:
        with pytest.raises(ValueError, match=f"keep {fewest} dimensions"):
            pairwise_measures(values, bins=bins, outlier_sd=outlier_sd)
    else:
        assert_plain(values, bins, outlier_sd)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_other_float_types_are_measured_as_float64(dtype: type[np.floating]) -> None:
    values = model_like(np.random.default_rng(5), 12, 200).astype(dtype)
    assert_same(pairwise_measures(values), pairwise_measures(values.astype(np.float64)))


def test_the_order_in_memory_changes_no_bit() -> None:
    values = model_like(np.random.default_rng(16), 12, 200)
    assert_same(pairwise_measures(np.asfortranarray(values)), pairwise_measures(values))


def assert_same(one: PairMeasures, other: PairMeasures) -> None:
    for name in MEASURES:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("small_layer", [512, 5])
def test_layers_are_measured_one_by_one(small_layer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairwise, "SMALL_LAYER", small_layer)
    values = np.random.default_rng(6).normal(size=(3, 10, 50))
    measured = pairwise_measures(values)
    assert measured.pearson.shape == (3, 45)
    for layer in range(3):
        single = pairwise_measures(values[layer])
        for name in MEASURES:
            np.testing.assert_array_equal(getattr(measured, name)[layer], getattr(single, name))


def test_the_number_of_threads_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    values = model_like(np.random.default_rng(7), 200, 150)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    single = pairwise_measures(values)
    monkeypatch.setattr(threads, "machine_threads", lambda: 7)
    assert_same(single, pairwise_measures(values))


def test_the_order_of_dimensions_changes_no_bit_of_mutual_information() -> None:
    rng = np.random.default_rng(8)
    values = model_like(rng, 30, 200)
    shuffled = pairwise_measures(values[:, rng.permutation(200)])
    measured = pairwise_measures(values)
    np.testing.assert_array_equal(shuffled.mutual_information, measured.mutual_information)
    np.testing.assert_allclose(shuffled.pearson, measured.pearson, atol=1e-12)


def test_pairs_are_symmetric() -> None:
    values = model_like(np.random.default_rng(9), 30, 200)
    measured, turned = pairwise_measures(values), pairwise_measures(values[::-1])
    first, second = np.triu_indices(30, 1)
    square = np.zeros((30, 30), dtype=int)
    square[first, second] = np.arange(first.size)
    place = square[29 - second, 29 - first]
    np.testing.assert_array_equal(turned.mutual_information[place], measured.mutual_information)
    np.testing.assert_allclose(turned.pearson[place], measured.pearson, atol=1e-12)


@pytest.mark.parametrize("factor", [0.1, 10.0, 1000.0])
def test_rescaling_a_token_changes_covariance_only(factor: float) -> None:
    values = model_like(np.random.default_rng(10), 20, 400)
    factors = np.where(np.arange(20) % 2, factor, 1.0)
    measured, rescaled = pairwise_measures(values), pairwise_measures(values * factors[:, np.newaxis])
    first, second = np.triu_indices(20, 1)
    product = factors[first] * factors[second]
    np.testing.assert_allclose(rescaled.mutual_information, measured.mutual_information, atol=1e-9)
    np.testing.assert_allclose(rescaled.pearson, measured.pearson, atol=1e-12)
    np.testing.assert_allclose(rescaled.covariance, measured.covariance * product, rtol=1e-9, atol=1e-12)


def test_a_constant_token_has_no_correlation_and_no_information() -> None:
    values = np.random.default_rng(11).normal(size=(3, 50))
    values[1] = 0.1
    measured = pairwise_measures(values)
    assert np.isnan(measured.pearson).tolist() == [True, False, True]
    for name in ("mutual_information", "covariance", "std_product"):
        assert getattr(measured, name)[[0, 2]].tolist() == [0, 0]


def test_identical_tokens_share_all_their_entropy() -> None:
    values = np.repeat(np.array([[0.0, 0.0, 1.0, 5.0]]), 2, axis=0)
    measured = pairwise_measures(values, bins=5)
    assert measured.mutual_information[0] == pytest.approx(1.5, abs=1e-12)
    assert measured.pearson[0] == pytest.approx(1, abs=1e-15)
    assert measured.pearson[0] <= 1


def broken(token: int, dimension: int, value: float) -> Floats:
    values = np.random.default_rng(12).normal(size=(2, 5, 20))
    values[1, token, dimension] = value
    return values


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_named(value: float) -> None:
    with pytest.raises(ValueError, match="layer 1, token 3, dimension 17 is not finite"):
        pairwise_measures(broken(3, 17, value))


@pytest.mark.parametrize("value", [1e200, 1e160])
def test_values_without_a_variance_in_float64_are_named(value: float) -> None:
    with pytest.raises(ValueError, match="layer 1, token 4 spans"):
        pairwise_measures(broken(4, 0, value))


def test_a_spread_that_underflows_is_named() -> None:
    with pytest.raises(ValueError, match="layer 0, token 0 spans"):
        pairwise_measures(np.random.default_rng(13).normal(size=(4, 20)) * 1e-200)


@pytest.mark.parametrize("shape", [(20,), (1, 20), (4, 1), (2, 2, 2, 20), (2, 1, 20)])
def test_shapes_without_pairs_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"pairs need 2 tokens or more|have the shape"):
        pairwise_measures(np.zeros(shape))


@pytest.mark.parametrize("choice", [{"bins": 0}, {"bins": 256}, {"outlier_sd": -1.0}, {"outlier_sd": np.nan}])
def test_impossible_choices_are_refused(choice: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"must be (1 to 255|0 or more)"):
        pairwise_measures(np.random.default_rng(14).normal(size=(4, 20)), **choice)  # type: ignore[arg-type]


def test_an_unknown_estimator_is_refused() -> None:
    with pytest.raises(ValueError, match="one of equal_width"):
        pairwise_measures(np.zeros((4, 20)), estimator="kernel")  # type: ignore[arg-type]


def test_a_pair_without_two_dimensions_is_named() -> None:
    values = np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.1, 1.0, -1.0]])
    with pytest.raises(ValueError, match=r"layer 0: tokens (0 and 2|2 and 0) keep 0 dimensions within 1 "):
        pairwise_measures(values, outlier_sd=1.0)


def test_input_is_left_alone() -> None:
    values = np.random.default_rng(15).normal(size=(5, 30))
    before = values.copy()
    pairwise.pairwise_measures(values)
    np.testing.assert_array_equal(values, before)


@pytest.mark.parametrize("n_layers", [None, 3])
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_information_and_moments_alone_are_those_of_all_measures(
    n_layers: int | None, estimator: Estimator
) -> None:
    values = model_like(np.random.default_rng(17), 9, 120)
    values = values if n_layers is None else np.stack([values, values**3, -values])
    for bins, outlier_sd in ((15, 5.0), (7, 2.0)):
        both = pairwise_measures(values, bins=bins, outlier_sd=outlier_sd, estimator=estimator)
        alone = pairwise_information(values, bins=bins, outlier_sd=outlier_sd, estimator=estimator)
        np.testing.assert_array_equal(alone, both.mutual_information)
        moments = pairwise_moments(values, outlier_sd=outlier_sd)
        for name in ("covariance", "pearson", "std_product"):
            np.testing.assert_array_equal(getattr(moments, name), getattr(both, name))


@pytest.mark.parametrize("n_layers", [None, 3])
def test_layers_are_arranged_once_for_all_that_is_measured_of_them(
    n_layers: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = model_like(np.random.default_rng(19), 30, 120)
    values = values if n_layers is None else np.stack([values, values**3, -values])
    layouts: Layouts = [None] * (n_layers or 1)
    expected = pairwise_information(values, bins=7), pairwise_estimates(values)[1], pairwise_moments(values)
    np.testing.assert_array_equal(pairwise_moments(values, layouts=layouts).pearson, expected[2].pearson)
    assert None not in layouts
    monkeypatch.setattr(pairwise, "outlying_dimensions", None)
    np.testing.assert_array_equal(pairwise_information(values, bins=7, layouts=layouts), expected[0])
    np.testing.assert_array_equal(pairwise_estimates(values, layouts=layouts)[1], expected[1])
    np.testing.assert_array_equal(
        pairwise_moments(values, layouts=layouts).covariance, expected[2].covariance
    )


def test_pairs_have_15_equal_bins_and_drop_beyond_5_standard_deviations_unless_it_is_said_otherwise() -> None:
    values = np.random.default_rng(18).normal(size=(6, 120))
    values[:, 3] = 8
    assert outlying_dimensions(values, 5).any()
    assert not outlying_dimensions(values, 10).any()
    expected = pairwise_measures(values, bins=15, outlier_sd=5, estimator="equal_width")
    assert_same(pairwise_measures(values), expected)
    np.testing.assert_array_equal(pairwise_information(values), expected.mutual_information)
    np.testing.assert_array_equal(pairwise_moments(values).covariance, expected.covariance)


def test_each_function_refuses_the_choices_that_it_takes() -> None:
    values = np.random.default_rng(14).normal(size=(4, 20))
    with pytest.raises(ValueError, match=r"^bins must be 1 to 255, not 256$"):
        pairwise_information(values, bins=256)
    with pytest.raises(ValueError, match="one of equal_width, equal_frequency, miller_madow, not kernel"):
        pairwise_information(values, estimator="kernel")  # type: ignore[arg-type]
    for function in (pairwise_information, pairwise_moments, pairwise_measures):
        with pytest.raises(ValueError, match="outlier_sd must be 0 or more, not inf"):
            function(values, outlier_sd=np.inf)
        with pytest.raises(ValueError, match=r"have the shape \(layers,\) tokens, dimensions, not \(20,\)"):
            function(values[0, :20])
        with pytest.raises(ValueError, match=r"of 2 to \d+ dimensions, and there are 1 of 20$"):
            function(np.zeros((3, 1, 20)))


def test_a_dimension_at_the_threshold_is_kept() -> None:
    # The mean is 0 and the standard deviation 1; the second token is constant, the third is off by 10.
    values = np.array([[-1.0, 0, 1], [4, 4, 4], [9, 10, 11]])
    assert not outlying_dimensions(values, 1.0).any()
    assert outlying_dimensions(values, 0.99).tolist() == [
        [True, False, True],
        [False] * 3,
        [True, False, True],
    ]
    assert outlying_dimensions(values, 0).tolist() == [[False] * 3] * 3


def test_the_largest_number_is_measured() -> None:
    token = np.linspace(-1, 1, 20)
    values = np.stack([token, token / SMALLEST_EXTENT])
    assert np.isfinite(pairwise_moments(values, outlier_sd=0).std_product[0])


@pytest.mark.parametrize(("size", "is_measured"), [(0.9e150, True), (1.1e150, False)])
def test_numbers_are_measured_as_far_as_their_squares_are_numbers(size: float, is_measured: bool) -> None:
    token = np.linspace(-1, 1, 20)
    for values in (np.stack([token, size * token]), np.stack([token, np.abs(token) / size])):
        if is_measured:
            assert pairwise_moments(values, outlier_sd=0).std_product[0] > 0
        else:
            with pytest.raises(
                ValueError, match=r"^layer 0, token 1 spans .* to .*: no variance in float64$"
            ):
                pairwise_moments(values, outlier_sd=0)


def test_what_a_token_spans_is_named_with_both_ends() -> None:
    values = np.stack([np.linspace(-1, 1, 20), np.linspace(-3e200, 2e200, 20)])
    with pytest.raises(
        ValueError, match=r"^layer 0, token 1 spans -3e\+200 to 2e\+200: no variance in float64$"
    ):
        pairwise_moments(values)


def test_a_pair_that_keeps_two_dimensions_is_measured_and_one_that_keeps_one_is_named() -> None:
    values = np.array([[9.0, 0, 0.1, 0.2, 0.3, 0.4], [0, 0.1, 0.2, 0.3, 0.1, 9]])
    assert pairwise_moments(values, outlier_sd=1.5).std_product.shape == (1,)
    few = np.array([[9.0, 0, 1], [0, 9.0, 1]])
    with pytest.raises(
        ValueError,
        match=r"^layer 1: tokens (0 and 1|1 and 0) keep 1 dimensions within 1.1 standard deviations; a pair",
    ):
        pairwise_moments(np.stack([[[0.0, 1, 2], [2, 1, 0]], few]), outlier_sd=1.1)


def test_subnormal_numbers_are_measured_like_others() -> None:
    ordinary = np.random.default_rng(0).normal(size=(12, 16)).astype(np.float32)
    scale = np.float32(2.0**-132)
    assert 0 < np.abs(ordinary * scale).max() < np.finfo(np.float32).tiny
    subnormal, expected = pairwise_measures(ordinary * scale), pairwise_measures(ordinary)
    np.testing.assert_array_equal(subnormal.mutual_information, expected.mutual_information)
    np.testing.assert_allclose(subnormal.pearson, expected.pearson, atol=1e-5)
