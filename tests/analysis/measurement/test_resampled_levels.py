"""Tokens are resampled by kind and seed, in blocks as long as they depend on one another."""

from dataclasses import replace

import numpy as np
import pytest

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.analysis.pairs.measures import MEASURES
from layerclaims.analysis.statistics.bootstrap import token_multiplicities, token_weights
from tests.analysis.levels import random_measurement, text_of_tokens

SPECIFICATION = Specification(n_resamples=50, block_length=None)


@pytest.fixture
def measured() -> Measurement:
    return random_measurement(SPECIFICATION)


def test_the_kinds_and_seeds_have_resamples_of_their_own(measured: Measurement) -> None:
    other = replace(measured, specification=replace(SPECIFICATION, seed=1))
    again = replace(measured, specification=replace(SPECIFICATION, bins=20))
    first = measured.multiplicities
    assert not np.array_equal(first["internal"], first["terminal"])
    assert not np.array_equal(first["internal"], other.multiplicities["internal"])
    np.testing.assert_array_equal(first["internal"], again.multiplicities["internal"])


def test_weights_are_drawn_as_often_with_the_seed_of_their_kind(measured: Measurement) -> None:
    for place, kind in enumerate(measured.kinds):
        length = measured.block_length(kind)
        expected = token_weights(24, 50, np.random.default_rng([0, place]), block_length=length)
        np.testing.assert_array_equal(measured.weights[kind], expected)


@pytest.mark.parametrize("kinds", [("the",), ("comma", "stop"), ("stop", "comma"), ("a", "b", "c", "d")])
def test_any_number_of_kinds_is_measured_each_with_the_seed_of_its_place(kinds: tuple[str, ...]) -> None:
    measurement = random_measurement(replace(SPECIFICATION, seed=7), kinds)
    measurement.measure_all()
    assert measurement.kinds == kinds == tuple(measurement.multiplicities)
    assert measurement.n_layers == 4
    norm = measurement.final_norm_level
    assert norm is not None
    assert norm.kinds == kinds
    for place, kind in enumerate(kinds):
        expected = token_multiplicities(
            24, 50, np.random.default_rng([7, place]), block_length=measurement.block_length(kind)
        )
        np.testing.assert_array_equal(measurement.multiplicities[kind], expected)
        for measure in (measure.name for measure in MEASURES):
            assert measurement.profile(kind, measure).resampled.shape == (50, 5)
            assert norm.profile(kind, measure).mean.shape == (1,)


def test_tokens_that_depend_on_their_neighbours_are_drawn_in_longer_blocks() -> None:
    alone, together = text_of_tokens(0), text_of_tokens(0.7)
    assert alone.block_length("kind") < 8 < together.block_length("kind") <= 40
    assert alone.effective_tokens("kind") > 200
    assert together.effective_tokens("kind") < 120


def test_blocks_are_of_the_text_whatever_the_order_of_the_tokens() -> None:
    in_order = text_of_tokens(0.7)
    shuffled = np.random.default_rng(6).permutation(240)
    positions = {"kind": 17 * shuffled + 20}
    residual = {"kind": in_order.residual["kind"][:, shuffled]}
    measured = replace(in_order, residual=residual, positions=positions)
    assert measured.block_length("kind") == in_order.block_length("kind")
    np.testing.assert_array_equal(
        measured.multiplicities["kind"], in_order.multiplicities["kind"][:, shuffled]
    )
    np.testing.assert_allclose(
        measured.profile("kind", "covariance").resampled, in_order.profile("kind", "covariance").resampled
    )
    unknown = replace(measured, positions={})
    assert unknown.block_length("kind") < in_order.block_length("kind")


def test_the_specification_may_choose_the_block_length() -> None:
    measured = text_of_tokens(0.7)
    alone = measured.respecified(replace(SPECIFICATION, block_length=1))
    assert alone.block_length("kind") == 1
    spreads = [one.profile("kind", "covariance").resampled.std(axis=0) for one in (measured, alone)]
    assert (spreads[0] > 1.3 * spreads[1]).all()


def test_other_choices_keep_the_blocks(measured: Measurement) -> None:
    other = measured.respecified(replace(SPECIFICATION, bins=20, outlier_sd=0))
    assert other.block_length("internal") == measured.block_length("internal")


def test_tokens_that_are_all_alike_are_drawn_alone() -> None:
    same = Measurement({"kind": np.ones((2, 30, 8))}, specification=SPECIFICATION)
    assert same.block_length("kind") == 1
    assert same.effective_tokens("kind") == 30
