"""Gather what is to be translated from the source, and bring the catalogues up to date with it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from layerclaims.files import write_atomically
from layerclaims.report.language.words import EVIDENCE_DOMAIN, LOCALE_DIR, REPORT_DOMAIN

ROOT = Path(__file__).parents[2]
EVIDENCE_SOURCES = (
    "analysis/statistics/decision.py",
    "claims/criteria.py",
    "claims/rules/*.py",
    "claims/test_*.py",
    "fixtures/stages/controls.py",
    "fixtures/assembly/notes.py",
    "subject/resolving/network.py",
    "subject/resolving/resolve.py",
    "fixtures/assembly/token_groups.py",
    "analysis/clusters/text_features.py",
)
"""Where the sentences of the evidence are written."""

_FEWEST_LETTERS = 8


def report_messages() -> Catalog:
    """Gather the texts of templates, figures and pages."""
    catalogue = Catalog(domain=REPORT_DOMAIN, fuzzy=False)
    methods = [("templates/**.j2", "jinja2"), ("**.py", "python")]
    options = {"templates/**.j2": {"newstyle_gettext": "true", "trimmed": "true"}}
    folder = Path(__file__).parents[1]
    for file, _, message, _, _ in extract_from_dir(str(folder), methods, options, comment_tags=()):
        catalogue.add(message, locations=[(Path(file).as_posix(), 0)])
    return catalogue


def evidence_messages() -> Catalog:
    """Gather the sentences that claims, controls and findings write, with a gap for each value."""
    catalogue = Catalog(domain=EVIDENCE_DOMAIN, fuzzy=False)
    for pattern in EVIDENCE_SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            for phrase in _phrases(ast.parse(path.read_text(encoding="utf-8"))):
                catalogue.add(phrase, locations=[(path.relative_to(ROOT).as_posix(), 0)])
    return catalogue


def update_catalogues() -> list[Path]:
    """Add new messages to every language's catalogues, and drop those that the source no longer has."""
    updated = []
    for template in (report_messages(), evidence_messages()):
        for path in sorted(LOCALE_DIR.glob(f"*/LC_MESSAGES/{template.domain}.po")):
            language = path.parent.parent.name
            with path.open("rb") as file:
                catalogue = read_po(file, locale=language, domain=template.domain)
            catalogue.update(template, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            save_catalogue(catalogue, path)
            updated.append(path)
    return updated


def save_catalogue(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue so that equal messages give equal bytes."""
    from io import BytesIO

    content = BytesIO()
    write_po(content, catalogue, omit_header=False, include_lineno=False, sort_output=True, width=100)
    lines = content.getvalue().decode().splitlines(keepends=True)
    write_atomically(path, "".join(line for line in lines if not line.startswith('"POT-Creation-Date')))


def _phrases(tree: ast.AST) -> Iterator[str]:
    """Walk over everything but docstrings and errors."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Raise) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            continue
        if isinstance(node, ast.JoinedStr):
            yield from _worth_translating(_pattern(node))
            for value in node.values:
                if isinstance(value, ast.FormattedValue):
                    yield from _phrases(value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _worth_translating(node.value)
        else:
            yield from _phrases(node)


def _pattern(text: ast.JoinedStr) -> str:
    parts, gaps = [], 0
    for value in text.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        else:
            gaps += 1
            parts.append(f"{{{gaps}}}")
    return "".join(parts)


def _worth_translating(text: str) -> Iterator[str]:
    """Leave out names and formats: a phrase has a space and some letters."""
    stripped = text.strip()
    if " " in stripped and sum(letter.isalpha() for letter in stripped) >= _FEWEST_LETTERS:
        yield stripped
