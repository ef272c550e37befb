"""Estimates, criteria, and the verdict that follows from the two.

A verdict is read from the whole 95% interval, never from the point estimate alone: inside the
criterion it is *supported*, outside it *refuted*, across it *inconclusive*.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Verdict: TypeAlias = Literal["supported", "refuted", "inconclusive", "not_applicable"]
Relation: TypeAlias = Literal["at least", "at most", "above", "below", "exactly", "within"]
Parameter: TypeAlias = str | int | float

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A number with its interval, the only thing that a criterion may judge.

    Attributes
    ----------
    value : float
        The measured number, in ``unit``.
    low, high : float
        Ends of the interval at confidence ``level``; equal to ``value`` for an exact quantity.
    unit : str
        ``"bits"``, ``"clusters"``, ``"times"``, ... or ``""`` for a pure number.
    n : int
        Independent units behind the number: tokens, never pairs. 0 where none are sampled.
    method : str
        How the interval was made, in a few words.
    """

    value: float
    low: float
    high: float
    unit: str = ""
    n: int = 0
    method: str = ""
    level: float = LEVEL

    def __post_init__(self) -> None:
        """Refuse numbers that no verdict can be read from."""
        if not np.isfinite([self.value, self.low, self.high]).all():
            raise ValueError(f"an estimate must be finite, got {self.value} [{self.low}, {self.high}]")
        if self.low > self.high:
            raise ValueError(f"the interval [{self.low}, {self.high}] is upside down")


@dataclass(frozen=True)
class Criterion:
    """What an estimate is held against, fixed before measuring.

    Attributes
    ----------
    relation : str
        How the estimate must stand to ``bound``; ``"within"`` uses ``bound`` and ``upper``.
    bound : float
        The number that decides, in the estimate's unit.
    reason : str
        Why this number, in one or two sentences.
    upper : float or None
        The upper end for ``"within"``.
    """

    relation: Relation
    bound: float
    reason: str
    upper: float | None = None

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

    def judge(self, estimate: Estimate) -> Verdict:
        """Read the verdict from the whole interval."""
        if self.holds(estimate.low) and self.holds(estimate.high):
            return "supported"
        if self._interval_reaches(estimate):
            return "inconclusive"
        return "refuted"

    def _interval_reaches(self, estimate: Estimate) -> bool:
        """Tell whether any number of the interval meets the criterion."""
        if self.relation in ("exactly", "within"):
            upper = self.bound if self.upper is None else self.upper
            return estimate.low <= upper and estimate.high >= self.bound
        return self.holds(estimate.low) or self.holds(estimate.high)


@dataclass(frozen=True)
class Decision:
    """One assertion's outcome: what was measured, what was asked, and what follows.

    Attributes
    ----------
    quantity : str
        What was measured, in words that continue into "... is 3.2".
    parameters : dict
        What tells this assertion from the claim's others: kind, layer, factor, ...
    estimate, criterion : or None
        Both absent if and only if the verdict is ``not_applicable``.
    reason : str
        The missing precondition where not applicable, else empty.
    """

    verdict: Verdict
    quantity: str
    parameters: dict[str, Parameter] = field(default_factory=dict)
    estimate: Estimate | None = None
    criterion: Criterion | None = None
    reason: str = ""

    @property
    def supported(self) -> bool:
        """Whether the assertion holds over its whole interval."""
        return self.verdict == "supported"

    @property
    def message(self) -> str:
        """The number, its interval, the criterion and the verdict in one sentence."""
        if self.estimate is None or self.criterion is None:
            return f"not applicable: {self.reason}"
        measured = format_estimate(self.estimate)
        return f"{self.quantity} is {measured}; the criterion is {self.criterion.text}: {self.verdict}"


def decide(
    quantity: str, estimate: Estimate, criterion: Criterion, parameters: dict[str, Parameter] | None = None
) -> Decision:
    """Hold an estimate against a criterion."""
    return Decision(criterion.judge(estimate), quantity, parameters or {}, estimate, criterion)


def not_applicable(quantity: str, reason: str, parameters: dict[str, Parameter] | None = None) -> Decision:
    """Say that a precondition is absent, and which."""
    return Decision("not_applicable", quantity, parameters or {}, reason=reason)


def percentile_estimate(
    value: float, resampled: NDArray[np.float64], *, unit: str = "", n: int, method: str = "token bootstrap"
) -> Estimate:
    """Make an estimate whose interval is the central 95% of resampled values.

    Parameters
    ----------
    value : float
        The statistic of the sample itself.
    resampled : ndarray of float64, shape (n_resamples,)
        The statistic of each token resample; non-finite ones are refused.
    unit, n, method :
        See `Estimate`.

    Returns
    -------
    Estimate
        The interval is widened to hold ``value`` where the bootstrap is biased away from it.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 13.3.
    """
    tail = 50 * (1 - LEVEL)
    low, high = (float(end) for end in np.percentile(resampled, [tail, 100 - tail]))
    return Estimate(float(value), min(low, value), max(high, value), unit, n, method)


def exact(value: float, *, unit: str = "", n: int = 0, method: str = "exact") -> Estimate:
    """Make an estimate of a number that resampling tokens would not change."""
    return Estimate(value, value, value, unit, n, method)


def combine(verdicts: list[Verdict]) -> Verdict:
    """Give a claim the verdict that its assertions add up to.

    A claim is refuted by one refuted assertion, supported when every applicable one is supported,
    and not applicable when none applies.
    """
    applicable = {verdict for verdict in verdicts if verdict != "not_applicable"}
    if not applicable:
        return "not_applicable"
    if "refuted" in applicable:
        return "refuted"
    return "inconclusive" if "inconclusive" in applicable else "supported"


def format_number(value: float) -> str:
    """Write a number with three significant digits, without exponents where a reader needs none."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:.2e}"


def format_estimate(estimate: Estimate) -> str:
    """Write value, unit and interval: ``3.2 times (95% interval 2.9 to 3.6)``."""
    unit = f" {estimate.unit}" if estimate.unit else ""
    interval = f"{format_number(estimate.low)} to {format_number(estimate.high)}"
    return f"{format_number(estimate.value)}{unit} ({estimate.level:.0%} interval {interval})"
