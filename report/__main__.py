"""``python -m layerclaims.report``: make reports from evidence, compare runs, write the schema."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import get_terminal_size

from layerclaims.message import SOURCE_LANGUAGE, Message, as_message, message
from layerclaims.report.comparison.comparison_page import comparison_text, read_runs, write_comparison
from layerclaims.report.drawn.sharing import Drawers
from layerclaims.report.language.catalogues import update_catalogues, update_document_catalogues
from layerclaims.report.language.speech import speaker
from layerclaims.report.language.words import available_languages
from layerclaims.report.page.render import render
from layerclaims.report.records.evidence import POINTS_NAME
from layerclaims.report.records.report_folder import MAIN, RESULTS_NAME, report_beside
from layerclaims.report.records.results import write_results
from layerclaims.report.records.store import EvidenceError, read_evidence, write_schema

VERDICTS_DIFFER = 1
INTERRUPTED = 2
USAGE_ERROR = 4
"""These two as in pytest; the second: the command line or its input cannot be used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0; 1 where compared runs differ in a verdict; 2 when interrupted; 4 where the input cannot be used.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except EvidenceError as error:
        reason = as_message(error)
    except OSError as error:
        reason = message(
            "{file}: {reason}",
            file=str(error.filename or message("file")),
            reason=error.strerror or str(error),
        )
    except KeyboardInterrupt:
        _complain(message("interrupted: what was there before is there still"), options)
        return INTERRUPTED
    _complain(message("error: {reason}", reason=reason), options)
    return USAGE_ERROR


def _complain(sentence: Message, options: argparse.Namespace) -> None:
    """Print a sentence where errors go; commands without a language speak English."""
    print(speaker(getattr(options, "lang", SOURCE_LANGUAGE))(sentence), file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m layerclaims.report", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("render", help="make the report of a run again, from its evidence alone")
    command.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="holds evidence.json")
    command.add_argument(
        "--lang",
        choices=available_languages(),
        default="en",
        help="language of the report; another than English is written beside the English one",
    )
    command.add_argument("--pdf", action="store_true", help="make the PDF as well")
    command.set_defaults(run=_render)

    command = commands.add_parser("compare", help="put runs side by side; exit code 1 where verdicts differ")
    command.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="a run's folder or evidence file")
    command.add_argument("--output", type=Path, default=Path("reports/comparison"), metavar="DIR")
    command.add_argument("--lang", choices=available_languages(), default="en", help="language of the page")
    command.set_defaults(run=_compare)

    command = commands.add_parser("messages", help="bring the catalogues of translations up to date")
    command.add_argument(
        "folder", nargs="?", type=Path, metavar="FOLDER", help="a document's own catalogues, in FOLDER/locale"
    )
    command.set_defaults(run=_messages)

    command = commands.add_parser("schema", help="write the JSON Schema of evidence beside its models")
    command.set_defaults(run=_schema)
    return parser


def _render(options: argparse.Namespace) -> int:
    for folder in options.folders:
        files = MAIN if options.lang == SOURCE_LANGUAGE else report_beside(options.lang)
        place = _folder_of(folder)
        if not (place / RESULTS_NAME).exists():  # the page lists the files that are there
            write_results(read_evidence(place), place)
        with Drawers() as drawers:
            paths = render(place, pdf=options.pdf, lang=options.lang, files=files, drawers=drawers)
        for name in paths.strangers:
            _complain(_stranger(name), options)
        for name, reason in paths.faults.items():
            fault = message("the figure {name} could not be drawn: {reason}", name=name, reason=reason)
            _complain(fault, options)
        if paths.pdf_missing:
            _complain(message("no PDF: {reason}", reason=paths.pdf_missing), options)
        print(paths.html)
        if paths.pdf is not None:
            print(paths.pdf)
        print(write_results(read_evidence(place), place))
    return 0


def _stranger(name: str) -> Message:
    """Say what became of a file that another run left."""
    if name == POINTS_NAME:
        return message("{file} was not made by the run of this evidence: not used", file=name)
    return message("{file} was not made by the run of this evidence: replaced or removed", file=name)


def _folder_of(path: Path) -> Path:
    """Take the evidence file itself as well."""
    return path.parent if path.is_file() else path


def _compare(options: argparse.Namespace) -> int:
    if len(options.runs) < 2:
        _complain(message("error: {reason}", reason=message("a comparison needs at least two runs")), options)
        return USAGE_ERROR
    comparison = read_runs(options.runs)
    page = write_comparison(comparison, options.output, options.lang)
    print(comparison_text(comparison, get_terminal_size().columns, options.lang))
    print(page)
    return VERDICTS_DIFFER if comparison.differing else 0


def _messages(options: argparse.Namespace) -> int:
    folder = options.folder
    for path in update_catalogues() if folder is None else update_document_catalogues(folder):
        print(path)
    return 0


def _schema(_: argparse.Namespace) -> int:
    print(write_schema())
    return 0


if __name__ == "__main__":
    sys.exit(main())
