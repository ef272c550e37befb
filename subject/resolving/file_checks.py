"""Refuse files that are no model: adapters, and pointers that stand for files that were not fetched."""

from pathlib import Path

from layerclaims.errors import InputError
from layerclaims.message import Message, message
from layerclaims.serialization.json_text import read_json
from layerclaims.serialization.regular_file import is_special
from layerclaims.subject.resolving.model_files import PICKLES, WANTED_FILES
from layerclaims.text import shorten, visible, without_home

ADAPTER_CONFIG = "adapter_config.json"
POINTER = b"version https://git-lfs"
MERGING = message(
    "merge the adapter into its base model with PEFT, PeftModel.from_pretrained(base, adapter)"
    ".merge_and_unload().save_pretrained(folder), and give that folder"
)


def check_files(folder: Path, name: str) -> None:
    """Refuse a model's folder that holds an adapter or pointers.

    Parameters
    ----------
    folder : Path
        The model's files.
    name : str
        What the user calls it.

    Raises
    ------
    InputError
        With what was found, and what to do.
    """
    if (folder / ADAPTER_CONFIG).is_file():
        raise InputError(
            "--model {name}: {fault}: {advice}",
            name=name,
            fault=_describe_adapter(folder),
            advice=MERGING,
        )
    for pattern in (*WANTED_FILES, PICKLES):
        for file in sorted(folder.glob(pattern)):
            if is_special(file):  # transformers would wait for it for ever
                raise InputError(
                    "--model {name}: {file} is no regular file",
                    name=name,
                    file=shorten(visible(file.name), 100),
                )
            if is_pointer(file):
                raise InputError("--model {name}: {fault}", name=name, fault=describe_pointer(file))


def is_pointer(file: Path) -> bool:
    """Tell whether a file is what Git leaves in place of a large file that was not fetched."""
    if not file.is_file():
        return False
    with file.open("rb") as content:
        return content.read(len(POINTER)) == POINTER


def describe_pointer(file: Path) -> Message:
    """Say that a file is a pointer, and how to fetch what it stands for."""
    return message(
        "{file} is a Git LFS pointer and not the file it stands for: run `git lfs pull` in {folder}",
        file=file.name,
        folder=without_home(str(file.parent)),
    )


def _describe_adapter(folder: Path) -> Message:
    """Name an adapter's sort and its base model, as far as its configuration tells them."""
    try:
        config = read_json(folder / ADAPTER_CONFIG)
        sort, base = config.get("peft_type"), config.get("base_model_name_or_path")
    except (OSError, ValueError, AttributeError):
        sort, base = None, None
    named = message("an adapter")
    if isinstance(sort, str) and sort:
        named = message("a {sort} adapter", sort=sort)
    if isinstance(base, str) and base:
        named = message("{adapter} of {base}", adapter=named, base=base)
    if (folder / "config.json").is_file():
        return message(
            "beside its weights lies {adapter} ({file}), which would not be used",
            adapter=named,
            file=ADAPTER_CONFIG,
        )
    return message("it holds only {adapter} ({file}) and no model", adapter=named, file=ADAPTER_CONFIG)
