"""How often each claim is supported where it is planted true, and where it is planted false.

``python -m layerclaims.calibration.error_rates`` prints the tables, ``--write`` puts them into
docs/decision-rules.md; ``--seeds 10`` for a quick look, ``--claims`` for some of them.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

from layerclaims.calibration.claim_reader import Assertion, read_claims
from layerclaims.calibration.scenarios import Instrument, Scenario, all_scenarios
from layerclaims.calibration.synthetic import DOCUMENT_LIKE, Planted, plant
from layerclaims.calibration.tables import write_sections
from layerclaims.decision import Decision, Verdict, combine

PAGE = Path(__file__).resolve().parent.parent / "docs" / "decision-rules.md"
VERDICTS: tuple[Verdict, ...] = ("supported", "refuted", "inconclusive", "not_applicable")
REQUIRED = {"true": (0.95, 1.0), "false": (0.0, 0.05), "absent": (0.0, 0.0)}
"""Share of seeds in which a claim may be supported, by what is planted."""

SEEDS_A_JOB = 10
PROCESSES = 2
THREAD_SETTINGS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")

Counts = dict[Scenario, Counter[Verdict]]


@dataclass(frozen=True)
class Job:
    """Some draws of one planting with one instrument, for all claims that are decided on it."""

    scenarios: tuple[Scenario, ...]
    seeds: range


def calibrate(claims: list[str], n_seeds: int) -> Counts:
    """Decide every scenario of some claims on ``n_seeds`` draws.

    Returns
    -------
    dict
        Scenario to the number of draws with each verdict.
    """
    counts: Counts = {scenario: Counter() for scenario in all_scenarios(claims)}
    for name in THREAD_SETTINGS:  # one thread a process, read when a process starts
        os.environ[name] = "1"
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for found in pool.map(decide_job, list(_jobs(list(counts), n_seeds))):
            for scenario, verdicts in found.items():
                counts[scenario].update(verdicts)
    return counts


def decide_job(job: Job) -> dict[Scenario, Counter[Verdict]]:
    """Draw once for each seed and decide every claim on it."""
    assertions = read_claims()
    found: dict[Scenario, Counter[Verdict]] = {scenario: Counter() for scenario in job.scenarios}
    for seed in job.seeds:
        measurement = job.scenarios[0].draw(seed)
        for scenario in job.scenarios:
            verdicts = [assertion.decide(measurement).verdict for assertion in assertions[scenario.claim]]
            found[scenario][combine(verdicts)] += 1
    return found


def is_calibrated(scenario: Scenario, verdicts: Counter[Verdict]) -> bool:
    """Return whether a claim is supported as often as it should be; near the criterion there is no limit."""
    low, high = REQUIRED.get(scenario.truth, (0.0, 1.0))
    return low <= verdicts["supported"] / verdicts.total() <= high


def calibration_table(counts: Counts) -> list[str]:
    """Write the counts as a table, in percent."""
    rows = [
        "| claim | planted | truth | supported | refuted | inconclusive | not applicable |",
        "| --- | --- | --- | --: | --: | --: | --: |",
    ]
    for scenario, verdicts in counts.items():
        shares = [f"{100 * verdicts[verdict] / verdicts.total():.0f}" for verdict in VERDICTS]
        flag = "" if is_calibrated(scenario, verdicts) else " **(missed)**"
        cells = [f"`{scenario.claim}`", scenario.name, scenario.truth + flag, *shares]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def criteria_table(claims: dict[str, list[Assertion]]) -> list[str]:
    """List each claim's assertions with their criteria, from activations of which all claims are true."""
    measurement = plant(DOCUMENT_LIKE, 0)
    rows = ["| claim | measured | criterion | reason |", "| --- | --- | --- | --- |"]
    for claim, assertions in claims.items():
        decisions = [(assertion, assertion.decide(measurement)) for assertion in assertions]
        for _, same in groupby(decisions, key=lambda found: found[0].name):
            assertion, decision = next(same)
            rows.append(f"| `{claim}` | {_cells(assertion, decision)} |")
    return rows


def _cells(assertion: Assertion, decision: Decision) -> str:
    criterion = decision.criterion
    if criterion is None:
        raise ValueError(f"{assertion.claim.id} does not apply where all claims are true: {decision.reason}")
    measured = (assertion.rule.__doc__ or "").splitlines()[0].rstrip(".")
    return f"{measured} | {criterion.text} | {criterion.reason}"


def _jobs(scenarios: list[Scenario], n_seeds: int) -> Iterator[Job]:
    """Group the scenarios by planting and instrument, so that each draw is measured once."""
    together: dict[tuple[Planted, Instrument], list[Scenario]] = {}
    for scenario in scenarios:
        together.setdefault((scenario.planted, scenario.instrument), []).append(scenario)
    for same in together.values():
        for first in range(0, n_seeds, SEEDS_A_JOB):
            yield Job(tuple(same), range(first, min(first + SEEDS_A_JOB, n_seeds)))


def main() -> None:
    """Run the command line."""
    claims = read_claims()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="draws of each planting")
    parser.add_argument("--claims", nargs="+", choices=list(claims), metavar="ID", help="default: all")
    parser.add_argument("--write", action="store_true", help=f"fill the tables of {PAGE.name}")
    options = parser.parse_args()
    if options.write and options.claims:
        parser.error("--write needs all claims")
    started = time.perf_counter()
    counts = calibrate(options.claims or list(claims), options.seeds)
    seconds = time.perf_counter() - started
    missed = sum(not is_calibrated(scenario, verdicts) for scenario, verdicts in counts.items())
    summary = [f"{options.seeds} draws of each planting, {len(counts)} plantings, {missed} missed."]
    print("\n".join(calibration_table(counts) + summary + [f"{seconds:.0f} s"]))
    if options.write:
        tables = {
            "summary": summary,
            "criteria": criteria_table(claims),
            "calibration": calibration_table(counts),
        }
        write_sections(PAGE, {name: "\n".join(lines) for name, lines in tables.items()})


if __name__ == "__main__":
    main()
