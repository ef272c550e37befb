"""Specifications differ in at most two choices, and the most influential choice explains most variance."""

import pytest

from layerclaims.analysis.clusters.panel import PANEL
from layerclaims.analysis.measurement.specification_grid import (
    ALTERNATIVES,
    Choices,
    counting_specifications,
    most_influential,
    specifications,
)

OWN: Choices = {"bins": 15, "estimator": "equal_width", "outlier_sd": 5.0, "own": 3}
OTHERS = {"bins": (15, 10, 20), "estimator": ("equal_width", "ranks"), "outlier_sd": (5.0, 0.0), "x": (1, 2)}


def n_changes(choices: Choices) -> int:
    return sum(choices[name] != OWN[name] for name in OWN)


def test_ones_own_comes_first_and_every_combination_of_two_changes_once() -> None:
    found = specifications(OWN, OTHERS)
    assert found[0] == OWN
    assert [n_changes(choices) for choices in found] == [0] + [1] * 4 + [2] * (2 + 2 + 1)
    assert len({tuple(choices.values()) for choices in found}) == len(found)
    assert all(list(choices) == list(OWN) for choices in found)
    assert {**OWN, "bins": 20, "estimator": "ranks"} in found


@pytest.mark.parametrize(("most", "n"), [(0, 1), (1, 5), (2, 10), (3, 12), (4, 12)])
def test_as_many_choices_change_at_once_as_are_allowed(most: int, n: int) -> None:
    assert len(specifications(OWN, OTHERS, most)) == n


def test_the_suites_choices_are_those_that_docs_and_reports_name() -> None:
    """The document's value is the first; none of them was chosen after a look at results."""
    assert ALTERNATIVES == {
        "bins": (15, 10, 20, 30),
        "outlier_sd": (5.0, 0.0, 3.0),
        "estimator": ("equal_width", "equal_frequency", "miller_madow"),
        "last_level": ("residual", "final_norm"),
        "sampling": ("first", "random", "spaced"),
        "sample": ("whole", "half"),
    }


@pytest.mark.parametrize("counting", ["panel", "margin"])
def test_each_other_rule_of_the_panel_counts_alone(counting: str) -> None:
    found = counting_specifications({"bins": 15, "counting": counting})
    names = [rule.name for rule in PANEL if rule.name != counting]
    assert found == [{"bins": 15, "counting": name} for name in names]


def test_the_choice_whose_groups_differ_most_is_the_most_influential() -> None:
    choices: list[Choices] = [{"a": a, "b": b} for a in (0, 1) for b in (0, 1, 2)]
    assert (
        most_influential(choices, [float(choice["a"]) + 0.1 * float(choice["b"]) for choice in choices])
        == "a"
    )
    assert (
        most_influential(choices, [0.1 * float(choice["a"]) + float(choice["b"]) for choice in choices])
        == "b"
    )
    # What a choice of three explains counts by its own groups.
    threes: list[Choices] = [{"a": a, "b": b} for a in (0, 1, 2) for b in (-1, 1)]
    assert most_influential(threes, [float(one["a"]) + 0.7 * float(one["b"]) for one in threes]) == "a"
    # Groups count with their sizes: one odd specification of six moves less than a half of them by less.
    sizes: list[Choices] = [{"a": int(n < 3), "b": int(n == 0)} for n in range(6)]
    assert most_influential(sizes, [1.2, 1.0, 1.0, 0.0, 0.0, 0.0]) == "a"


@pytest.mark.parametrize("values", [[3.0], [], [2.0, 2.0, 2.0], [1e6, 1e6 + 1e-4, 1e6], [0.0, 0.0, 0.0]])
def test_a_value_that_no_choice_changes_has_no_influential_one(values: list[float]) -> None:
    choices: list[Choices] = [{"a": n} for n in range(len(values))]
    assert most_influential(choices, values) == ""


def test_a_change_beyond_rounding_counts_for_negative_values_too() -> None:
    assert most_influential([{"a": 0}, {"a": 1}], [-1.0, -1.0 - 1.5e-9]) == "a"
    assert most_influential([{"a": 0}, {"a": 1}], [0.0, 1e-30]) == "a"
