"""The evidence that a run leaves behind: a typed, versioned schema.

`Evidence` is the only thing that the report reads. `report/records/evidence.schema.json` is its JSON Schema,
exported from these models; a test fails when the two drift apart.
"""

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from layerclaims.decision import UNDECIDED, ClaimVerdict, Parameter, Relation, Verdict
from layerclaims.message import Message
from layerclaims.serialization.record import Record
from layerclaims.subject.storage.description import (
    Corpus,
    FoundToken,
    TextLoss,
    TokenTexts,
    UnusedWeights,
    Window,
    Windows,
)

# Records of the subject's that are part of the evidence, and the base of all, are named here as well.
__all__ = ["Corpus", "FoundToken", "Record", "TextLoss", "TokenTexts", "UnusedWeights", "Window", "Windows"]

SCHEMA_PATH = Path(__file__).with_name("evidence.schema.json")
EVIDENCE_NAME = "evidence.json"
PART_FOLDER = "part"
"""In a subject's folder: where a run of a part of the claims writes, so that a whole run's report stays."""
POINTS_NAME = "pairs.safetensors"
"""Beside the evidence: a random sample of pairs for the scatter figures, by kind.

Tensors ``<kind>.index`` int32 ``[n_points, 2]`` (rows of `Evidence.samples`) and, for each of
`Evidence.measures`, ``<kind>.<measure>`` float32 ``[n_layers + 1, n_points]``; where the model has a final
norm, ``<kind>.final_norm.<measure>`` float32 ``[1, n_points]`` too.
"""

Interval = tuple[float, float]
Identification = Literal["content", "name"]
Departure = Literal[
    "reversed", "changed", "within the interval", "new", "missing", "criterion changed", "drifted"
]
"""How an assertion departs from a baseline, as `report.records.departures` tells; the last two pass."""


class KindRecord(Record):
    """A kind of token that the document looks at."""

    key: str
    singular: dict[str, str] = Field(description="Name by language.")
    plural: dict[str, str] = Field(description="Name by language.")
    sampling: str | None = Field(
        default=None, description="How its tokens are chosen, where not as the subject's windows say."
    )

    @model_validator(mode="after")
    def _has_english_names(self) -> Self:
        """Refuse a kind without the names that every text falls back on."""
        for field, names in (("singular", self.singular), ("plural", self.plural)):
            if "en" not in names:
                raise ValueError(f"{field} has no English name ('en')")
        return self


class DocumentRecord(Record):
    """The document that makes the claims."""

    key: str
    title: str
    authors: list[str] = Field(default_factory=list)
    year: int | None = None
    url: str = ""
    citation: str = ""
    model: str | None = Field(default=None, description="The model that it measured.")
    text: str | None = Field(default=None, description="Title of the text that it took its windows from.")
    n_blocks: int | None = Field(
        default=None, description="Blocks of its model; its layers are read by relative depth on others."
    )
    sections: dict[str, Message] = Field(default_factory=dict, description="Titles by number, in its order.")
    kinds: list[KindRecord]
    translations: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="By language: its own sentences' templates to their translations."
    )


class MeasureRecord(Record):
    """A measure of pairs of tokens."""

    name: str = Field(description="Its key in profiles and in the file of sampled pairs.")
    title: str = Field(description="In English; the key of its translations.")
    unit: str = ""
    symbol: str = ""
    depends_on_scale: bool


class SoftwareRecord(Record):
    """Which version of this software decided the claims."""

    version: str
    commit: str | None = Field(
        default=None, description="Of a checkout, or what pip installed it from; absent where unknown."
    )
    modified: bool | None = Field(
        default=None, description="Whether tracked files of a checkout differ from its commit."
    )


class RulesRecord(Record):
    """Criteria and rules that decided the claims, as hashes; those of each claim stand with it."""

    engine: str = Field(description="Hash of the analysis that all rules use.")
    release: str | None = Field(
        default=None, description="The latest release that decides these claims in the same way."
    )
    compared_with: str | None = Field(
        default=None, description="The latest release, where the rules are those of none."
    )
    changes: list[Message] = Field(default_factory=list, description="What is not as in that release.")


