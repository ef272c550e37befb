"""Small real things to test with: a text, a tokenizer, untrained models, activations."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from layerclaims.claims.document import DOCUMENT
from layerclaims.subject.storage.activation_file import Activations

KINDS = DOCUMENT.kind_keys
WORD_LIST = """
river boat night captain water lantern shore wind voice morning silence door road stone letter bird
window hand light rain house table fire shadow grass bell coat paper bread clock
"""
WORDS = WORD_LIST.split()
N_BLOCKS = 4
HIDDEN = 32
# Names of the list of blocks and of the final norm, by architecture.
BLOCKS = {"gpt2": "h", "llama": "layers", "gpt_neox": "layers", "bert": "encoder.layer", "t5": "block"}
FINAL_NORMS = {
    "gpt2": "ln_f",
    "llama": "norm",
    "gpt_neox": "final_layer_norm",
    "bert": None,
    "t5": "final_layer_norm",
}
CAUSAL = ("gpt2", "llama", "gpt_neox")


def story(n_sentences: int = 60, seed: int = 0) -> str:
    """Make sentences with a comma and a full stop each, no two alike in their words."""
    rng = np.random.default_rng(seed)
    sentences = []
    for _ in range(n_sentences):
        before, after = (rng.choice(WORDS, size=rng.integers(4, 9)) for _ in range(2))
        sentences.append(f"{' '.join(before)}, {' '.join(after)}.")
    return " ".join(sentences)


def word_tokenizer() -> Any:  # noqa: ANN401 - untyped in transformers
    """Make a tokenizer whose tokens are words and punctuation marks."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: number for number, word in enumerate(["[UNK]", ",", ".", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]")  # type: ignore[no-untyped-call]


def untrained_model(architecture: str, seed: int = 0) -> Any:  # noqa: ANN401 - untyped in transformers
    """Make a model with random weights, norms included, so that no two modules compute the same."""
    import torch
    import transformers

    size = len(WORDS) + 3
    configurations: dict[str, Callable[[], Any]] = {
        "gpt2": lambda: transformers.GPT2Config(
            vocab_size=size, n_positions=128, n_embd=HIDDEN, n_layer=N_BLOCKS, n_head=4
        ),
        "llama": lambda: transformers.LlamaConfig(
            vocab_size=size,
            hidden_size=HIDDEN,
            intermediate_size=64,
            num_hidden_layers=N_BLOCKS,
            num_attention_heads=4,
            num_key_value_heads=2,
        ),
        "gpt_neox": lambda: transformers.GPTNeoXConfig(
            vocab_size=size,
            hidden_size=HIDDEN,
            intermediate_size=64,
            num_hidden_layers=N_BLOCKS,
            num_attention_heads=4,
        ),
        "bert": lambda: transformers.BertConfig(
            vocab_size=size,
            hidden_size=HIDDEN,
            intermediate_size=64,
            num_hidden_layers=N_BLOCKS,
            num_attention_heads=4,
        ),
        "t5": lambda: transformers.T5Config(
            vocab_size=size, d_model=HIDDEN, d_kv=8, d_ff=64, num_layers=N_BLOCKS, num_heads=4
        ),
    }
    torch.manual_seed(seed)
    configuration = configurations[architecture]()
    model: Any = transformers.AutoModel.from_config(configuration)  # type: ignore[no-untyped-call]
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return model


def save_model(folder: Path, architecture: str = "gpt2", seed: int = 0) -> Path:
    """Write an untrained model with its tokenizer in Hugging Face format."""
    untrained_model(architecture, seed).save_pretrained(folder)
    word_tokenizer().save_pretrained(folder)
    return folder


def random_activations(
    n_layers: int = N_BLOCKS, n_tokens: int = 24, hidden: int = HIDDEN, seed: int = 0
) -> Activations:
    """Make activations that share a direction, so that covariance is positive and grows with depth."""
    rng = np.random.default_rng(seed)
    scales = 2.0 ** np.arange(n_layers + 1)[:, None, None]
    residual = {}
    for kind in KINDS:
        shared = rng.normal(size=(n_layers + 1, 1, hidden))
        noise = rng.normal(size=(n_layers + 1, n_tokens, hidden))
        noise[0] = 0
        residual[kind] = (scales * (shared + 0.5 * noise)).astype(np.float32)
    final = {kind: rng.normal(size=(n_tokens, hidden)).astype(np.float32) for kind in KINDS}
    return Activations(residual, final, {"model": "random", "corpus": {"name": "none"}})
