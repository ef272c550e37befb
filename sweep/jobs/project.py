"""Locate package and claims, copy both for other machines, and hash the code that decides verdicts."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import layerclaims
from layerclaims.errors import InputError
from layerclaims.text import shorten

PACKAGE = Path(layerclaims.__file__).parent
SHOWN_CHARACTERS = 200
ROOT = PACKAGE.parent
"""Folder that must be on Python's path for the package to be found."""
DECIDING = ("analysis", "decision", "fixtures", "rule_hashes", "serialization", "subject")
FOLDERS = (*DECIDING, "calibration", "claims", "report", "sweep")
SHIPPED_CLAIMS = "shipped"
"""Folder of the copied claims, beside the copied package."""
_NOT_SHIPPED = shutil.ignore_patterns("__pycache__", "*.pyc")


def claims_folder(named: str | None, base: Path) -> Path:
    """Find the folder of claims that a sweep decides.

    Parameters
    ----------
    named : str or None
        As in the sweep's file; `None` takes the package's own claims.
    base : Path
        Folder of the sweep's file.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    try:
        folder = (base / Path(named).expanduser()) if named else _folder("claims")
        found = folder.is_dir()
    except (OSError, RuntimeError):  # a name longer than the system takes, or ~someone who does not exist
        found = False
    if not found:
        raise InputError("claims: there is no folder {named}", named=shorten(str(named), SHOWN_CHARACTERS))
    return folder.absolute()


def _folder(name: str) -> Path:
    """Find a folder of the package: inside the package if installed, beside it in a checkout."""
    beside = ROOT / name
    return beside if (beside / "__init__.py").is_file() else PACKAGE / name


def copy_project(folder: Path, claims: Path) -> None:
    """Copy the package and the claims; a worker needs only these and installed libraries."""
    package = folder / PACKAGE.name
    package.mkdir(parents=True)
    for file in PACKAGE.glob("*.py"):
        shutil.copy2(file, package / file.name)
    for name in FOLDERS:
        shutil.copytree(_folder(name), package / name, ignore=_NOT_SHIPPED)
    shutil.copytree(claims, shipped_claims(folder, claims), ignore=_NOT_SHIPPED)


def shipped_claims(folder: Path, claims: Path) -> Path:
    """Return the folder of the claims in a copy of the project."""
    return folder / SHIPPED_CLAIMS / claims.name


def sources_sha256(claims: Path) -> str:
    """Hash the code that decides verdicts, so that a sweep recognises evidence from other code."""
    total = hashlib.sha256()
    for name, file in sorted(_deciding(claims)):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{name}\0{digest}\n".encode())
    return total.hexdigest()


def _deciding(claims: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files that decide verdicts, with names that are the same on every machine."""
    for file in PACKAGE.glob("*.py"):
        yield f"{PACKAGE.name}/{file.name}", file
    for name in DECIDING:
        folder = _folder(name)
        for file in folder.rglob("*.py"):
            yield f"{PACKAGE.name}/{name}/{file.relative_to(folder).as_posix()}", file
    # Claims may read lists of words and the like.
    for file in claims.rglob("*"):
        if file.is_file() and file.suffix != ".pyc":
            yield f"claims/{file.relative_to(claims).as_posix()}", file
