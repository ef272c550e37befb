"""Read the document's claims off the test modules, to decide them outside a test run.

The modules stay the one place that says which rule decides what, with which parameters; this turns them into
data for calibration and for the tests of the rules.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from types import ModuleType

import pytest

from layerclaims import claims
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.decision import Decision
from layerclaims.claims.judging import Rule


@dataclass(frozen=True)
class Assertion:
    """One rule with its parameters, and the claim that it belongs to."""

    claim: str
    section: str
    statement: str
    name: str
    rule: Rule
    parameters: dict[str, object]

    def decide(self, measurement: Measurement) -> Decision:
        """Decide the rule on a measurement."""
        return self.rule(measurement, **self.parameters)


class _AskedError(Exception):
    """Carries what a test asked its judge, and ends the test there."""

    def __init__(self, rule: Rule, parameters: dict[str, object]) -> None:
        super().__init__(rule.__name__)
        self.rule, self.parameters = rule, parameters


def read_claims() -> dict[str, list[Assertion]]:
    """Collect the assertions of every claim.

    Returns
    -------
    dict
        Claim id to its assertions, both in the document's order; the companion's come last.
    """
    found: dict[str, list[Assertion]] = {}
    for module in _test_modules():
        for name, function in vars(module).items():
            if name.startswith("test_") and inspect.isfunction(function):
                for assertion in _assertions(function):
                    found.setdefault(assertion.claim, []).append(assertion)
    return found


def _test_modules() -> Iterator[ModuleType]:
    names = sorted(info.name for info in pkgutil.iter_modules(claims.__path__))
    sections = [name for name in names if name.startswith("test_section_")]
    companions = [name for name in names if name.startswith("test_") and name not in sections]
    for name in sections + companions:
        yield importlib.import_module(f"layerclaims.claims.{name}")


def _assertions(function: Callable[..., None]) -> Iterator[Assertion]:
    """Call a test with every combination of its parameters and note what it asks."""
    marks = [mark for mark in getattr(function, "pytestmark", []) if isinstance(mark, pytest.Mark)]
    claim = next(mark for mark in marks if mark.name == "claim")
    choices = [_choices(mark) for mark in marks if mark.name == "parametrize"]
    for chosen in product(*choices):
        arguments = {name: value for choice in chosen for name, value in choice.items()}
        try:
            function(judge=_ask, **arguments)
        except _AskedError as asked:
            yield Assertion(
                claim=claim.args[0],
                name=function.__name__,
                rule=asked.rule,
                parameters=asked.parameters,
                **claim.kwargs,
            )


def _ask(rule: Rule, **parameters: object) -> Decision:
    raise _AskedError(rule, parameters)


def _choices(mark: pytest.Mark) -> list[dict[str, object]]:
    """Read one ``parametrize`` mark of a single argument."""
    name, values = mark.args
    return [{name: value} for value in values]
