"""How far the engine is from what the machine could do, and where the rest goes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.data import Activations, count_pairs, levels
from benchmarks.peers import BINS, OUTLIER_SD
from layerclaims.analysis.compiled import kernel
from layerclaims.analysis.pairs.joint_counts import describe_chunks
from layerclaims.analysis.pairs.layout import Booleans, Floats, Integers, Layout, arrange, find_layout
from layerclaims.analysis.pairs.moments import pair_moments
from layerclaims.analysis.pairs.mutual_information import mutual_information
from layerclaims.analysis.pairs.outliers import outlying_dimensions
from layerclaims.analysis.pairs.popcount import CELLS, LANES, MAX_ENTRIES, add_shared_bits
from layerclaims.analysis.pairs.rank_bins import Ranks, no_ranks
from layerclaims.analysis.pairs.table_sums import Scratch, empty_scratch, look_up
from layerclaims.analysis.pairs.token_masks import WORD, Block, Token, empty_blocks, empty_tokens
from layerclaims.analysis.threads import machine_threads, no_room, run_in_threads

REPEATS = 7
STAGES = ("outliers", "arranging tokens", "describing tokens", "counting pairs", "covariance")
LANE_BYTES = NDArray[np.uint8]


@dataclass
class Work:
    """Operations that measuring needs: vectors of masks, table lookups, multiplications with addition."""

    vectors: int = 0
    lookups: int = 0
    products: int = 0


@kernel()
def _count_rounds(
    rounds: int, counts: NDArray[np.uint16], block: LANE_BYTES, words: NDArray[np.uint32]
) -> None:
    for _ in range(rounds):
        add_shared_bits(counts, block, 0, CELLS, words, 0, MAX_ENTRIES)


@kernel()
def _look_up_rounds(rounds: int, table: Integers, four_counts: NDArray[np.uint64], totals: Integers) -> None:
    for _ in range(rounds):
        look_up(four_counts, table, 0, CELLS - 1, 0, LANES - 1, totals)


def fastest(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Time one call, the fastest of several: what the machine does undisturbed."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def rate(work: Callable[[], object], n_operations: int) -> float:
    """Operations a second with the same work on every thread."""
    work()
    n_threads = machine_threads()

    def repeat(start: int, stop: int, _: None) -> None:
        for _thread in range(start, stop):
            work()

    return n_threads * n_operations / fastest(lambda: run_in_threads(repeat, n_threads, no_room))


def vectors_per_second(rounds: int = 20_000) -> float:
    """Vectors of masks combined, counted and added, from the first cache."""
    rng = np.random.default_rng(0)
    block = rng.integers(0, 2**WORD, (MAX_ENTRIES * CELLS + CELLS) * LANES, dtype=np.uint8)
    masks = rng.integers(1, 2**WORD, MAX_ENTRIES, dtype=np.uint32)
    words = (np.arange(MAX_ENTRIES) << WORD | masks).astype(np.uint32)

    def work() -> None:
        _count_rounds(rounds, np.zeros(CELLS * LANES, np.uint16), block, words)

    return rate(work, rounds * MAX_ENTRIES * CELLS)


def lookups_per_second(rounds: int = 5_000) -> float:
    """Values of a table added up, from the first cache."""
    n_counts = CELLS * LANES
    counts, table = np.random.default_rng(0).integers(0, 60, n_counts, dtype=np.uint16), np.arange(1000)
    totals, four_counts = np.zeros(LANES, np.int64), counts.view("<u8")
    return rate(lambda: _look_up_rounds(rounds, table, four_counts, totals), rounds * n_counts)


def products_per_second(size: int = 1500) -> float:
    """Multiplications with addition of NumPy's own matrix product in float64."""
    one, other = np.random.default_rng(0).normal(size=(2, size, size))
    return size**3 / fastest(lambda: one @ other)


def _arrange(values: Floats, dropped: Booleans) -> Floats:
    return arrange(values, find_layout(values, dropped))


