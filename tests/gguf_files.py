"""Write small models as GGUF files, in the layouts that llama.cpp gives each architecture."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from gguf import MODEL_ARCH_NAMES, GGMLQuantizationType, GGUFWriter, get_tensor_name_map, quantize
from numpy.typing import NDArray

from tests.architectures import GPT2, GROUPED, HEADS_OF_8, MODERN, ROUTED, STATE_SPACE, Architecture
from tests.builders import HIDDEN, N_BLOCKS, story

Tensors = dict[str, NDArray[np.float32]]
Entries = dict[str, int | float | list[int]]
BOS = "<|endoftext|>"
PIECES = ["<pad>", "<eos>", "<bos>", "<unk>", *sorted({*story(), "▁"})]


@cache
def byte_tokenizer() -> Any:  # noqa: ANN401 - untyped in tokenizers
    """Train a byte-level tokenizer, the kind that GGUF files describe most simply."""
    from tokenizers import ByteLevelBPETokenizer

    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator([story(200)], vocab_size=400, special_tokens=[BOS], show_progress=False)
    return tokenizer


N_TOKENS = byte_tokenizer().get_vocab_size()


def _as_it_is(_config: Any, tensors: Tensors) -> Tensors:  # noqa: ANN401
    return tensors


def _llama(config: Any, tensors: Tensors) -> Tensors:  # noqa: ANN401
    """Put the two halves of each rotary pair side by side."""
    heads = {".q_proj.weight": config.num_attention_heads, ".k_proj.weight": config.num_key_value_heads}
    for name, values in tensors.items():
        for ending, n_heads in heads.items():
            if name.endswith(ending):
                rows = values.reshape(n_heads, 2, -1, values.shape[1])
                tensors[name] = rows.swapaxes(1, 2).reshape(values.shape)
    return tensors


def _norms_around_one(_config: Any, tensors: Tensors) -> Tensors:  # noqa: ANN401
    return {name: values + 1 if name.endswith("norm.weight") else values for name, values in tensors.items()}


def _nemotron(_config: Any, tensors: Tensors) -> Tensors:  # noqa: ANN401
    return {name: values + 1 if "norm.weight" in name else values for name, values in tensors.items()}


def _gpt2(_config: Any, tensors: Tensors) -> Tensors:  # noqa: ANN401
    """Transpose what GPT-2 keeps as convolutions."""
    turned = (".c_attn.weight", ".c_proj.weight", ".c_fc.weight")
    return {name: values.T if name.endswith(turned) else values for name, values in tensors.items()}


def _bloom(config: Any, tensors: Tensors) -> Tensors:  # noqa: ANN401
    """Order query, key and value by role and not by head."""
    for name, values in tensors.items():
        if "query_key_value" in name:
            by_head = values.reshape(config.n_head, 3, -1, *values.shape[1:])
            tensors[name] = by_head.swapaxes(0, 1).reshape(values.shape)
    return tensors


def _convolved(_config: Any, tensors: Tensors) -> Tensors:  # noqa: ANN401
    changed = {}
    for name, values in tensors.items():
        if name.endswith(("conv1d.weight", "conv.conv.weight")):
            values = values[:, 0]
        elif name.endswith("A_log"):
            values = -np.exp(values)
        changed[name] = values
    return changed


def _experts(_config: Any, tensors: Tensors) -> Tensors:  # noqa: ANN401
    """Part the gate from the way up, which transformers keeps in one."""
    changed: Tensors = {}
    for name, values in tensors.items():
        if name.endswith("experts.gate_up_proj"):
            gate, up = np.split(values, 2, axis=1)
            changed[name.replace("gate_up_proj", "gate_proj.weight")] = gate
            changed[name.replace("gate_up_proj", "up_proj.weight")] = up
        elif name.endswith("experts.down_proj"):
            changed[f"{name}.weight"] = values
        else:
            changed[name] = values
    return changed


@dataclass(frozen=True)
class GgufLayout:
    """How an architecture is laid out in a file.

    Attributes
    ----------
    name : str
        As the file calls it.
    architecture : Architecture
        The model to be written.
    entries : dict
        What the file says beside sizes that all architectures have; whole numbers and others by type.
    convert : callable
        From transformers' tensors to the file's.
    """

    name: str
    architecture: Architecture
    entries: Entries = field(default_factory=dict)
    convert: Callable[[Any, Tensors], Tensors] = _as_it_is
    prefix: str = "model."

    def write(self, path: Path, model: Any, kind: str = "F32") -> Path:  # noqa: ANN401
        """Write a model with a tokenizer; matrices of numbers are stored as ``kind``."""
        writer = GGUFWriter(path, self.name)
        self._write_entries(writer, model.config)
        self._write_tokenizer(writer)
        for name, values in self._tensors(model):
            stored = GGMLQuantizationType[kind] if values.ndim > 1 else GGMLQuantizationType.F32
            writer.add_tensor(name, quantize(values, stored), raw_dtype=stored)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return path

    def _write_entries(self, writer: GGUFWriter, config: Any) -> None:  # noqa: ANN401
        writer.add_context_length(getattr(config, "max_position_embeddings", 128))
        writer.add_block_count(config.num_hidden_layers)
        writer.add_embedding_length(config.hidden_size)
        if hasattr(config, "num_attention_heads"):
            writer.add_head_count(config.num_attention_heads)
        if getattr(config, "num_key_value_heads", None) and "attention.head_count_kv" not in self.entries:
            writer.add_head_count_kv(config.num_key_value_heads)
        if isinstance(getattr(config, "intermediate_size", None), int):
            writer.add_feed_forward_length(config.intermediate_size)
        for name, value in self.entries.items():
            key = f"{self.name}.{name}"
            match value:
                case int():
                    writer.add_uint32(key, value)
                case float():
                    writer.add_float32(key, value)
                case _:
                    writer.add_array(key, value)

    def _write_tokenizer(self, writer: GGUFWriter) -> None:
        import json

        if self.name.startswith("gemma"):
            writer.add_tokenizer_model("llama")
            writer.add_token_list(PIECES)
            writer.add_token_scores([0.0] * len(PIECES))
            writer.add_token_types([3] * 3 + [2] + [1] * (len(PIECES) - 4))
            writer.add_pad_token_id(0)
            writer.add_eos_token_id(1)
            writer.add_bos_token_id(2)
            writer.add_unk_token_id(3)
            return

        trained = json.loads(byte_tokenizer()._tokenizer.to_str())["model"]
        tokens = sorted(trained["vocab"], key=trained["vocab"].get)
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("gpt-2")
        writer.add_token_list(tokens)
        writer.add_token_types([3 if token == BOS else 1 for token in tokens])
        writer.add_token_merges([" ".join(pair) for pair in trained["merges"]])
        writer.add_pad_token_id(0)
        writer.add_bos_token_id(0)
        writer.add_eos_token_id(0)

    def _tensors(self, model: Any) -> Iterator[tuple[str, NDArray[np.float32]]]:  # noqa: ANN401
        (number,) = (number for number, name in MODEL_ARCH_NAMES.items() if name == self.name)
        names = get_tensor_name_map(number, model.config.num_hidden_layers)
        own = {f"{self.prefix}{name}": values.float().numpy() for name, values in model.state_dict().items()}
        for name, values in self.convert(model.config, own).items():
            mapped = names.get_name(name, try_suffixes=(".weight", ".bias"))
            assert mapped, name
            yield mapped, np.ascontiguousarray(values)


def _sized(config: str, choices: dict[str, Any], n_tokens: int = N_TOKENS) -> Architecture:
    return Architecture(config, {**choices, "vocab_size": n_tokens})


# None of them a default, or a reader that forgot them would pass.
RMS: Entries = {"attention.layer_norm_rms_epsilon": 2e-5}
NORM: Entries = {"attention.layer_norm_epsilon": 2e-5}
ROTARY: Entries = {"rope.freq_base": 5e5}
ROPE = {"rope_parameters": {"rope_type": "default", "rope_theta": 5e5}}
EPSILON = {"rms_norm_eps": 2e-5}
# The reader takes this size of a head whatever the file says.
WIDE_HEADS = {**GROUPED, "head_dim": 128}
LAYOUTS = {
    layout.name: layout
    for layout in (
        GgufLayout(
            "llama",
            _sized("LlamaConfig", {**GROUPED, **EPSILON, **ROPE}),
            {**RMS, **ROTARY, "rope.dimension_count": 8},
            _llama,
        ),
        GgufLayout("qwen2", _sized("Qwen2Config", {**GROUPED, **EPSILON, **ROPE}), {**RMS, **ROTARY}),
        GgufLayout("qwen3", _sized("Qwen3Config", {**WIDE_HEADS, **EPSILON, **ROPE}), {**RMS, **ROTARY}),
        GgufLayout(
            "qwen3moe",
            _sized(
                "Qwen3MoeConfig",
                {
                    **WIDE_HEADS,
                    **ROUTED,
                    **EPSILON,
                    **ROPE,
                    "moe_intermediate_size": 768,
                    "norm_topk_prob": True,
                },
            ),
            {**RMS, **ROTARY, "attention.key_length": 128, "expert_count": 4, "expert_used_count": 2},
            _experts,
        ),
        GgufLayout(
            "gemma2",
            _sized("Gemma2Config", {**HEADS_OF_8, **EPSILON}, len(PIECES)),
            {**RMS, "attention.key_length": 8, "attention.sliding_window": 4096},
            _norms_around_one,
        ),
        GgufLayout(
            "gemma3",
            _sized("Gemma3TextConfig", {**HEADS_OF_8, **EPSILON}, len(PIECES)),
            {**RMS, "attention.key_length": 8, "attention.sliding_window": 4096},
            _norms_around_one,
        ),
        GgufLayout(
            "gpt2",
            _sized("GPT2Config", {**GPT2, "n_positions": 1024, "layer_norm_epsilon": 2e-5}),
            NORM,
            _gpt2,
            prefix="transformer.",
        ),
        GgufLayout(
            "phi3",
            _sized("Phi3Config", {**MODERN, "num_key_value_heads": 4, **EPSILON, **ROPE}),
            {**RMS, **ROTARY},
        ),
        GgufLayout("falcon", _sized("FalconConfig", MODERN), prefix="transformer."),
        GgufLayout(
            "bloom",
            _sized(
                "BloomConfig",
                {"hidden_size": HIDDEN, "n_layer": N_BLOCKS, "n_head": 4, "layer_norm_epsilon": 2e-5},
            ),
            NORM,
            _bloom,
            prefix="",
        ),
        GgufLayout("starcoder2", _sized("Starcoder2Config", {**GROUPED, "norm_epsilon": 2e-5}), NORM),
        GgufLayout(
            "stablelm",
            _sized("StableLmConfig", {**MODERN, "num_key_value_heads": 4, "layer_norm_eps": 2e-5}),
            NORM,
        ),
        GgufLayout("nemotron", _sized("NemotronConfig", {**GROUPED, "norm_eps": 2e-5}), RMS, _nemotron),
        GgufLayout(
            "mamba",
            _sized("MambaConfig", {**STATE_SPACE, "time_step_rank": 2, "layer_norm_epsilon": 2e-5}),
            {**RMS, "ssm.conv_kernel": 4, "ssm.state_size": 8, "ssm.time_step_rank": 2, "ssm.inner_size": 64},
            _convolved,
            prefix="backbone.",
        ),
        GgufLayout(
            "lfm2",
            _sized(
                "Lfm2Config",
                {
                    **GROUPED,
                    "layer_types": ["conv", "full_attention"] * 2,
                    "norm_eps": 2e-5,
                    **ROPE,
                    "block_auto_adjust_ff_dim": False,
                },
            ),
            {**RMS, **ROTARY, "shortconv.l_cache": 3, "attention.head_count_kv": [0, 2, 0, 2]},
            _convolved,
        ),
    )
}
# Not read by the pinned transformers.
UNREAD = GgufLayout("gptneox", _sized("GPTNeoXConfig", MODERN), NORM, prefix="gpt_neox.")
