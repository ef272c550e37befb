"""What makes claims: a document, the kinds of tokens that it looks at, and the subject that it measured."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from layerclaims.identity import content_identity
from layerclaims.message import KindName, Message
from layerclaims.sampling import Sampling

Recogniser = Callable[[str, str, str], bool]
"""Tells a kind's tokens: called with the texts of the token before, the token and the token after."""


@dataclass(frozen=True)
class Mark:
    """Recognise a punctuation mark that is a token by itself, space aside.

    Windows of such a kind are chosen from one token of the model, the most frequent one: a mark with the
    space before it may be another token.

    Attributes
    ----------
    mark : str
    outside_numbers : bool
        Whether one between digits, as in 3.14, is left out.
    """

    mark: str
    outside_numbers: bool = False

    def __call__(self, before: str, token: str, after: str) -> bool:
        """Tell whether the token is the mark."""
        if token.strip() != self.mark:
            return False
        return not (self.outside_numbers and (before[-1:].isdigit() or after[:1].isdigit()))

    def stands_in(self, text: str) -> bool:
        """Tell whether the mark stands anywhere in a text, other than between digits."""
        places = (place for place in range(len(text)) if text.startswith(self.mark, place))
        return any(
            not (text[:place][-1:].isdigit() and text[place + len(self.mark) :][:1].isdigit())
            for place in places
        )


@dataclass(frozen=True)
class Words:
    """Recognise words that are one token, with the space before them, whatever their case.

    A token that goes on in the next one is part of a longer word and is left out.
    """

    words: tuple[str, ...]

    def __call__(self, before: str, token: str, after: str) -> bool:  # noqa: ARG002 - a recogniser's arguments
        """Tell whether the token is one of the words."""
        return token[:1].isspace() and token.strip().lower() in self.words and not after[:1].isalnum()


@dataclass(frozen=True)
class TokenKind:
    """One kind of token.

    Attributes
    ----------
    key : str
        Names it in options, files and evidence: a letter, then letters, digits or underscores.
    singular, plural : mapping
        Language to name; ``"en"`` must be there.
    recognise : callable
        See `Recogniser`. `Mark` and `Words` are ready to use.
    sampling : str or None
        How its tokens are chosen, where that differs from the run's; see `Sampling`.
    """

    key: str
    singular: Mapping[str, str]
    plural: Mapping[str, str]
    recognise: Recogniser
    sampling: Sampling | None = None

    def __post_init__(self) -> None:
        """Refuse a key that could not name a tensor, and names without English."""
        if not self.key.isidentifier():
            raise ValueError(f"the kind {self.key!r} needs a key of letters, digits and underscores")
        if self.key.startswith("embedding_") or self.key.endswith("_final_norm"):
            raise ValueError(f"the kind {self.key!r} needs another key: files of activations use this name")
        if not (self.singular.get("en") and self.plural.get("en")):
            raise ValueError(f"the kind {self.key!r} needs an English name, singular and plural")

    @property
    def name(self) -> KindName:
        """Its plural, for use in a message."""
        return KindName(kind=self.key, form="plural", english=self.plural["en"])

    @property
    def name_of_one(self) -> KindName:
        """Its singular, for use in a message."""
        return KindName(kind=self.key, form="singular", english=self.singular["en"])

    @property
    def identity(self) -> str:
        """What it samples, as a text that changes with it: part of the cache's key."""
        return f"{self.key}:{content_identity(self.recognise)}:{self.sampling}"


@dataclass(frozen=True)
class TextSource:
    """A text that can be fetched.

    Attributes
    ----------
    key : str
        What ``--corpus`` calls it.
    title, url : str
    file_name : str
        In the cache's folder of texts, where each address has a folder of its own.
    phrases : tuple of str
        Of its beginning, middle and end, whatever the line breaks: what another page, or a part, lacks.
    characters : tuple of int
        The fewest and the most that any edition of it has.
    language : str
        ``"en"`` or ``"vi"``: its most common words are looked for; empty leaves that out.
    sha256 : str or None
        Of the file that the document used, where it is known; editions of servers may differ.
    skip_tokens : int
        Tokens at its start that are never sampled, such as a licence.
    """

    key: str
    title: str
    url: str
    file_name: str
    phrases: tuple[str, ...]
    characters: tuple[int, int]
    language: str = ""
    skip_tokens: int = 0
    sha256: str | None = None


@dataclass(frozen=True)
class Windows:
    """How many tokens of each kind, and how much text around each."""

    samples: int
    context_before: int
    context_after: int
    sampling: Sampling = "first"
    fewer_allowed: bool = False
    """Whether a kind of which the text has fewer tokens is measured on what there is."""


@dataclass(frozen=True)
class Document:
    """A document that makes claims about a language model.

    Attributes
    ----------
    key : str
        Short name.
    title : str
    authors : tuple of str
    year : int or None
    url, citation : str
        Where it can be read, and how to cite it in one line; may be empty.
    kinds : tuple of TokenKind
        In the order in which they are measured and shown.
    windows : Windows
    model : str or None
        The hub's name of the model that it measured; `None` where it names none.
    revision : str or None
    weights_sha256 : str or None
        Of its model's files, as evidence records it, where it is known: then a subject is the document's by
        its weights and not by a name.
    text : TextSource or None
        The text that it took its windows from.
    n_blocks : int or None
        Blocks of its model: its layers are read by relative depth on others. `None` takes them as they are.
    sections : mapping
        Number to title, in its order; claims are shown in this order.
    measures : tuple of str
        Pair measures that its reports show, by name and in this order; none stands for all that there are.
    translations : Path or None
        Folder with a catalogue ``LANGUAGE.po`` of its own sentences for each language that it comes in.
    cluster_layer : int or None
        Layer at which clusters of pairs are traced to groups of tokens; `None` leaves that out.
    limits : tuple of Message
        What its claims' rules cannot tell, beside the limits that every run has.
    releases : Path or None
        File with the criteria and rules that releases had; see `layerclaims.rule_hashes.releases`.
    error_rates : Path or None
        File with the error rates of its claims' rules; see `layerclaims.rule_hashes.error_rates`.
    """

    key: str
    title: str
    kinds: tuple[TokenKind, ...]
    windows: Windows
    authors: tuple[str, ...] = ()
    year: int | None = None
    url: str = ""
    citation: str = ""
    model: str | None = None
    revision: str | None = None
    weights_sha256: str | None = None
    text: TextSource | None = None
    n_blocks: int | None = None
    sections: Mapping[str, Message] = field(default_factory=dict)
    measures: tuple[str, ...] = ()
    translations: Path | None = None
    cluster_layer: int | None = None
    limits: tuple[Message, ...] = ()
    releases: Path | None = None
    error_rates: Path | None = None

    def __post_init__(self) -> None:
        """Refuse a document without kinds, or with two of one key."""
        keys = [kind.key for kind in self.kinds]
        if not keys or len(set(keys)) != len(keys):
            raise ValueError(
                f"the document {self.key!r} needs kinds of tokens with different keys, has {keys}"
            )

    @property
    def kind_keys(self) -> tuple[str, ...]:
        """Keys of its kinds, in order."""
        return tuple(kind.key for kind in self.kinds)

    def kind(self, key: str) -> TokenKind:
        """Find a kind by its key."""
        return next(kind for kind in self.kinds if kind.key == key)
