"""How often the panel of counting rules errs, on kinds of plantings kept apart for choosing and for testing.

``python -m layerclaims.calibration.clusters.panel_errors --set test --draws 20`` prints the table;
``--write`` puts it into docs/cluster-methods.md. ``--support-only 500`` counts false support alone, which is
several times faster.
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from layerclaims.analysis.clusters.panel import PANEL
from layerclaims.calibration.clusters.panel_draws import PanelDraw, draw_answers, is_supported, measure_plane
from layerclaims.calibration.clusters.token_worlds import TokenWorld, draw_world
from layerclaims.calibration.processes import map_in_processes
from layerclaims.calibration.tables import markdown_table, write_sections

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cluster-methods.md"
SEEDS = {"design": 47, "test": 48}


class Planting(NamedTuple):
    """A kind of planting: its name, the number of clusters, and the world."""

    name: str
    truth: int
    world: TokenWorld


STUDY = TokenWorld(
    shares=(0.5, 0.5),
    amplitudes=(1, 1.5),
    log_odds=(1.5, 0.1),
    amplitude_spread=0.04,
    odds_spread=0.8,
    coupling=0.3,
)
"""Strips as in the study: the louder group is less alike; inside groups, louder tokens are more alike."""
SCALES = TokenWorld(shares=(0.5, 0.5), amplitudes=(1, 1.6), log_odds=(1, 1))
ONE = TokenWorld(amplitude_spread=0.1, odds_spread=0.5)
KINDS = TokenWorld(shares=(0.5, 0.5), amplitudes=(1, 1), log_odds=(1, 1), cosine=0.4)
FOUR = TokenWorld(
    shares=(0.35, 0.35, 0.3), amplitudes=(1, 1, 1.8), log_odds=(1.5, 1.5, 1.5), cosine=0.5, odds_spread=0.2
)
"""Three directions, one louder: pairs in a quiet group, between the quiet ones, with the loud one, in it."""
SIX = TokenWorld(
    shares=(0.4, 0.3, 0.3), amplitudes=(1, 1.6, 3), log_odds=(1, 1, 1), amplitude_spread=0.03, odds_spread=0.2
)

DESIGN = (
    Planting("three: strips", 3, STUDY),
    Planting("three: close strips", 3, STUDY.but(amplitudes=(1, 1.35), log_odds=(1.5, 0.4), odds_spread=0.7)),
    Planting("three: strips, 75/25", 3, STUDY.but(shares=(0.75, 0.25))),
    Planting("three: strips, 90/10", 3, STUDY.but(shares=(0.9, 0.1))),
    Planting("three: strips, neighbours at 0.6", 3, STUDY.but(neighbour_correlation=0.6)),
    Planting("three: scales", 3, SCALES),
    Planting("three: scales, 90/10", 3, SCALES.but(shares=(0.9, 0.1))),
    Planting("three: scales, 10/90", 3, SCALES.but(shares=(0.1, 0.9))),
    Planting("three: scales, massive dimensions", 3, SCALES.but(shares=(0.6, 0.4), massive=8)),
    Planting("one: normal", 1, ONE),
    Planting("one: heavy tails", 1, ONE.but(shape="heavy")),
    Planting("one: skewed", 1, ONE.but(shape="skewed")),
    Planting("one: flat", 1, ONE.but(shape="flat")),
    Planting("one: log-normal, s = 0.7", 1, ONE.but(amplitude_spread=0.7)),
    Planting("one: neighbours at 0.6", 1, ONE.but(neighbour_correlation=0.6)),
    Planting("one: neighbours at 0.9", 1, ONE.but(neighbour_correlation=0.9)),
    Planting("one: massive dimensions", 1, ONE.but(massive=8)),
    Planting("one: 6% odd tokens", 1, ONE.but(odd_share=0.06)),
    Planting("two: kinds", 2, KINDS),
    Planting("two: kinds, 70/30", 2, KINDS.but(shares=(0.7, 0.3), cosine=0.5)),
    Planting("two: wide kinds", 2, KINDS.but(cosine=0.3, amplitude_spread=0.15, odds_spread=0.8)),
    Planting("four: two kinds and a louder one", 4, FOUR),
    Planting("six: scales 1, 1.6, 3", 6, SIX),
    Planting("five: scales 1, 1.6, 2.56", 5, SIX.but(amplitudes=(1, 1.6, 2.56), amplitude_spread=0.04)),
)
"""The rules' constants and the choice of main rules were settled on these."""

