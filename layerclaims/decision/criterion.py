"""A criterion, and the verdict that it gives an estimate."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.statistics.estimate import Estimate
from layerclaims.message import Message, message

Verdict: TypeAlias = Literal["supported", "refuted", "inconclusive", "not_applicable", "error"]

UNDECIDED: tuple[Verdict, ...] = ("not_applicable", "error")
"""Verdicts without a number and a criterion."""

VERDICT_WORDS: dict[Verdict, Message] = {
    "supported": message("supported"),
    "refuted": message("refuted"),
    "inconclusive": message("inconclusive"),
    "not_applicable": message("not applicable"),
    "error": message("error"),
}

Relation: TypeAlias = Literal["at least", "at most", "above", "below", "exactly", "within"]


@dataclass(frozen=True)
class Criterion:
    """What an estimate is held against, fixed before measuring.

    Attributes
    ----------
    relation : str
        How the estimate must stand to ``bound``; ``"within"`` uses ``bound`` and ``upper``.
    bound : float
        The number that decides, in the estimate's unit.
    reason : Message
        Why this number, in one or two sentences.
    upper : float or None
        The upper end for ``"within"``.
    no_effect : float or None
        The number that means no effect: 1 for a ratio, 0 for a number whose sign is its direction.
    """

    relation: Relation
    bound: float
    reason: Message
    upper: float | None = None
    no_effect: float | None = None

    def __post_init__(self) -> None:
        """Ask for the upper end exactly where it is used."""
        if (self.relation == "within") != (self.upper is not None):
            raise ValueError("a criterion has an upper end if and only if its relation is 'within'")

    @property
    def text(self) -> str:
        """The criterion in words, such as ``at least 10``."""
        if self.upper is not None:
            return f"within {self.bound:g} to {self.upper:g}"
        return f"{self.relation} {self.bound:g}"

    @property
    def words(self) -> Message:
        """The criterion as a message."""
        bound = self.bound
        match self.relation:
            case "at least":
                return message("at least {bound}", bound=bound)
            case "at most":
                return message("at most {bound}", bound=bound)
            case "above":
                return message("above {bound}", bound=bound)
            case "below":
                return message("below {bound}", bound=bound)
            case "exactly":
                return message("exactly {bound}", bound=bound)
            case "within":
                assert self.upper is not None
                return message("within {bound} to {upper}", bound=bound, upper=self.upper)

    def holds(self, value: float) -> bool:
        """Tell whether a single number meets the criterion."""
        match self.relation:
            case "at least":
                return value >= self.bound
            case "at most":
                return value <= self.bound
            case "above":
                return value > self.bound
            case "below":
                return value < self.bound
            case "exactly":
                return value == self.bound
            case "within":
                assert self.upper is not None
                return self.bound <= value <= self.upper

    def margin(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Tell how far numbers lie inside a one-sided criterion; below 0 outside.

        Raises
        ------
        ValueError
            For ``"exactly"`` and ``"within"``, which have two sides.
        """
        if self.relation in ("exactly", "within"):
            raise ValueError(f"a criterion {self.relation!r} has two sides")
        return values - self.bound if self.relation in ("at least", "above") else self.bound - values

    def judge(self, estimate: Estimate) -> Verdict:
        """Read the verdict from the whole interval."""
        if self.holds(estimate.low) and self.holds(estimate.high):
            return "supported"
        if self._interval_reaches(estimate):
            return "inconclusive"
        return "refuted"

    def undecided(self, estimate: Estimate) -> list[tuple[float, float]]:
        """Return the values that would have been inconclusive, had their interval been as wide as this one.

        How far they reach from the criterion is the smallest effect that could have been told. The interval
        of a ratio, whose unit is ``"times"``, is taken to grow with it; any other is moved as it is.

        Returns
        -------
        list of tuple of float
            A range around each end of the criterion. Empty for exact quantities and for ``"exactly"``, which
            asks for a count: its interval has no width that could be moved.
        """
        if estimate.low == estimate.high or self.relation == "exactly":
            return []
        ends = [self.bound] if self.upper is None else [self.bound, self.upper]
        if estimate.unit == "times" and min(estimate.low, *ends) > 0:
            return [
                (end * estimate.value / estimate.high, end * estimate.value / estimate.low) for end in ends
            ]
        return [
            (end - (estimate.high - estimate.value), end + (estimate.value - estimate.low)) for end in ends
        ]

    def _interval_reaches(self, estimate: Estimate) -> bool:
        """Tell whether any number of the interval meets the criterion."""
        if self.relation in ("exactly", "within"):
            upper = self.bound if self.upper is None else self.upper
            return estimate.low <= upper and estimate.high >= self.bound
        return self.holds(estimate.low) or self.holds(estimate.high)
