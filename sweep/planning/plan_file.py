"""Format of a sweep's TOML file, checked strictly; every fault is named with its place."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from layerclaims.errors import InputError
from layerclaims.message import Message, joined, message
from layerclaims.serialization.regular_file import read_regular
from layerclaims.text import shorten, visible

SHOWN_CHARACTERS = 200
MOST_FAULTS = 10
Text = Annotated[str, Field(min_length=1)]
OptionValue = bool | int | float | str
Options = dict[str, OptionValue]
"""Name of an option of `pytest claims/`, without dashes, to its value; switches are ``true`` or ``false``."""


def _named(value: object) -> object:
    """Replace a plain name by a table with only this name."""
    return {"name": value} if isinstance(value, str) else value


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Resources(_Table):
    """Resources of one subject, used by Ray; the time limit applies without Ray as well.

    Attributes
    ----------
    cpus, gpus : float
        The CPUs determine the number of threads. A number below 1 is a share of one.
    memory_gb : float or None
        In units of 2**30 bytes; `None` reserves none.
    time_limit_minutes : float
        A subject that takes longer is stopped, and fails.
    retries : int
        How often Ray restarts a subject after the loss of its worker or node.
    keep_downloads : bool
        Whether downloads stay in the hub's cache. Otherwise they are deleted when the subject ends, so that a
        thousand checkpoints only need the disk space of those that are measured at the same time.
    """

    cpus: float = Field(default=1.0, gt=0)
    gpus: float = Field(default=0.0, ge=0)
    memory_gb: float | None = Field(default=None, gt=0)
    time_limit_minutes: float = Field(default=120.0, gt=0)
    retries: int = Field(default=3, ge=0)
    keep_downloads: bool = True


class ModelEntry(_Table):
    """A model as for ``--model``; a hub's model may have its own revisions."""

    name: Text
    revisions: list[Text] | None = Field(default=None, min_length=1)
    options: Options = {}
    resources: Resources = Resources()


class CorpusEntry(_Table):
    """A text as for ``--corpus``."""

    name: Text
    options: Options = {}


class SpecificationEntry(_Table):
    """A set of choices under which every subject is measured."""

    name: Text
    options: Options = {}


class SubjectEntry(_Table):
    """A subject outside the grid, with all its options."""

    name: Text | None = None
    model: Text | None = None
    revision: Text | None = None
    corpus: Text | None = None
    activations: Text | None = None
    options: Options = {}
    resources: Resources = Resources()


class PlanFile(_Table):
    """The whole file; `sweep.planning.plan` makes jobs from it.

    Attributes
    ----------
    claims : str or None
        Folder of the claims to decide, relative to the file; `None` takes the package's own claims.
    """

    output: Text | None = None
    claims: Text | None = None
    models: list[Annotated[ModelEntry, BeforeValidator(_named)]] = []
    revisions: list[Text] = []
    corpora: list[Annotated[CorpusEntry, BeforeValidator(_named)]] = []
    activations: list[Text] = []
    specifications: list[SpecificationEntry] = []
    subjects: list[SubjectEntry] = []
    options: Options = {}
    resources: Resources = Resources()


def read_plan_file(path: Path) -> PlanFile:
    """Read a sweep's file.

    Raises
    ------
    InputError
        If it cannot be read, is not TOML, or is not a valid plan; the message has all faults.
    """
    try:
        content = tomllib.loads(read_regular(path).decode("utf-8-sig"))
    except OSError as error:
        raise InputError("{path} cannot be read: {reason}", path=path, reason=error.strerror) from None
    except ValueError as error:  # not TOML, or not UTF-8
        raise InputError(
            "{path} is not TOML: {error}", path=path, error=shorten(visible(str(error)), SHOWN_CHARACTERS)
        ) from None
    except RecursionError:
        raise InputError("{path} is nested too deeply", path=path) from None
    try:
        return PlanFile.model_validate(content)
    except ValidationError as error:
        raise fault_list(path, map(_sentence, error.errors())) from None


def fault_list(path: Path, faults: Iterable[Message]) -> InputError:
    """Make the error with the faults of a plan, a line each."""
    found = list(dict.fromkeys(faults))
    if len(found) == 1:
        return InputError("{path}: {fault}", path=path, fault=found[0])
    shown: list[Message | str] = [*found[:MOST_FAULTS]]
    if len(found) > MOST_FAULTS:
        shown.append(message("and {n} more", n=len(found) - MOST_FAULTS))
    return InputError(
        "{path} has {n} faults:\n  {faults}", path=path, n=len(found), faults=joined(shown, "\n  ")
    )


def _shown(value: object) -> str:
    """Write a value of the file, by its ends where it is long."""
    try:
        return shorten(repr(value), SHOWN_CHARACTERS)
    except RecursionError:  # the dotted keys of one line nest as deeply as it is long
        return "{…}"


def _sentence(fault: ErrorDetails) -> Message:
    place, shown = shorten(_place(fault["loc"]), SHOWN_CHARACTERS), _shown(fault["input"])
    if fault["type"] == "extra_forbidden":
        return message("{place}: there is no such key", place=place)
    if fault["type"] == "missing":
        return message("{place} is missing", place=place)
    if fault["type"] in ("model_type", "dict_type"):
        return message("{place} takes a table, not {value}", place=place, value=shown)
    wrong = fault["msg"].removeprefix("Input ").removesuffix(" or instance of")
    return message("{place} {wrong}, not {value}", place=place, wrong=wrong, value=shown)


def _place(location: tuple[Any, ...]) -> str:
    """Write a place in the file, such as ``models[0].resources.cpus``, counted from 0."""
    place = ""
    for part in location:
        place += f"[{part}]" if isinstance(part, int) else f".{part}"
    return place.removeprefix(".")
