"""Costs of what people wait for, against a reference in the same run: ``python -m benchmarks.ratios``.

The unit is the processor time in which the plain loop measures one pair of tokens (`benchmarks.plain`), so a
slower or busier machine changes both alike. A cost half as high again as the recorded one fails the run, and
`tests/benchmarks/test_ratios.py` with it.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.data import drawn_activations
from benchmarks.plain import measure_pair
from layerclaims.analysis.clusters.panel import PANEL, count_by_rule
from layerclaims.analysis.pairs.pairwise import PairMeasures, pairwise_measures
from layerclaims.analysis.statistics.bootstrap import resampled_means, token_multiplicities

WORSE = 1.5
"""Factor from which on a cost fails."""
ROUNDS = 3
REFERENCE_PAIRS = 60

RECORDED = {"pairs": 60, "30 bins": 100, "equal frequency": 80, "clusters": 2300, "means": 8}
"""Costs on an AMD EPYC with AVX-512, two threads, while it was busy."""


@dataclass(frozen=True)
class Cost:
    """Something that people wait for.

    Attributes
    ----------
    name : str
    work : callable
    recorded : float
        Its cost when it was last recorded, in pairs of the plain loop.
    """

    name: str
    work: Callable[[], object]
    recorded: float


def costs(n_tokens: int = 250, hidden: int = 576) -> list[Cost]:
    """List what is measured, on tokens drawn in the likeness of SmolLM2's."""
    level = drawn_activations(1, n_tokens, hidden)["internal"][0].astype(np.float64)
    pairs = pairwise_measures(level)
    rng = np.random.default_rng(0)
    multiplicities = token_multiplicities(n_tokens, 100, rng, block_length=3)
    profiles = rng.normal(size=(8, n_tokens * (n_tokens - 1) // 2))
    return [
        Cost("all pairs of a level", partial(pairwise_measures, level), RECORDED["pairs"]),
        Cost("30 bins", partial(pairwise_measures, level, bins=30), RECORDED["30 bins"]),
        Cost(
            "bins of equal frequency",
            partial(pairwise_measures, level, estimator="equal_frequency"),
            RECORDED["equal frequency"],
        ),
        Cost("clusters of a level", partial(count_clusters, pairs, multiplicities), RECORDED["clusters"]),
        Cost(
            "100 resamples of 8 levels", partial(resampled_means, profiles, multiplicities), RECORDED["means"]
        ),
    ]


def count_clusters(pairs: PairMeasures, multiplicities: NDArray[np.float64]) -> None:
    """Count the clusters of a level by all rules of the panel."""
    values = {
        "covariance": pairs.covariance,
        "pearson": pairs.pearson,
        "mutual_information": pairs.mutual_information,
    }
    for rule in PANEL:
        count_by_rule(rule, values, multiplicities[: 100 if rule.is_main else 0])


def reference() -> None:
    """Measure some pairs by the plain loop."""
    tokens = drawn_activations(1, 16)["internal"][0]
    for number in range(REFERENCE_PAIRS):
        measure_pair(tokens[number % 15], tokens[number % 15 + 1])


def seconds(work: Callable[[], object]) -> float:
    """Time one call, on all processors together."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measured_costs(listed: list[Cost], rounds: int = ROUNDS) -> dict[str, float]:
    """Measure each cost in pairs of the plain loop: the smallest ratio to a reference timed right before."""
    found: dict[str, list[float]] = {cost.name: [] for cost in listed}
    for cost in listed:
        cost.work()  # loads or compiles what it needs
    for _ in range(rounds):
        for cost in listed:
            unit = seconds(reference) / REFERENCE_PAIRS
            found[cost.name].append(seconds(cost.work) / unit)
    return {name: min(ratios) for name, ratios in found.items()}


def main() -> int:
    """Print the costs; returns 1 where one is worse by half."""
    listed = costs()
    found = measured_costs(listed)
    for cost in listed:
        mark = " WORSE" if found[cost.name] > WORSE * cost.recorded else ""
        numbers = f"{found[cost.name]:8.0f} pairs of the plain loop, {cost.recorded:.0f} recorded"
        print(f"{cost.name:28} {numbers}{mark}")
    return int(any(found[cost.name] > WORSE * cost.recorded for cost in listed))


if __name__ == "__main__":
    sys.exit(main())
