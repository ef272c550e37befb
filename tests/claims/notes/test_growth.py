"""What is said of the growth of covariance."""

import numpy as np
import pytest

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.claims.document import COMMAS, KINDS
from layerclaims.claims.notes.growth import dimensions_behind_growth, final_norm_and_growth, note_growth
from tests.claims.notes.measurements import HIDDEN, N_TOKENS, make_measurement


def test_growth_in_all_dimensions_is_not_that_of_a_few() -> None:
    sentence = str(dimensions_behind_growth(make_measurement(), COMMAS))
    assert sentence.startswith("The growth is not that of a few dimensions: the 3 largest of 200")
    assert "of commas at layer 1" in sentence


def test_growth_in_three_dimensions_is_called_theirs() -> None:
    # From layer 1 on nothing grows but three dimensions, too many tokens sharing them to be outliers.
    rng = np.random.default_rng(0)
    level = rng.normal(size=HIDDEN) + 0.5 * rng.normal(size=(N_TOKENS, HIDDEN))
    grown = level.copy()
    grown[:, :3] = 40
    both = dict.fromkeys(KINDS, np.stack([level] * 6 + [grown]))
    measurement = Measurement(both, specification=Specification(n_resamples=50, outlier_sd=0))
    sentence = str(dimensions_behind_growth(measurement, COMMAS))
    assert sentence.startswith("Most of the growth is that of a few dimensions")


@pytest.mark.parametrize(
    ("factor", "words"), [(1 / 32, "most growth is undone"), (1.0, "most growth remains")]
)
def test_what_the_final_norm_leaves_of_the_growth_is_said(factor: float, words: str) -> None:
    measurement = make_measurement(final_norm_factor=factor)
    normed = measurement.final_norm_level
    assert normed is not None
    assert words in str(final_norm_and_growth(measurement, normed, COMMAS))


def test_growth_has_a_note_on_dimensions_and_on_the_final_norm_for_each_kind() -> None:
    said = [str(sentence) for sentence in note_growth(make_measurement(), [])]
    assert len(said) == 4
    assert "commas" in said[0]
    assert "commas" in said[1]
    assert "full stops" in said[2]


def test_nothing_is_said_about_growth_that_is_not_there() -> None:
    assert note_growth(make_measurement(lambda level: level / 100), []) == []
