"""What was measured, by which software and choices, for which document."""

from typing import Literal, Self

from pydantic import Field, model_validator

from layerclaims.message import Message
from layerclaims.serialization.record import Record
from layerclaims.subject.storage.description import Corpus, TextLoss, UnusedWeights, Windows

Identification = Literal["content", "name"]


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
