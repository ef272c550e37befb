"""Citations of the study, of this software and of a run, as text and as BibTeX."""

import re
from dataclasses import dataclass

from layerclaims.report.language.words import Words
from layerclaims.report.records.evidence import DocumentRecord, Evidence
from layerclaims.version import PACKAGE, release


@dataclass(frozen=True)
class Citation:
    """What to cite, in one line of text and as BibTeX."""

    title: str
    text: str
    bibtex: str


def citations(evidence: Evidence, digest: str, words: Words) -> list[Citation]:
    """Write the citations of a report.

    Parameters
    ----------
    evidence : Evidence
    digest : str
        SHA-256 of the evidence file, which tells this run from all others.
    words : Words
    """
    _ = words.gettext
    return [
        Citation(_("The study"), _study_text(evidence.document), _study(evidence.document)),
        Citation(_("The software"), *_software(evidence)),
        Citation(_("This run"), *_run(evidence, digest)),
    ]


def _study_text(document: DocumentRecord) -> str:
    if document.citation:
        return document.citation
    who = ", ".join(document.authors)
    year = "" if document.year is None else f" ({document.year})"
    parts = (f"{who}{year}".strip(), document.title, document.url)
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _study(document: DocumentRecord) -> str:
    fields = {
        "title": document.title,
        "author": " and ".join(document.authors),
        "year": "" if document.year is None else str(document.year),
        "url": document.url,
        "note": "" if document.authors else document.citation,
    }
    return _entry("misc", document.key, fields)


def _software(evidence: Evidence) -> tuple[str, str]:
    version, commit = version_of(evidence)
    named = f"version {version}" + (f", commit {commit}" if commit else "")
    fields = {
        "title": PACKAGE,
        "author": f"{{The {PACKAGE} authors}}",
        "year": evidence.created[:4],
        "version": version,
        "note": f"commit {commit}" if commit else "",
    }
    return f"The {PACKAGE} authors. {PACKAGE}, {named}.", _entry("software", PACKAGE, fields)


def _run(evidence: Evidence, digest: str) -> tuple[str, str]:
    subject = evidence.subject
    title = f"Claims of “{evidence.document.title}” on {subject.model} reading {subject.corpus.name}"
    text = f"{title}. {PACKAGE}, {evidence.created[:10]}. Evidence with SHA-256 {digest}."
    fields = {
        "title": title,
        "year": evidence.created[:4],
        "note": f"Made with {PACKAGE}; evidence with SHA-256 {digest}",
    }
    return text, _entry("misc", f"{subject.name}-{digest[:8]}", fields)


def version_of(evidence: Evidence) -> tuple[str, str]:
    """Return the software's version and commit; the version at hand where the run recorded none."""
    software = evidence.software
    return (release(), "") if software is None else (software.version, software.commit or "")


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    """Write a BibTeX entry; empty fields are left out."""
    shown = {name: value if name == "url" else _escaped(value) for name, value in fields.items() if value}
    lines = [f"  {name} = {{{value}}}," for name, value in shown.items()]
    return "\n".join([f"@{kind}{{{re.sub(r'[^A-Za-z0-9-]+', '-', key)},", *lines, "}"])


def _escaped(text: str) -> str:
    """Escape what BibTeX would read as markup; braces that do not pair would end the entry."""
    if text.count("{") != text.count("}"):
        text = text.replace("{", "(").replace("}", ")")
    return re.sub(r"([&%$#_])", r"\\\1", text)
