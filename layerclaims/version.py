"""Which release this is, and which commit."""

import importlib.metadata
import json
import os
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "layerclaims"
ROOT = Path(__file__).parents[1]
"""Of a checkout; of an installed package, the folder of all packages."""

GIT_SECONDS = 5


@dataclass(frozen=True)
class Commit:
    """A commit of this software.

    Attributes
    ----------
    id : str
        In full.
    modified : bool
        Whether files that git tracks differ from it.
    """

    id: str
    modified: bool


def release() -> str:
    """Read the version from the installed package, or in a checkout from the file that declares it."""
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        declared = ROOT / "pyproject.toml"
        return str(tomllib.loads(declared.read_text(encoding="utf-8"))["project"]["version"])


def commit(root: Path = ROOT) -> Commit | None:
    """Find the commit of a checkout, or the one from which pip installed the package.

    Parameters
    ----------
    root : Path
        Folder that holds the package.

    Returns
    -------
    Commit or None
        `None` where neither is known, as for a wheel from a package index.
    """
    if (root / ".git").exists():  # a folder, or a file in a linked working tree
        return _commit_of_checkout(root)
    return _commit_of_installation()


def _commit_of_checkout(root: Path) -> Commit | None:
    """Ask git; `None` where it is not installed or refuses."""
    # Inside a git hook these variables name another repository.
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    answers = []
    for arguments in (("rev-parse", "HEAD"), ("status", "--porcelain", "--untracked-files=no")):
        command = ["git", "--no-optional-locks", "-C", str(root), *arguments]
        try:
            answer = subprocess.run(
                command, env=variables, capture_output=True, text=True, check=True, timeout=GIT_SECONDS
            )
        except (OSError, subprocess.SubprocessError):
            return None
        answers.append(answer.stdout.strip())
    return Commit(answers[0], modified=bool(answers[1]))


def _commit_of_installation() -> Commit | None:
    """Read the commit that pip recorded (PEP 610) where it installed from a repository."""
    try:
        recorded = importlib.metadata.distribution(PACKAGE).read_text("direct_url.json")
    except importlib.metadata.PackageNotFoundError:
        return None
    found = json.loads(recorded or "{}").get("vcs_info", {}).get("commit_id")
    return Commit(str(found), modified=False) if found else None
