"""How close the forward pass comes to the matrix products that it cannot do without.

``python -m benchmarks.forward [MODEL]`` loads a model (the embedded one by default), runs one batch of
windows as a cold run does, and times the matrix products of the same shapes alone, in turn.
"""

import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from layerclaims.subject.model.loading import LoadedModel, load_model
from layerclaims.subject.reading.extraction import ACCELERATOR_BATCH, DEFAULT_BATCH, hidden_states
from layerclaims.subject.resolving.model_source import (
    EMBEDDED_MODEL,
    ModelSource,
    embedded_model,
    local_model,
)

TOKENS = 21
REPEATS = 7


def linear_shapes(loaded: LoadedModel) -> Counter[tuple[int, int]]:
    """Count the model's weight matrices by (inputs, outputs); GPT-2 keeps them the other way round."""
    shapes: Counter[tuple[int, int]] = Counter()
    for module in loaded.model.modules():
        if isinstance(module, torch.nn.Linear):
            shapes[module.in_features, module.out_features] += 1
        elif type(module).__name__ == "Conv1D":
            shapes[tuple(module.weight.shape)] += 1
    return shapes


def seconds(work: Callable[[], object]) -> float:
    """Time one call, to the end of what it started."""
    start = time.perf_counter()
    work()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - start


def main(name: str) -> None:
    """Print the two rates and their ratio."""
    source = embedded_model() if name == EMBEDDED_MODEL else local_model(name)
    if not isinstance(source, ModelSource):
        sys.exit(f"{name} is no model on this machine")
    with tempfile.TemporaryDirectory() as scratch:
        loaded = load_model(source, dtype="float32", device="auto", converted=Path(scratch) / "model")
    windows = DEFAULT_BATCH.get(loaded.device.type, ACCELERATOR_BATCH)
    n_tokens = windows * TOKENS
    ids = np.random.default_rng(0).integers(0, loaded.config.vocab_size, (windows, TOKENS))
    shapes = linear_shapes(loaded)
    operands = {
        (inputs, outputs): (
            torch.randn(n_tokens, inputs, device=loaded.device),
            torch.randn(outputs, inputs, device=loaded.device),
        )
        for inputs, outputs in shapes
    }

    def products() -> None:
        for shape, count in shapes.items():
            for _ in range(count):
                torch.nn.functional.linear(*operands[shape])

    def forward() -> None:
        hidden_states(loaded, ids, TOKENS - 1)

    pairs = [(seconds(forward), seconds(products)) for _ in range(REPEATS + 1)][1:]
    passed, multiplied = (statistics.median(column) for column in zip(*pairs, strict=True))
    share = statistics.median(product / whole for whole, product in pairs)
    operations = 2 * n_tokens * sum(inputs * outputs * count for (inputs, outputs), count in shapes.items())
    print(f"{source.name} on {loaded.device}, float32, {windows} windows of {TOKENS} tokens")
    print(f"  forward pass with hidden states: {passed:.3f} s, {n_tokens / passed:,.0f} tokens a second")
    print(
        f"  its matrix products alone:       {multiplied:.3f} s, {operations / multiplied / 1e9:,.0f} GFLOP/s"
    )
    print(f"  the pass runs at {share:.0%} of the rate of its matrix products")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else EMBEDDED_MODEL)
