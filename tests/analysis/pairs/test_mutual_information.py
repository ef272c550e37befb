from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.feature_selection import mutual_info_regression

import layerclaims.analysis.pairs.mutual_information
from benchmarks.plain import kept_dimensions
from layerclaims.analysis.pairs.estimators import Estimator
from layerclaims.analysis.pairs.mutual_information import occupied_bits
from layerclaims.analysis.pairs.pairwise import pairwise_estimates, pairwise_information, pairwise_measures

Floats = NDArray[np.float64]


def gaussian(rng: np.random.Generator, n_tokens: int, hidden: int, correlation: float) -> Floats:
    """Tokens with the same correlation in every pair."""
    own = rng.normal(size=(n_tokens, hidden))
    return np.asarray(np.sqrt(correlation) * rng.normal(size=hidden) + np.sqrt(1 - correlation) * own)


def information(
    values: Floats, estimator: Estimator = "equal_width", *, bins: int = 15, outlier_sd: float = 5.0
) -> Floats:
    measured = pairwise_measures(values, bins=bins, outlier_sd=outlier_sd, estimator=estimator)
    return measured.mutual_information


def entropy(counts: Floats, *, corrected: bool) -> float:
    """Entropy in bits of a histogram, with Miller and Madow's correction or without."""
    occupied = counts[counts > 0]
    shares = occupied / occupied.sum()
    correction = (occupied.size - 1) / (2 * occupied.sum() * np.log(2)) if corrected else 0
    return float(-(shares * np.log2(shares)).sum() + correction)


def from_histogram(joint: Floats, *, corrected: bool = False) -> float:
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    return (
        entropy(rows, corrected=corrected)
        + entropy(columns, corrected=corrected)
        - entropy(joint.ravel(), corrected=corrected)
    )


def test_counts_made_by_hand_give_their_information() -> None:
    # joint counts [[2, 1], [1, 0], [0, 4]] out of 8: rows 3, 1, 4; columns 3, 5
    first = np.array([0.0, 0, 0, 1, 2, 2, 2, 2])
    second = np.array([0.0, 0, 3, 0, 3, 3, 3, 3])
    rows = 3 / 8 * np.log2(8 / 3) + 1 / 8 * 3 + 1 / 2
    columns = 3 / 8 * np.log2(8 / 3) + 5 / 8 * np.log2(8 / 5)
    joint = 1 / 4 * 2 + 2 * (1 / 8 * 3) + 1 / 2
    measured = information(np.stack([first, second]), bins=3, outlier_sd=0)
    assert float(np.ravel(measured)[0]) == pytest.approx(rows + columns - joint, abs=1e-12)


def test_independent_halves_share_nothing_and_copies_share_a_bit() -> None:
    values = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1], [5, 5, 9, 9]])
    assert information(values, bins=2).tolist() == [0, 1, 0]


@pytest.mark.parametrize("estimator", ["equal_width", "miller_madow"])
def test_gaussian_information_is_approached_as_bins_and_dimensions_grow(estimator: Estimator) -> None:
    rng = np.random.default_rng(0)
    errors = []
    for hidden, bins in ((500, 8), (5000, 16), (60000, 48)):
        values = gaussian(rng, 12, hidden, 0.8)
        truth = -0.5 * np.log2(1 - 0.8**2)
        errors.append(abs(information(values, estimator, bins=bins, outlier_sd=0).mean() - truth))
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.01


def test_miller_madow_is_the_corrected_histogram() -> None:
    values = gaussian(np.random.default_rng(1), 6, 200, 0.5)
    measured = information(values, "miller_madow", bins=12)
    expected = [
        from_histogram(np.histogram2d(one, other, bins=12)[0], corrected=True)
        for one, other in combinations(values, 2)
    ]
    np.testing.assert_allclose(measured, expected, atol=1e-11)


