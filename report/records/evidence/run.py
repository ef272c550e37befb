"""The whole evidence of a run."""

from collections.abc import Set
from typing import Literal, Self

from pydantic import Field, model_validator

from layerclaims.message import Message
from layerclaims.report.records.evidence.claims import ClaimRecord, TwinsRecord
from layerclaims.report.records.evidence.profiles import GrowthRecord, KindProfile, Profiles, TokenGroups
from layerclaims.report.records.evidence.recorded import BaselineComparison
from layerclaims.report.records.evidence.study import (
    DependenceRecord,
    DocumentRecord,
    MeasureRecord,
    RulesRecord,
    SoftwareRecord,
    SpecificationRecord,
    Subject,
)
from layerclaims.serialization.record import Record
from layerclaims.subject.storage.description import Window


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
                _check_lengths(f"profiles.{part}.{kind}", profile, length, besides={"counted"})
                _check_counted(f"profiles.{part}.{kind}", profile, length)
        for kind, levels in self.token_std.items():
            n_tokens = self.subject.tokens.get(kind)
            if any(len(values) != n_tokens for values in levels):
                raise ValueError(f"token_std.{kind} needs one number for each of {n_tokens} tokens")
        for kind, growth in self.growth.items():
            _check_lengths(f"growth.{kind}", growth, n_levels)
        return self


def _check_counted(place: str, profile: KindProfile, length: int) -> None:
    """Check that what rules counted is of layers that there are."""
    for counts in profile.counted:
        if any(not 0 <= one.layer < length for one in counts.layers):
            raise ValueError(f"{place}.counted has a layer that is none of {length} levels")


def _check_lengths(place: str, record: Record, length: int, besides: Set[str] = frozenset()) -> None:
    """Check the lengths of a record's lists, and of those in its dictionaries, besides some fields."""
    for name in (field for field in type(record).model_fields if field not in besides):
        value = getattr(record, name)
        lists = value.items() if isinstance(value, dict) else [("", value)]
        for key, entries in lists:
            if len(entries) != length:
                where = f"{place}.{name}" + (f".{key}" if key else "")
                raise ValueError(f"{where} has {len(entries)} entries where there are {length} levels")
