"""What a baseline keeps of assertions, and how a run departs from it."""

from typing import Literal, Self

from pydantic import Field, model_validator

from layerclaims.decision import UNDECIDED, Parameter, Verdict
from layerclaims.report.records.evidence.claims import Interval
from layerclaims.serialization.record import Record

Departure = Literal[
    "reversed", "changed", "within the interval", "new", "missing", "criterion changed", "drifted"
]
"""How an assertion departs from a baseline, as `report.records.departures` tells; the last two pass."""


class RecordedAssertion(Record):
    """What a baseline keeps of an assertion; its numbers are rounded."""

    claim: str
    assertion: str
    arguments: dict[str, Parameter] = Field(default_factory=dict)
    verdict: Verdict
    value: float | None = None
    interval: Interval | None = None
    criterion: str | None = None

    @model_validator(mode="after")
    def _has_numbers_where_it_applies(self) -> Self:
        applies = self.verdict not in UNDECIDED
        if any((part is not None) != applies for part in (self.value, self.interval, self.criterion)):
            has = "has" if applies else "does not apply, so it has no"
            raise ValueError(f"an assertion with verdict {self.verdict} {has} value, interval and criterion")
        return self


class BaselineDifference(Record):
    """An assertion that is not as the baseline has it."""

    how: Departure
    recorded: RecordedAssertion | None = Field(description="Absent where the baseline lacks it.")
    found: RecordedAssertion | None = Field(description="Absent where the run no longer has it.")


class BaselineComparison(Record):
    """A run compared with what was recorded of its subject."""

    file: str
    n_recorded: int = Field(description="Assertions in the baseline.")
    n_as_recorded: int = Field(description="Assertions of the run with the recorded verdict.")
    n_not_run: int = Field(description="Recorded assertions that this run left out.")
    differences: list[BaselineDifference] = Field(default_factory=list)
