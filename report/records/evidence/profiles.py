"""The residual stream over the layers, and the groups of tokens in it."""

from pydantic import Field

from layerclaims.message import Message
from layerclaims.report.records.evidence.claims import Interval
from layerclaims.serialization.record import Record


class LayerSummary(Record):
    """A pair measure's distribution at one layer; the interval is of the mean, by token bootstrap."""

    mean: float | None
    q05: float | None
    q25: float | None
    q50: float | None
    q75: float | None
    q95: float | None
    mean_interval: Interval | None = None


class LayerCount(Record):
    """What a rule counts at one layer; intervals at 95%, by token bootstrap."""

    layer: int
    count: int = Field(description="Clusters of pairs.")
    interval: Interval
    separation: float | None = Field(default=None, description="Absent for rules that have no such index.")
    separation_interval: Interval | None = None


class RuleCounts(Record):
    """What one of the rules that decide about clusters of pairs counts, at the layers that claims ask for."""

    rule: Message = Field(description="Its name.")
    layers: list[LayerCount]


class KindProfile(Record):
    """One kind's profiles; list entries are layers, the embedding first, residual stream throughout."""

    measures: dict[str, list[LayerSummary]] = Field(description="By pair measure.")
    std: list[LayerSummary] = Field(description="Standard deviation of an activation, over tokens.")
    n_clusters: dict[str, list[int | None]] = Field(description="By pair measure, one count a layer.")
    separation: dict[str, list[float | None]] = Field(description="By pair measure, one index a layer.")
    counted: list[RuleCounts] = Field(
        default_factory=list,
        description="By each rule that a claim about clusters needs to be supported; may be empty.",
    )


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