def _describe(values: Floats, layout: Layout, ranks: Ranks) -> tuple[Token, Block]:
    n_tokens, hidden = values.shape
    tokens, blocks = empty_tokens(n_tokens, hidden, BINS), empty_blocks(layout.start.size, hidden, BINS)

    def describe(start: int, stop: int, scratch: Scratch) -> None:
        describe_chunks(start, stop, values, ranks, layout, tokens, blocks, scratch)

    run_in_threads(describe, layout.start.size, lambda: empty_scratch(hidden, BINS))
    return tokens, blocks


def _add_work(work: Work, layout: Layout, tokens: Token, blocks: Block, hidden: int) -> None:
    """Count a level's operations; tokens described anew count as they were."""
    for rows, columns in layout.tiles:
        lowest, highest = blocks.lowest[columns], blocks.highest[columns]
        n_columns = int(layout.stop[columns] - layout.start[columns])
        for row, position in enumerate(range(layout.start[rows], layout.stop[rows])):
            n_partners = n_columns - row - 1 if rows == columns else n_columns
            work.products += n_partners * hidden
            for code in np.flatnonzero(tokens.n_dimensions[position, :BINS] > 1):
                first = tokens.first_word[position, code]
                words = tokens.words[position, first : first + tokens.n_words[position, code]] >> WORD
                cells = int(highest[words].max() - lowest[words].min() + 1)
                work.vectors += words.size * cells
                work.lookups += cells * n_partners


def stage_seconds(activations: Activations) -> tuple[dict[str, float], Work]:
    """Time each stage over all levels, the fastest of several; count operations."""
    stages = dict.fromkeys(STAGES, 0.0)
    work = Work()
    for level in levels(activations):
        values = level.astype(np.float64)
        dropped = outlying_dimensions(values, OUTLIER_SD)
        layout = find_layout(values, dropped)
        arranged = arrange(values, layout)
        unranked = no_ranks(len(values))
        tokens, blocks = _describe(arranged, layout, unranked)
        _add_work(work, layout, tokens, blocks, values.shape[1])
        calls: tuple[Callable[[], object], ...] = (
            partial(outlying_dimensions, values, OUTLIER_SD),
            partial(_arrange, values, dropped),
            partial(_describe, arranged, layout, unranked),
            partial(mutual_information, arranged, layout, BINS, "equal_width"),
            partial(pair_moments, arranged, layout),
        )
        for stage, call in zip(STAGES, calls, strict=True):
            stages[stage] += fastest(call)
    stages["counting pairs"] -= stages["describing tokens"]
    return stages, work


def limits_table(activations: Activations) -> list[str]:
    """Compare each stage with the operations that it cannot do without."""
    stages, work = stage_seconds(activations)
    vectors, lookups, products = vectors_per_second(), lookups_per_second(), products_per_second()
    n_pairs = count_pairs(activations)
    needs = {
        "counting pairs": (
            f"{work.vectors / n_pairs:.0f} vectors at {vectors / 1e9:.2g} G/s, "
            f"{work.lookups / n_pairs:.0f} lookups at {lookups / 1e9:.2g} G/s",
            work.vectors / vectors + work.lookups / lookups,
        ),
        "covariance": (
            f"{work.products / n_pairs:.0f} products at {products / 1e9:.3g} G/s",
            work.products / products,
        ),
    }
    lines = [
        "| stage | ns a pair | operations a pair and the machine's rate | limit, ns | share of it |",
        "|---|---|---|---|---|",
    ]
    for stage, spent in stages.items():
        text, limit = needs.get(stage, ("", 0.0))
        of_limit = f"{1e9 * limit / n_pairs:.3g} | {limit / spent:.0%}" if limit else " | "
        lines.append(f"| {stage} | {1e9 * spent / n_pairs:.3g} | {text} | {of_limit} |")
    whole, least = sum(stages.values()), sum(limit for _, limit in needs.values())
    lines.append(
        f"| all | {1e9 * whole / n_pairs:.3g} | | {1e9 * least / n_pairs:.3g} | {least / whole:.0%} |"
    )
    return lines
