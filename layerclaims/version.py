"""Which release this is."""

import importlib.metadata
import tomllib
from pathlib import Path

PACKAGE = "layerclaims"


def release() -> str:
    """Read the version from the installed package, or in a checkout from the file that declares it."""
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        declared = Path(__file__).parents[1] / "pyproject.toml"
        return str(tomllib.loads(declared.read_text(encoding="utf-8"))["project"]["version"])