TEST = (
    Planting("three: steep strips", 3, STUDY.but(log_odds=(2.0, 0.0), amplitudes=(1, 1.7), odds_spread=1.0)),
    Planting("three: strips against the slope", 3, STUDY.but(coupling=-0.5, amplitude_spread=0.06)),
    Planting("three: strips, 65/35, heavy tails", 3, STUDY.but(shares=(0.65, 0.35), shape="heavy")),
    Planting("three: strips, 35/65, skewed", 3, STUDY.but(shares=(0.35, 0.65), shape="skewed")),
    Planting("three: strips, 15/85", 3, STUDY.but(shares=(0.15, 0.85))),
    Planting(
        "three: groups of one amplitude, unlike",
        3,
        STUDY.but(amplitudes=(1, 1), log_odds=(2.5, 0.0), odds_spread=0.25),
    ),
    Planting("three: strips, odd tokens 3%", 3, STUDY.but(odd_share=0.03)),
    Planting("three: strips, massive dimensions", 3, STUDY.but(massive=12)),
    Planting("three: strips, neighbours at 0.8", 3, STUDY.but(neighbour_correlation=0.8)),
    Planting("three: 120 tokens", 3, STUDY.but(n_tokens=120)),
    Planting("one: strip", 1, STUDY.but(shares=(1.0,), amplitudes=(1.0,), log_odds=(0.8,))),
    Planting("one: strip, heavy tails", 1, ONE.but(shape="heavy", coupling=0.6, odds_spread=1.0)),
    Planting("one: strip, skewed", 1, ONE.but(shape="skewed", coupling=-0.6, amplitude_spread=0.3)),
    Planting("one: log-normal, s = 0.5", 1, ONE.but(amplitude_spread=0.5, coupling=0.5)),
    Planting("one: flat, unlike", 1, ONE.but(shape="flat", odds_spread=1.2)),
    Planting("one: massive dimensions, size 5", 1, ONE.but(massive=5)),
    Planting("one: 6% odd tokens, near", 1, ONE.but(odd_share=0.06, odd_amplitudes=(1.5, 2.5))),
    Planting("one: 6% odd tokens, small", 1, ONE.but(odd_share=0.06, odd_amplitudes=(0.2, 0.5))),
    Planting("one: neighbours at 0.8, heavy tails", 1, ONE.but(neighbour_correlation=0.8, shape="heavy")),
    Planting("one: 120 tokens", 1, ONE.but(n_tokens=120)),
    Planting("two: kinds, 60/40, massive", 2, KINDS.but(shares=(0.6, 0.4), massive=8)),
    Planting("two: kinds, neighbours at 0.6", 2, KINDS.but(neighbour_correlation=0.6, cosine=0.6)),
    Planting("two: kinds, skewed", 2, KINDS.but(shape="skewed", odds_spread=0.6)),
    Planting("four: the louder kind is half", 4, FOUR.but(shares=(0.25, 0.25, 0.5), cosine=0.4)),
    Planting("four: neighbours at 0.6", 4, FOUR.but(neighbour_correlation=0.6, amplitudes=(1, 1, 2.2))),
    Planting("six: scales 1, 1.5, 3", 6, SIX.but(amplitudes=(1, 1.5, 3), shares=(0.5, 0.3, 0.2))),
    Planting("six: strips", 6, SIX.but(amplitudes=(1, 1.5, 2.6), log_odds=(1.5, 0.7, 0), odds_spread=0.6)),
)
"""Kinds and seeds that no rule was fitted to."""

SETS = {"design": DESIGN, "test": TEST}


def error_rows(name: str, draws: int) -> list[tuple[object, ...]]:
    """Percent of draws: in which each rule counts right, then of the answers for three and for one."""
    drawn = map_in_processes(
        _draw, [(name, place, draw) for place in range(len(SETS[name])) for draw in range(draws)]
    )
    rows: list[tuple[object, ...]] = []
    for place, planting in enumerate(SETS[name]):
        own = drawn[place * draws : (place + 1) * draws]
        right = np.mean([np.array(found.counts) == planting.truth for found in own], axis=0)
        shares = [
            round(100 * sum(found.answers[number] == answer for found in own) / draws)
            for number in (3, 1)
            for answer in ("supported", "refuted")
        ]
        rows.append((planting.name, *np.round(100 * right).astype(int).tolist(), *shares))
    return rows


def _draw(which: tuple[str, int, int]) -> PanelDraw:
    name, place, draw = which
    world = SETS[name][place].world
    rng = np.random.default_rng([SEEDS[name], place, draw])
    activations, _ = draw_world(world, rng)
    return draw_answers(measure_plane(activations), world.n_tokens, rng)


NOT_THREE = {"one cloud": {1}, "two clusters": {2}, "four": {4}, "five and six": {5, 6}}
"""Numbers of clusters of which three must not be supported."""


def false_support_rows(draws: int, labels: Sequence[str] = tuple(NOT_THREE)) -> list[tuple[object, ...]]:
    """Count draws of other than three clusters in which the panel supports three."""
    work = [(label, draw) for label in labels for draw in range(draws)]
    supported = Counter[str]()
    for (label, _), is_wrong in zip(work, map_in_processes(_supports_three, work), strict=True):
        supported[label] += is_wrong
    return [(label, len(_not_three(label)), draws, supported[label]) for label in labels]


def _supports_three(which: tuple[str, int]) -> bool:
    label, draw = which
    plantings = _not_three(label)
    world = plantings[draw % len(plantings)].world
    rng = np.random.default_rng([14, *sorted(NOT_THREE[label]), draw])
    activations, _ = draw_world(world, rng)
    return is_supported(measure_plane(activations), world.n_tokens, rng, 3)


def _not_three(label: str) -> list[Planting]:
    return [planting for planting in DESIGN + TEST if planting.truth in NOT_THREE[label]]


def main() -> None:
    """Print the table asked for, and write it where that is asked for too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=sorted(SETS), default="test", dest="name")
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--support-only", type=int, default=0, metavar="DRAWS")
    parser.add_argument("--write", action="store_true", help="write the table into docs/cluster-methods.md")
    options = parser.parse_args()
    start = time.perf_counter()
    if options.support_only:
        section = "panel_false_support"
        rows = false_support_rows(options.support_only)
        header: tuple[str, ...] = ("planted", "kinds", "draws", "three supported")
    else:
        section = f"panel_{options.name}"
        rows = error_rows(options.name, options.draws)
        rules = (f"**{rule.name}**" if rule.is_main else rule.name for rule in PANEL)
        header = (
            f"planted ({options.draws} draws)",
            *rules,
            *("three supported", "three refuted", "one supported", "one refuted"),
        )
    text = markdown_table(header, rows)
    print(text)
    if options.write:
        write_sections(PAGE, {section: text})
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
