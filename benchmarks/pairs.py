"""The engine and its peers, timed in turns."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from benchmarks.data import KINDS, Activations, count_pairs, drawn_activations, levels
from benchmarks.peers import BINS, OUTLIER_SD, PEERS, Peer, prepare
from layerclaims.analysis.pairs.layout import arrange, find_layout
from layerclaims.analysis.pairs.mutual_information import mutual_information
from layerclaims.analysis.pairs.pairwise import outlying_dimensions, pairwise_measures
from layerclaims.analysis.statistics.bootstrap import resampled_means, token_multiplicities

ENGINE = "this engine, all four measures"
ENGINE_INFORMATION = "this engine, mutual information alone"


@dataclass
class Timing:
    """Seconds a pair by round, of the wall clock and of all processors together."""

    wall: list[float] = field(default_factory=list)
    processors: list[float] = field(default_factory=list)

    def add(self, work: Callable[[], object], n_pairs: int) -> None:
        """Time one call over so many pairs."""
        wall, processors = time.perf_counter(), time.process_time()
        work()
        self.wall.append((time.perf_counter() - wall) / n_pairs)
        self.processors.append((time.process_time() - processors) / n_pairs)


def measure_everything(activations: Activations) -> None:
    """Measure all pairs of both kinds."""
    for kind in KINDS:
        pairwise_measures(activations[kind])


def measure_information(activations: Activations) -> None:
    """Estimate the mutual information of all pairs of both kinds, as the peers do."""
    for level in levels(activations):
        values = level.astype(np.float64)
        layout = find_layout(values, outlying_dimensions(values, OUTLIER_SD))
        mutual_information(arrange(values, layout), layout, BINS, "equal_width")


def time_in_turns(activations: Activations, rounds: int) -> dict[str, Timing]:
    """Time each once a round, so that a disturbance of the machine meets all."""
    timings = {name: Timing() for name in [*(peer.name for peer in PEERS), ENGINE_INFORMATION, ENGINE]}
    choose = np.random.default_rng(1)
    measure_everything(activations)
    for _ in range(rounds):
        kind = activations[KINDS[choose.integers(2)]]
        level = kind[choose.integers(len(kind))]
        for peer in PEERS:
            tokens = prepare(level[: peer.n_tokens])
            n_pairs = peer.n_tokens * (peer.n_tokens - 1) // 2
            timings[peer.name].add(lambda peer=peer, tokens=tokens: peer.measure(tokens), n_pairs)  # type: ignore[misc]
        timings[ENGINE_INFORMATION].add(lambda: measure_information(activations), count_pairs(activations))
        timings[ENGINE].add(lambda: measure_everything(activations), count_pairs(activations))
    return timings


def largest_difference(peer: Peer, activations: Activations) -> float:
    """Compare a peer with the engine, in bits, on some tokens of some levels."""
    differences = []
    for level in list(levels(activations))[1::12]:
        tokens = level[: min(peer.n_tokens, 24)]
        information = pairwise_measures(tokens).mutual_information
        differences.append(np.abs(peer.measure(prepare(tokens)) - information).max())
    return float(max(differences))


def peers_table(activations: Activations, rounds: int) -> list[str]:
    """Medians of rounds, and medians of the ratios within rounds."""
    timings = time_in_turns(activations, rounds)
    differences = {peer.name: f"{largest_difference(peer, activations):.0e}" for peer in PEERS}
    lines = [
        "| | µs a pair | of all processors | times the engine's | largest difference, bits |",
        "|---|---|---|---|---|",
    ]
    for name, timing in timings.items():
        ratios = [one / engine for one, engine in zip(timing.wall, timings[ENGINE].wall, strict=True)]
        wall, processors = (1e6 * statistics.median(times) for times in (timing.wall, timing.processors))
        ratio = f"{statistics.median(ratios):.3g}"
        lines.append(f"| {name} | {wall:.3g} | {processors:.3g} | {ratio} | {differences.get(name, '')} |")
    return lines


def scaling_table() -> list[str]:
    """Time against tokens and dimensions."""
    lines = ["| tokens | dimensions | pairs | s a level | ns a pair |", "|---|---|---|---|---|"]
    for n_tokens, hidden in ((250, 576), (500, 576), (1000, 576), (2000, 576), (500, 1152), (500, 2304)):
        level = drawn_activations(1, n_tokens, hidden)["internal"]
        timing = Timing()
        n_pairs = n_tokens * (n_tokens - 1) // 2
        for _ in range(5):
            timing.add(lambda level=level: pairwise_measures(level), n_pairs)  # type: ignore[misc]
        each = statistics.median(timing.wall)
        lines.append(f"| {n_tokens:,} | {hidden:,} | {n_pairs:,} | {each * n_pairs:.2g} | {1e9 * each:.3g} |")
    return lines


def bootstrap_seconds(n_resamples: int = 1000) -> float:
    """Resample the mean profiles of three measures at 31 levels of both kinds."""
    rng = np.random.default_rng(0)
    profiles = rng.normal(size=(3, 31, 250 * 249 // 2))
    times = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in KINDS:
            resampled_means(profiles, token_multiplicities(250, n_resamples, rng))
        times.append(time.perf_counter() - start)
    return statistics.median(times)
