"""What a claim's test is given: a judge that decides a rule on the run's measurement."""

from collections.abc import Callable
from typing import Protocol

from layerclaims.decision import Decision

Rule = Callable[..., Decision]
"""A function of a `Measurement` and the test's parameters."""


class Judge(Protocol):
    """Decides a rule, records the evidence, and skips the test where the claim does not apply."""

    def __call__(self, rule: Rule, **parameters: object) -> Decision:
        """Decide ``rule(measurement, **parameters)``."""
        ...
