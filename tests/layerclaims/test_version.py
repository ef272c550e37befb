import importlib.metadata
import tomllib
from pathlib import Path

import pytest

from layerclaims.version import release

ROOT = Path(__file__).parents[2]


def test_a_checkout_knows_its_release(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_installed(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", not_installed)
    assert release() == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def test_an_installed_package_says_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda name: f"7 of {name}")
    assert release() == "7 of layerclaims"
