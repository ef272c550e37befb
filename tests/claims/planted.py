"""Planted measurements that several tests of the rules share, drawn once."""

from functools import cache

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.calibration.claim_reader import Assertion, read_claims
from layerclaims.calibration.plantings import Instrument
from layerclaims.calibration.scenarios import measured_with
from layerclaims.calibration.synthetic import DOCUMENT_LIKE, Planted, plant

CLAIMS = read_claims()


@cache
def measured(planted: Planted = DOCUMENT_LIKE, instrument: Instrument = Measurement) -> Measurement:
    """Measure one draw of a planting."""
    return measured_with(instrument, plant(planted, seed=3))


def assertion(claim: str, name: str) -> Assertion:
    """Find the first assertion of a claim whose test's name contains some words."""
    return next(found for found in CLAIMS[claim] if name in found.name)
