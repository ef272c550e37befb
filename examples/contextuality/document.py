"""The document, Ethayarajh (2019), and the words that its claims are decided on."""

from pathlib import Path

from layerclaims.document import Document, TokenKind, Windows, Words
from layerclaims.message import message

# The paper names these three among its most context-specific words (section 4.2).
FUNCTION_WORDS = ("the", "of", "and")
# Frequent in any English narrative, of several word classes, so that a text of 7,000 words has 20 of each.
OTHER_WORDS = ("he", "was", "had", "said", "one", "two", "down", "out")
WORDS = FUNCTION_WORDS + OTHER_WORDS
RANDOM = "random"


def is_word(before: str, token: str, after: str) -> bool:  # noqa: ARG001 - a recogniser's arguments
    """Recognise any word that is one token."""
    return token[:1].isspace() and token.strip().isalpha() and not after[:1].isalnum()


def _occurrences(word: str) -> TokenKind:
    name = {"en": f"“{word}”"}
    return TokenKind(key=word, singular=name, plural=name, recognise=Words((word,)))


DOCUMENT = Document(
    key="contextuality",
    title="How Contextual are Contextualized Word Representations? "
    "Comparing the Geometry of BERT, ELMo, and GPT-2 Embeddings",
    authors=("Kawin Ethayarajh",),
    year=2019,
    url="https://aclanthology.org/D19-1006",
    citation="Kawin Ethayarajh (2019). How Contextual are Contextualized Word Representations? Comparing the "
    "Geometry of BERT, ELMo, and GPT-2 Embeddings. Proceedings of EMNLP-IJCNLP 2019, pages 55-65.",
    kinds=(
        TokenKind(
            key=RANDOM,
            singular={"en": "random word", "vi": "từ ngẫu nhiên"},
            plural={"en": "random words", "vi": "từ ngẫu nhiên"},
            recognise=is_word,
            sampling="random",
        ),
        *map(_occurrences, WORDS),
    ),
    measures=("cosine",),
    windows=Windows(samples=50, context_before=20, context_after=10, fewer_allowed=True),
    translations=Path(__file__).parent / "locale",
    model="openai-community/gpt2",
    n_blocks=12,
    sections={
        "4.1": message("Anisotropy"),
        "4.2": message("Context-specificity"),
    },
)
