"""How often the panel of counting rules finds three clusters, against how well the plane can be split.

``python -m layerclaims.calibration.clusters.power --draws 5`` prints the tables; ``--write`` puts them into
docs/cluster-methods.md. ``--activations FILE`` adds real tokens from a file of ``--save-activations``:
a random part of the commas at layers 1 and 5 is rescaled.
"""

import argparse
import time
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from layerclaims.analysis.clusters.panel import Pairs
from layerclaims.analysis.clusters.tokens.blocks import count_separate
from layerclaims.analysis.clusters.tokens.rules import TOKEN_RULES
from layerclaims.analysis.clusters.tokens.token_plane import token_plane
from layerclaims.analysis.measurement.cluster_counts import PANEL_RESAMPLES
from layerclaims.analysis.statistics.bootstrap import token_weights
from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.calibration.clusters.panel_draws import best_split, draw_answers, measure_plane
from layerclaims.calibration.clusters.token_worlds import TokenWorld, draw_world
from layerclaims.calibration.processes import map_in_processes
from layerclaims.calibration.tables import markdown_table, write_sections

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cluster-methods.md"
AMPLITUDE_SPREADS = (0.02, 0.05, 0.1)
ODDS_SPREADS = (0.2, 0.6, 1.1)
SHARES = (0.5, 0.25, 0.1, 0.9)
RATIOS = (1.2, 1.5, 2.5)
COUPLINGS = (0.0, 0.5)
BANDS = ((0.95, 1.01), (0.9, 0.95), (0.8, 0.9), (0.0, 0.8))
SEED = 46
REAL_LAYERS = (1, 5)
REAL_KIND = "internal"


class Cell(NamedTuple):
    """One cell of the table: spreads inside groups, the larger amplitude's share and ratio, the coupling."""

    amplitude_spread: float
    odds_spread: float
    share: float
    ratio: float
    coupling: float

    def world(self) -> TokenWorld:
        """Two groups that differ in amplitude alone."""
        return TokenWorld(
            shares=(1 - self.share, self.share),
            amplitudes=(1.0, self.ratio),
            log_odds=(1.0, 1.0),
            amplitude_spread=self.amplitude_spread,
            odds_spread=self.odds_spread,
            coupling=self.coupling,
        )


class RealCell(NamedTuple):
    """Real tokens of a layer, of which a random share is multiplied by a ratio."""

    path: Path
    layer: int
    share: float
    ratio: float
    draw: int


class Outcome(NamedTuple):
    """One draw.

    Attributes
    ----------
    split : float
        Share of pairs that the best split assigns to their cluster.
    answer : str
        The panel's, when asked for three.
    three_if_told : bool
        Whether the rule on tokens, told which token is in which group, finds three over its whole interval.
        No rule that has to find the groups can be expected to do better.
    """

    split: float
    answer: str
    three_if_told: bool


CELLS = tuple(Cell(*values) for values in product(AMPLITUDE_SPREADS, ODDS_SPREADS, SHARES, RATIOS, COUPLINGS))


def draw_outcome(
    activations: NDArray[np.floating], groups: NDArray[np.int64], rng: np.random.Generator
) -> Outcome:
    """Measure one layer of activations and ask the panel for three clusters."""
    pairs = measure_plane(activations)
    answer = draw_answers(pairs, len(activations), rng, (3,)).answers[3]
    return Outcome(best_split(pairs, groups, rng), answer, finds_three_if_told(pairs, groups, rng))


def finds_three_if_told(pairs: Pairs, groups: NDArray[np.int64], rng: np.random.Generator) -> bool:
    """Tell whether the blocks of the true groups are three clusters over the whole interval of the count."""
    resamples = token_weights(len(groups), PANEL_RESAMPLES, rng)
    plane = token_plane(pairs["covariance"], pairs["pearson"])
    weights = np.concatenate([np.ones((1, len(groups))), resamples])
    sample, *counts = count_separate(plane.pairs, groups, weights, TOKEN_RULES).tolist()
    estimate = percentile_estimate(sample, np.array(counts), n=len(groups), is_discrete=True)
    return estimate.low == estimate.high == 3


def planted_outcomes(draws: int, every: int) -> list[tuple[Cell, Outcome]]:
    """Draw every ``every``-th cell of the table, another set of cells in each round."""
    places = [(place, draw) for draw in range(draws) for place in range(draw % every, len(CELLS), every)]
    outcomes = map_in_processes(_planted_outcome, places)
    return [(CELLS[place], outcome) for (place, _), outcome in zip(places, outcomes, strict=True)]


