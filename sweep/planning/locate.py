"""Resolve names in a sweep's file: which are files on this machine, and their absolute paths."""

import re
from pathlib import Path

from layerclaims.errors import InputError
from layerclaims.subject.resolving.corpus import EMBEDDED_CORPUS
from layerclaims.subject.resolving.model_source import EMBEDDED_MODEL

MODEL_OPTIONS = ("model", "trust-remote-code")
"""Options whose value is a hub's name or a path."""


def located(values: dict[str, str], base: Path) -> dict[str, str]:
    """Make the paths among a job's options absolute, since the job runs in another folder."""
    located = dict(values)
    for name in MODEL_OPTIONS:
        if name in values and values[name] != EMBEDDED_MODEL and is_local(values[name], base):
            located[name] = str(absolute(values[name], base))
    if "corpus" in values and _is_text_file(values["corpus"], base):
        located["corpus"] = str(absolute(values["corpus"], base))
    if "activations" in values:
        located["activations"] = str(absolute(values["activations"], base))
    return located


def is_local(model: str, base: Path) -> bool:
    """Return whether a model is on disk or embedded, not on a hub, as in `subject.resolving.model_source`."""
    looks_like_path = model.startswith((".", "/", "~")) or model.endswith(".gguf") or model.count("/") > 1
    return model == EMBEDDED_MODEL or looks_like_path or _exists(base / model)


def _is_text_file(corpus: str, base: Path) -> bool:
    """Return whether a text is a file, not the embedded text or a key of letters, digits and hyphens."""
    is_key = re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", corpus) is not None
    return corpus != EMBEDDED_CORPUS and (not is_key or _exists(base / corpus))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that is longer than the system takes; the option says so
        return False


def absolute(name: str, base: Path) -> Path:
    """Return the absolute path of a name in a file of the folder ``base``.

    Raises
    ------
    InputError
        If it begins with the home folder of an unknown user.
    """
    try:
        path = base / Path(name).expanduser()
    except RuntimeError:  # ~name of an unknown user
        raise InputError("{name}: the home folder is not known; write the path out", name=name) from None
    return Path(re.sub(r"/(\./)+", "/", str(path)))
