"""The share of a pair measure's variance between the three sorts of pairs of two groups."""

import numpy as np
import pytest

from layerclaims.analysis.clusters.partition import explained_share

N_TOKENS = 24
FIRST, SECOND = np.triu_indices(N_TOKENS, 1)
LABELS = (np.arange(N_TOKENS) < 8).astype(np.int64)
SORTS = LABELS[FIRST] + LABELS[SECOND]


def by_loop(values: np.ndarray, weights: np.ndarray) -> float:
    """Compute eta squared pair by pair, from its definition."""
    pairs = weights[FIRST] * weights[SECOND]
    mean = (pairs * values).sum() / pairs.sum()
    between = 0.0
    for sort in range(3):
        own = pairs * (sort == SORTS)
        between += own.sum() * ((own * values).sum() / own.sum() - mean) ** 2
    return float(between / (pairs * (values - mean) ** 2).sum())


def test_the_share_is_that_of_a_plain_loop_in_the_sample_and_in_resamples() -> None:
    rng = np.random.default_rng(0)
    values = 1e6 + SORTS**2 + rng.normal(size=len(SORTS))
    weights = rng.integers(1, 4, size=(5, N_TOKENS)).astype(float)
    expected = [by_loop(values, own) for own in weights]
    assert explained_share(values, LABELS, weights) == pytest.approx(expected, rel=1e-6)
    assert 0.2 < min(expected) < max(expected) < 0.95


def test_what_the_sorts_alone_decide_is_explained_whole() -> None:
    ones = np.ones((1, N_TOKENS))
    assert explained_share(np.array([3.0, -1.0, 7.0])[SORTS], LABELS, ones) == pytest.approx([1])


@pytest.mark.parametrize("value", [0.1, 2.0])
def test_pairs_that_do_not_vary_have_nothing_to_explain(value: float) -> None:
    ones = np.ones((2, N_TOKENS))
    assert explained_share(np.full(len(SORTS), value), LABELS, ones).tolist() == [0, 0]


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_the_unit_does_not_matter(unit: float) -> None:
    values = SORTS + np.random.default_rng(2).normal(size=len(SORTS))
    ones = np.ones((1, N_TOKENS))
    expected = explained_share(values, LABELS, ones)
    assert explained_share(values * unit, LABELS, ones) == pytest.approx(expected)


def test_a_sort_without_pairs_adds_nothing() -> None:
    values = np.random.default_rng(1).normal(size=len(SORTS))
    alone = np.zeros(N_TOKENS, dtype=np.int64)
    assert explained_share(values, alone, np.ones((1, N_TOKENS))) == pytest.approx([0], abs=1e-12)


@pytest.mark.parametrize("labels", [LABELS[1:], LABELS * 2, LABELS - 1, np.stack([LABELS, LABELS])])
def test_labels_are_0_or_1_for_each_token(labels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="0 or 1 for each of the 24 tokens"):
        explained_share(np.zeros(len(SORTS)), labels, np.ones((1, N_TOKENS)))
