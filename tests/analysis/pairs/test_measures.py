"""The registry of pair measures says the truth about each of its entries."""

from dataclasses import fields, replace

import numpy as np
import pytest

from layerclaims.analysis.pairs.measures import (
    MEASURES,
    OTHER,
    Computation,
    PairChoices,
    PairMeasure,
    computed_together,
    pair_measure,
    shown_measures,
)
from layerclaims.analysis.pairs.pairwise import pairwise_information

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


def test_measures_are_called_and_written_as_in_the_field() -> None:
    assert [(one.title, one.name, one.unit, one.symbol) for one in MEASURES] == [
        ("mutual information", "mutual_information", "bits", "MI"),
        ("covariance", "covariance", "", "cov"),
        ("Pearson correlation", "pearson", "", "r"),
        ("product of the standard deviations", "std_product", "", ""),
        ("cosine similarity", "cosine", "", "cos"),
    ]


def test_all_are_shown_but_what_only_claims_ask_for() -> None:
    shown = ["mutual_information", "covariance", "pearson", "cosine"]
    assert [measure.name for measure in shown_measures()] == shown
    named = ("std_product", "covariance")
    assert tuple(measure.name for measure in shown_measures(named)) == named


def test_a_document_that_says_nothing_is_measured_with_15_equal_bins_and_5_standard_deviations() -> None:
    assert PairChoices() == PairChoices(bins=15, outlier_sd=5.0, estimator="equal_width")


def test_only_information_is_that_of_the_pair_whichever_other_tokens_there_are() -> None:
    assert [measure.name for measure in MEASURES if measure.computation.is_by_pair] == ["mutual_information"]
    alone = compute(pair_measure("mutual_information"), tokens()[:2])
    assert alone[0] == compute(pair_measure("mutual_information"), tokens())[0]


def test_measures_of_one_computation_are_made_together() -> None:
    together = ("covariance", "pearson", "std_product")
    assert computed_together(pair_measure("pearson").computation) == together
    assert computed_together(pair_measure("cosine").computation) == ("cosine",)


def along_information(choices: PairChoices, hidden_size: int = 60) -> tuple[PairChoices, Computation] | None:
    """Give what comes along when mutual information is computed for some choices."""
    along = pair_measure("mutual_information").computation.along
    assert along is not None
    found = along(choices, hidden_size)
    return (found.choices, found.both) if found else None


@pytest.mark.parametrize(("bins", "outlier_sd"), [(15, 5.0), (7, 1.5)])
def test_corrected_information_comes_along_with_that_of_equal_bins_as_each_is_computed_alone(
    bins: int, outlier_sd: float
) -> None:
    chosen = PairChoices(bins, outlier_sd)
    found = along_information(chosen)
    assert found is not None
    others, both = found
    assert others == PairChoices(bins, outlier_sd, "miller_madow")
    computed = both.compute(tokens(), chosen)
    assert set(computed) == {"mutual_information", f"{OTHER}mutual_information"}
    for name, choices in (("mutual_information", chosen), (f"{OTHER}mutual_information", others)):
        alone = pairwise_information(tokens(), bins=bins, outlier_sd=outlier_sd, estimator=choices.estimator)
        np.testing.assert_array_equal(computed[name], alone)


def test_what_comes_along_depends_on_bins_and_outliers_and_is_that_of_the_pair() -> None:
    found = along_information(PairChoices())
    assert found is not None
    both = found[1]
    assert (both.depends_on, both.is_by_pair) == (("bins", "outlier_sd"), True)
    few, all_ = (both.compute(tokens()[:n], PairChoices()) for n in (2, 12))
    assert {name: values[0] for name, values in few.items()} == {name: all_[name][0] for name in few}


def test_nothing_comes_along_with_other_estimators_or_where_counts_would_overflow() -> None:
    assert along_information(PairChoices(estimator="miller_madow")) is None
    assert along_information(PairChoices(estimator="equal_frequency")) is None
    assert along_information(PairChoices(), hidden_size=10**9) is None
    assert [one.name for one in MEASURES if one.computation.along] == ["mutual_information"]
