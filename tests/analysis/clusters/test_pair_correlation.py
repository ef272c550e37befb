"""Correlation over pairs agrees with NumPy's on pairs written out."""

import numpy as np
import pytest

from layerclaims.analysis.clusters.pair_correlation import pair_correlation

N_TOKENS = 12
FIRST, SECOND = np.triu_indices(N_TOKENS, 1)


def draw(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=len(FIRST)) + 100
    return x, 0.5 * x + rng.normal(size=len(FIRST))


def test_the_sample_itself_has_numpys_correlation() -> None:
    x, y = draw(0)
    found = pair_correlation(x, y, np.ones((1, N_TOKENS)))
    assert found == pytest.approx(np.corrcoef(x, y)[0, 1], rel=1e-12)


def test_values_far_from_zero_keep_their_digits() -> None:
    x, y = draw(5)
    found = pair_correlation(x + 1e8, y - 1e8, np.ones((1, N_TOKENS)))
    assert found == pytest.approx(np.corrcoef(x, y)[0, 1], rel=1e-6)


def test_a_resample_has_the_correlation_of_its_pairs_written_out() -> None:
    x, y = draw(1)
    weights = np.random.default_rng(2).multinomial(N_TOKENS, np.full(N_TOKENS, 1 / N_TOKENS))
    copies = weights[FIRST] * weights[SECOND]
    expected = np.corrcoef(np.repeat(x, copies), np.repeat(y, copies))[0, 1]
    assert pair_correlation(x, y, weights[None].astype(np.float64)) == pytest.approx(expected, rel=1e-10)


def test_only_members_count() -> None:
    x, y = draw(3)
    members = x > 100
    expected = np.corrcoef(x[members], y[members])[0, 1]
    assert pair_correlation(x, y, np.ones((1, N_TOKENS)), members) == pytest.approx(expected, rel=1e-10)


def test_a_resample_of_members_has_the_correlation_of_its_own_pairs_written_out() -> None:
    x, y = draw(6)
    members = x > 100
    weights = np.random.default_rng(7).multinomial(N_TOKENS, np.full(N_TOKENS, 1 / N_TOKENS))
    copies = weights[FIRST] * weights[SECOND] * members
    expected = np.corrcoef(np.repeat(x, copies), np.repeat(y, copies))[0, 1]
    found = pair_correlation(x, y, weights[None].astype(np.float64), members)
    assert found == pytest.approx(expected, rel=1e-10)


def test_opposite_signs_inside_and_overall_are_told_apart() -> None:
    rng = np.random.default_rng(4)
    inside = rng.normal(size=len(FIRST))
    upper = np.arange(len(FIRST)) % 2 == 0
    x, y = inside + 10 * upper, inside - 10 * upper
    weights = np.ones((1, N_TOKENS))
    assert pair_correlation(x, y, weights)[0] < -0.9
    assert pair_correlation(x, y, weights, upper)[0] > 0.9


def test_no_pairs_at_all_are_refused() -> None:
    x = np.arange(len(FIRST), dtype=np.float64)
    with pytest.raises(ValueError, match="no pair to correlate"):
        pair_correlation(x, x, np.ones((1, N_TOKENS)), np.zeros(len(FIRST), np.bool_))


def test_pairs_that_do_not_differ_have_no_correlation() -> None:
    x = np.ones(len(FIRST))
    assert np.isnan(pair_correlation(x, x, np.ones((1, N_TOKENS)))).all()


def test_a_resample_without_a_member_has_no_correlation_and_others_keep_theirs() -> None:
    x, y = draw(5)
    members = (FIRST == 0) & (SECOND < 5)
    weights = np.ones((2, N_TOKENS))
    weights[0, 0] = 0
    without, whole = pair_correlation(x, y, weights, members)
    assert np.isnan(without)
    assert np.isfinite(whole)
