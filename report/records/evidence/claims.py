"""Claims with their assertions, and these measured again: on twins, by controls and other specifications."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from layerclaims.decision import ClaimVerdict, Parameter, Relation, Verdict
from layerclaims.message import Message
from layerclaims.serialization.record import Record

Interval = tuple[float, float]


class CriterionRecord(Record):
    """What an assertion was held against."""

    relation: Relation
    bound: float
    upper: float | None = None
    reason: Message

    @property
    def text(self) -> str:
        """The criterion in English, such as ``at least 10``, as baselines record it."""
        if self.upper is not None:
            return f"within {self.bound:g} to {self.upper:g}"
        return f"{self.relation} {self.bound:g}"


class FindingRecord(Record):
    """What one of the rules finds that decide an assertion together."""

    rule: Message = Field(description="Its name.")
    is_main: bool = Field(description="Whether the assertion needs this rule to be supported.")
    verdict: Verdict = Field(description="What would follow from this rule alone.")
    value: float
    interval: Interval | None = Field(
        default=None,
        description="Of main rules at 95%; of one that can only keep a claim from being refuted, at 60%.",
    )


class TwinRecord(Record):
    """An assertion's number on untrained twins, and on the subject's same tokens."""

    values: list[float | None] = Field(description="By twin; none where the rule does not apply.")
    subject: float | None = Field(default=None, description="Of the subject, on the same tokens.")
    n_tokens: int = Field(description="Tokens of all kinds.")
    n_met: int = Field(default=0, description="Twins whose number meets the criterion.")
    learned: bool | None = Field(
        default=None,
        description="Whether the subject's number lies further inside the criterion than that of every twin, "
        "and not all twins meet it as well; absent where there is no number to compare.",
    )
    sentence: Message


class TwinsRecord(Record):
    """The untrained twins of a run: the same architecture with random weights."""

    n: int
    tokens: dict[str, int] = Field(description="Tokens read by each, by kind.")


class SeparateWindows(Record):
    """An assertion's number on tokens whose windows have no text in common, each taken as independent."""

    n: int = Field(description="Tokens behind the number.")
    value: float
    interval: Interval = Field(description="At the level of the assertion's own interval.")
    verdict: Verdict


class AssertionRecord(Record):
    """One parametrized assertion of a claim."""

    name: str
    arguments: dict[str, Parameter] = Field(
        default_factory=dict, description="As its test was parametrized: with the name, what identifies it."
    )
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    quantity: Message = Field(description="What was measured, in words that go on with 'is ...'.")
    verdict: Verdict
    value: float | None = None
    unit: str = ""
    interval: Interval | None = None
    level: float = Field(
        default=0.95,
        description="Of the interval; higher where it refutes one of a claim's several assertions.",
    )
    n: int = Field(default=0, description="Independent units (tokens) behind the interval.")
    separate_windows: SeparateWindows | None = Field(
        default=None,
        description="Beside the interval; absent for exact numbers and counts, and where no windows overlap.",
    )
    method: str = ""
    criterion: CriterionRecord | None = None
    undecided: list[Interval] = Field(
        default_factory=list,
        description="Values around each end of the criterion that would have been inconclusive with an "
        "interval as wide as this one; empty for exact quantities and counts.",
    )
    met: bool
    twins: TwinRecord | None = Field(
        default=None, description="Absent for identities, and where no twins were measured."
    )
    reason: Message | None = Field(
        default=None,
        description="The missing precondition where not applicable; what was raised where an error.",
    )
    findings: list[FindingRecord] = Field(
        default_factory=list,
        description="Where several decide together: supported where all main rules are, refuted where all "
        "rules are.",
    )
    shortfall: Message | None = Field(
        default=None,
        description="Which way the number goes and by how much it misses, where refuted or inconclusive.",
    )
    seconds: float = 0.0


class ControlRecord(Record):
    """The same assertion measured where it should fail or change."""

    control: str = Field(description="Short id, such as 'shuffled'.")
    description: Message
    assertion: str = Field(description="Name of the assertion measured again.")
    arguments: dict[str, Parameter] = Field(
        default_factory=dict, description="As `AssertionRecord.arguments`."
    )
    verdict: Verdict
    value: float | None = None
    interval: Interval | None = None
    reason: Message | None = None


class SpecificationResult(Record):
    """The claim re-decided under one other defensible choice of the analyst."""

    choices: dict[str, Parameter]
    verdict: Verdict = Field(description="Of the whole claim.")


class AssertionOutcome(Record):
    """One assertion's verdict and number under one specification."""

    verdict: Verdict
    value: float | None = None
    interval: Interval | None = None


class AssertionCurve(Record):
    """One assertion under every specification."""

    assertion: str = Field(description="Its name.")
    arguments: dict[str, Parameter] = Field(
        default_factory=dict, description="As `AssertionRecord.arguments`."
    )
    most_influential: str = Field(default="", description="The choice that moves the value most.")
    outcomes: list[AssertionOutcome | None] = Field(
        description="One a result of the claim, in that order; null where the assertion was left out."
    )


class JointRecord(Record):
    """Whether as many specifications could agree by chance, with the dependence between them kept."""

    n: int = Field(description="Specifications.")
    n_held: int = Field(description="Those whose numbers, without their intervals, meet the criteria.")
    p_held: float = Field(description="Share of draws of the null in which as many meet them.")
    p_median: float = Field(description="Share in which they lie as far inside, by their median.")
    n_draws: int


class SpecificationCurve(Record):
    """In how many of how many specifications the claim is supported, and each assertion's outcomes."""

    n: int
    n_supported: int
    results: list[SpecificationResult] = Field(default_factory=list)
    assertions: list[AssertionCurve] = Field(default_factory=list)
    joint: JointRecord | None = Field(default=None, description="Absent where there is no null.")
    joint_conclusion: Message | None = Field(
        default=None, description="What the null says, or why it cannot be drawn, where the claim has one."
    )

    @model_validator(mode="after")
    def _has_an_outcome_a_result(self) -> Self:
        if any(len(curve.outcomes) != len(self.results) for curve in self.assertions):
            raise ValueError("each assertion needs one outcome a specification")
        return self


class FigureRecord(Record):
    """A kind of figure with its arguments; layers are the document's."""

    kind: str
    arguments: dict[str, Any] = Field(default_factory=dict)


class ClaimRecord(Record):
    """One statement of the document with everything measured about it."""

    id: str
    section: str
    statement: Message
    nature: Literal["empirical", "identity"] = Field(
        default="empirical",
        description="An identity is true by construction: no measurement could refute it.",
    )
    verdict: ClaimVerdict = Field(
        description="Of all its assertions; 'part' is none: not every assertion was decided."
    )
    assertions: list[AssertionRecord] = Field(description="Those that the run decided.")
    n_assertions: int | None = Field(
        default=None, description="How many the claim has; absent where nobody counted them."
    )
    rules: str | None = Field(
        default=None,
        description="Hash of its criteria and rules; absent where not all was decided.",
    )
    controls: list[ControlRecord] = Field(default_factory=list)
    specifications: SpecificationCurve | None = None
    notes: list[Message] = Field(default_factory=list, description="What else could explain its numbers.")
    shown_by: list[FigureRecord] = Field(default_factory=list, description="Which figures show it.")
    figures: list[str] = Field(default_factory=list, description="File names, relative to the evidence.")
    seconds: float = 0.0
