"""Where package and claims lie, a copy of both for other machines, a hash of what decides verdicts."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import layerclaims
from layerclaims.errors import InputError

PACKAGE = Path(layerclaims.__file__).parent
ROOT = PACKAGE.parent
"""What has to be on Python's path for the package to be found."""
FOLDERS = ("analysis", "calibration", "claims", "fixtures", "report", "subject", "sweep")
DECIDING = ("analysis", "fixtures", "subject")
SHIPPED_CLAIMS = "shipped"
"""Folder beside the copied package that holds the copied claims."""
_NOT_SHIPPED = shutil.ignore_patterns("__pycache__", "*.pyc")


def claims_folder(named: str | None, base: Path) -> Path:
    """Find the folder of claims that a sweep decides.

    Parameters
    ----------
    named : str or None
        As the sweep's file has it; `None` takes the package's own.
    base : Path
        The file's folder.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    folder = (base / Path(named).expanduser()) if named else _folder("claims")
    if not folder.is_dir():
        raise InputError(f"claims: there is no folder {folder}")
    return folder.absolute()


def _folder(name: str) -> Path:
    """Find a folder of the package: inside it when installed, beside it in a checkout."""
    beside = ROOT / name
    return beside if (beside / "__init__.py").is_file() else PACKAGE / name


def copy_project(folder: Path, claims: Path) -> None:
    """Copy the package and the claims, which is all that a worker needs besides installed libraries."""
    package = folder / PACKAGE.name
    package.mkdir(parents=True)
    for file in PACKAGE.glob("*.py"):
        shutil.copy2(file, package / file.name)
    for name in FOLDERS:
        shutil.copytree(_folder(name), package / name, ignore=_NOT_SHIPPED)
    shutil.copytree(claims, shipped_claims(folder, claims), ignore=_NOT_SHIPPED)


def shipped_claims(folder: Path, claims: Path) -> Path:
    """Say where the claims lie in a copy of the project."""
    return folder / SHIPPED_CLAIMS / claims.name


def sources_sha256(claims: Path) -> str:
    """Hash the code that decides verdicts, so that a sweep knows evidence made by other code."""
    total = hashlib.sha256()
    for name, file in sorted(_deciding(claims)):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{name}\0{digest}\n".encode())
    return total.hexdigest()


def _deciding(claims: Path) -> Iterator[tuple[str, Path]]:
    """Give deciding files by names that are the same on every machine."""
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
