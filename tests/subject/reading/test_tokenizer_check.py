"""A tokenizer that is not its file's is refused with both token lists."""

import json
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from layerclaims.claims.document import DOCUMENT
from layerclaims.errors import InputError
from layerclaims.subject.model.loading import LoadedModel, load_model
from layerclaims.subject.reading.tokenization import sample_corpus
from layerclaims.subject.reading.windows import WindowSettings
from layerclaims.subject.resolving.model_source import ModelSource
from tests.builders import story, untrained_model
from tests.gguf_files import byte_tokenizer

SETTINGS = WindowSettings(20, context_before=6, context_after=3, skip_tokens=0, sampling="first", seed=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a GPT-2 whose tokenizer splits digits one by one, unlike GPT-2's, and is labelled as GPT-2's."""
    from tokenizers import pre_tokenizers

    untrained_model("gpt2").save_pretrained(tmp_path)
    tokenizer = Tokenizer.from_str(byte_tokenizer().to_str())
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Punctuation("removed"), byte_level])
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    label(tmp_path, "GPT2TokenizerFast")
    return tmp_path


def label(folder: Path, name: str) -> None:
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": name}))


def load(folder: Path) -> LoadedModel:
    return load_model(ModelSource("model", folder), dtype="float32", device="cpu", converted=None)


def sample(loaded: LoadedModel) -> None:
    sample_corpus(loaded.tokenizer, story(80), SETTINGS, DOCUMENT.kinds, loaded.tokenizer_file)


def test_a_folder_labelled_with_another_tokenizer_is_refused_with_both_lists(folder: Path) -> None:
    loaded = load(folder)
    by_class = loaded.tokenizer(story(80))["input_ids"]
    by_file = Tokenizer.from_file(str(folder / "tokenizer.json")).encode(story(80)).ids
    assert by_class != by_file
    place = next(
        index for index, (one, other) in enumerate(zip(by_class, by_file, strict=False)) if one != other
    )
    with pytest.raises(InputError) as caught:
        sample(loaded)
    message = str(caught.value)
    assert f"from token {place} on it gives" in message
    for ids in (by_class, by_file):
        assert (
            str([loaded.tokenizer.convert_ids_to_tokens(token) for token in ids[place : place + 6]])
            in message
        )
    assert "\n" not in message


def test_the_advice_of_the_refusal_reads_the_file_as_it_is(folder: Path) -> None:
    label(folder, "PreTrainedTokenizerFast")
    loaded = load(folder)
    by_file = Tokenizer.from_file(str(folder / "tokenizer.json")).encode(story(80)).ids
    assert loaded.tokenizer(story(80))["input_ids"] == by_file
    with pytest.raises(InputError, match="0 commas"):  # this file's tokenizer drops them
        sample(loaded)


def test_a_file_that_cuts_and_pads_gives_the_same_tokens(tmp_path: Path) -> None:
    untrained_model("gpt2").save_pretrained(tmp_path)
    tokenizer = Tokenizer.from_str(byte_tokenizer().to_str())
    tokenizer.enable_truncation(16)
    tokenizer.enable_padding(length=16)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    label(tmp_path, "GPT2TokenizerFast")
    sample(load(tmp_path))


def described(folder: Path, tokenizer_class: str, **changes: object) -> LoadedModel:
    """Load a model whose tokenizer's file is changed in some entries of its merges' part."""
    untrained_model("gpt2").save_pretrained(folder)
    content = json.loads(byte_tokenizer().to_str())
    content["model"] |= changes
    (folder / "tokenizer.json").write_text(json.dumps(content))
    label(folder, tokenizer_class)
    return load(folder)


def test_a_tokenizer_that_cannot_read_the_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"BertTokenizer\w* cannot read the text \(WordPiece error"):
        sample(described(tmp_path, "BertTokenizerFast"))


def test_a_tokenizer_of_random_tokens_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r'other tokens each time: set "dropout" to null'):
        sample(described(tmp_path, "PreTrainedTokenizerFast", dropout=0.5))
