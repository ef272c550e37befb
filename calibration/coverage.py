"""How often 95% intervals hold the truth where tokens depend on their neighbours in the text.

``python -m layerclaims.calibration.coverage`` prints the table, ``--write`` puts it into
docs/dependent-tokens.md; ``--draws 50`` for a quick look.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter
from scipy.special import expit

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.calibration.processes import map_in_processes
from layerclaims.calibration.tables import write_sections

PAGE = Path(__file__).resolve().parent.parent / "docs" / "dependent-tokens.md"
Floats = NDArray[np.float64]

MEASURES = {"covariance": "covariance", "mutual_information": "MI", "pearson": "Pearson's r"}
RHOS = (0.0, 0.3, 0.6)
SIZES = (120, 250)
REQUIRED = {0.0: 0.93, 0.3: 0.92, 0.6: 0.90}
"""Smallest share of draws whose interval holds the truth, at the larger size."""
HIDDEN = 192
N_RESAMPLES = 400
TRUTH_DRAWS = 400
BURN_IN = 60
KIND = "token"


@dataclass(frozen=True)
class Text:
    """Tokens of a text, at a first and a last layer: amplitude * (sqrt(q) * shared + sqrt(1 - q) * own).

    The logarithm of the amplitude, the log odds of q and the token's own part are autoregressive along the
    text; their distribution at one token does not depend on ``rho``, so neither does the truth.

    Attributes
    ----------
    rho : float
        Correlation of a token with the next one.
    n_tokens : int
    spread : float
        Standard deviation of the logarithm of the amplitude.
    unevenness : float
        Standard deviation of the log odds of q.
    odds : tuple of float
        Mean log odds of q at the two layers.
    scales : tuple of float
        Scale of the two layers.
    """

    rho: float
    n_tokens: int
    spread: float = 0.15
    unevenness: float = 0.5
    odds: tuple[float, float] = (1.2, 0.2)
    scales: tuple[float, float] = (1.0, 4.0)

    def draw(self, rng: np.random.Generator) -> Measurement:
        """Draw the tokens; the shared vectors are the model's and always the same."""
        log_amplitude = self.spread * self._along_text(rng, 1)[:, 0]
        own_odds = self.unevenness * self._along_text(rng, 1)[:, 0]
        layers = []
        for odds, scale, shared in zip(self.odds, self.scales, _shared_vectors(), strict=True):
            q = expit(odds + own_odds)[:, None]
            own = self._along_text(rng, HIDDEN)
            layers.append(
                scale * np.exp(log_amplitude)[:, None] * (np.sqrt(q) * shared + np.sqrt(1 - q) * own)
            )
        specification = Specification(n_resamples=N_RESAMPLES, block_length=None)
        return Measurement({KIND: np.stack(layers)}, specification=specification)

    def _along_text(self, rng: np.random.Generator, n_columns: int) -> Floats:
        """Draw standard normal columns that are autoregressive down the rows."""
        steps = rng.normal(size=(BURN_IN + self.n_tokens, n_columns)) * np.sqrt(1 - self.rho**2)
        return np.asarray(lfilter([1], [1, -self.rho], steps, axis=0)[BURN_IN:])


@cache
def _shared_vectors() -> Floats:
    vectors = np.random.default_rng(0).normal(size=(2, HIDDEN))
    return np.asarray((vectors - vectors.mean(axis=1, keepdims=True)) / vectors.std(axis=1, keepdims=True))


@dataclass
class Coverage:
    """How often intervals held the truth, by quantity, in blocks and with tokens as if independent."""

    blocks: dict[str, list[bool]] = field(default_factory=dict)
    independent: dict[str, list[bool]] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)
    effective: list[float] = field(default_factory=list)


