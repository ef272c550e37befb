"""The project's files: where they lie, a copy for other machines, a hash of what decides verdicts."""

import hashlib
import shutil
from pathlib import Path

from layerclaims.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
DECIDING = ("analysis", "claims", "fixtures", "subject")
SHIPPED = ("layerclaims", "claims", "conftest.py", "pyproject.toml")
_NOT_SHIPPED = shutil.ignore_patterns("__pycache__", "*.pyc")


def check_project() -> None:
    """Refuse to sweep where ``pytest claims/`` cannot run.

    Raises
    ------
    InputError
        If the plugins' registration is not there, as in an installation without the repository.
    """
    if not (ROOT / "conftest.py").is_file():
        raise InputError(f"{ROOT} is no checkout of layerclaims: run the sweep from the repository")


def copy_project(folder: Path) -> None:
    """Copy what ``pytest claims/`` and a sweep's worker need, and nothing else."""
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=_NOT_SHIPPED)
        else:
            shutil.copy2(source, folder / name)


def sources_sha256() -> str:
    """Hash the code that decides verdicts, so that a sweep knows evidence made by other code."""
    total = hashlib.sha256()
    for file in sorted(path for name in DECIDING for path in (ROOT / name).rglob("*.py")):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(ROOT).as_posix()}\0{digest}\n".encode())
    return total.hexdigest()
