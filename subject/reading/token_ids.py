"""Compare the tokens of a kind by their ids: the same text may be several tokens of the model."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from layerclaims.document import Mark, TokenKind
from layerclaims.subject.storage.description import FoundToken

LISTED = 10
"""Tokens of a kind that are listed, the most frequent ones."""


def of_one_token(
    recognised: Mapping[str, list[int]], token_ids: Sequence[int], kinds: Sequence[TokenKind]
) -> dict[str, list[int]]:
    """Keep of each mark the positions of its most frequent token; kinds that are no mark keep all.

    What a document says of a mark, it says of one token. SentencePiece has two commas, one with the space
    before it, and decodes both to the same text.

    Parameters
    ----------
    recognised : mapping
        Kind's key to the ascending positions of its tokens.
    token_ids : sequence of int
        The whole text.
    kinds : sequence of TokenKind
        The document's kinds.

    Returns
    -------
    dict
        Kind's key to ascending positions.
    """
    kept = dict(recognised)
    for kind in kinds:
        if isinstance(kind.recognise, Mark) and recognised[kind.key]:
            counts = Counter(token_ids[position] for position in recognised[kind.key])
            ((token, _),) = counts.most_common(1)
            kept[kind.key] = [position for position in recognised[kind.key] if token_ids[position] == token]
    return kept


def found_tokens(
    recognised: Mapping[str, list[int]],
    eligible: Mapping[str, list[int]],
    token_ids: Sequence[int],
    spell: Callable[[list[int]], list[str]],
) -> dict[str, list[FoundToken]]:
    """Count the recognised tokens of each kind by id, the most frequent first.

    Parameters
    ----------
    recognised, eligible : mapping
        Kind's key to the positions of its tokens, before and after `of_one_token`.
    token_ids : sequence of int
        The whole text.
    spell : callable
        Writes tokens as the vocabulary does.
    """
    found = {}
    for key, positions in recognised.items():
        counts = Counter(token_ids[position] for position in positions).most_common(LISTED)
        kept = {token_ids[position] for position in eligible[key]}
        texts = spell([token for token, _ in counts])
        found[key] = [
            FoundToken(id=token, text=str(text), n=n, chosen_from=token in kept)
            for (token, n), text in zip(counts, texts, strict=True)
        ]
    return found