# The last one leaves no bit free: what is added up on the way overflows.
@pytest.mark.parametrize(("hidden", "bins"), [(5, 3), (200, 12), (576, 30), (4096, 15)])
def test_estimates_from_the_same_counts_are_those_of_each_alone(
    hidden: int, bins: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.random.default_rng(3).standard_t(2.5, size=(24, hidden))
    values[:12, :2] *= 40  # dropped by half of the tokens
    plug_in, corrected = pairwise_estimates(values, bins=bins)
    np.testing.assert_array_equal(
        corrected, pairwise_information(values, bins=bins, estimator="miller_madow")
    )
    monkeypatch.setattr(layerclaims.analysis.pairs.mutual_information, "occupied_bits", lambda *_: 0)
    alone = pairwise_information(values, bins=bins, estimator="miller_madow")
    np.testing.assert_array_equal(plug_in, pairwise_information(values, bins=bins))
    np.testing.assert_allclose(corrected, alone, rtol=0, atol=1e-12)


def test_estimates_use_the_same_bins_and_outliers_as_one_alone_unless_told_otherwise() -> None:
    values = np.random.default_rng(5).standard_t(2.5, size=(8, 300))  # most tokens have outliers from 5 to 10
    np.testing.assert_array_equal(pairwise_estimates(values)[0], pairwise_information(values))


def test_occupied_bins_are_counted_only_where_bits_are_left() -> None:
    assert occupied_bits(576, 15) == 9  # 0 to 225 joint bins less 30 others, and a sign
    assert occupied_bits(30, 15) == 6  # at most 30 joint bins, one for each dimension
    assert occupied_bits(10, 15) == 6  # fewer joint bins than the 30 others
    assert occupied_bits(4096, 30) == occupied_bits(8192, 15) == 0
    values = np.random.default_rng(4).normal(size=(3, 8192))
    expected = [
        from_histogram(np.histogram2d(one, other, bins=15)[0], corrected=True)
        for one, other in combinations(values, 2)
    ]
    found = pairwise_information(values, outlier_sd=0, estimator="miller_madow")
    np.testing.assert_allclose(found, expected, atol=1e-11)


def test_independent_activations_come_out_as_documented() -> None:
    values = np.random.default_rng(2).normal(size=(40, 576))
    assert information(values).mean() == pytest.approx(0.21, abs=0.01)
    assert information(values, "miller_madow").mean() == pytest.approx(0.09, abs=0.01)
    assert information(values, "equal_frequency").mean() == pytest.approx(0.28, abs=0.01)


def ranked_bins(values: Floats, bins: int) -> NDArray[np.int64]:
    """Bins of equal frequency: a rank, of equal values the highest, is in the last bin that starts at it."""
    starts = np.arange(bins) * values.size // bins
    return np.asarray(np.searchsorted(starts, rankdata(values, method="max") - 1, side="right") - 1)


@pytest.mark.parametrize("hidden", [60, 200, 577])
def test_equal_frequency_bins_hold_equally_many_of_what_the_pair_keeps(hidden: int) -> None:
    rng = np.random.default_rng(3)
    values = rng.standard_t(3, size=(9, hidden))
    measured = information(values, "equal_frequency", bins=7, outlier_sd=3)
    expected = []
    for one, other in combinations(values, 2):
        kept = kept_dimensions(one, other, 3)
        codes = ranked_bins(one[kept], 7), ranked_bins(other[kept], 7)
        assert np.ptp(np.bincount(codes[0])) <= 1
        expected.append(from_histogram(np.histogram2d(*codes, bins=7, range=[(0, 7), (0, 7)])[0]))
    np.testing.assert_allclose(measured, expected, atol=1e-11)


@pytest.mark.parametrize("decimals", [1, 9])
def test_equal_frequency_bins_of_groups_that_drop_different_dimensions(decimals: int) -> None:
    """Two large groups, a small one and tokens with outliers of their own; with equal values and without."""
    values = np.random.default_rng(7).normal(size=(24, 203)).round(decimals)
    values[:12, :2] = 40
    values[12:14, 5] = -40
    values[range(14, 18), range(14, 18)] = 40
    measured = information(values, "equal_frequency", bins=6)
    for pair, (one, other) in enumerate(combinations(values, 2)):
        kept = kept_dimensions(one, other, 5)
        codes = ranked_bins(one[kept], 6), ranked_bins(other[kept], 6)
        expected = from_histogram(np.histogram2d(*codes, bins=6, range=[(0, 6), (0, 6)])[0])
        assert measured[pair] == pytest.approx(expected, abs=1e-11)


def test_equal_frequency_is_unchanged_by_increasing_transformations() -> None:
    values = gaussian(np.random.default_rng(4), 5, 300, 0.6)
    bent = np.where(np.arange(5)[:, np.newaxis] % 2, np.exp(values), values**3)
    plain = information(values, "equal_frequency", outlier_sd=0)
    np.testing.assert_array_equal(information(bent, "equal_frequency", outlier_sd=0), plain)
    assert abs(information(bent, outlier_sd=0) - information(values, outlier_sd=0)).max() > 0.05


def test_equal_frequency_of_copies_is_the_entropy_of_the_bins() -> None:
    values = np.repeat(np.random.default_rng(5).normal(size=(1, 160)), 2, axis=0)
    assert information(values, "equal_frequency", bins=16, outlier_sd=0)[0] == pytest.approx(4, abs=1e-11)


def test_equal_frequency_keeps_equal_values_together() -> None:
    values = np.repeat(np.array([[0.0] * 30 + [1.0] * 10]), 2, axis=0)
    expected = entropy(np.array([30.0, 10.0]), corrected=False)
    assert information(values, "equal_frequency", bins=8)[0] == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize("estimator", ["equal_width", "miller_madow", "equal_frequency"])
def test_dependence_without_correlation_is_what_nearest_neighbours_find(estimator: Estimator) -> None:
    """The estimator of Kraskov, Stoegbauer and Grassberger uses no bins."""
    rng = np.random.default_rng(6)
    values = rng.normal(size=(2, 20_000))
    values[1] = values[0] ** 2 + values[1]
    nats = np.ravel(np.asarray(mutual_info_regression(values[:1].T, values[1], random_state=0)))
    assert abs(np.asarray(np.corrcoef(values))[0, 1]) < 0.05
    measured = float(np.ravel(information(values, estimator, bins=24, outlier_sd=0))[0])
    # Bins cannot add information, and 24 of them over a long tail lose some.
    assert 0.8 < measured * np.log(2) / nats[0] < 1.02
