"""How often each claim is supported where it is planted true, and where it is planted false.

``python -m layerclaims.calibration.error_rates`` prints the tables, ``--write`` puts them into
docs/decision-rules.md and claims/error_rates.json; ``--seeds 10`` for a quick look, ``--claims`` for some of
them, whose rows alone are then written.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from layerclaims.calibration.claim_reader import Assertion, read_claims
from layerclaims.calibration.plantings import Instrument
from layerclaims.calibration.processes import map_in_processes
from layerclaims.calibration.scenarios import Scenario, Truth, all_scenarios
from layerclaims.calibration.synthetic import DOCUMENT_LIKE, Planted, plant
from layerclaims.calibration.tables import write_sections
from layerclaims.decision import Decision, Verdict, combine
from layerclaims.rule_hashes.error_rates import VERDICTS, error_rates_of, error_rates_text

PAGE = Path(__file__).resolve().parent.parent / "docs" / "decision-rules.md"
RATES = Path(__file__).resolve().parent.parent / "claims" / "error_rates.json"
"""The same table for the program, which ships without the page."""
REQUIRED: dict[Truth, tuple[Verdict, float, float]] = {
    "true": ("supported", 0.95, 1.0),
    "false": ("supported", 0.0, 0.05),
    "absent": ("supported", 0.0, 0.0),
    "boundary": ("refuted", 0.0, 0.05),
}
"""Share of draws that may have a verdict, by what is planted."""

BOUNDARY_DRAWS = 3
"""Plantings at the boundary are drawn so many times as often: there a small share of draws is refuted."""
SEEDS_A_JOB = 10

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
    for found in map_in_processes(decide_job, _jobs(list(counts), n_seeds)):
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
    """Return whether a claim has its verdicts as often as it should; near the criterion there is no limit."""
    verdict, low, high = REQUIRED.get(scenario.truth, ("supported", 0.0, 1.0))
    return low <= verdicts[verdict] / verdicts.total() <= high


def calibration_table(counts: Counts) -> list[str]:
    """Write the counts as a table, in percent."""
    rows = [
        "| claim | planted | truth | supported | refuted | inconclusive | not applicable | draws |",
        "| --- | --- | --- | --: | --: | --: | --: | --: |",
    ]
    for scenario, verdicts in counts.items():
        shares = [f"{100 * verdicts[verdict] / verdicts.total():.0f}" for verdict in VERDICTS]
        flag = "" if is_calibrated(scenario, verdicts) else " **(missed)**"
        cells = [f"`{scenario.claim}`", scenario.name, scenario.truth + flag, *shares, str(verdicts.total())]
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


def with_rows_kept(table: list[str], page: str, claims: list[str]) -> list[str]:
    """Put a page's rows of other claims into a table of some, in the order of all claims."""
    kept = page.split("<!-- begin calibration -->\n")[1].split("\n<!-- end calibration -->")[0].split("\n")
    rows = {claim: [row for row in table[2:] if _claim_of(row) == claim] for claim in claims}
    rows = {claim: own or [row for row in kept[2:] if _claim_of(row) == claim] for claim, own in rows.items()}
    return [*table[:2], *(row for own in rows.values() for row in own)]


def _claim_of(row: str) -> str:
    return row.split("`")[1]


def summarise(table: list[str]) -> list[str]:
    """Say of a table how many plantings it has, how often each was drawn and how many are missed."""
    rows = table[2:]
    draws = sorted({int(row.split(" | ")[-1].removesuffix(" |")) for row in rows})
    missed = sum("**(missed)**" in row for row in rows)
    return [f"{len(rows)} plantings, {' or '.join(map(str, draws))} draws of each, {missed} missed."]


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
        at_boundary = any(scenario.truth == "boundary" for scenario in same)
        n_draws = n_seeds * (BOUNDARY_DRAWS if at_boundary else 1)
        for first in range(0, n_draws, SEEDS_A_JOB):
            yield Job(tuple(same), range(first, min(first + SEEDS_A_JOB, n_draws)))


def main() -> None:
    """Run the command line."""
    claims = read_claims()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="draws of each planting")
    parser.add_argument("--claims", nargs="+", choices=list(claims), metavar="ID", help="default: all")
    parser.add_argument("--write", action="store_true", help=f"fill the tables of {PAGE.name}")
    options = parser.parse_args()
    started = time.perf_counter()
    table = calibration_table(calibrate(options.claims or list(claims), options.seeds))
    print("\n".join([*table, *summarise(table), f"{time.perf_counter() - started:.0f} s"]))
    if options.write:
        table = with_rows_kept(table, PAGE.read_text(encoding="utf-8"), list(claims))
        RATES.write_text(error_rates_text(error_rates_of(table)), encoding="utf-8")
        tables = {"summary": summarise(table), "criteria": criteria_table(claims), "calibration": table}
        write_sections(PAGE, {name: "\n".join(lines) for name, lines in tables.items()})


if __name__ == "__main__":
    main()