class Subject(Record):
    """What was measured: a model, with its revision, on a text."""

    name: str = Field(description="Short name, also the report's folder.")
    identity: str = Field(
        default="",
        description="Hash of what was measured: subjects of one name have folders of their own.",
    )
    model: str
    revision: str | None = Field(default=None, description="The hub's commit.")
    revision_name: str | None = Field(default=None, description="As asked for, such as 'step1000'.")
    weights_sha256: str | None = None
    pickle: bool = Field(default=False, description="Whether weights were read from pickles.")
    remote_code: str | None = Field(
        default=None, description="Whose code was run: 'repo@commit' or a folder's path."
    )
    n_parameters: int | None = Field(default=None, description="Of the part that was measured.")
    architecture: str | None = None
    quantization: str | None = None
    unused_weights: UnusedWeights | None = Field(
        default=None, description="Weights in its files that were left out; absent where this is not known."
    )
    n_layers: int = Field(description="Blocks; hidden states have one level more.")
    hidden_size: int
    causal: bool | None = None
    following_tokens_difference: float | None = Field(
        default=None, description="Relative change of a token's state when tokens are appended; 0 if causal."
    )
    positions_added: bool | None = Field(
        default=None, description="Whether the embedding adds a vector for the position."
    )
    dtype: str = "float32"
    dtype_difference: float | None = Field(
        default=None, description="Largest relative difference of a level from float32, of another dtype."
    )
    device: str | None = None
    device_map: dict[str, int] | None = Field(
        default=None, description="Modules by place, such as 'cpu' or 'disk', where they were spread."
    )
    corpus: Corpus
    text_loss: TextLoss | None = Field(
        default=None, description="How well the model predicts the text; absent where that is not known."
    )
    tokens: dict[str, int] = Field(description="Tokens measured, by kind.")
    windows: Windows | None = None
    is_document_subject: bool = Field(description="Whether this is the subject that the document measured.")
    identified_by: Identification | None = Field(
        default=None,
        description="How the document's own subject is known: by the checksums of weights and text that the "
        "document gives, or, where it gives none, by names only.",
    )
    fallback_reason: Message | None = None


class SpecificationRecord(Record):
    """The analyst's choices behind the main measurement."""

    bins: int
    outlier_sd: float
    estimator: str
    n_resamples: int
    seed: int


class DependenceRecord(Record):
    """How far the tokens of a kind depend on their neighbours in the text."""

    block_length: int = Field(description="Neighbouring tokens that are resampled together.")
    effective_tokens: float = Field(description="Independent tokens whose mean would vary as much.")
    positions_known: bool = Field(
        description="Whether neighbours are those in the text; otherwise those in the file of activations."
    )


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


class LayerSummary(Record):
    """A pair measure's distribution at one layer; the interval is of the mean, by token bootstrap."""

    mean: float | None
    q05: float | None
    q25: float | None
    q50: float | None
    q75: float | None
    q95: float | None
    mean_interval: Interval | None = None


class KindProfile(Record):
    """One kind's profiles; list entries are layers, the embedding first, residual stream throughout."""

    measures: dict[str, list[LayerSummary]] = Field(description="By pair measure.")
    std: list[LayerSummary] = Field(description="Standard deviation of an activation, over tokens.")
    n_clusters: dict[str, list[int | None]] = Field(description="By pair measure, one count a layer.")
    separation: dict[str, list[float | None]] = Field(description="By pair measure, one index a layer.")


class Profiles(Record):
    """Profiles of the residual stream, and of the last level after the final norm."""

    kinds: dict[str, KindProfile]
    final_norm: dict[str, KindProfile] = Field(
        default_factory=dict,
        description="By kind; lists of one entry. Empty where the model has no final norm.",
    )


class GrowthRecord(Record):
    """Log2 growth over layer 1, one entry a layer: covariance = standard deviations + correlation + rest."""

    covariance: list[float | None]
    std: list[float | None]
    correlation: list[float | None]
    remainder: list[float | None] = Field(description="What the product of the means does not carry.")


class GroupFeature(Record):
    """How a feature of the text differs between the two token groups."""

    feature: Message
    share: tuple[float, float] = Field(description="Share of tokens that have it, by group.")
    odds_ratio: float | None
    interval: Interval | None
    p_value: float | None = Field(default=None, description="Fisher's exact test, two-sided.")


