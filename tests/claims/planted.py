"""Planted measurements that several tests of the rules share, drawn once, and what is decided on them."""

from functools import cache

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.calibration.claim_reader import Assertion, read_claims
from layerclaims.calibration.plantings import Instrument
from layerclaims.calibration.scenarios import Scenario, measured_with
from layerclaims.calibration.synthetic import DOCUMENT_LIKE, Planted, plant
from layerclaims.decision import Decision

CLAIMS = read_claims()


@cache
def measured(planted: Planted = DOCUMENT_LIKE, instrument: Instrument = Measurement) -> Measurement:
    """Measure one draw of a planting."""
    return measured_with(instrument, plant(planted, seed=3))


@cache
def decisions(scenario: Scenario) -> tuple[Decision, ...]:
    """Decide a claim where it is planted as a scenario says, its assertions in the claim's order."""
    measurement = measured(scenario.planted, scenario.instrument)
    return tuple(assertion.decide(measurement) for assertion in CLAIMS[scenario.claim])


def assertion(claim: str, name: str) -> Assertion:
    """Find the first assertion of a claim whose test's name contains some words."""
    return next(found for found in CLAIMS[claim] if name in found.name)
