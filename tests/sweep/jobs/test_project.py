"""A copy of the project has all of it, and whatever decides verdicts is in its hash."""

from pathlib import Path

import pytest

from layerclaims.sweep.jobs import project
from layerclaims.sweep.jobs.project import DECIDING, FOLDERS, PACKAGE, copy_project, sources_sha256

DECIDES_NOTHING = {"calibration", "claims", "report", "sweep"}
"""Folders that no verdict hangs on, and the study's claims, in place of which a sweep hashes its own."""


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    folder = tmp_path / "claims"
    folder.mkdir()
    (folder / "test_one.py").write_text("ONE = 1\n")
    return folder


def test_every_folder_of_the_package_is_copied_and_decides_or_is_known_not_to() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert set(FOLDERS) == folders
    assert set(DECIDING) == folders - DECIDES_NOTHING


def test_a_copy_has_every_module(claims: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    copy_project(copy, claims)
    copied = {path.relative_to(copy / PACKAGE.name) for path in (copy / PACKAGE.name).rglob("*.py")}
    folders = [PACKAGE.glob("*.py"), *((PACKAGE / name).rglob("*.py") for name in FOLDERS)]
    assert copied == {path.relative_to(PACKAGE) for paths in folders for path in paths}
    assert project.shipped_claims(copy, claims).joinpath("test_one.py").read_text() == "ONE = 1\n"


def test_the_hash_changes_with_what_decides_alone(
    claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_project(tmp_path, claims)
    package = tmp_path / PACKAGE.name
    monkeypatch.setattr(project, "PACKAGE", package)
    monkeypatch.setattr(project, "ROOT", tmp_path / "nothing beside it")
    before = sources_sha256(claims)
    for name in ("report/terminal.py", "sweep/__main__.py"):
        (package / name).write_text("ANOTHER = 1\n")
    assert sources_sha256(claims) == before
    for file in (package / "decision/criterion.py", package / "claim.py", claims / "words.txt"):
        file.write_text("ANOTHER = 1\n")
        after = sources_sha256(claims)
        assert after != before
        before = after
