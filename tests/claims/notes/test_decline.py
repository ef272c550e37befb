"""What is said of bins and the decline of mutual information."""

from dataclasses import dataclass

import numpy as np
import pytest

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.analysis.pairs.estimators import Estimator
from layerclaims.analysis.statistics.profile import Profile
from layerclaims.claims.document import COMMAS, KINDS
from layerclaims.claims.notes.decline import bins_behind_decline, note_bins_behind_decline
from tests.claims.notes.measurements import make_measurement


@dataclass(frozen=True)
class Declining(Measurement):
    """A measurement whose mean MI is given, for what is said of it."""

    last_third: float = 1.0

    def profile(self, kind: str, measure: str) -> Profile:  # noqa: ARG002
        """Return the same mean for the first layers, and another for the last third."""
        mean = np.array([9, 2, 2, 2, 2, 2 * self.last_third, 2 * self.last_third])
        return Profile(mean, np.tile(mean, (50, 1)))


def make_declining(last_third: float, estimator: Estimator) -> Measurement:
    specification = Specification(n_resamples=50, estimator=estimator)
    return Declining(make_measurement().residual, specification=specification, last_third=last_third)


@pytest.mark.parametrize(
    ("equal_width", "equal_frequency", "words"),
    [
        (0.5, 0.5, "The decline is not made by the bins"),
        (0.5, 0.95, "Most of the decline is made by the bins"),
        (0.5, 1.1, "Most of the decline is made by the bins"),
        (1.0, 0.5, "There is no clear decline"),
    ],
)
def test_the_bins_are_blamed_only_where_other_bins_show_no_decline(
    equal_width: float, equal_frequency: float, words: str
) -> None:
    pair = [make_declining(equal_width, "equal_width"), make_declining(equal_frequency, "equal_frequency")]
    sentence = str(bins_behind_decline(pair[0], pair[1], COMMAS))
    assert sentence.startswith(words)
    assert f"{equal_width:.3g} times" in sentence
    assert f"{equal_frequency:.3g} times" in sentence
    assert "stretch the range no more" in sentence


def test_a_stretched_range_is_said_to_be_stretched() -> None:
    def stretch(level: np.ndarray) -> np.ndarray:
        level = level.copy()
        level[:, :3] = 6 * level.std()
        return level

    stretched = make_measurement(stretch)
    sentence = str(bins_behind_decline(stretched, stretched, COMMAS))
    assert "rises from" in sentence
    assert "stretch the range more" in sentence


def test_the_decline_is_compared_with_bins_of_equal_frequency() -> None:
    measurement = make_measurement()
    frequency = measurement.respecified(Specification(n_resamples=50, estimator="equal_frequency"))
    notes = note_bins_behind_decline(measurement, [])
    assert notes == [bins_behind_decline(measurement, frequency, kind) for kind in KINDS]
