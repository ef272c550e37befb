import numpy as np
import pytest
from scipy.stats import fisher_exact

from layerclaims.analysis.clusters.association import Association, associations, odds_ratio


def make_labels(n_first: int, n_second: int) -> np.ndarray:
    return np.repeat([0, 1], [n_first, n_second])


def test_an_odds_ratio_is_the_cross_product_of_cells_with_half_a_count_more() -> None:
    # Group 0: 10 of 40 have it; group 1: 30 of 40. (30.5 * 30.5) / (10.5 * 10.5)
    value, low, high = odds_ratio(np.array([[10, 30], [30, 10]]))
    assert value == pytest.approx((30.5 / 10.5) ** 2)
    # Woolf: the log's variance is the sum of the reciprocals of the cells.
    margin = 1.959964 * np.sqrt(2 / 10.5 + 2 / 30.5)
    assert np.log([low, high]) == pytest.approx([np.log(value) - margin, np.log(value) + margin], rel=1e-5)


def test_swapping_the_groups_inverts_the_odds_ratio() -> None:
    table = np.array([[12, 88], [40, 60]])
    value, low, high = odds_ratio(table)
    assert odds_ratio(table[::-1]) == pytest.approx((1 / value, 1 / high, 1 / low))


def test_an_empty_cell_leaves_the_odds_ratio_and_its_interval_finite() -> None:
    value, low, high = odds_ratio(np.array([[0, 50], [50, 0]]))
    assert 1 < low < value < high < np.inf


def test_the_interval_holds_the_true_odds_ratio_in_95_of_100_samples() -> None:
    rng = np.random.default_rng(1)
    with_first, with_second = rng.binomial(120, 0.2, 2000), rng.binomial(130, 0.5, 2000)
    truth = (0.5 / 0.5) / (0.2 / 0.8)
    held = 0
    for first, second in zip(with_first, with_second, strict=True):
        _, low, high = odds_ratio(np.array([[first, 120 - first], [second, 130 - second]]))
        held += low <= truth <= high
    assert 0.935 <= held / 2000 <= 0.97  # three standard errors below 0.95, and a little conservative


@pytest.mark.parametrize(
    "table", [[[0, 5], [0, 7]], [[0, 0], [3, 4]], [[-1, 3], [3, 4]], [[1, 2, 3], [4, 5, 6]]]
)
def test_a_table_without_odds_to_compare_is_refused(table: list[list[int]]) -> None:
    with pytest.raises(ValueError, match=r"table of counts|compared"):
        odds_ratio(np.array(table))


def test_associations_come_strongest_first_with_the_shares_of_each_group() -> None:
    labels = make_labels(40, 60)
    weak = np.concatenate([np.arange(40) < 20, np.arange(60) < 33])
    strong = np.concatenate([np.arange(40) < 4, np.arange(60) < 54])
    found = associations({"weak": weak, "strong": strong}, labels)
    assert [one.feature for one in found] == ["strong", "weak"]
    assert found[0].share == pytest.approx((0.1, 0.9))
    assert found[0].strength == pytest.approx(0.8)
    assert found[0].odds_ratio is not None
    assert found[0].odds_ratio > 1
    assert found[0].p_value == pytest.approx(fisher_exact([[4, 36], [54, 6]]).pvalue)


def test_p_values_are_corrected_for_the_features_that_can_be_compared() -> None:
    labels = make_labels(50, 50)
    clear = np.concatenate([np.arange(50) < 5, np.arange(50) < 20])
    vague = np.concatenate([np.arange(50) < 24, np.arange(50) < 26])
    by_name = {one.feature: one for one in associations({"a": clear, "b": vague, "c": labels < 2}, labels)}
    # Two features can be compared: the smaller p is doubled, the larger stays.
    assert by_name["a"].q_value == pytest.approx(2 * by_name["a"].p_value)
    assert by_name["b"].q_value == pytest.approx(by_name["b"].p_value)
    assert by_name["c"] == Association("c", (1.0, 1.0), None, None, 1.0, 1.0)


def test_features_that_mean_nothing_are_rarely_called_different() -> None:
    rng = np.random.default_rng(2)
    labels = make_labels(120, 130)
    runs = [associations({str(k): rng.random(250) < 0.3 for k in range(15)}, labels) for _ in range(200)]
    false_alarms = [any(one.q_value <= 0.05 for one in run) for run in runs]
    uncorrected = [any(one.p_value <= 0.05 for one in run) for run in runs]
    assert np.mean(false_alarms) <= 0.08
    assert np.mean(uncorrected) > 0.2  # what the correction is for


def test_no_features_give_no_associations() -> None:
    assert associations({}, make_labels(3, 4)) == []


def test_labels_of_one_group_and_features_of_other_tokens_are_refused() -> None:
    with pytest.raises(ValueError, match="labels of one group"):
        associations({}, np.zeros(5, dtype=np.int64))
    with pytest.raises(ValueError, match="'late'"):
        associations({"late": np.ones(4, dtype=bool)}, make_labels(2, 3))