class TokenGroups(Record):
    """The groups of tokens from which the clusters of pairs at a layer come."""

    kind: str
    layer: int
    labels: list[int] = Field(description="Group of each token, in the order of `samples`.")
    sizes: list[int]
    purity: float | None = Field(description="Share of pairs whose cluster follows from their two groups.")
    features: list[GroupFeature]
    conclusion: list[Message] = Field(default_factory=list, description="Sentences.")


class Summary(Record):
    """How many claims got which verdict."""

    supported: int = 0
    refuted: int = 0
    inconclusive: int = 0
    not_applicable: int = 0
    error: int = 0
    part: int = Field(default=0, description="Claims without a verdict: not every assertion was decided.")


class Evidence(Record):
    """Everything that a run leaves behind: the only input of the report."""

    schema_version: Literal[3] = 3
    run: str = Field(
        default="",
        pattern=r"^(\d{8}T\d{6}Z-[0-9a-f]{8})?$",
        description="Id of the run, which every file of its report carries; empty in earlier releases'.",
    )
    created: str = Field(description="UTC, ISO 8601.")
    command: str
    complete: bool = Field(
        description="False where the run was interrupted, or ended before every claim was decided."
    )
    not_made: list[Message] = Field(
        default_factory=list,
        description="What the run should have made and could not, and why, in sentences.",
    )
    document: DocumentRecord
    measures: list[MeasureRecord] = Field(description="Pair measures in profiles and sampled pairs.")
    subject: Subject
    software: SoftwareRecord | None = None
    rules: RulesRecord | None = None
    twins: TwinsRecord | None = Field(default=None, description="Absent where none were measured.")
    limits: list[Message] = Field(default_factory=list, description="What the run cannot tell, in sentences.")
    environment: dict[str, str | dict[str, str]]
    specification: SpecificationRecord
    dependence: dict[str, DependenceRecord] = Field(default_factory=dict, description="By kind of token.")
    claims: list[ClaimRecord]
    profiles: Profiles | None = None
    growth: dict[str, GrowthRecord] = Field(
        default_factory=dict, description="Decomposition of covariance growth, by kind."
    )
    token_groups: list[TokenGroups] = Field(default_factory=list)
    samples: dict[str, list[Window]] = Field(
        default_factory=dict, description="By kind, in the order measured."
    )
    token_std: dict[str, list[list[float]]] = Field(
        default_factory=dict,
        description="By kind: at each of the first layers, the embedding first, the standard deviation of "
        "each token's activations, in the order of `samples`.",
    )
    summary: Summary
    baseline: BaselineComparison | None = Field(default=None, description="Where one was given.")
    timings: dict[str, float] = Field(default_factory=dict, description="Seconds, by step.")

    @model_validator(mode="after")
    def _has_an_entry_for_every_layer(self) -> Self:
        """Refuse lists that figures could not draw over the layers."""
        n_levels = self.subject.n_layers + 1
        for part, kinds, length in (
            ("kinds", self.profiles.kinds if self.profiles else {}, n_levels),
            ("final_norm", self.profiles.final_norm if self.profiles else {}, 1),
        ):
            for kind, profile in kinds.items():
                _check_lengths(f"profiles.{part}.{kind}", profile, length)
        for kind, levels in self.token_std.items():
            n_tokens = self.subject.tokens.get(kind)
            if any(len(values) != n_tokens for values in levels):
                raise ValueError(f"token_std.{kind} needs one number for each of {n_tokens} tokens")
        for kind, growth in self.growth.items():
            _check_lengths(f"growth.{kind}", growth, n_levels)
        return self


def _check_lengths(place: str, record: Record, length: int) -> None:
    """Check the lengths of a record's lists, and of those in its dictionaries."""
    for name in type(record).model_fields:
        value = getattr(record, name)
        lists = value.items() if isinstance(value, dict) else [("", value)]
        for key, entries in lists:
            if len(entries) != length:
                where = f"{place}.{name}" + (f".{key}" if key else "")
                raise ValueError(f"{where} has {len(entries)} entries where there are {length} levels")
