"""The document: a study note on punctuation in GPT-2 Medium, in Vietnamese, the second of two parts."""

from pathlib import Path

from layerclaims.document import Document, Mark, TextSource, TokenKind, Windows
from layerclaims.message import message

COMMAS = "internal"
FULL_STOPS = "terminal"
LAST_LAYER = 24
"""Of the document's model, which has as many blocks."""

DOCUMENT = Document(
    key="punctuation",
    title="Structure of clusters: internal against terminal punctuation",
    citation="Structure of clusters: internal against terminal punctuation. "
    "Study note in Vietnamese, second of two parts.",
    kinds=(
        TokenKind(
            key=COMMAS,
            singular={"en": "comma", "vi": "dấu phẩy"},
            plural={"en": "commas", "vi": "dấu phẩy"},
            recognise=Mark(","),
        ),
        TokenKind(
            key=FULL_STOPS,
            singular={"en": "full stop", "vi": "dấu chấm"},
            plural={"en": "full stops", "vi": "dấu chấm"},
            # The study leaves decimals out by looking at the neighbouring tokens.
            recognise=Mark(".", outside_numbers=True),
        ),
    ),
    windows=Windows(samples=250, context_before=20, context_after=10, sampling="first"),
    model="openai-community/gpt2-medium",
    text=TextSource(
        key="heart-of-darkness",
        title="Heart of Darkness",
        url="https://www.gutenberg.org/cache/epub/219/pg219.txt",
        file_name="pg219.txt",
        # Of its first sentence, of its climax and of its last sentence.
        phrases=(
            "The Nellie, a cruising yawl",
            "The horror! The horror!",
            "the heart of an immense darkness",
        ),
        characters=(180_000, 280_000),
        language="en",
        # The study samples past the first 400 tokens, which are the e-book's licence.
        skip_tokens=400,
    ),
    n_blocks=LAST_LAYER,
    sections={
        "1": message("Layer 1, where the study begins"),
        "2.1": message("The embedding"),
        "2.2": message("Clusters from layer to layer"),
        "3.1": message("Mean profiles of the two measures"),
        "3.2": message("What the scale of the activations does"),
        "3.2, 4": message("Correlation as the common standard"),
        "4": message("Conclusions"),
        "companion": message("The first part of the study"),
    },
    cluster_layer=1,
    limits=(
        message(
            "How many clusters there are depends on the rule that counts them. The study counted by eye, and "
            "other rules may count otherwise."
        ),
    ),
    releases=Path(__file__).with_name("releases.json"),
    error_rates=Path(__file__).with_name("error_rates.json"),
)
"""The subject that the document measured, its kinds of tokens, and its sections."""

KINDS = DOCUMENT.kind_keys
