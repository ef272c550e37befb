"""Small models of very many architectures, with what is known of each from its own description."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.builders import HIDDEN, N_BLOCKS, WORDS, word_tokenizer

N_TOKENS = len(WORDS) + 3
MODERN = {
    "vocab_size": N_TOKENS,
    "hidden_size": HIDDEN,
    "intermediate_size": 64,
    "num_hidden_layers": N_BLOCKS,
    "num_attention_heads": 4,
    "max_position_embeddings": 128,
    "pad_token_id": 0,
    "bos_token_id": 0,
    "eos_token_id": 0,
}
GROUPED = {**MODERN, "num_key_value_heads": 2}
HEADS_OF_8 = {**GROUPED, "head_dim": 8}
ROUTED = {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32}
LINEAR = {
    "linear_num_value_heads": 4,
    "linear_num_key_heads": 2,
    "linear_key_head_dim": 8,
    "linear_value_head_dim": 8,
}
GPT2 = {"vocab_size": N_TOKENS, "n_positions": 128, "n_embd": HIDDEN, "n_layer": N_BLOCKS, "n_head": 4}
OPT = {
    "vocab_size": N_TOKENS,
    "hidden_size": HIDDEN,
    "ffn_dim": 64,
    "num_hidden_layers": N_BLOCKS,
    "num_attention_heads": 4,
    "max_position_embeddings": 128,
}
STATE_SPACE = {"vocab_size": N_TOKENS, "hidden_size": HIDDEN, "num_hidden_layers": N_BLOCKS, "state_size": 8}
RECURRENT = {"vocab_size": N_TOKENS, "hidden_size": HIDDEN, "num_hidden_layers": N_BLOCKS}
T5 = {
    "vocab_size": N_TOKENS,
    "d_model": HIDDEN,
    "d_kv": 8,
    "d_ff": 64,
    "num_layers": N_BLOCKS,
    "num_heads": 4,
}
BART = {
    "vocab_size": N_TOKENS,
    "d_model": HIDDEN,
    "encoder_layers": N_BLOCKS,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 128,
    "pad_token_id": 0,
    "bos_token_id": 0,
    "eos_token_id": 0,
    "decoder_start_token_id": 0,
}
PROPHETNET = {
    "vocab_size": N_TOKENS,
    "hidden_size": HIDDEN,
    "num_encoder_layers": N_BLOCKS,
    "num_decoder_layers": N_BLOCKS,
    "num_encoder_attention_heads": 4,
    "num_decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 128,
}
LATENT = {
    "n_routed_experts": 4,
    "num_experts_per_tok": 2,
    "moe_intermediate_size": 32,
    "n_group": 1,
    "topk_group": 1,
    "q_lora_rank": 16,
    "kv_lora_rank": 8,
    "qk_rope_head_dim": 8,
    "qk_nope_head_dim": 8,
    "v_head_dim": 8,
    "first_k_dense_replace": 1,
}
JAMBA = {
    "num_experts": 2,
    "attn_layer_period": 2,
    "attn_layer_offset": 1,
    "expert_layer_period": 2,
    "expert_layer_offset": 1,
    "mamba_d_state": 8,
    "use_mamba_kernels": False,
}
BAMBA = {
    "attn_layer_indices": [1, 3],
    "mamba_n_heads": 8,
    "mamba_d_head": 8,
    "mamba_d_state": 8,
    "mamba_n_groups": 1,
}
REFORMER = {
    "axial_pos_shape": [8, 16],
    "axial_pos_embds_dim": [16, 16],
    "attn_layers": ["local"] * N_BLOCKS,
    "feed_forward_size": 64,
    "attention_head_size": 8,
    "local_attn_chunk_length": 16,
}
DISENTANGLED = {"relative_attention": True, "position_biased_input": False, "pos_att_type": ["p2c", "c2p"]}
GEMMA_3N = {
    "vocab_size_per_layer_input": N_TOKENS,
    "hidden_size_per_layer_input": 8,
    "num_kv_shared_layers": 0,
    "laurel_rank": 4,
    "altup_num_inputs": 2,
}
PICTURE = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": N_BLOCKS,
    "num_attention_heads": 2,
    "image_size": 28,
}
ROTARY_SECTIONS = {"rope_type": "default", "rope_theta": 1e4, "mrope_section": [1, 1, 2]}


@dataclass(frozen=True)
class Architecture:
    """What an architecture's description says.

    Attributes
    ----------
    config : str
        Name of its configuration class.
    choices : dict
        Arguments that make it small; a pair of class name and arguments makes an inner configuration.
    stack : str or None
        Where its blocks lie; `None` where one block runs again and again.
    causal, positions, final_norm : bool
        Whether it looks back only, adds a vector for the position, and applies a norm after the last block.
    """

    config: str
    choices: dict[str, Any]
    stack: str | None = "layers"
    causal: bool = True
    positions: bool = False
    final_norm: bool = True

    def build(self, seed: int = 0) -> Any:  # noqa: ANN401 - untyped in transformers
        """Make a model with random weights, norms included, so that no two modules compute the same."""
        import torch
        import transformers

        config = _config(self.config, self.choices)
        torch.manual_seed(seed)
        model: Any = transformers.AutoModel.from_config(config)  # type: ignore[no-untyped-call]
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(0.1 * torch.randn_like(parameter))
        return model.eval()

    def save(self, folder: Path) -> Path:
        """Write such a model with a tokenizer, in Hugging Face format."""
        self.build().save_pretrained(folder)
        word_tokenizer().save_pretrained(folder)
        return folder


def _config(name: str, choices: dict[str, Any]) -> Any:  # noqa: ANN401 - untyped in transformers
    import transformers

    made = {key: _config(*value) if isinstance(value, tuple) else value for key, value in choices.items()}
    configure: Callable[..., Any] = getattr(transformers, name)
    return configure(**made)


def _bert(config: str, choices: dict[str, Any], **known: Any) -> Architecture:  # noqa: ANN401
    """Describe an encoder like BERT: learned positions, norms inside the blocks only."""
    like_bert: dict[str, Any] = {
        "stack": "encoder.layer",
        "causal": False,
        "positions": True,
        "final_norm": False,
    }
    return Architecture(config, choices, **(like_bert | known))


def _seeing(config: str, text: tuple[str, dict[str, Any]], picture: str, stack: str) -> Architecture:
    """Describe a model of text and pictures, of which the text's part is measured."""
    return Architecture(config, {"text_config": text, "vision_config": (picture, PICTURE)}, stack)


