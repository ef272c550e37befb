"""Which method counts the clusters of pair measures with the fewest errors, on planted truth.

``python -m layerclaims.calibration.clusters.cluster_methods`` fills the tables of docs/cluster-methods.md;
``--seeds 5`` for a quick look.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from layerclaims.analysis.clusters.counting import RULES, find_clusters, resampled_clusters
from layerclaims.analysis.clusters.mode_rules import Rules
from layerclaims.analysis.clusters.token_groups import token_groups
from layerclaims.calibration.clusters.pair_plantings import PAIR_PLANTINGS, members, scales
from layerclaims.calibration.clusters.rival_methods import METHODS, resamples
from layerclaims.calibration.clusters.unimodality import unimodality_p_value
from layerclaims.calibration.processes import map_in_processes
from layerclaims.calibration.tables import markdown_table, write_sections

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cluster-methods.md"
SIZES = (250, 60)
"""Numbers of tokens."""
DISTANCES = (2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0)
"""Distances of neighbouring clusters, in standard deviations on the log scale."""


def error_shares(task: tuple[int, int, int]) -> NDArray[np.float64]:
    """Count errors on one planting, in percent: of each method, then of this project's interval."""
    place, n_tokens, seeds = task
    planting = PAIR_PLANTINGS[place]
    rows = []
    for seed in range(seeds):
        rng = np.random.default_rng([seed, place, n_tokens])
        values = planting.draw(n_tokens, rng)
        wrong = [method(values, rng) not in planting.truth for method in METHODS.values()]
        counts, _ = resampled_clusters(values, resamples(n_tokens, rng))
        low, high = np.percentile(counts, [2.5, 97.5])
        sure = low >= min(planting.truth) and high <= max(planting.truth)
        missed = high < min(planting.truth) or low > max(planting.truth)
        one_mode = unimodality_p_value(values, rng, n_matchings=50, n_null=500) >= 0.05
        rows.append([*wrong, sure, missed, not one_mode])
    return np.asarray(100 * np.array(rows, dtype=float).mean(axis=0))


def blurred_groups(task: tuple[float, float, int]) -> NDArray[np.float64]:
    """Count clusters of two groups at a distance: share of threes, separation index, right tokens."""
    distance, share, seeds = task
    spread = np.log(1.6) / distance / np.sqrt(2)  # two tokens' spreads add in a pair
    found = []
    for seed in range(seeds):
        rng = np.random.default_rng([seed, int(100 * distance), int(100 * share)])
        values = scales((1 - share, share), (1, 1.6), (spread, spread), 0.1)(250, rng)
        groups = token_groups(values, 250)
        agreement = np.mean(groups == members(250, (1 - share, share)))
        clusters = find_clusters(values)
        found.append([100 * (clusters.n_clusters == 3), clusters.separation, agreement])
    columns = np.array(found).T
    return np.array([columns[0].mean(), *np.percentile(columns[1], [5, 50, 95]), columns[2].mean()])


def rule_variants() -> dict[str, Rules]:
    """Return the rules that differ from the chosen ones in one constant."""
    found = {"as chosen": RULES}
    for name, settings in {
        "bandwidth": (0.3, 0.45, 0.75, 0.9, 1.4),
        "valley_depth": (0.3, 0.4, 0.6),
        "min_share": (0.005, 0.015, 0.02, 0.05),
        "min_pairs": (0.0, 60.0),
        "max_carried": (0.5, 0.85, np.inf),
    }.items():
        found |= {f"{name} {value:g}": RULES._replace(**{name: value}) for value in settings}
    return found


def errors_by_variant(task: tuple[int, int, int]) -> NDArray[np.float64]:
    """Compute one planting's errors under each variant, in percent: of one count, and of resampled counts."""
    place, n_tokens, seeds = task
    planting = PAIR_PLANTINGS[place]
    errors = np.zeros((len(rule_variants()), 2))
    for seed in range(seeds):
        rng = np.random.default_rng([seed, place, n_tokens])
        values, copies = planting.draw(n_tokens, rng), resamples(n_tokens, rng, 20)
        for row, rules in enumerate(rule_variants().values()):
            counts, _ = resampled_clusters(values, copies, rules=rules)
            wrong = find_clusters(values, rules=rules).n_clusters not in planting.truth
            errors[row] += wrong, np.mean(~np.isin(counts, planting.truth))
    return 100 * errors / seeds


