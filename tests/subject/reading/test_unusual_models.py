"""Models at the edges of what is read: limits of length, very large numbers, configurations of other uses."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from layerclaims.claims.document import DOCUMENT
from layerclaims.errors import InputError
from layerclaims.subject.model.loading import LoadedModel, load_model
from layerclaims.subject.reading.extraction import adds_positions, extract, is_causal
from layerclaims.subject.reading.hidden_states import longest_window
from layerclaims.subject.reading.window_activations import read_activations
from layerclaims.subject.reading.windows import WindowSettings
from layerclaims.subject.resolving.model_source import ModelSource
from layerclaims.subject.timings import Timings
from tests.architectures import GPT2, MEASURED, MODERN, N_TOKENS, Architecture
from tests.builders import HIDDEN, N_BLOCKS, story, word_tokenizer

SETTINGS = WindowSettings(20, context_before=6, context_after=3, skip_tokens=0, sampling="first", seed=0)


def load(folder: Path) -> LoadedModel:
    torch.set_num_threads(1)
    return load_model(ModelSource("small", folder), dtype="float32", device="cpu", converted=None)


def windows(length: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.random.default_rng(0).integers(1, N_TOKENS, size=(6, length))


def read_levels(loaded: LoadedModel, length: int, index: int) -> tuple[int, ...]:
    read = extract(
        loaded, windows(length), index, kind="internal", batch_size=None, advance=lambda _done: None
    )
    return read.residual.shape


@pytest.mark.parametrize("name", ["gpt2", "bert"])
@pytest.mark.parametrize("after", [0, 3])
def test_a_window_as_long_as_the_model_reads_is_measured(name: str, after: int, tmp_path: Path) -> None:
    """The tokens that test causality are appended to a shorter window."""
    known = MEASURED[name]
    loaded = load(known.save(tmp_path / name))
    longest = longest_window(loaded.model)
    assert longest == 128
    index = longest - 1 - after
    causal, difference = is_causal(loaded, windows(longest), index)
    assert causal is known.causal
    assert difference < 1e-5 if causal else difference > 1e-3
    assert read_levels(loaded, longest, index) == (N_BLOCKS + 1, 6, HIDDEN)
    with pytest.raises(InputError, match="reads at most 128 tokens, and a window of 129 was asked for"):
        read_levels(loaded, longest + 1, index)


def test_a_model_that_reads_fewer_tokens_than_the_probe_is_measured(tmp_path: Path) -> None:
    few = Architecture("GPT2Config", {**GPT2, "n_positions": 5}, "h")
    loaded = load(few.save(tmp_path / "few"))
    assert is_causal(loaded, windows(5), 4)[0]
    assert adds_positions(loaded, 5)
    assert read_levels(loaded, 5, 4) == (N_BLOCKS + 1, 6, HIDDEN)


def test_rows_that_roberta_keeps_for_no_position_are_not_counted(tmp_path: Path) -> None:
    reserved = Architecture("RobertaConfig", {**MODERN, "pad_token_id": 1})
    loaded = load(reserved.save(tmp_path / "roberta"))
    assert longest_window(loaded.model) == 126
    assert not is_causal(loaded, windows(126), 120)[0]
    assert read_levels(loaded, 126, 120) == (N_BLOCKS + 1, 6, HIDDEN)
    with pytest.raises(InputError, match="reads at most 126 tokens, and a window of 127"):
        read_levels(loaded, 127, 120)


@pytest.mark.parametrize("name", ["gpt2", "llama", "bert", "t5", "opt", "llava"])
def test_a_configuration_that_asks_for_results_without_names_is_read(name: str, tmp_path: Path) -> None:
    folder = MEASURED[name].save(tmp_path / name)
    config = json.loads((folder / "config.json").read_text())
    for part in (config, *(value for key, value in config.items() if key.endswith("_config"))):
        part["return_dict"] = False
    (folder / "config.json").write_text(json.dumps(config))
    assert read_levels(load(folder), 31, 20) == (N_BLOCKS + 1, 6, HIDDEN)


def test_of_a_model_made_of_two_berts_the_encoder_is_measured(tmp_path: Path) -> None:
    import transformers

    encoder = MEASURED["bert"].build().config
    described = {**MODERN, "is_decoder": True, "add_cross_attention": True}
    decoder = Architecture("BertConfig", described).build().config
    both = transformers.EncoderDecoderConfig.from_encoder_decoder_configs(encoder, decoder)
    made = transformers.EncoderDecoderModel(both)
    made.save_pretrained(tmp_path)
    word_tokenizer().save_pretrained(tmp_path)
    loaded = load(tmp_path)
    assert loaded.architecture == "encoder-decoder"
    assert read_levels(loaded, 31, 20) == (N_BLOCKS + 1, 6, HIDDEN)
    for name, values in made.encoder.state_dict().items():
        assert torch.equal(loaded.model.state_dict()[name], values)


def test_activations_whose_squares_no_float_holds_are_read_without_a_warning(tmp_path: Path) -> None:
    loaded = load(MEASURED["llama"].save(tmp_path / "llama"))
    with torch.no_grad():
        loaded.model.embed_tokens.weight.mul_(1e30)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        causal, difference = is_causal(loaded, windows(31), 20)
        assert not adds_positions(loaded, 5)
        read = extract(loaded, windows(31), 20, kind="internal", batch_size=None, advance=lambda _done: None)
    assert causal
    assert difference < 1e-4
    assert np.abs(read.residual).max() > 1e28
    assert np.isfinite(read.residual).all()


def test_activations_beyond_the_largest_float_are_refused_with_that_reason(tmp_path: Path) -> None:
    loaded = load(MEASURED["gpt2"].save(tmp_path / "gpt2"))
    with torch.no_grad():
        loaded.model.h[1].mlp.c_proj.bias[3] = 3e38
        loaded.model.h[2].mlp.c_proj.bias[3] = 3e38
    words = r"at layer 3, .* dimension 3: its weights are finite, and computing with them exceeds"
    with pytest.raises(InputError, match=words):
        read_levels(loaded, 31, 20)


def test_a_model_of_two_dimensions_is_read(tmp_path: Path) -> None:
    two = Architecture("GPT2Config", {**GPT2, "n_embd": 2, "n_head": 1}, "h")
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        activations = read_activations(
            load(two.save(tmp_path / "two")),
            story(80),
            SETTINGS,
            DOCUMENT.kinds,
            batch_size=None,
            timings=Timings(),
            advance=lambda _done: None,
        )
    assert activations.residual["internal"].shape == (N_BLOCKS + 1, 20, 2)
    assert activations.metadata["unused_weights"] == {"n": 0, "names": {}}
    assert [token["n"] for token in activations.metadata["windows"]["tokens"]["internal"]] == [80]