LLAMA = ("LlamaConfig", GROUPED)
MEASURED = {
    "gpt2": Architecture("GPT2Config", GPT2, "h", positions=True),
    "gpt_bigcode": Architecture("GPTBigCodeConfig", GPT2, "h", positions=True),
    "openai-gpt": Architecture("OpenAIGPTConfig", GPT2, "h", positions=True, final_norm=False),
    "ctrl": Architecture(
        "CTRLConfig",
        {"vocab_size": N_TOKENS, "n_positions": 128, "n_embd": HIDDEN, "n_layer": 4, "n_head": 4, "dff": 64},
        "h",
        positions=True,
    ),
    "gpt_neo": Architecture(
        "GPTNeoConfig",
        {
            "vocab_size": N_TOKENS,
            "hidden_size": HIDDEN,
            "num_layers": N_BLOCKS,
            "num_heads": 4,
            "max_position_embeddings": 128,
            "attention_types": [[["global", "local"], 2]],
            "window_size": 16,
        },
        "h",
        positions=True,
    ),
    "opt": Architecture(
        "OPTConfig", {**OPT, "word_embed_proj_dim": HIDDEN}, "decoder.layers", positions=True
    ),
    # As OPT-350M: embeddings are projected in and out, the list ends in the projection.
    "opt with projections": Architecture(
        "OPTConfig",
        {**OPT, "word_embed_proj_dim": 16, "do_layer_norm_before": False},
        "decoder.layers",
        positions=True,
        final_norm=False,
    ),
    "xglm": Architecture(
        "XGLMConfig",
        {"vocab_size": N_TOKENS, "d_model": HIDDEN, "ffn_dim": 64, "num_layers": 4, "attention_heads": 4},
        positions=True,
    ),
    "biogpt": Architecture("BioGptConfig", MODERN, positions=True),
    "gptj": Architecture("GPTJConfig", {**GPT2, "rotary_dim": 4}, "h"),
    "codegen": Architecture("CodeGenConfig", {**GPT2, "rotary_dim": 4}, "h"),
    "gpt_neox": Architecture("GPTNeoXConfig", MODERN),
    "gpt_neox in sequence": Architecture("GPTNeoXConfig", {**MODERN, "use_parallel_residual": False}),
    "bloom": Architecture(
        "BloomConfig", {"vocab_size": N_TOKENS, "hidden_size": HIDDEN, "n_layer": 4, "n_head": 4}, "h"
    ),
    "mpt": Architecture(
        "MptConfig",
        {"vocab_size": N_TOKENS, "d_model": HIDDEN, "n_layers": 4, "n_heads": 4, "max_seq_len": 128},
        "blocks",
    ),
    "falcon": Architecture("FalconConfig", MODERN, "h"),
    "falcon with alibi": Architecture("FalconConfig", {**MODERN, "alibi": True, "parallel_attn": False}, "h"),
    "falcon 40b": Architecture(
        "FalconConfig", {**MODERN, "new_decoder_architecture": True, "num_kv_heads": 2}, "h"
    ),
    "llama": Architecture(*LLAMA),
    "llama with tied weights": Architecture("LlamaConfig", {**GROUPED, "tie_word_embeddings": True}),
    "mistral": Architecture("MistralConfig", GROUPED),
    "qwen2": Architecture("Qwen2Config", GROUPED),
    "qwen3": Architecture("Qwen3Config", HEADS_OF_8),
    "gemma": Architecture("GemmaConfig", HEADS_OF_8),
    "gemma2": Architecture("Gemma2Config", HEADS_OF_8),
    "gemma3_text": Architecture("Gemma3TextConfig", HEADS_OF_8),
    "phi": Architecture("PhiConfig", MODERN),
    "phi3": Architecture("Phi3Config", {**MODERN, "num_key_value_heads": 4}),
    "stablelm": Architecture("StableLmConfig", {**MODERN, "num_key_value_heads": 4}),
    "starcoder2": Architecture("Starcoder2Config", GROUPED),
    "olmo2": Architecture("Olmo2Config", MODERN),
    "cohere": Architecture("CohereConfig", GROUPED),
    "granite": Architecture("GraniteConfig", GROUPED),
    "nemotron": Architecture("NemotronConfig", HEADS_OF_8),
    "persimmon": Architecture("PersimmonConfig", MODERN),
    "glm": Architecture("GlmConfig", HEADS_OF_8),
    "smollm3": Architecture("SmolLM3Config", GROUPED),
    "exaone4": Architecture("Exaone4Config", GROUPED),
    "diffllama": Architecture("DiffLlamaConfig", GROUPED),
    "mixtral": Architecture("MixtralConfig", {**GROUPED, "num_local_experts": 4}),
    "qwen2_moe": Architecture("Qwen2MoeConfig", {**GROUPED, **ROUTED, "shared_expert_intermediate_size": 32}),
    "qwen3_moe": Architecture("Qwen3MoeConfig", {**HEADS_OF_8, **ROUTED}),
    "olmoe": Architecture("OlmoeConfig", {**GROUPED, "num_experts": 4, "num_experts_per_tok": 2}),
    "gpt_oss": Architecture("GptOssConfig", {**HEADS_OF_8, "num_local_experts": 4, "num_experts_per_tok": 2}),
    "deepseek_v3": Architecture("DeepseekV3Config", {**MODERN, **LATENT, "num_key_value_heads": 4}),
    "granitemoe": Architecture("GraniteMoeConfig", {**GROUPED, "num_local_experts": 4}),
    "mamba": Architecture("MambaConfig", STATE_SPACE),
    "mamba2": Architecture(
        "Mamba2Config", {**STATE_SPACE, "num_heads": 8, "head_dim": 8, "n_groups": 1, "expand": 2}
    ),
    "falcon_mamba": Architecture("FalconMambaConfig", STATE_SPACE),
    "rwkv": Architecture("RwkvConfig", {**RECURRENT, "attention_hidden_size": HIDDEN}, "blocks"),
    "xlstm": Architecture("xLSTMConfig", {**RECURRENT, "num_heads": 4}, "blocks"),
    "jamba": Architecture("JambaConfig", {**GROUPED, **JAMBA}),
    "bamba": Architecture("BambaConfig", {**GROUPED, **BAMBA}),
    "recurrent_gemma": Architecture(
        "RecurrentGemmaConfig", {**GROUPED, "lru_width": HIDDEN, "attention_window_size": 64}
    ),
    "lfm2": Architecture("Lfm2Config", {**GROUPED, "layer_types": ["conv", "full_attention"] * 2}),
    "qwen3_next": Architecture(
        "Qwen3NextConfig", {**HEADS_OF_8, **ROUTED, **LINEAR, "shared_expert_intermediate_size": 32}
    ),
    "qwen3_5_text": Architecture("Qwen3_5TextConfig", {**HEADS_OF_8, **LINEAR}),
    "bert": _bert("BertConfig", MODERN),
    "roberta": _bert("RobertaConfig", MODERN),
    "distilbert": _bert(
        "DistilBertConfig",
        {"vocab_size": N_TOKENS, "dim": HIDDEN, "hidden_dim": 64, "n_layers": 4, "n_heads": 4},
        stack="transformer.layer",
    ),
    "albert": _bert("AlbertConfig", {**MODERN, "embedding_size": 16}, stack=None),
    "electra": _bert("ElectraConfig", {**MODERN, "embedding_size": 16}),
    "deberta-v2": _bert("DebertaV2Config", MODERN),
    "deberta-v3": _bert(
        "DebertaV2Config", {**MODERN, **DISENTANGLED, "position_buckets": 16}, positions=False
    ),
    "modernbert": _bert("ModernBertConfig", MODERN, stack="layers", positions=False, final_norm=True),
    "mpnet": _bert("MPNetConfig", MODERN),
    "esm": _bert("EsmConfig", MODERN, final_norm=True),
    "longformer": _bert("LongformerConfig", {**MODERN, "attention_window": [8] * N_BLOCKS}),
    "big_bird": _bert("BigBirdConfig", {**MODERN, "attention_type": "original_full"}),
    "fnet": _bert(
        "FNetConfig",
        {**{key: MODERN[key] for key in ("vocab_size", "hidden_size", "intermediate_size")}}
        | {"num_hidden_layers": N_BLOCKS, "max_position_embeddings": 128},
    ),
    "reformer": _bert("ReformerConfig", {**MODERN, **REFORMER}, stack="encoder.layers"),
    "t5": _bert("T5Config", T5, stack="block", positions=False, final_norm=True),
    "umt5": _bert("UMT5Config", T5, stack="block", positions=False, final_norm=True),
    "bart": _bert("BartConfig", BART, stack="layers"),
    "mbart": _bert("MBartConfig", BART, stack="layers", final_norm=True),
    "marian": _bert("MarianConfig", BART, stack="layers"),
    "m2m_100": _bert("M2M100Config", BART, stack="layers", final_norm=True),
    "prophetnet": _bert("ProphetNetConfig", PROPHETNET, stack="layers"),
    "llava": _seeing("LlavaConfig", LLAMA, "CLIPVisionConfig", "language_model.layers"),
    "gemma3": _seeing(
        "Gemma3Config", ("Gemma3TextConfig", HEADS_OF_8), "SiglipVisionConfig", "language_model.layers"
    ),
    "idefics3": _seeing("Idefics3Config", LLAMA, "Idefics3VisionConfig", "text_model.layers"),
    "qwen2_vl": Architecture(
        "Qwen2VLConfig",
        {
            "text_config": {**GROUPED, "rope_parameters": ROTARY_SECTIONS},
            "vision_config": {"depth": 4, "embed_dim": 16, "num_heads": 2, "hidden_size": HIDDEN},
        },
        "language_model.layers",
    ),
}
# With words of the sentence that says why.
REFUSED = {
    # Blocks work on (tokens, windows, dimensions).
    "xlnet": (
        Architecture(
            "XLNetConfig",
            {"vocab_size": N_TOKENS, "d_model": HIDDEN, "n_layer": 4, "n_head": 4, "d_inner": 64},
        ),
        "not one vector a token",
    ),
    # Attention and feed-forward parts lie in lists of their own.
    "xlm": (
        Architecture("XLMConfig", {"vocab_size": N_TOKENS, "emb_dim": HIDDEN, "n_layers": 4, "n_heads": 4}),
        "not what its blocks are given",
    ),
    # Halves the residual stream after every sixth block, which its blocks do not show.
    "rwkv that rescales": (
        Architecture("RwkvConfig", {**RECURRENT, "attention_hidden_size": HIDDEN, "rescale_every": 2}),
        "not what its blocks are given",
    ),
    # Several copies of the residual stream at once.
    "gemma3n_text": (
        Architecture("Gemma3nTextConfig", {**HEADS_OF_8, **GEMMA_3N}),
        "not one vector a token",
    ),
    "clip": (
        Architecture(
            "CLIPConfig",
            {"text_config": MODERN, "vision_config": {**PICTURE, "patch_size": 14}},
        ),
        "cannot be run on tokens alone",
    ),
    "vit": (Architecture("ViTConfig", {**PICTURE, "patch_size": 14}), "reads pixel_values"),
    "whisper": (Architecture("WhisperConfig", BART), "reads input_features"),
}
