"""What the benchmarks of the engine measure: written activations, or tokens drawn in their likeness."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

Activations = dict[str, NDArray[np.floating]]
KINDS = ("internal", "terminal")


def read_activations(path: Path) -> Activations:
    """Read what ``pytest claims/ --save-activations FILE`` wrote."""
    tensors = load_file(path)
    return {kind: tensors[kind] for kind in KINDS}


def drawn_activations(n_layers: int = 31, n_tokens: int = 250, hidden: int = 576) -> Activations:
    """Draw tokens like SmolLM2's: correlated, heavy tails, large dimensions that part of the tokens drop."""
    rng = np.random.default_rng(0)
    activations = {}
    for kind in KINDS:
        shared = rng.standard_t(8, size=(n_layers, 1, hidden))
        values = shared + 0.4 * rng.standard_t(10, size=(n_layers, n_tokens, hidden))
        values[..., 0] *= 60
        near = rng.choice([4.0, 7.0], size=(n_layers, n_tokens, 3), p=[0.15, 0.85])
        values[..., 1:4] = near * values[..., 4:].std(axis=-1, keepdims=True)
        activations[kind] = values.astype(np.float32)
    return activations


def levels(activations: Activations) -> Iterator[NDArray[np.floating]]:
    """Go through all levels of both kinds."""
    for kind in KINDS:
        yield from activations[kind]


def count_pairs(activations: Activations) -> int:
    """Count the pairs at all levels of both kinds."""
    return sum(len(level) * (len(level) - 1) // 2 for level in levels(activations))
