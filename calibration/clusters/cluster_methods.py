"""Which method counts the clusters of pair measures with the fewest errors, on planted truth.

``python -m layerclaims.calibration.clusters.cluster_methods`` fills the tables of docs/cluster-methods.md;
``--seeds 5`` for a quick look.
"""

import argparse
import math
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from layerclaims.analysis.clusters.counting import (
    RULES,
    count_clusters,
    resampled_clusters,
    separation_index,
)
from layerclaims.analysis.clusters.mode_kernels import Rules
from layerclaims.analysis.clusters.token_groups import token_groups
from layerclaims.calibration.clusters.unimodality import dip_statistic, unimodality_p_value
from layerclaims.calibration.tables import markdown_table, write_sections

Values: TypeAlias = NDArray[np.float64]
Draw: TypeAlias = Callable[[int, np.random.Generator], Values]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "cluster-methods.md"
HIDDEN = 256
SIZES = (250, 60)
MOST = 8


@dataclass(frozen=True)
class Scenario:
    """One planted distribution: its name, the right counts, and a function that draws pairs of n tokens."""

    name: str
    truth: tuple[int, ...]
    draw: Draw


def covariance_of_tokens(
    factors: Values,
    directions: NDArray[np.int64],
    noise: float,
    rng: np.random.Generator,
    cosine: float = 0.4,
) -> Values:
    """Covariance of all pairs of tokens ``factor * (direction + noise)``.

    Directions have unit variance and the given cosine with each other.
    """
    shared = rng.normal(size=HIDDEN)
    own = rng.normal(size=(directions.max() + 1, HIDDEN))
    basis, _ = np.linalg.qr(np.column_stack([np.ones(HIDDEN), shared, *own]))
    axes = np.sqrt(HIDDEN - 1) * (np.sqrt(cosine) * basis[:, 1] + np.sqrt(1 - cosine) * basis[:, 2:].T)
    tokens = axes[directions] + noise * rng.normal(size=(len(factors), HIDDEN))
    covariance = np.cov(factors[:, None] * tokens)
    return covariance[np.triu_indices(len(factors), 1)]


def members(n_tokens: int, shares: tuple[float, ...]) -> NDArray[np.int64]:
    """Return the group of each token; the groups have the given shares, rounded to whole tokens."""
    edges = np.round(n_tokens * np.cumsum(shares)).astype(int)
    return np.searchsorted(edges, np.arange(n_tokens), side="right")


def scales(
    shares: tuple[float, ...], levels: tuple[float, ...], spreads: tuple[float, ...], noise: float = 0.3
) -> Draw:
    """Plant groups that share a direction and differ in scale; covariances lie near products of scales."""

    def draw(n_tokens: int, rng: np.random.Generator) -> Values:
        group = members(n_tokens, shares)
        spread = np.array(spreads)[group]
        factors = np.array(levels)[group] * np.exp(spread * rng.normal(size=n_tokens))
        return covariance_of_tokens(factors, np.zeros(n_tokens, dtype=np.int64), noise, rng)

    return draw


def kinds(share: float, spread: float, cosine: float) -> Draw:
    """Plant two groups that differ in direction: pairs within a group are separate from mixed pairs."""

    def draw(n_tokens: int, rng: np.random.Generator) -> Values:
        factors = np.exp(spread * rng.normal(size=n_tokens))
        return covariance_of_tokens(factors, members(n_tokens, (share, 1 - share)), 0.3, rng, cosine)

    return draw


def effects(draw_effect: Draw, noise: float = 0.05) -> Draw:
    """Plant pairs that are the sum of their two tokens' effects and a little noise of their own."""

    def draw(n_tokens: int, rng: np.random.Generator) -> Values:
        effect = draw_effect(n_tokens, rng)
        first, second = np.triu_indices(n_tokens, 1)
        return effect[first] + effect[second] + noise * rng.normal(size=len(first))

    return draw


