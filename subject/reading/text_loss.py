"""Measure how well a causal model predicts a text, where its output layer is its embedding.

The model is loaded without its head. Where the configuration says that the head is the embedding matrix
itself, the last hidden states are enough to predict the next token.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from layerclaims.subject.model.loading import LoadedModel
from layerclaims.subject.reading.hidden_states import longest_window, run_model
from layerclaims.subject.storage.description import TextLoss

PASSAGES = 4
LENGTH = 128
"""Tokens of a passage. Four of them have a twentieth of the tokens of 500 windows."""

RESCALED_LOGITS = ("final_logit_softcapping", "logit_scale", "logits_scaling", "lm_head_multiplier")
"""Settings of models whose output is more than a product with the embedding matrix."""


def text_loss(loaded: LoadedModel, ids: NDArray[np.int64], *, first: int = 0) -> TextLoss | None:
    """Measure the loss on passages spread evenly over a text.

    Parameters
    ----------
    loaded : LoadedModel
        A causal model.
    ids : ndarray of int64, shape (n_tokens,)
        The text.
    first : int
        Position of the first token that may be used.

    Returns
    -------
    TextLoss or None
        `None` where the head is not the embedding matrix, or the text is too short.
    """
    output = _tied_output(loaded)
    length = min(LENGTH, longest_window(loaded.model) or LENGTH)
    n_passages = min(PASSAGES, (len(ids) - first) // length)
    if output is None or n_passages < 2:
        return None
    starts = np.linspace(first, len(ids) - length, n_passages).astype(int)
    try:
        # One passage at a time: the probabilities of all tokens of a large vocabulary take memory.
        means = [_passage_loss(loaded, output, ids[start : start + length]) for start in starts]
    except MemoryError:
        return None
    if None in means:
        return None
    bits = np.array(means, dtype=np.float64)
    return TextLoss(
        bits=float(bits.mean()),
        standard_error=float(bits.std(ddof=1) / np.sqrt(len(bits))),
        guess=float(np.log2(len(output))),
        n_tokens=n_passages * (length - 1),
        n_passages=n_passages,
    )


def _passage_loss(loaded: LoadedModel, output: torch.Tensor, passage: NDArray[np.int64]) -> float | None:
    """Return the mean loss of a passage's tokens after its first, in bits."""
    state = getattr(run_model(loaded, passage[None]), "last_hidden_state", None)
    if state is None or state.shape[-1] != output.shape[-1]:
        return None
    with torch.inference_mode():
        logits = (state[0, :-1] @ output.T.to(state.device)).float()
        following = torch.from_numpy(passage[1:]).to(logits.device)
        return float(torch.nn.functional.cross_entropy(logits, following)) / float(np.log(2))


def _tied_output(loaded: LoadedModel) -> torch.Tensor | None:
    """Return the embedding matrix where it is the output layer too, with nothing after it."""
    config = loaded.model.config.get_text_config()
    if getattr(config, "tie_word_embeddings", False) is not True:
        return None
    if any(getattr(config, name, None) not in (None, 1, 1.0) for name in RESCALED_LOGITS):
        return None
    try:
        weight = loaded.model.get_input_embeddings().weight
    except (AttributeError, NotImplementedError):
        return None
    is_there = isinstance(weight, torch.Tensor) and weight.ndim == 2 and weight.device.type != "meta"
    return weight if is_there else None
