"""How often the rules of a document's claims err, on activations in which the truth is planted."""

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from layerclaims.decision import Verdict
from layerclaims.errors import InputError
from layerclaims.serialization.record import Record
from layerclaims.text import shorten, visible

REASON_CHARACTERS = 200
VERDICTS: tuple[Verdict, ...] = ("supported", "refuted", "inconclusive", "not_applicable")


class ErrorRate(Record):
    """Verdicts of a claim on draws of one planting, each in whole percent of the draws."""

    planted: str
    truth: str
    supported: int
    refuted: int
    inconclusive: int
    not_applicable: int
    draws: int


_RATES = TypeAdapter(dict[str, list[ErrorRate]])


def read_error_rates(path: Path | None) -> dict[str, list[ErrorRate]]:
    """Read the error rates of a document's claims, by claim id; empty where they were not measured.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    if path is None or not path.is_file():
        return {}
    try:
        return _RATES.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise InputError(
            "{path} holds no error rates of claims ({reason})", path=path, reason=_reason(error)
        ) from None


def _reason(error: OSError | ValidationError) -> str:
    if isinstance(error, OSError):
        return str(error.strerror)
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    return shorten(visible(f"{place}: {first['msg']}" if place else first["msg"]), REASON_CHARACTERS)


def error_rates_of(table: list[str]) -> dict[str, list[ErrorRate]]:
    """Read the rows of a Markdown table of error rates, without its two rows of headings."""
    found: dict[str, list[ErrorRate]] = {}
    for row in table[2:]:
        claim, planted, truth, *numbers = (cell.strip() for cell in row.strip("|").split(" | "))
        percent = dict(zip((*VERDICTS, "draws"), map(int, numbers), strict=True))
        rate = ErrorRate(planted=planted, truth=truth.removesuffix(" **(missed)**"), **percent)
        found.setdefault(claim.strip("`"), []).append(rate)
    return found


def error_rates_text(rates: dict[str, list[ErrorRate]]) -> str:
    """Write error rates as JSON, to be read in a diff."""
    return _RATES.dump_json(_RATES.validate_python(rates), indent=1).decode() + "\n"
