"""Find a model's main stack of blocks, for any architecture."""

from typing import Any

import torch


def find_blocks(model: Any) -> torch.nn.ModuleList | None:
    """Find the model's main stack of blocks.

    It is the largest `ModuleList` whose length is the configuration's number of layers. The rule needs no
    list of architectures. `None` where there is no such list, as in models that run one block repeatedly.
    """
    n_layers = getattr(model.config.get_text_config(), "num_hidden_layers", None)
    stacks = [module for module in model.modules() if isinstance(module, torch.nn.ModuleList)]
    stacks = [stack for stack in stacks if len(stack) == n_layers]
    return max(stacks, key=lambda stack: sum(p.numel() for p in stack.parameters()), default=None)
