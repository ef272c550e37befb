"""``python -m report``: make reports from evidence, compare runs, write the schema."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from report.language import available_languages
from report.render import render
from report.store import EvidenceError, write_schema

USAGE_ERROR = 4
"""As in pytest: the command line or its input cannot be used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0, or 4 where the input cannot be used.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except EvidenceError as error:
        print(f"error: {error}", file=sys.stderr)
    except OSError as error:
        print(f"error: {error.filename or 'file'}: {error.strerror}", file=sys.stderr)
    return USAGE_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m report", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("render", help="make the report of a run again, from its evidence alone")
    command.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="holds evidence.json")
    command.add_argument("--lang", choices=available_languages(), default="en", help="language of the report")
    command.add_argument("--pdf", action="store_true", help="make the PDF as well")
    command.set_defaults(run=_render)

    command = commands.add_parser("schema", help="write the JSON Schema of evidence beside its models")
    command.set_defaults(run=_schema)
    return parser


def _render(options: argparse.Namespace) -> int:
    for folder in options.folders:
        paths = render(_folder_of(folder), pdf=options.pdf, lang=options.lang)
        if paths.pdf_missing:
            print(f"no PDF: {paths.pdf_missing}", file=sys.stderr)
        print(paths.html)
        if paths.pdf is not None:
            print(paths.pdf)
    return 0


def _folder_of(path: Path) -> Path:
    """Take the evidence file itself as well."""
    return path.parent if path.is_file() else path


def _schema(_: argparse.Namespace) -> int:
    print(write_schema())
    return 0


if __name__ == "__main__":
    sys.exit(main())
