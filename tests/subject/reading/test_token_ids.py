"""Tokens of one text and several ids are told apart; the windows of a mark hold one of them."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layerclaims.claims.document import DOCUMENT
from layerclaims.document import Mark, TokenKind, Words
from layerclaims.subject.reading.token_ids import found_tokens, of_one_token
from layerclaims.subject.reading.tokenization import sample_corpus
from layerclaims.subject.reading.windows import WindowSettings
from tests.builders import story

SETTINGS = WindowSettings(20, context_before=6, context_after=3, skip_tokens=0, sampling="first", seed=0)
SPACED, BARE = "▁,", ","


def sentence_pieces() -> Any:  # noqa: ANN401 - untyped in transformers
    """Make a tokenizer whose two commas, with and without the space before, decode to the same text."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = {piece: number for number, piece in enumerate(["<unk>", SPACED, BARE, ".", "▁"])}
    for word in story(200).replace(",", "").replace(".", "").split():
        vocabulary.setdefault(f"▁{word}", len(vocabulary))
    # Unigram takes the longest pieces, so that a space goes with the comma behind it.
    pieces = [(piece, -float(place > 0)) for place, piece in enumerate(vocabulary)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>")  # type: ignore[no-untyped-call]


def test_a_comma_with_a_space_is_another_token_although_it_decodes_to_the_same_text() -> None:
    tokenizer = sentence_pieces()
    text = story(80).replace(",", " ,", 30)
    spaced, bare = (tokenizer.convert_tokens_to_ids(piece) for piece in (SPACED, BARE))
    assert tokenizer.decode([spaced]) == tokenizer.decode([bare]) == ","
    corpus = sample_corpus(tokenizer, text, SETTINGS, DOCUMENT.kinds)
    counts = {token.text: (token.id, token.chosen_from) for token in corpus.tokens["internal"]}
    assert counts == {BARE: (bare, True), SPACED: (spaced, False)}
    assert [token.n for token in corpus.tokens["internal"]] == [50, 30]
    assert corpus.eligible["internal"] == 50
    assert set(corpus.windows("internal")[:, SETTINGS.context_before]) == {bare}
    assert [token.text for token in corpus.tokens["terminal"]] == ["."]


def test_the_most_frequent_token_is_taken_whichever_it_is() -> None:
    tokenizer = sentence_pieces()
    corpus = sample_corpus(tokenizer, story(80).replace(",", " ,", 60), SETTINGS, DOCUMENT.kinds)
    spaced = tokenizer.convert_tokens_to_ids(SPACED)
    assert set(corpus.windows("internal")[:, SETTINGS.context_before]) == {spaced}


def test_kinds_of_words_keep_their_tokens_which_are_counted() -> None:
    words = TokenKind("words", {"en": "word"}, {"en": "words"}, Words(("the", "a")))
    recognised = {"words": [0, 2, 3]}
    kept = of_one_token(recognised, [7, 5, 8, 7], [words])
    assert kept == recognised
    found = found_tokens(recognised, kept, [7, 5, 8, 7], lambda ids: [f"token {token}" for token in ids])
    assert [(token.text, token.n, token.chosen_from) for token in found["words"]] == [
        ("token 7", 2, True),
        ("token 8", 1, True),
    ]


@given(ids=st.lists(st.integers(0, 3), max_size=40))
def test_a_marks_positions_hold_one_id_and_as_many_as_any(ids: list[int]) -> None:
    kind = TokenKind("mark", {"en": "mark"}, {"en": "marks"}, Mark(","))
    kept = of_one_token({"mark": list(range(len(ids)))}, ids, [kind])["mark"]
    assert kept == sorted(kept)
    assert len({ids[position] for position in kept}) == (1 if ids else 0)
    assert len(kept) == (np.bincount(ids).max() if ids else 0)
