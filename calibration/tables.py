"""Markdown tables, and the marked sections of a documentation page that they fill."""

from collections.abc import Mapping, Sequence
from pathlib import Path


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Write a table; floats with three significant digits, those below 1 with two decimals."""

    def cell(value: object) -> str:
        if not isinstance(value, float):
            return str(value)
        return f"{value:.2f}" if 0 < abs(value) < 1 else f"{value:.3g}"

    lines = [header, ["---" if place == 0 else "--:" for place in range(len(header))]]
    return "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in [*lines, *rows])


def write_sections(page: Path, sections: Mapping[str, str]) -> None:
    """Replace what stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->`` in a page.

    Raises
    ------
    ValueError
        If the page lacks a section; nothing is written then.
    """
    text = page.read_text(encoding="utf-8")
    for name, lines in sections.items():
        before, begin, rest = text.partition(f"<!-- begin {name} -->\n")
        _, end, after = rest.partition(f"<!-- end {name} -->")
        if not end:
            raise ValueError(f"{page} has no section {name}: it needs the lines begin and end {name}")
        text = f"{before}{begin}{lines}\n{end}{after}"
    page.write_text(text, encoding="utf-8")