def timings() -> list[tuple[str, float]]:
    """Time each method, and 200 token resamples, on 250 tokens, in milliseconds: the best of five runs."""
    rng = np.random.default_rng(0)
    values, copies = PAIR_PLANTINGS[16].draw(250, rng), resamples(250, rng, 200)
    jobs: dict[str, Callable[[], object]] = {
        name: partial(method, values, rng) for name, method in METHODS.items()
    }
    jobs["this project, 200 token resamples"] = partial(resampled_clusters, values, copies)
    best = []
    for name, job in jobs.items():
        runs = []
        for _ in range(5):
            start = time.perf_counter()
            job()
            runs.append(1000 * (time.perf_counter() - start))
        best.append((name, min(runs)))
    return best


def measure_all(seeds: int) -> dict[str, str]:
    """Run the whole study and return its tables by the name of the page's section."""
    tasks = [(place, size, seeds) for size in SIZES for place in range(len(PAIR_PLANTINGS))]
    fewer = [(place, size, max(1, seeds // 5)) for place, size, _ in tasks]
    blurred = [(distance, share, seeds) for share in (0.5, 0.3, 0.15) for distance in DISTANCES]
    with threadpool_limits(1):
        times = timings()
    faded = map_in_processes(blurred_groups, blurred)
    errors = map_in_processes(error_shares, tasks)
    varied = map_in_processes(errors_by_variant, fewer)
    return {
        "seeds": f"{seeds} seeds per planted truth.",
        **error_tables(np.array(errors)),
        "edge": blurred_table(blurred, faded),
        "sensitivity": variant_table(varied),
        "times": markdown_table(("method", "ms"), times),
    }


def error_tables(errors: NDArray[np.float64]) -> dict[str, str]:
    """Table `error_shares` for each number of tokens: the methods' errors, then the interval's answers."""
    sections = {}
    names = [planting.name for planting in PAIR_PLANTINGS]
    for size, found in zip(SIZES, np.split(errors, len(SIZES)), strict=True):
        rows = list(zip([*names, "**mean**"], [*found.tolist(), found.mean(axis=0).tolist()], strict=True))
        counted = [(name, *row[: len(METHODS)]) for name, row in rows]
        judged = [(name, *row[len(METHODS) :]) for name, row in rows[:-1]]
        sections[f"errors_{size}"] = markdown_table(("planted truth", *METHODS), counted)
        sections[f"judged_{size}"] = markdown_table(
            ("planted truth", "supported", "refuted", "one mode rejected"), judged
        )
    return sections


def blurred_table(tasks: list[tuple[float, float, int]], found: list[NDArray[np.float64]]) -> str:
    """Table `blurred_groups` by the share of the second group and the distance."""
    rows = [
        (f"{1 - share:.0%} / {share:.0%}", distance, *row.tolist())
        for (distance, share, _), row in zip(tasks, found, strict=True)
    ]
    header = ("tokens", "distance", "called three, %", "index, 5%", "median", "95%", "tokens grouped right")
    return markdown_table(header, rows)


def variant_table(errors: list[NDArray[np.float64]]) -> str:
    """Table `errors_by_variant`, averaged over the plantings of each number of tokens."""
    means = np.reshape(errors, (len(SIZES), len(PAIR_PLANTINGS), -1, 2)).mean(axis=1)
    columns = (f"{what}, {size} tokens" for size in SIZES for what in ("one count", "token resamples"))
    rows = [(name, *means[:, row].ravel().tolist()) for row, name in enumerate(rule_variants())]
    return markdown_table(("constants", *columns), rows)


def main() -> None:
    """Run the study and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    options = parser.parse_args()
    write_sections(PAGE, measure_all(options.seeds))
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