def odd_tokens(share: float, low: float, high: float) -> Draw:
    """Plant one cloud and a few tokens, at least one, of a very different scale."""

    def draw(n_tokens: int, rng: np.random.Generator) -> Values:
        factors = np.exp(0.1 * rng.normal(size=n_tokens))
        factors[: max(1, int(share * n_tokens))] *= rng.uniform(low, high, max(1, int(share * n_tokens)))
        return covariance_of_tokens(factors, np.zeros(n_tokens, dtype=np.int64), 0.3, rng)

    return draw


def independent(draw_pairs: Draw) -> Draw:
    """Plant independent pairs, as if they shared no tokens."""
    return lambda n_tokens, rng: draw_pairs(n_tokens * (n_tokens - 1) // 2, rng)


def mixture(shares: tuple[float, ...], centres: tuple[float, ...], widths: tuple[float, ...]) -> Draw:
    """Plant independent pairs from a Gaussian mixture."""

    def draw(n_tokens: int, rng: np.random.Generator) -> Values:
        n_pairs = n_tokens * (n_tokens - 1) // 2
        group = rng.choice(len(shares), n_pairs, p=shares)
        return np.array(centres)[group] + np.array(widths)[group] * rng.normal(size=n_pairs)

    return draw


SCENARIOS = (
    Scenario("one: Gaussian token effects", (1,), effects(lambda n, rng: rng.normal(size=n))),
    Scenario("one: one scale, noise only", (1,), scales((1.0,), (1.0,), (0.02,), 1.0)),
    Scenario("one: skewed (log-normal scales, s = 0.35)", (1,), scales((1.0,), (1.0,), (0.35,))),
    Scenario("one: very skewed (log-normal scales, s = 0.7)", (1,), scales((1.0,), (1.0,), (0.7,))),
    Scenario("one: heavy-tailed (t3 token effects)", (1,), effects(lambda n, rng: rng.standard_t(3, n))),
    Scenario("one: flat (uniform token effects)", (1,), effects(lambda n, rng: rng.uniform(-2, 2, n))),
    Scenario("one: 1 odd token, scale x 3", (1,), odd_tokens(0.0, 3, 3)),
    Scenario("one: 2% odd tokens, scales x 2 to 4", (1,), odd_tokens(0.02, 2, 4)),
    Scenario("one: 2% odd tokens, all x 3", (1,), odd_tokens(0.02, 3, 3)),
    Scenario("one: independent pairs, Gaussian", (1,), independent(lambda n, rng: rng.normal(size=n))),
    Scenario("one: independent pairs, t3", (1,), independent(lambda n, rng: rng.standard_t(3, n))),
    Scenario("one: independent pairs, gamma(2)", (1,), independent(lambda n, rng: rng.gamma(2, size=n))),
    Scenario("two: kinds 50/50", (2,), kinds(0.5, 0.05, 0.5)),
    Scenario("two: kinds 15/85", (2,), kinds(0.15, 0.05, 0.5)),
    Scenario(
        "two: independent pairs 90/10, widths 1 and 0.5, 5 apart", (2,), mixture((0.9, 0.1), (0, 5), (1, 0.5))
    ),
    Scenario("three: scales 50/50", (3,), scales((0.5, 0.5), (1, 1.6), (0.05, 0.05))),
    Scenario("three: scales 70/30", (3,), scales((0.7, 0.3), (1, 1.6), (0.05, 0.05))),
    Scenario("three: scales 30/70", (3,), scales((0.3, 0.7), (1, 1.6), (0.05, 0.05))),
    Scenario("three: scales 85/15", (3,), scales((0.85, 0.15), (1, 1.6), (0.05, 0.05))),
    Scenario("three: scales 15/85", (3,), scales((0.15, 0.85), (1, 1.6), (0.05, 0.05))),
    Scenario("three: scales 60/40, spreads 0.02 and 0.08", (3,), scales((0.6, 0.4), (1, 1.6), (0.02, 0.08))),
    Scenario("three: independent pairs", (3,), mixture((0.3, 0.5, 0.2), (0, 5, 11), (1, 1, 1.5))),
    Scenario(
        "six: scales 1, 1.6, 3.2", (6,), scales((0.4, 0.3, 0.3), (1, 1.6, 3.2), (0.02, 0.02, 0.02), 0.15)
    ),
    Scenario(
        "four to six: scales 1, 1.6, 2.2",
        (4, 5, 6),
        scales((0.4, 0.3, 0.3), (1, 1.6, 2.2), (0.03, 0.03, 0.03)),
    ),
)


def tokens_of(values: Values) -> int:
    """Return the number of tokens of all pairs."""
    return (1 + math.isqrt(1 + 8 * len(values))) // 2


def plain_kde(values: Values, _rng: np.random.Generator) -> int:
    """Count the modes by valley depth and share alone, without regard to tokens."""
    return count_clusters(values, rules=RULES._replace(max_carried=np.inf))


def this_project(values: Values, _rng: np.random.Generator) -> int:
    """Count the clusters with this project's rule."""
    return count_clusters(values)


def gaussian_mixture(values: Values, rng: np.random.Generator) -> int:
    """Fit mixtures to 2,000 pairs, take the lowest BIC, merge components without a valley between them."""
    sample = rng.choice(values, min(2000, len(values)), replace=False)[:, None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fits = [GaussianMixture(k, random_state=0).fit(sample) for k in range(1, MOST)]
    best = min(fits, key=lambda fit: fit.bic(sample))
    low, high = np.quantile(values, [0.005, 0.995])
    grid = np.linspace(low, high, 512)
    density = np.exp(best.score_samples(grid[:, None]))
    return count_modes(density, RULES.valley_depth, RULES.min_share)


def count_modes(density: Values, depth: float, share: float) -> int:
    """Count modes that hold a share of the mass and are separated by valleys of a relative depth."""
    inner = density[1:-1]
    valleys = list(np.flatnonzero((inner < density[:-2]) & (inner <= density[2:])) + 1)
    while valleys:
        parts = np.split(density, valleys)
        heights, masses = [part.max() for part in parts], [part.sum() / density.sum() for part in parts]
        depths = [
            1 - density[cut] / min(heights[gap], heights[gap + 1])
            if min(masses[gap], masses[gap + 1]) >= share
            else 0.0
            for gap, cut in enumerate(valleys)
        ]
        if min(depths) >= depth:
            break
        valleys.pop(int(np.argmin(depths)))
    return len(valleys) + 1


def silverman(values: Values, rng: np.random.Generator) -> int:
    """Find the smallest k for which k modes are not rejected: critical bandwidths, token bootstrap.

    Silverman's resamples are drawn from the smoothed density, shrunk to the variance of the sample, and
    smoothed again. Together this is one smoothing of the resampled values by ``h * sqrt(2 + h^2 / s^2)``.
    """
    lowest, highest = np.quantile(values, [0.005, 0.995])
    edges = np.linspace(lowest, highest, 513)
    cells = np.searchsorted(edges, values)
    counts = np.bincount(cells, minlength=514)[1:-1].astype(float)  # the first and last hold the tails
    n_tokens = tokens_of(values)
    first, second = np.triu_indices(n_tokens, 1)
    copies = resamples(n_tokens, rng, 39)
    resampled = [np.bincount(cells, row[first] * row[second], minlength=514)[1:-1] for row in copies]
    for k in range(1, MOST):
        low, high = 0.5, 200.0
        for _ in range(12):
            middle = np.sqrt(low * high)
            low, high = (middle, high) if raw_modes(counts, middle) > k else (low, middle)
        twice = high * np.sqrt(2 + (high / cells.std()) ** 2)
        if np.mean([raw_modes(row, twice) > k for row in resampled]) >= 0.05:
            return k
    return MOST


def raw_modes(counts: NDArray[np.number], width: float) -> int:
    """Count all modes of a smoothed histogram."""
    density = gaussian_filter1d(counts, width, mode="constant")
    steps = np.sign(np.diff(np.concatenate([[0], density, [0]])))
    steps = steps[steps != 0]
    return int(((steps[:-1] > 0) & (steps[1:] < 0)).sum())


DIP_NULLS = {
    size: np.sort([dip_statistic(np.sort(row)) for row in np.random.default_rng(size).random((999, size))])
    for size in (15, 30, 60, 125)
}


def dip_recursion(values: Values, rng: np.random.Generator) -> int:
    """Split at the best two-means cut while the dip test rejects one mode.

    The test uses pairs that share no token (a matching of the tokens), which are independent.
    """
    n_tokens = tokens_of(values)
    matrix = np.zeros((n_tokens, n_tokens))
    matrix[np.triu_indices(n_tokens, 1)] = values
    matrix += matrix.T
    orders = rng.permuted(np.tile(np.arange(n_tokens), (20, 1)), axis=1)[:, : n_tokens // 2 * 2]
    return count_dips(np.sort(values), np.sort(matrix[orders[:, ::2], orders[:, 1::2]]))


def count_dips(ordered: Values, matched: Values) -> int:
    """Count recursively; each row of ``matched`` is one sample of independent pairs."""
    inside = [row[(row >= ordered[0]) & (row <= ordered[-1])] for row in matched]
    inside = [row for row in inside if len(row) >= 10]
    if len(inside) < 10:
        return 1
    if 2 * np.median([dip_p_value(row) for row in inside]) >= 0.05:
        return 1
    sums = ordered.cumsum()[:-1]
    sizes = np.arange(1, len(ordered))
    cut = 1 + int(np.argmax((sums - sizes * ordered.mean()) ** 2 / (sizes * (len(ordered) - sizes))))
    return min(MOST, count_dips(ordered[:cut], matched) + count_dips(ordered[cut:], matched))


def dip_p_value(ordered: Values) -> float:
    """Return the p-value from the nearest simulated size; the dip shrinks with the root of the size."""
    size = min(DIP_NULLS, key=lambda known: abs(np.log(known / len(ordered))))
    scaled = dip_statistic(ordered) * np.sqrt(len(ordered) / size)
    return float(1 - np.searchsorted(DIP_NULLS[size], scaled) / 1000)


METHODS = {
    "this project": this_project,
    "KDE, blind to tokens": plain_kde,
    "mixture + BIC, merged": gaussian_mixture,
    "dip, recursive": dip_recursion,
    "Silverman": silverman,
}


def resamples(n_tokens: int, rng: np.random.Generator, number: int = 100) -> Values:
    """Draw the token multiplicities of bootstrap resamples."""
    return rng.multinomial(n_tokens, np.full(n_tokens, 1 / n_tokens), size=number).astype(float)


def study(task: tuple[int, int, int]) -> NDArray[np.float64]:
    """Compute one scenario's errors: shares of wrong counts by method, then by this project's interval."""
    place, n_tokens, seeds = task
    scenario = SCENARIOS[place]
    rows = []
    for seed in range(seeds):
        rng = np.random.default_rng([seed, place, n_tokens])
        values = scenario.draw(n_tokens, rng)
        wrong = [method(values, rng) not in scenario.truth for method in METHODS.values()]
        counts, _ = resampled_clusters(values, resamples(n_tokens, rng))
        low, high = np.percentile(counts, [2.5, 97.5])
        sure = low >= min(scenario.truth) and high <= max(scenario.truth)
        missed = high < min(scenario.truth) or low > max(scenario.truth)
        one_mode = unimodality_p_value(values, rng, n_matchings=50, n_null=500) >= 0.05
        rows.append([*wrong, sure, missed, not one_mode])
    return np.asarray(100 * np.array(rows, dtype=float).mean(axis=0))


def edge(task: tuple[float, float, int]) -> NDArray[np.float64]:
    """Count clusters of two groups at a distance: share of threes, separation index, right tokens."""
    distance, share, seeds = task
    spread = np.log(1.6) / distance / np.sqrt(2)  # two tokens' spreads add in a pair
    found = []
    for seed in range(seeds):
        rng = np.random.default_rng([seed, int(100 * distance), int(100 * share)])
        values = scales((1 - share, share), (1, 1.6), (spread, spread), 0.1)(250, rng)
        groups = token_groups(values, 250)
        agreement = np.mean(groups == members(250, (1 - share, share)))
        found.append([100 * (count_clusters(values) == 3), separation_index(values), agreement])
    columns = np.array(found).T
    return np.array([columns[0].mean(), *np.percentile(columns[1], [5, 50, 95]), columns[2].mean()])


def variants() -> dict[str, Rules]:
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


def sensitivity(task: tuple[int, int, int]) -> NDArray[np.float64]:
    """Compute one scenario's errors under each variant, in percent: of one count, and of resampled counts."""
    place, n_tokens, seeds = task
    scenario = SCENARIOS[place]
    errors = np.zeros((len(variants()), 2))
    for seed in range(seeds):
        rng = np.random.default_rng([seed, place, n_tokens])
        values, copies = scenario.draw(n_tokens, rng), resamples(n_tokens, rng, 20)
        for row, rules in enumerate(variants().values()):
            counts, _ = resampled_clusters(values, copies, rules=rules)
            wrong = count_clusters(values, rules=rules) not in scenario.truth
            errors[row] += wrong, np.mean(~np.isin(counts, scenario.truth))
    return 100 * errors / seeds


def timings() -> list[tuple[str, float]]:
    """Time each method, and 200 token resamples, on 250 tokens, in milliseconds: the best of five runs."""
    rng = np.random.default_rng(0)
    values, copies = SCENARIOS[16].draw(250, rng), resamples(250, rng, 200)
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


def main() -> None:
    """Run the study and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    seeds = options.seeds
    tasks = [(place, size, seeds) for size in SIZES for place in range(len(SCENARIOS))]
    edges = [(distance, share, seeds) for share in (0.5, 0.3, 0.15) for distance in EDGE]
    with threadpool_limits(1):
        times = timings()
        with ProcessPoolExecutor(options.processes, initializer=threadpool_limits, initargs=(1,)) as pool:
            faded = list(pool.map(edge, edges))
            errors = list(pool.map(study, tasks))
            changed = list(
                pool.map(sensitivity, [(place, size, max(1, seeds // 5)) for place, size, _ in tasks])
            )
    sections: dict[str, str] = {"seeds": f"{seeds} seeds per planted truth."}
    for number, size in enumerate(SIZES):
        found = np.array(errors[number * len(SCENARIOS) : (number + 1) * len(SCENARIOS)])
        rows = [(scenario.name, *row) for scenario, row in zip(SCENARIOS, found.tolist(), strict=True)]
        rows.append(("**mean**", *found.mean(axis=0).tolist()))
        counted = [row[: 1 + len(METHODS)] for row in rows]
        sections[f"errors_{size}"] = markdown_table(("planted truth", *METHODS), counted)
        judged = [(row[0], *row[1 + len(METHODS) :]) for row in rows[:-1]]
        sections[f"judged_{size}"] = markdown_table(
            ("planted truth", "supported", "refuted", "one mode rejected"), judged
        )
    faded_rows = [
        (f"{1 - share:.0%} / {share:.0%}", distance, *row.tolist())
        for (distance, share, _), row in zip(edges, faded, strict=True)
    ]
    sections["edge"] = markdown_table(
        ("tokens", "distance", "called three, %", "index, 5%", "median", "95%", "tokens grouped right"),
        faded_rows,
    )
    varied = np.reshape(changed, (len(SIZES), len(SCENARIOS), -1, 2)).mean(axis=1)
    sections["sensitivity"] = markdown_table(
        (
            "constants",
            *(f"{what}, {size} tokens" for size in SIZES for what in ("one count", "token resamples")),
        ),
        [(name, *varied[:, row].ravel().tolist()) for row, name in enumerate(variants())],
    )
    sections["times"] = markdown_table(("method", "ms"), times)
    write_sections(PAGE, sections)
    print(f"wrote {PAGE}")


EDGE = (2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0)


if __name__ == "__main__":
    main()
