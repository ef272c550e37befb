"""How often each claim is supported where it is planted true, and where it is planted false.

In the folder ``examples``, ``python -m contextuality.error_rates --write`` fills the table of the README;
``--seeds 5`` for a quick look.
"""

import argparse
from collections import Counter
from pathlib import Path

import contextuality
from contextuality.planted import ALL_TRUE, SCENARIOS, Planted, plant
from layerclaims.calibration.claim_reader import read_claims
from layerclaims.calibration.tables import markdown_table, write_sections
from layerclaims.decision import Verdict, combine

PAGE = Path(__file__).parent / "README.md"
VERDICTS: tuple[Verdict, ...] = ("supported", "refuted", "inconclusive")


def scenarios(claim: str) -> dict[tuple[str, str], Planted]:
    """Give what is planted for a claim, by its truth and its name."""
    return {("true", "all claims are true"): ALL_TRUE, **SCENARIOS[claim]}


def count_verdicts(claim: str, planted: Planted, n_seeds: int) -> Counter[Verdict]:
    """Decide a claim on several draws of a planting."""
    assertions = read_claims(contextuality)[claim]
    found: Counter[Verdict] = Counter()
    for seed in range(n_seeds):
        measurement = plant(planted, seed)
        found[combine([assertion.decide(measurement).verdict for assertion in assertions])] += 1
    return found


def table(n_seeds: int) -> str:
    """Lay out how often each claim got each verdict."""
    rows = []
    for claim in SCENARIOS:
        for (truth, name), planted in scenarios(claim).items():
            counts = count_verdicts(claim, planted, n_seeds)
            rows.append((f"`{claim}`", name, truth, *(counts[verdict] for verdict in VERDICTS)))
    return markdown_table(("claim", "planted", "truth", *VERDICTS), rows)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=40, help="draws of each planting")
    parser.add_argument("--write", action="store_true", help=f"fill the table of {PAGE.name}")
    options = parser.parse_args()
    rows = table(options.seeds)
    print(rows)
    if options.write:
        write_sections(PAGE, {"calibration": rows})


if __name__ == "__main__":
    main()
