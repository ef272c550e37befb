"""Records of where activations come from: the model's files, the text, and how its windows were chosen."""

from pydantic import Field

from layerclaims.serialization.record import Record


class UnusedWeights(Record):
    """Weights in a model's files that its hidden states do not depend on, such as those of a head."""

    n: int
    names: dict[str, int] = Field(
        default_factory=dict,
        description="The most frequent names with their counts; N stands for the number of a block.",
    )


class Corpus(Record):
    """The text that the windows come from."""

    name: str
    sha256: str | None = None
    n_tokens: int | None = None


class TokenTexts(Record):
    """How many tokens of the text, and the texts of the most frequent of them with their counts."""

    n: int
    examples: dict[str, int] = Field(default_factory=dict)


class FoundToken(Record):
    """A token of the model that was recognised as one of a kind."""

    id: int
    text: str = Field(description="As the vocabulary writes it.")
    n: int = Field(description="How often it was found.")
    chosen_from: bool = Field(description="Whether windows were chosen from these.")


class TextLoss(Record):
    """How well the model predicts the next token in some passages of the text."""

    bits: float = Field(description="Mean negative log2 probability of the next token.")
    standard_error: float = Field(description="Of the mean, from the passages.")
    guess: float = Field(description="Bits of a guess among all tokens of the vocabulary.")
    n_tokens: int
    n_passages: int


class Windows(Record):
    """How the tokens were chosen and how much text surrounds each."""

    context_before: int
    context_after: int
    skip_tokens: int
    sampling: str
    seed: int
    eligible: dict[str, int] = Field(default_factory=dict, description="Eligible tokens found, by kind.")
    merged: dict[str, TokenTexts] = Field(
        default_factory=dict,
        description="Tokens that hold the mark and other characters, by kind: not eligible.",
    )
    spaced: dict[str, TokenTexts] = Field(
        default_factory=dict, description="Tokens that hold the mark and space, by kind."
    )
    tokens: dict[str, list[FoundToken]] = Field(
        default_factory=dict,
        description="The most frequent tokens of the model that were recognised, by kind. "
        "Windows of a mark are chosen from one of them.",
    )


class Window(Record):
    """One sampled token with the text around it."""

    before: str
    token: str
    after: str
    position: int = Field(description="Index of the token in the corpus.")
