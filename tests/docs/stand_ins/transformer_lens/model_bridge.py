"""TransformerLens as far as the page calls it."""

from types import SimpleNamespace

import torch

from tests.docs.stand_ins.states import States


class TransformerBridge:
    """A model whose runs give a cache by the name of the place and the number of the block."""

    def __init__(self, name: str) -> None:
        self._states = States(name)
        self.cfg = SimpleNamespace(n_layers=self._states.n_layers)

    @classmethod
    def boot_transformers(cls, name: str) -> "TransformerBridge":
        """Load a model."""
        return cls(name)

    def run_with_cache(self, window: torch.Tensor) -> tuple[None, dict[tuple[str, int], torch.Tensor]]:
        """Give no logits, and the cache."""
        first, *others = self._states.read(window)
        return None, {("resid_pre", 0): first, **{("resid_post", n): one for n, one in enumerate(others)}}
