"""A claim, complete where it is declared: what it states, how it is shown, and what is to be noted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.decision import Decision
from layerclaims.document import Document
from layerclaims.message import Message

MARKER = "claim"
Test = TypeVar("Test", bound=Callable[..., None])
Note = Callable[..., Sequence[Message]]
Rule = Callable[..., Decision]
"""A function of a `Measurement` and the test's parameters."""

"""Given a `Measurement` and the evidence's token groups, says what else could explain a claim's numbers."""

Argument = str | int | float | bool | tuple[str, ...] | tuple[int, ...] | None


@dataclass(frozen=True)
class Figure:
    """A figure that shows a claim: one of the report's kinds, and its arguments.

    Layers among the arguments are the document's; `report.figures.catalogue` lists the kinds.
    """

    kind: str
    arguments: dict[str, Argument] = field(default_factory=dict)


def figure(kind: str, /, **arguments: Argument) -> Figure:
    """Name a kind of figure with its arguments."""
    return Figure(kind, arguments)


Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TrendNull:
    """How a claim's specifications are set against chance together; see `analysis.statistics.joint_null`.

    It makes sense for claims that means over pairs or tokens rise or fall with depth, and for no others.

    Attributes
    ----------
    profiles : callable
        Given a `Measurement`, returns the profiles that the claim is about, each of shape
        ``(n_kinds, n_layers)`` and positive. Under the null each has directions of its own.
    margin : callable
        Given as many profiles of shape ``(..., n_kinds, n_layers)``, tells how far the kind that lies least
        inside the claim's criteria does so, shape ``(...)``; below 0 outside.
    """

    profiles: Callable[[Measurement], Sequence[Floats]]
    margin: Callable[..., Floats]


@dataclass(frozen=True)
class Claim:
    """One statement of a document. Calling it marks a test as one of its assertions.

    Attributes
    ----------
    document : Document
    id : str
        Unique in the document.
    section : str
        A key of the document's sections.
    statement : Message
        In our words.
    nature : str
        ``"empirical"``, or ``"identity"`` for what is true by construction.
    figures : tuple of Figure
        In the order shown.
    notes : tuple of callable
        See `Note`.
    null : TrendNull or None
        By which its specifications are set against chance together; `None` where there is no such null.
    """

    document: Document
    id: str
    section: str
    statement: Message
    nature: Literal["empirical", "identity"] = "empirical"
    figures: tuple[Figure, ...] = ()
    notes: tuple[Note, ...] = ()
    null: TrendNull | None = None

    def __call__(self, test: Test) -> Test:
        """Mark a test as one of this claim's assertions."""
        marked: Test = pytest.mark.claim(self)(test)
        return marked


class Judge(Protocol):
    """What a claim's test is given: decides a rule on the run's measurement.

    It records the evidence, and skips the test where the claim does not apply.
    """

    def __call__(self, rule: Rule, **parameters: object) -> Decision:
        """Decide ``rule(measurement, **parameters)``."""
        ...
