"""The calls of nnsight that the page makes: what is saved in a trace has its values when the trace ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import torch

from tests.docs.stand_ins.states import States

_saved: list[list[Any]] = []
"""Lists given to `save` in the trace that is open, of numbers of levels."""


def save(levels: list[Any]) -> list[Any]:
    """Keep a list, whose levels are put in when the trace ends."""
    _saved.append(levels)
    return levels


class LanguageModel:
    """A model whose blocks have inputs and outputs, which stand for their values in a trace."""

    def __init__(self, name: str, *, dispatch: bool) -> None:
        assert dispatch
        self._states = States(name)
        blocks = [SimpleNamespace(input=level, output=level + 1) for level in range(self._states.n_layers)]
        self.transformer = SimpleNamespace(h=blocks)

    @contextmanager
    def trace(self, window: torch.Tensor) -> Iterator[None]:
        """Run the model when the block of code ends."""
        _saved.clear()
        yield
        levels = self._states.read(window)
        for wanted in _saved:
            wanted[:] = [levels[number] for number in wanted]
