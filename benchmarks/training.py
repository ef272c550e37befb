"""Train a small GPT-2 on a text and keep it at step 0, 1, 2, 4, ...: claims over training, without the hub.

``python -m benchmarks.training OUT --text FILE`` writes ``OUT/gpt2-6x192-step-N`` in Hugging Face format and
prints the loss on the text and on its last tenth, which is held out; ``docs/comparing.md`` says what to do
with them. A novel is short: the model learns its text rather than the language, and the held-out loss lags.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import ByteLevelBPETokenizer
from torch import Tensor
from torch.nn.functional import cross_entropy
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast, set_seed
from transformers.utils import logging

CONTEXT = 128
BATCH = 8
LEARNING_RATE = 1e-3
WARM_UP = 20
HELD_OUT = 0.1
"""Share of the text, at its end."""


@dataclass(frozen=True)
class Text:
    """A text's tokens, to train on and held out; int64 of one dimension each."""

    train: Tensor
    held_out: Tensor


def train(
    out: Path, text: Path, *, n_blocks: int, width: int, vocabulary: int, steps: int, seed: int
) -> None:
    """Train from the first step to the last, and write the model at each power of two."""
    set_seed(seed)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    tokenizer = trained_tokenizer(text, vocabulary)
    tokens = torch.tensor(tokenizer(text.read_text(encoding="utf-8"), verbose=False)["input_ids"])
    split = int(len(tokens) * (1 - HELD_OUT))
    data = Text(tokens[:split], tokens[split:])
    config = GPT2Config(
        vocab_size=len(tokenizer),
        n_positions=CONTEXT,
        n_embd=width,
        n_layer=n_blocks,
        n_head=width // 32,
        bos_token_id=None,
        eos_token_id=None,
    )
    model = GPT2LMHeadModel(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / WARM_UP))
    rng = np.random.default_rng(seed)
    print(f"{model.num_parameters():,} parameters, {len(data.train):,} tokens to train on")
    print("   step  loss  held out  seconds")
    start = time.perf_counter()
    for step in range(steps + 1):
        if step & (step - 1) == 0:  # 0 and the powers of two
            folder = out / f"gpt2-{n_blocks}x{width}-step-{step}"
            model.save_pretrained(folder)
            tokenizer.save_pretrained(folder)
            known, unknown = (mean_loss(model, part) for part in (data.train, data.held_out))
            print(f"{step:7,}  {known:.2f}  {unknown:8.2f}  {time.perf_counter() - start:7.0f}", flush=True)
        if step < steps:
            loss = next_token_loss(model, batch(data.train, rng))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()


def trained_tokenizer(text: Path, vocabulary: int) -> PreTrainedTokenizerFast:
    """Learn byte pairs from the text."""
    learned = ByteLevelBPETokenizer()
    learned.train([str(text)], vocab_size=vocabulary, show_progress=False)
    return PreTrainedTokenizerFast(tokenizer_object=learned._tokenizer)  # type: ignore[no-untyped-call]


def batch(tokens: Tensor, rng: np.random.Generator) -> Tensor:
    """Draw stretches of the text, int64 ``[BATCH, CONTEXT]``."""
    starts = rng.integers(0, len(tokens) - CONTEXT, BATCH)
    return torch.stack([tokens[start : start + CONTEXT] for start in starts])


def next_token_loss(model: GPT2LMHeadModel, ids: Tensor) -> Tensor:
    """Give the mean cross entropy of each token after the first, in nats."""
    logits = model(ids[:, :-1]).logits
    return cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())


@torch.no_grad()
def mean_loss(model: GPT2LMHeadModel, tokens: Tensor, n_stretches: int = 16) -> float:
    """Measure the loss on stretches spread evenly over the tokens, without dropout."""
    model.eval()  # type: ignore[no-untyped-call]
    starts = np.linspace(0, len(tokens) - CONTEXT, n_stretches).astype(int)
    stretches = torch.stack([tokens[start : start + CONTEXT] for start in starts])
    loss = next_token_loss(model, stretches).item()
    model.train()
    return loss


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT", help="folder for the checkpoints")
    parser.add_argument("--text", type=Path, required=True, metavar="FILE", help="UTF-8 text to train on")
    parser.add_argument("--blocks", type=int, default=6)
    parser.add_argument("--width", type=int, default=192, help="hidden size, a multiple of 32")
    parser.add_argument("--vocabulary", type=int, default=2048, help="tokens of the tokenizer")
    parser.add_argument("--steps", type=int, default=512)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    train(
        given.out, given.text, n_blocks=given.blocks, width=given.width, vocabulary=given.vocabulary,
        steps=given.steps, seed=given.seed,
    )  # fmt: skip


if __name__ == "__main__":
    main()
