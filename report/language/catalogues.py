"""Extract what is to be translated from the source by Babel, and update the catalogues.

Each language has two catalogues: ``report`` with the texts of templates, figures and pages (``gettext``), and
``evidence`` with the templates of the evidence's messages (``message``) and of results that are undefined
(``UndefinedResultError``), and the titles of pair measures and text features (``PairMeasure``,
``TextFeature``).
"""

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.report.language.words import EVIDENCE_DOMAIN, LOCALE_DIR, REPORT_DOMAIN, available_languages
from layerclaims.serialization.files import write_atomically

PACKAGE = Path(__file__).parents[2]
DOCUMENT_LOCALE = "locale"
"""Folder of a document's catalogues, in its own folder."""

EVIDENCE_FOLDERS = ("analysis", "claims", "decision", "fixtures", "report", "rule_hashes", "subject", "sweep")
"""Where messages and titles are written, beside the modules of the package itself."""

SENTENCE_ERRORS = ("InputError", "TooLargeError", "EvidenceError", "PdfError", "JobError", "DownloadError")
"""Errors with a sentence for the user, whose first argument is its template."""

EVIDENCE_KEYWORDS: dict[str, None] = {
    "message": None,
    "Message": None,
    "PairMeasure": None,
    "TextFeature": None,
    UndefinedResultError.__name__: None,
    **dict.fromkeys(SENTENCE_ERRORS),
}
"""Calls whose first argument is to be translated."""


def report_messages() -> Catalog:
    """Extract the texts of templates, figures and pages."""
    options = {"templates/**.j2": {"newstyle_gettext": "true", "trimmed": "true"}}
    methods = [("templates/**.j2", "jinja2"), ("**.py", "python")]
    return _extracted(REPORT_DOMAIN, [PACKAGE / "report"], methods, DEFAULT_KEYWORDS, options)


def evidence_messages() -> Catalog:
    """Extract the templates of messages and the titles of pair measures."""
    folders = [PACKAGE, *(PACKAGE / folder for folder in EVIDENCE_FOLDERS)]
    return _extracted(EVIDENCE_DOMAIN, folders, [("**.py", "python")], EVIDENCE_KEYWORDS)


def undefined_results() -> set[str]:
    """Extract the sentences of results that the analysis and the claims find undefined."""
    folders = [PACKAGE / folder for folder in EVIDENCE_FOLDERS]
    keywords = {UndefinedResultError.__name__: None}
    found = _extracted(EVIDENCE_DOMAIN, folders, [("**.py", "python")], keywords)
    return {str(each.id) for each in found if each.id}


def document_messages(folder: Path) -> Catalog:
    """Extract the sentences of a document's own modules."""
    return _extracted(EVIDENCE_DOMAIN, [folder], [("**.py", "python")], EVIDENCE_KEYWORDS, root=folder)


def _extracted(
    domain: str,
    folders: Iterable[Path],
    methods: Iterable[tuple[str, str]],
    keywords: Mapping[str, Any],
    options: Mapping[str, dict[str, str]] | None = None,
    *,
    root: Path = PACKAGE,
) -> Catalog:
    catalogue = Catalog(domain=domain, fuzzy=False)
    for folder in folders:
        found = extract_from_dir(
            folder, methods, options or {}, keywords, comment_tags=(), directory_filter=_is_searched
        )
        for file, _, text, _, _ in found:
            place = (folder / file).relative_to(root).as_posix()
            catalogue.add(text, locations=[(place, 0)])
    return catalogue


def _is_searched(folder: str) -> bool:
    """Leave out the package's folders, each of which is searched by itself, and caches."""
    path = Path(folder)
    return path.parent != PACKAGE and not path.name.startswith(("_", "."))


def update_catalogues() -> list[Path]:
    """Add new messages to every language's catalogues, and drop those that the source no longer has."""
    updated = []
    for template in (report_messages(), evidence_messages()):
        for path in sorted(LOCALE_DIR.glob(f"*/LC_MESSAGES/{template.domain}.po")):
            _update(path, path.parent.parent.name, template)
            updated.append(path)
    return updated


def update_document_catalogues(folder: Path) -> list[Path]:
    """Bring a document's catalogues up to date, and make those that it lacks.

    Parameters
    ----------
    folder : Path
        The document's; the catalogues are ``locale/LANGUAGE.po`` in it, one for each language of the report.
    """
    template = document_messages(folder)
    paths = [folder / DOCUMENT_LOCALE / f"{language}.po" for language in available_languages()[1:]]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        _update(path, path.stem, template)
    return paths


def read_translations(folder: Path) -> dict[str, dict[str, str]]:
    """Read a document's catalogues.

    Parameters
    ----------
    folder : Path
        Holds ``LANGUAGE.po``.

    Returns
    -------
    dict
        Language to the templates that are translated, each with its translation.
    """
    return {
        path.stem: {
            str(message.id): str(message.string)
            for message in _read(path, path.stem)
            if message.id and message.string
        }
        for path in sorted(folder.glob("*.po"))
    }


def _update(path: Path, language: str, template: Catalog) -> None:
    catalogue = _read(path, language) if path.exists() else _new_catalogue(language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    save_catalogue(catalogue, path)


def _new_catalogue(language: str) -> Catalog:
    comment = "# Translations of a document's own sentences."
    return Catalog(locale=language, header_comment=comment, fuzzy=False)


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=path.stem)


def save_catalogue(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue so that equal messages give equal bytes."""
    content = BytesIO()
    write_po(content, catalogue, omit_header=False, include_lineno=False, sort_output=True, width=100)
    lines = content.getvalue().decode().splitlines(keepends=True)
    write_atomically(path, "".join(line for line in lines if not line.startswith('"POT-Creation-Date')))
