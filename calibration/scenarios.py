"""Scenarios of every claim: activations of which it is true, false, at its criterion, or not applicable."""

from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.calibration.plantings import (
    BOUNDARY,
    FALSE,
    FALSE_INSTRUMENTS,
    FLAT,
    NEAR,
    NOT_GROWING,
    ONE_GROUP,
    TREND,
    TRUE,
    Instrument,
)
from layerclaims.calibration.synthetic import DOCUMENT_LIKE, Planted, plant

Truth: TypeAlias = Literal["true", "false", "boundary", "near", "absent"]
_SPEAKS_OF_CLUSTERS = (
    "layer1-mi-one-cloud",
    "clusters-fade",
    "clusters-dissolve",
    "deep-layers-drop-partition",
    "syntax-in-early-layers",
    "simpson-paradox",
    "layer20-one-cluster",
)
_SPEAKS_OF_TRENDS = (
    "mi-declines",
    "covariance-grows",
    "opposite-trends",
    "variance-grows",
    "variance-explains-growth",
    "pearson-removes-growth",
    "covariance-misleads-across-layers",
)
_SPEAKS_OF_GROWTH = ("variance-explains-growth", "pearson-removes-growth")


@dataclass(frozen=True)
class Scenario:
    """A planting, and whether a claim is true of it.

    Attributes
    ----------
    claim : str
        Id of the claim.
    name : str
        The planting in words.
    truth : str
        ``"true"``, ``"false"``, ``"boundary"`` (the mean just meets its criterion), ``"near"``
        the criterion, or ``"absent"``: a precondition is missing.
    planted : Planted
    instrument : callable
        `Measurement`, or a class that measures with an error.
    """

    claim: str
    name: str
    truth: Truth
    planted: Planted
    instrument: Instrument = Measurement

    def draw(self, seed: int) -> Measurement:
        """Draw activations and measure them with the scenario's instrument."""
        return measured_with(self.instrument, plant(self.planted, seed))


def measured_with(instrument: Instrument, measurement: Measurement) -> Measurement:
    """Measure the same activations with another instrument."""
    if instrument is Measurement:
        return measurement
    names = [field.name for field in fields(Measurement)]
    return instrument(**{name: getattr(measurement, name) for name in names})


def all_scenarios(claims: list[str]) -> list[Scenario]:
    """List the scenarios of some claims, claim by claim: true, false, boundary, near, absent."""
    found = []
    for claim in claims:
        plantings: dict[Truth, dict[str, Planted]] = {
            "true": _true(claim),
            "false": FALSE.get(claim, {}),
            "boundary": _boundary(claim),
            "near": NEAR.get(claim, {}),
            "absent": _absent(claim),
        }
        found += [
            Scenario(claim, name, truth, planted)
            for truth, named in plantings.items()
            for name, planted in named.items()
        ]
        found += [
            Scenario(claim, f"instrument: {name}", "false", TREND, instrument)
            for name, instrument in FALSE_INSTRUMENTS.get(claim, {}).items()
        ]
    return found


def _true(claim: str) -> dict[str, Planted]:
    """Return a claim's true plantings: the one of which all claims are true, and further ones."""
    if claim == "mi-compares-across-layers":  # its rule measures all layers five times
        small = DOCUMENT_LIKE.but(n_layers=12, n_tokens=60)
        return {"all of the document is true, 60 tokens": small, **TRUE[claim]}
    alike = {"all of the document is true, neighbours alike": DOCUMENT_LIKE.but(neighbours=0.6)}
    return {
        "all of the document is true": DOCUMENT_LIKE,
        **(alike if claim in _SPEAKS_OF_TRENDS else {}),
        **TRUE.get(claim, {}),
    }


def _boundary(claim: str) -> dict[str, Planted]:
    """Return a claim's plantings at the boundary, with neighbours more and more alike."""
    of_commas = claim in _SPEAKS_OF_CLUSTERS or claim == "layer1-three-clusters"
    who = "commas just meet it" if of_commas else "each kind just meets it"
    return {
        f"{who}, neighbours correlate by {rho:g}": planted for rho, planted in BOUNDARY.get(claim, {}).items()
    }


def _absent(claim: str) -> dict[str, Planted]:
    """Return the plantings that lack a claim's precondition."""
    if claim in _SPEAKS_OF_CLUSTERS:
        return {"one group of commas": ONE_GROUP}
    if claim == "covariance-misleads-across-layers":
        steady = TREND.but(growth=NOT_GROWING, correlation=FLAT, factors=(1.0,), shares=(1.0,))
        return {"covariance is constant": steady}
    return {"no growth": TREND.but(growth=NOT_GROWING)} if claim in _SPEAKS_OF_GROWTH else {}
