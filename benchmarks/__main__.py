"""Speed of the measurement engine: ``python -m benchmarks``.

Prints the tables of docs/performance.md; ``--write`` puts them there. ``--activations FILE`` measures what
``pytest claims/ --save-activations FILE`` wrote, instead of tokens drawn in their likeness.
"""

import argparse
import os
import platform
from importlib.metadata import version
from pathlib import Path

from benchmarks.data import Activations, count_pairs, drawn_activations, read_activations
from benchmarks.limits import limits_table
from benchmarks.pairs import bootstrap_seconds, peers_table, scaling_table
from layerclaims.analysis.threads import machine_threads

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
START, END = "<!-- tables -->\n", "<!-- end of tables -->\n"
LIBRARIES = ("numpy", "numba", "torch", "scikit-learn", "fast-histogram", "boost-histogram")


def processor() -> str:
    """Name the processor, where the system tells."""
    info = Path("/proc/cpuinfo")
    names = (
        [line for line in info.read_text().splitlines() if line.startswith("model name")]
        if info.exists()
        else []
    )
    return names[0].split(":")[1].strip() if names else platform.processor()


def machine(activations: Activations, source: str) -> list[str]:
    """Describe the machine, the libraries and what is measured."""
    layers, tokens, hidden = activations["internal"].shape
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return [
        f"{processor()}, {machine_threads()} threads{load}; Python {platform.python_version()}, {libraries}.",
        f"Measured: {source}, {layers} levels of {tokens} tokens of each kind and {hidden} dimensions, "
        f"{count_pairs(activations):,} pairs.",
    ]


def report(activations: Activations, source: str, rounds: int) -> list[str]:
    """Write all tables."""
    return [
        *machine(activations, source),
        "",
        *peers_table(activations, rounds),
        "",
        "Against the machine's limit:",
        "",
        *limits_table(activations),
        "",
        "By size (drawn tokens):",
        "",
        *scaling_table(),
        "",
        f"1,000 resamples of three mean profiles at 31 levels of both kinds: {bootstrap_seconds():.2g} s.",
    ]


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--activations", type=Path, metavar="FILE", help="safetensors file to measure")
    parser.add_argument("--rounds", type=int, default=7, help="turns that each takes (default 7)")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    arguments = parser.parse_args()
    if arguments.activations:
        activations, source = read_activations(arguments.activations), arguments.activations.stem
    else:
        activations, source = drawn_activations(), "drawn tokens"
    text = "\n".join(report(activations, source, arguments.rounds)) + "\n"
    print(text)
    if arguments.write:
        page = PAGE.read_text(encoding="utf-8")
        before, _, rest = page.partition(START)
        PAGE.write_text(before + START + "\n" + text + "\n" + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
