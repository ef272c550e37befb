"""How often a claim of several assertions is refuted by chance where each of them is just met.

``python -m layerclaims.calibration.boundary`` prints the table, ``--write`` puts it into
docs/dependent-tokens.md; ``--draws 100`` for a quick look.
"""

import argparse
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from layerclaims.analysis.statistics.bootstrap import token_multiplicities
from layerclaims.analysis.statistics.dependence import autocorrelation, block_length
from layerclaims.analysis.statistics.estimate import percentile_estimate
from layerclaims.calibration.tables import write_sections
from layerclaims.decision import Criterion, Decision, combine, corrected, decide
from layerclaims.message import message

PAGE = Path(__file__).resolve().parent.parent / "docs" / "dependent-tokens.md"
Floats = NDArray[np.float64]

N_ASSERTIONS = (1, 2, 4, 12)
N_TOKENS = 250
N_RESAMPLES = 1000
BURN_IN = 60
AT_BOUNDARY = Criterion("at least", 0, message("Every assertion's true mean is 0 here."))


@dataclass(frozen=True)
class Boundary:
    """Tokens with as many numbers as a claim has assertions; the true mean of each number is 0.

    Attributes
    ----------
    rho : float
        Correlation of a token with the next one in the text.
    shared : float
        Correlation of one assertion's number with another's.
    """

    rho: float
    shared: float

    def draw(self, rng: np.random.Generator) -> Floats:
        """Draw the numbers, shape ``(n_tokens, max(N_ASSERTIONS))``."""
        steps = rng.normal(size=(BURN_IN + N_TOKENS, 1 + max(N_ASSERTIONS)))
        numbers = lfilter([np.sqrt(1 - self.rho**2)], [1, -self.rho], steps, axis=0)[BURN_IN:]
        return np.asarray(np.sqrt(self.shared) * numbers[:, :1] + np.sqrt(1 - self.shared) * numbers[:, 1:])


BOUNDARIES = tuple(Boundary(rho, shared) for rho in (0.0, 0.3) for shared in (0.0, 0.8))
Verdicts = Counter[tuple[int, str, str]]


def decide_assertions(numbers: Floats, rng: np.random.Generator) -> list[Decision]:
    """Decide whether the mean of each number is at least 0."""
    length = max(block_length(autocorrelation(number[None])) for number in numbers.T[:2])
    weights = token_multiplicities(N_TOKENS, N_RESAMPLES, rng, block_length=length)
    resampled = weights @ numbers / weights.sum(axis=1, keepdims=True)
    return [
        decide(message("the mean"), percentile_estimate(float(mean), own, n=N_TOKENS), AT_BOUNDARY)
        for mean, own in zip(numbers.mean(axis=0), resampled.T, strict=True)
    ]


def count_verdicts(boundary: Boundary, n_draws: int) -> Verdicts:
    """Count the verdicts of claims of each number of assertions, as they are and corrected."""
    found: Verdicts = Counter()
    for draw in range(n_draws):
        rng = np.random.default_rng([3, draw])
        decisions = decide_assertions(boundary.draw(rng), rng)
        for n_assertions in N_ASSERTIONS:
            own = decisions[:n_assertions]
            found[n_assertions, "as they are", combine([one.verdict for one in own])] += 1
            after = combine([corrected(one, n_assertions).verdict for one in own])
            found[n_assertions, "corrected", after] += 1
    return found


def boundary_table(results: dict[Boundary, Verdicts], n_draws: int) -> list[str]:
    """Lay the shares out, in percent."""
    rows = [
        "| assertions | their correlation | rho of neighbours | refuted before | refuted | supported |",
        "| --: | --: | --: | --: | --: | --: |",
    ]
    for boundary, verdicts in results.items():
        for n_assertions in N_ASSERTIONS:
            shares = [
                100 * verdicts[n_assertions, kind, verdict] / n_draws
                for kind, verdict in (
                    ("as they are", "refuted"),
                    ("corrected", "refuted"),
                    ("corrected", "supported"),
                )
            ]
            cells = [
                f"{n_assertions} | {boundary.shared:g} | {boundary.rho:g}",
                *(f"{one:.1f}" for one in shares),
            ]
            rows.append(f"| {' | '.join(cells)} |")
    return rows


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1000, help="claims of each kind")
    parser.add_argument("--write", action="store_true", help=f"fill the table of {PAGE.name}")
    options = parser.parse_args()
    started = time.perf_counter()
    results = {boundary: count_verdicts(boundary, options.draws) for boundary in BOUNDARIES}
    table = boundary_table(results, options.draws)
    print("\n".join([*table, f"{options.draws} draws, {time.perf_counter() - started:.0f} s"]))
    if options.write:
        write_sections(PAGE, {"boundary": "\n".join(table)})


if __name__ == "__main__":
    main()