def _planted_outcome(cell_and_draw: tuple[int, int]) -> Outcome:
    place, draw = cell_and_draw
    rng = np.random.default_rng([SEED, place, draw])
    activations, groups = draw_world(CELLS[place].world(), rng)
    return draw_outcome(activations, groups, rng)


def real_outcomes(path: Path, draws: int) -> list[tuple[RealCell, Outcome]]:
    """Rescale a random part of real tokens."""
    cells = [RealCell(path, *cell) for cell in product(REAL_LAYERS, SHARES, RATIOS, range(draws))]
    return list(zip(cells, map_in_processes(_real_outcome, cells), strict=True))


def _real_outcome(cell: RealCell) -> Outcome:
    with safe_open(cell.path, framework="numpy") as file:
        stored = file.get_slice(REAL_KIND)
        activations = np.asarray(stored[cell.layer : cell.layer + 1][0], np.float64)
    seed = (cell.layer, round(100 * cell.share), round(100 * cell.ratio), cell.draw)
    rng = np.random.default_rng([SEED, *seed])
    groups = np.zeros(len(activations), np.int64)
    groups[rng.permutation(len(activations))[: round(cell.share * len(activations))]] = 1
    scaled = activations * np.where(groups == 1, cell.ratio, 1.0)[:, None]
    return draw_outcome(scaled, groups, rng)


def rates(outcomes: list[Outcome]) -> tuple[object, ...]:
    """Count draws; give their median best split and what `HEADER` names, in percent."""
    if not outcomes:
        return (0, "", "", "", "", "")
    answers = [outcome.answer for outcome in outcomes]
    median = f"{100 * float(np.median([outcome.split for outcome in outcomes])):.0f}%"
    verdicts = ("supported", "inconclusive", "refuted")
    told = round(100 * sum(outcome.three_if_told for outcome in outcomes) / len(outcomes))
    return (
        len(outcomes),
        median,
        *(round(100 * answers.count(name) / len(answers)) for name in verdicts),
        told,
    )


HEADER = (
    "draws",
    "best split",
    "supported, %",
    "inconclusive, %",
    "refuted, %",
    "three if told the groups, %",
)


def band_table(outcomes: list[Outcome], what: str) -> str:
    """Rates by how well the best split does."""
    rows = []
    for low, high in BANDS:
        label = f"at least {low:.0%}" if high > 1 else f"{low:.0%} to {high:.0%}"
        rows.append((label, *rates([each for each in outcomes if low <= each.split < high])))
    return markdown_table((f"best split of the plane, {what}", *HEADER), rows)


def cell_table(found: list[tuple[Cell, Outcome]]) -> str:
    """Rates by share and ratio, and by the spreads inside groups."""
    rows: list[tuple[object, ...]] = []
    for share, ratio, spread in product(SHARES, RATIOS, AMPLITUDE_SPREADS):
        chosen = [
            outcome
            for cell, outcome in found
            if (cell.share, cell.ratio, cell.amplitude_spread) == (share, ratio, spread)
        ]
        rows.append((f"{1 - share:.0%} / {share:.0%}", ratio, str(spread), *rates(chosen)))
    return markdown_table(("tokens", "ratio", "log-amplitude spread", *HEADER), rows)


def real_table(found: list[tuple[RealCell, Outcome]]) -> str:
    """Rates on real tokens by layer, share and ratio."""
    rows: list[tuple[object, ...]] = []
    for layer, share, ratio in product(REAL_LAYERS, SHARES, RATIOS):
        chosen = [
            outcome
            for cell, outcome in found
            if (cell.layer, cell.share, cell.ratio) == (layer, share, ratio)
        ]
        rows.append((f"layer {layer}", f"{1 - share:.0%} / {share:.0%}", ratio, *rates(chosen)))
    return markdown_table(("commas", "tokens", "ratio", *HEADER), rows)


def main() -> None:
    """Print the tables, and write them where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--every", type=int, default=1, help="take only every so many-th cell in a round")
    parser.add_argument("--activations", type=Path, help="a file of activations: adds real tokens")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/cluster-methods.md")
    options = parser.parse_args()
    start = time.perf_counter()
    planted = planted_outcomes(options.draws, options.every)
    sections = {
        "power_bands": band_table([outcome for _, outcome in planted], "planted tokens"),
        "power_cells": cell_table(planted),
    }
    if options.activations:
        real = real_outcomes(options.activations, options.draws)
        sections["power_real_bands"] = band_table([outcome for _, outcome in real], "real tokens")
        sections["power_real"] = real_table(real)
    print("\n\n".join(sections.values()))
    if options.write:
        write_sections(PAGE, sections)
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
