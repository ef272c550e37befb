"""Hold a model's tokenizer against the file that describes it.

transformers makes a tokenizer by the class that a folder names, and may take only the vocabulary from the
file. With a wrong class, texts are split where the model never saw them split.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tokenizers import Tokenizer

from layerclaims.errors import InputError
from layerclaims.text import shorten, visible

REASON_CHARACTERS = 200
SHOWN = 6
"""Tokens of each list in the message."""


@contextmanager
def tokenizer_errors(tokenizer: Any) -> Iterator[None]:  # noqa: ANN401
    """Raise `InputError` for whatever a tokenizer raises where it lacks what a text needs."""
    try:
        yield
    except Exception as error:  # tokenizers raises Exception itself
        raise InputError(
            "the tokenizer of class {tokenizer} cannot read the text ({reason}): its files do not belong "
            "together",
            tokenizer=type(tokenizer).__name__,
            reason=shorten(visible(str(error)), REASON_CHARACTERS),
        ) from None


def check_tokens(file: Tokenizer, text: str, token_ids: list[int], tokenizer: Any) -> None:  # noqa: ANN401
    """Refuse token ids that differ from those of the file's own tokenizer.

    Parameters
    ----------
    file : tokenizers.Tokenizer
        As ``tokenizer.json`` describes it.
    text : str
        The whole text.
    token_ids : list of int
        Its tokens without special ones, from the tokenizer that transformers made.
    tokenizer : transformers tokenizer
        The one that gave them, to name its class.

    Raises
    ------
    InputError
        With both token lists from the first difference on; or if the tokens are random, or none.
    """
    if getattr(file.model, "dropout", None):
        raise InputError(
            "its tokenizer leaves out merges at random, so that the same text has other tokens each time: "
            'set "dropout" to null in tokenizer.json'
        )
    file.no_truncation()
    file.no_padding()
    with tokenizer_errors(tokenizer):
        expected = file.encode(text, add_special_tokens=False).ids
    if expected == token_ids:
        return
    pairs = zip(expected, token_ids, strict=False)
    place = next((index for index, (one, other) in enumerate(pairs) if one != other), None)
    if place is None:
        place = min(len(expected), len(token_ids))
    by_file, by_class = (
        [file.id_to_token(token) or str(token) for token in tokens[place : place + SHOWN]]
        for tokens in (expected, token_ids)
    )
    raise InputError(
        "the tokenizer of class {tokenizer} splits the text otherwise than its file "
        "tokenizer.json: from token {place} on it gives {by_class}, and the file gives "
        '{by_file}; where the file is right, set "tokenizer_class": '
        '"PreTrainedTokenizerFast" in tokenizer_config.json',
        tokenizer=type(tokenizer).__name__,
        place=place,
        by_class=by_class,
        by_file=by_file,
    )
