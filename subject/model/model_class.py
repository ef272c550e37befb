"""Which of transformers' classes builds a model, and which part of it is measured."""

from typing import Any

import torch
from transformers import (
    MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING,
    MODEL_MAPPING,
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    PreTrainedConfig,
)


def named_results(config: Any) -> Any:
    """Let a model give its results by name, also where its configuration says otherwise."""
    for part in (config, *vars(config).values()):
        if isinstance(part, PreTrainedConfig):
            part.return_dict = True
    return config


def automatic_class(config: Any) -> Any:
    """Return the class that loads a base model.

    A model's own code may define only the model with head, and a model made of an encoder's and a decoder's
    folder has no base model.
    """
    if type(config) in MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING and type(config) not in MODEL_MAPPING:
        return AutoModelForSeq2SeqLM
    own = getattr(config, "auto_map", None) or {}
    return AutoModelForCausalLM if "AutoModelForCausalLM" in own and "AutoModel" not in own else AutoModel


def build_untrained(config: Any, dtype: torch.dtype, *, trusts_code: bool) -> Any:
    """Build a model with its random initial weights."""
    return automatic_class(config).from_config(config, dtype=dtype, trust_remote_code=trusts_code)


def measured_part(model: Any, config: Any) -> Any:
    """Return the part that is measured: without its head, and of an encoder-decoder model the encoder."""
    if automatic_class(model.config) is AutoModelForCausalLM:
        model = model.base_model
    return model.get_encoder() if getattr(config, "is_encoder_decoder", False) else model