def quantities(measurement: Measurement) -> Iterator[tuple[str, float, Floats]]:
    """Give the quantities of a measurement, each with its resamples."""
    for measure, name in MEASURES.items():
        profile = measurement.profile(KIND, measure)
        yield f"mean {name}", float(profile.mean[0]), profile.resampled[:, 0]
        yield (
            f"growth of mean {name}",
            float(profile.mean[1] / profile.mean[0]),
            profile.resampled[:, 1] / profile.resampled[:, 0],
        )


def true_values() -> dict[str, float]:
    """Estimate the truth from draws of independent tokens, of which there are more than in any interval."""
    text = Text(0.0, max(SIZES))
    sums = {measure: np.zeros(2) for measure in MEASURES}
    for draw in range(TRUTH_DRAWS):
        measurement = text.draw(np.random.default_rng([1, draw]))
        for measure, total in sums.items():
            total += [measurement.values(KIND, measure, layer).mean() for layer in (0, 1)]
    return {
        key: value
        for measure, name in MEASURES.items()
        for key, value in (
            (f"mean {name}", float(sums[measure][0] / TRUTH_DRAWS)),
            (f"growth of mean {name}", float(sums[measure][1] / sums[measure][0])),
        )
    }


def measure_coverage(text: Text, truth: dict[str, float], n_draws: int) -> Coverage:
    """Count how often the intervals of a text's quantities hold the truth."""
    found = Coverage()
    for draw in range(n_draws):
        measurement = text.draw(np.random.default_rng([2, draw]))
        found.lengths.append(measurement.block_length(KIND))
        found.effective.append(measurement.effective_tokens(KIND))
        alone = measurement.respecified(Specification(n_resamples=N_RESAMPLES, block_length=1))
        for measured, held in ((measurement, found.blocks), (alone, found.independent)):
            for name, value, resampled in quantities(measured):
                estimate = percentile_estimate(value, resampled, n=text.n_tokens)
                held.setdefault(name, []).append(estimate.low <= truth[name] <= estimate.high)
    return found


def is_covered(text: Text, found: Coverage) -> bool:
    """Tell whether intervals from blocks hold the truth often enough, on average over quantities."""
    return text.n_tokens < max(SIZES) or bool(np.mean(list(found.blocks.values())) >= REQUIRED[text.rho])


def coverage_table(results: dict[Text, Coverage]) -> list[str]:
    """Lay the shares out, in percent: of blocks, and in brackets of tokens as if independent."""
    names = list(next(iter(results.values())).blocks)
    rows = [
        f"| tokens | rho | block | effective tokens | {' | '.join(names)} | all |",
        "| --: | --: | --: | --: |" + " --: |" * (len(names) + 1),
    ]
    for text, found in results.items():
        shares = [_share(found.blocks[name], found.independent[name]) for name in names]
        every = _share(list(found.blocks.values()), list(found.independent.values()))
        flag = "" if is_covered(text, found) else " **(missed)**"
        cells = [
            f"{text.n_tokens} | {text.rho:g} | {np.median(found.lengths):.0f}",
            f"{np.median(found.effective):.0f}",
            *shares,
            every + flag,
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _share(blocks: list[bool] | list[list[bool]], independent: list[bool] | list[list[bool]]) -> str:
    return f"{100 * np.mean(blocks):.1f} ({100 * np.mean(independent):.1f})"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=400, help="texts of each kind")
    parser.add_argument("--write", action="store_true", help=f"fill the table of {PAGE.name}")
    options = parser.parse_args()
    started = time.perf_counter()
    truth = true_values()
    texts = [Text(rho, n_tokens) for n_tokens in SIZES for rho in RHOS]
    found = map_in_processes(partial(measure_coverage, truth=truth, n_draws=options.draws), texts)
    results = dict(zip(texts, found, strict=True))
    table = coverage_table(results)
    print("\n".join([*table, f"{options.draws} draws, {time.perf_counter() - started:.0f} s"]))
    if options.write:
        write_sections(PAGE, {"coverage": "\n".join(table)})


if __name__ == "__main__":
    main()
