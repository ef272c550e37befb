"""The registry of pair measures says the truth about each of its entries."""

from dataclasses import fields, replace

import numpy as np
import pytest

from layerclaims.analysis.pairs.measures import (
    MEASURES,
    PairChoices,
    PairMeasure,
    computed_together,
    pair_measure,
)

OTHER_CHOICES: dict[str, int | float | str] = {"bins": 7, "outlier_sd": 2.0, "estimator": "equal_frequency"}


def tokens() -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.asarray(rng.normal(size=60) + rng.standard_t(4, size=(12, 60)))


def compute(measure: PairMeasure, activations: np.ndarray, choices: PairChoices | None = None) -> np.ndarray:
    return measure.computation.compute(activations, choices or PairChoices())[measure.name]


def each(measures: tuple[PairMeasure, ...] = MEASURES) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("measure", measures, ids=lambda measure: measure.name)


def test_every_measure_is_found_by_its_own_name() -> None:
    assert [pair_measure(measure.name) for measure in MEASURES] == list(MEASURES)
    assert (
        len({measure.name for measure in MEASURES})
        == len({measure.title for measure in MEASURES})
        == len(MEASURES)
    )


def test_a_name_of_no_measure_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match=r"'cosin', only mutual_information, covariance, .*cosine"):
        pair_measure("cosin")


@each()
def test_a_computation_gives_the_measures_that_name_it(measure: PairMeasure) -> None:
    computed = measure.computation.compute(tokens(), PairChoices())
    assert set(computed) == set(computed_together(measure.computation))
    assert measure.name in computed


@each()
def test_stacked_layers_give_what_each_gives_alone(measure: PairMeasure) -> None:
    layers = np.stack([tokens(), 3 * tokens() ** 3])
    together = compute(measure, layers)
    assert together.shape == (2, 66)
    for layer, values in zip(layers, together, strict=True):
        np.testing.assert_array_equal(compute(measure, layer), values)


@each()
def test_a_measure_depends_on_the_choices_that_it_names_and_on_no_other(measure: PairMeasure) -> None:
    assert set(OTHER_CHOICES) == {field.name for field in fields(PairChoices)}
    before = compute(measure, tokens())
    for name, value in OTHER_CHOICES.items():
        changes: dict[str, object] = {name: value}
        after = compute(measure, tokens(), replace(PairChoices(), **changes))  # type: ignore[arg-type]
        assert np.array_equal(before, after) == (name not in measure.computation.depends_on), name


@each()
def test_a_measure_depends_on_scale_where_it_says_so(measure: PairMeasure) -> None:
    factors = np.where(np.arange(12) % 2, 8.0, 1.0)[:, np.newaxis]
    before, after = compute(measure, tokens()), compute(measure, tokens() * factors)
    assert np.allclose(before, after, rtol=1e-12) != measure.depends_on_scale
