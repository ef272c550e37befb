"""What goes into the first block of a GPT-2 and comes out of each, read without hooks."""

from typing import Any

import torch
from transformers import AutoModel


class States:
    """A model whose blocks are called one after the other."""

    def __init__(self, name: str) -> None:
        self.model: Any = AutoModel.from_pretrained(name).eval()
        self.n_layers = len(self.model.h)

    def read(self, window: torch.Tensor) -> list[torch.Tensor]:
        """Give every level of a window, ``(1, tokens, dimensions)`` each."""
        with torch.no_grad():
            places = torch.arange(window.shape[1])
            levels = [self.model.wte(window) + self.model.wpe(places)]
            for block in self.model.h:
                output = block(levels[-1])
                levels.append(output[0] if isinstance(output, tuple) else output)
        return levels
