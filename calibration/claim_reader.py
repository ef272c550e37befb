"""Read a document's claims from its test modules, to decide them outside a test run.

A test calls its judge with a rule and parameters. Reading calls each test with a judge that notes them, so
calibration and tests use the same rules with the same parameters as a run.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from types import ModuleType

import pytest

from layerclaims import claims
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.claim import MARKER, Claim, Rule
from layerclaims.decision import Criterion, Decision, corrected


@dataclass(frozen=True)
class Assertion:
    """One rule with its parameters, and the claim that it belongs to.

    Attributes
    ----------
    claim : Claim
    name : str
        Of its test function.
    arguments : dict
        What the test is parametrized with.
    rule, parameters :
        What the test asks its judge to decide.
    n_assertions : int
        Of the claim.
    """

    claim: Claim
    name: str
    arguments: dict[str, object]
    rule: Rule
    parameters: dict[str, object]
    n_assertions: int = 1

    def decide(self, measurement: Measurement) -> Decision:
        """Decide the rule on a measurement, as a run does."""
        return corrected(self.rule(measurement, **self.parameters), self.n_assertions)


class _AskedError(Exception):
    """Carries what a test asked its judge, and ends the test there."""

    def __init__(self, rule: Rule, parameters: dict[str, object]) -> None:
        super().__init__(rule.__name__)
        self.rule, self.parameters = rule, parameters


def read_claims(package: ModuleType = claims) -> dict[str, list[Assertion]]:
    """Collect the assertions of every claim of a document.

    Parameters
    ----------
    package : module
        Package whose test modules hold the claims; by default the one of this project's own document.

    Returns
    -------
    dict
        Claim id to its assertions, both in the order of the document's sections.
    """
    found: dict[str, list[Assertion]] = {}
    for module in _modules(package):
        for name, function in vars(module).items():
            if name.startswith("test_") and inspect.isfunction(function):
                for assertion in _assertions(function):
                    found.setdefault(assertion.claim.id, []).append(assertion)
    counted = {
        claim: [replace(assertion, n_assertions=len(assertions)) for assertion in assertions]
        for claim, assertions in found.items()
    }
    return dict(sorted(counted.items(), key=lambda item: _place(item[1][0].claim)))


def read_criteria(package: ModuleType = claims) -> dict[str, Criterion]:
    """Collect the criteria that a document's modules declare, by name."""
    return {
        name: value
        for module in _modules(package)
        for name, value in vars(module).items()
        if isinstance(value, Criterion)
    }


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    """Import every module of a package, in alphabetical order."""
    for info in pkgutil.walk_packages(package.__path__, prefix=f"{package.__name__}."):
        yield importlib.import_module(info.name)


def _place(claim: Claim) -> int:
    return list(claim.document.sections).index(claim.section)


def _assertions(function: Callable[..., None]) -> Iterator[Assertion]:
    """Call a test with every combination of its parameters and note what it asks."""
    marks = [mark for mark in getattr(function, "pytestmark", []) if isinstance(mark, pytest.Mark)]
    claim: Claim | None = next((mark.args[0] for mark in marks if mark.name == MARKER), None)
    if claim is None:
        return
    choices = [_choices(mark) for mark in marks if mark.name == "parametrize"]
    for chosen in product(*choices):
        arguments = {name: value for choice in chosen for name, value in choice.items()}
        try:
            function(judge=_ask, **arguments)
        except _AskedError as asked:
            yield Assertion(claim, function.__name__, arguments, asked.rule, asked.parameters)


def _ask(rule: Rule, **parameters: object) -> Decision:
    raise _AskedError(rule, parameters)


def _choices(mark: pytest.Mark) -> list[dict[str, object]]:
    """Read a ``parametrize`` mark of one or several arguments."""
    names, rows = mark.args[0], mark.args[1]
    listed = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    if len(listed) == 1:
        return [{listed[0]: value} for value in rows]
    return [dict(zip(listed, row, strict=True)) for row in rows]
