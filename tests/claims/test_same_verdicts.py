"""A decision depends on the measurement alone: not on order, selection or the number of threads."""

import random

import numba
import pytest

from analysis.decision import Decision
from benchmarks.synthetic import DOCUMENT_LIKE, plant
from claims.catalogue import Assertion
from tests.claims.planted import CLAIMS

SMALL = DOCUMENT_LIKE.but(n_layers=6, n_tokens=50, hidden=96)
ASSERTIONS = [assertion for assertions in CLAIMS.values() for assertion in assertions]


def decided(assertions: list[Assertion]) -> list[Decision]:
    measurement = plant(SMALL, seed=1)
    return [assertion.decide(measurement) for assertion in assertions]


@pytest.fixture(scope="module")
def expected() -> list[Decision]:
    return decided(ASSERTIONS)


def test_decisions_do_not_depend_on_the_order_of_tests(expected: list[Decision]) -> None:
    order = random.Random(0).sample(range(len(ASSERTIONS)), len(ASSERTIONS))
    found = decided([ASSERTIONS[place] for place in order])
    assert found == [expected[place] for place in order]


def test_decisions_do_not_depend_on_which_tests_are_selected(expected: list[Decision]) -> None:
    chosen = range(3, len(ASSERTIONS), 7)
    assert decided([ASSERTIONS[place] for place in chosen]) == [expected[place] for place in chosen]


def test_decisions_do_not_depend_on_the_number_of_threads(expected: list[Decision]) -> None:
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        assert decided(ASSERTIONS) == expected
    finally:
        numba.set_num_threads(threads)
