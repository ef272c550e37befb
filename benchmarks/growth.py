"""How processor time grows with tokens and with the size of a model: ``python -m benchmarks.growth``.

Planted activations stand in for models that are not at hand. Time a pair and a dimension stays about the
same where growth is linear in pairs x dimensions x levels.
"""

import resource
import time
from collections.abc import Iterable

import numpy as np

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.pairs.pairwise import pairwise_measures
from layerclaims.calibration.synthetic import DOCUMENT_LIKE, plant

TOKENS = (250, 500, 1_000, 2_000, 5_000)
SHAPES = ((30, 576), (32, 4_096), (80, 8_192))
"""Blocks and dimensions: SmolLM2-135M, a model of 8B, one of 70B."""
TOKENS_OF_SHAPES = 60


def by_tokens(numbers: Iterable[int] = TOKENS, hidden: int = 576) -> list[str]:
    """Measure one level of ever more tokens."""
    lines = ["| tokens | pairs | processor time, s | ns a pair |", "|---|---|---|---|"]
    pairwise_measures(np.random.default_rng(0).normal(size=(10, hidden)))
    for n_tokens in numbers:
        level = _planted(3, n_tokens, hidden).residual["internal"][1]
        start = time.process_time()
        pairwise_measures(level)
        lines.append(_row(f"{n_tokens:,}", time.process_time() - start, n_tokens * (n_tokens - 1) // 2))
    return lines


def by_shape(shapes: Iterable[tuple[int, int]] = SHAPES, n_tokens: int = TOKENS_OF_SHAPES) -> list[str]:
    """Measure every level of both kinds, in the shapes of larger models."""
    lines = [
        "| blocks x dimensions | pairs x levels | processor time, s | ns a pair and dimension |",
        "|---|---|---|---|",
    ]
    for n_layers, hidden in shapes:
        measurement = _planted(n_layers, n_tokens, hidden)
        n_pairs = 2 * (n_layers + 1) * n_tokens * (n_tokens - 1) // 2
        start = time.process_time()
        measurement.measure_all(("mutual_information", "covariance", "pearson"))
        lines.append(_row(f"{n_layers} x {hidden:,}", time.process_time() - start, n_pairs, hidden))
    return lines


def _planted(n_layers: int, n_tokens: int, hidden: int) -> Measurement:
    return plant(DOCUMENT_LIKE.but(n_layers=n_layers, n_tokens=n_tokens, hidden=hidden), seed=0)


def _row(name: str, seconds: float, n_pairs: int, n_dimensions: int = 1) -> str:
    each = 1e9 * seconds / (n_pairs * n_dimensions)
    return f"| {name} | {n_pairs:,} | {seconds:.2f} | {each:,.{0 if each >= 100 else 1}f} |"


def main() -> None:
    """Print both tables, and the most memory that was needed."""
    for lines in (by_tokens(), by_shape()):
        print("\n".join(lines), end="\n\n")
    print(f"At most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB of memory.")


if __name__ == "__main__":
    main()
