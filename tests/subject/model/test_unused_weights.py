"""Weights that are not used are refused where they belong to the measured part, and counted elsewhere."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from layerclaims.errors import InputError
from layerclaims.subject.model.loading import LoadedModel, load_model
from layerclaims.subject.model.unused_weights import NAME_CHARACTERS
from layerclaims.subject.resolving.model_source import ModelSource
from layerclaims.subject.storage.description import UnusedWeights
from tests.architectures import MEASURED
from tests.builders import N_BLOCKS

Weights = dict[str, NDArray[Any]]
ONES = np.ones((2, 2), np.float32)
MASK = np.tril(np.ones((1, 1, 8, 8), np.float32))


@pytest.fixture
def damaged(model_folder: Callable[[str], Path], tmp_path: Path) -> Callable[..., Path]:
    """Give copies of a model with other weights or another configuration."""

    def make(architecture: str, change: Callable[[Weights], Weights], **config: object) -> Path:
        folder = shutil.copytree(model_folder(architecture), tmp_path / architecture)
        weights = change(load_file(folder / "model.safetensors"))
        save_file(weights, folder / "model.safetensors", {"format": "pt"})
        described = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**described, **config}))
        return folder

    return make


def load(folder: Path) -> LoadedModel:
    return load_model(ModelSource(folder.name, folder), dtype="float32", device="cpu", converted=None)


def with_more(**more: NDArray[Any]) -> Callable[[Weights], Weights]:
    return lambda weights: {**weights, **{name.replace("__", "."): values for name, values in more.items()}}


def as_published(weights: Weights) -> Weights:
    """Add what the published GPT-2 files hold beside the weights: a head and the causal masks."""
    masks: Weights = {f"h.{block}.attn.bias": MASK for block in range(N_BLOCKS)}
    masks |= {f"h.{block}.attn.masked_bias": np.full(1, -1e4, np.float32) for block in range(N_BLOCKS)}
    return {**weights, **masks, "lm_head.weight": weights["wte.weight"].copy()}


def with_prefix(weights: Weights) -> Weights:
    """Name weights as a model with a head saves them."""
    return {
        name if name.startswith("lm_head") else f"transformer.{name}": values
        for name, values in as_published(weights).items()
    }


@pytest.mark.parametrize("publish", [as_published, with_prefix])
def test_heads_and_stored_masks_are_counted(
    publish: Callable[[Weights], Weights], damaged: Callable[..., Path]
) -> None:
    unused = load(damaged("gpt2", publish)).unused
    assert unused is not None
    prefix = "transformer." if publish is with_prefix else ""
    assert unused.n == 2 * N_BLOCKS + 1
    assert unused.names == {
        f"{prefix}h.N.attn.bias": N_BLOCKS,
        f"{prefix}h.N.attn.masked_bias": N_BLOCKS,
        "lm_head.weight": 1,
    }


def test_nothing_is_counted_where_everything_is_used(model_folder: Callable[[str], Path]) -> None:
    assert load(model_folder("llama")).unused == UnusedWeights(n=0)


@pytest.mark.parametrize(
    ("architecture", "entry", "prefix"),
    [
        ("gpt2", "n_layer", ""),
        ("gpt2", "n_layer", "transformer."),
        ("llama", "num_hidden_layers", ""),
        ("llama", "num_hidden_layers", "model."),
    ],
)
def test_blocks_beyond_the_configured_are_refused(
    architecture: str, entry: str, prefix: str, damaged: Callable[..., Path]
) -> None:
    folder = damaged(
        architecture,
        lambda weights: {prefix + name: values for name, values in weights.items()},
        **{entry: 2},
    )
    with pytest.raises(InputError, match=r"belongs to block 2 \(from 0\), .* says 2 blocks"):
        load(folder)


def test_a_block_of_a_thousand_digits_is_refused_by_its_ends(damaged: Callable[..., Path]) -> None:
    folder = damaged("llama", with_more(**{f"layers__{1_000 * '9'}__norm__weight": ONES}))
    with pytest.raises(InputError, match=r"belongs to block 9+…9+ \(from 0\)") as caught:
        load(folder)
    assert len(str(caught.value)) < 1_500


def test_layers_that_predict_further_tokens_are_counted(damaged: Callable[..., Path]) -> None:
    extra = with_more(**{f"layers__{N_BLOCKS}__eh_proj__weight": ONES})
    unused = load(damaged("llama", extra, num_nextn_predict_layers=1)).unused
    assert unused == UnusedWeights(n=1, names={"layers.N.eh_proj.weight": 1})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("layers__0__mlp__down_proj__weight_scale_inv", "quantisation scales"),
        ("embed_tokens__weight_scale", "quantisation scales"),
        ("layers__1__mlp__up_proj__weight__absmax", "quantisation scales"),
        ("model__layers__1__self_attn__q_proj__SCB", "quantisation scales"),
        ("layers__0__self_attn__q_proj__lora_A__weight", "an adapter"),
        ("base_model__model__model__layers__0__self_attn__q_proj__lora_B__default__weight", "an adapter"),
        ("layers__0__self_attn__q_proj__bias", "which its configuration does not know"),
        ("norm__bias", "which its configuration does not know"),
    ],
)
def test_what_belongs_to_the_measured_part_is_refused(
    name: str, words: str, damaged: Callable[..., Path]
) -> None:
    with pytest.raises(InputError, match=rf"(?=.* \(1\)).*{words}") as caught:
        load(damaged("llama", with_more(**{name: ONES})))
    assert name.replace("__", ".") in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["score__weight", "lm_head__weight_scale", "classifier__out_proj__bias"])
def test_what_belongs_to_a_head_is_counted(name: str, damaged: Callable[..., Path]) -> None:
    unused = load(damaged("llama", with_more(**{name: ONES}))).unused
    assert unused == UnusedWeights(n=1, names={name.replace("__", "."): 1})


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.bool_])
@pytest.mark.parametrize("config", [{}, {"quantization_config": {"quant_method": "unheard-of"}}])
def test_whole_numbers_that_nothing_describes_are_no_weights(
    kind: type[np.generic], config: dict[str, object], damaged: Callable[..., Path]
) -> None:
    def quantise(weights: Weights) -> Weights:
        return {
            name: (127 * values).astype(kind) if "q_proj" in name else values
            for name, values in weights.items()
        }

    with pytest.raises(
        InputError, match=rf"weights in its files are whole numbers \({N_BLOCKS}\), such as layers.0"
    ):
        load(damaged("llama", quantise, **config))


def test_a_long_name_is_recorded_by_its_ends(damaged: Callable[..., Path]) -> None:
    unused = load(damaged("llama", with_more(**{"score__" + 100_000 * "x": ONES}))).unused
    assert unused is not None
    (name,) = unused.names
    assert len(name) == NAME_CHARACTERS


@pytest.mark.filterwarnings("ignore:Casting complex values")
def test_complex_weights_are_refused(damaged: Callable[..., Path]) -> None:
    def turn(weights: Weights) -> Weights:
        return {
            name: (1j * values).astype(np.complex64) if "q_proj" in name else values
            for name, values in weights.items()
        }

    with pytest.raises(InputError, match=rf"are complex numbers \({N_BLOCKS}\), such as layers.0"):
        load(damaged("llama", turn))


def test_masks_and_positions_of_whole_numbers_are_no_weights(damaged: Callable[..., Path]) -> None:
    masks = with_more(h__0__attn__bias=MASK.astype(np.uint8), lm_head__weight=ONES.astype(np.int8))
    unused = load(damaged("gpt2", masks)).unused
    assert unused is not None
    assert unused.n == 2


def test_weights_of_eight_bits_without_their_description_are_refused(tmp_path: Path) -> None:
    folder = quantised(tmp_path)
    config = json.loads((folder / "config.json").read_text())
    del config["quantization_config"]
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match=r"weight_scale_inv, which quantisation scales other weights by"):
        load(folder)


def test_weights_of_eight_bits_are_measured_as_what_they_stand_for_and_recorded(tmp_path: Path) -> None:
    loaded = load(quantised(tmp_path))
    assert loaded.quantization == "fp8, dequantised"
    assert loaded.unused == UnusedWeights(n=0)
    with torch.no_grad():
        exact = MEASURED["llama"].build().layers[0].mlp.up_proj.weight
        error = (loaded.model.layers[0].mlp.up_proj.weight - exact).abs().max() / exact.abs().max()
    assert 0 < float(error) < 0.1


def quantised(folder: Path) -> Path:
    """Write a model with weights of eight bits and a scale for each, as published ones have."""
    from safetensors.torch import load_file as load_tensors
    from safetensors.torch import save_file as save_tensors

    folder = MEASURED["llama"].save(folder / "llama")
    weights = load_tensors(folder / "model.safetensors")
    stored = {}
    for name, values in weights.items():
        is_scaled = values.ndim == 2 and "embed" not in name
        stored[name] = (values / 3).to(torch.float8_e4m3fn) if is_scaled else values
        if is_scaled:
            stored[f"{name}_scale_inv"] = torch.full((1, 1), 3.0)
    save_tensors(stored, folder / "model.safetensors", {"format": "pt"})
    described = {"quant_method": "fp8", "activation_scheme": "dynamic", "weight_block_size": [128, 128]}
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "quantization_config": described}))
    return folder
