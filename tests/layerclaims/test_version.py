import importlib.metadata
import subprocess
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from layerclaims.version import Commit, commit, release

ROOT = Path(__file__).parents[2]


def test_a_checkout_knows_its_release(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_installed(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", not_installed)
    assert release() == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def test_an_installed_package_says_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda name: f"7 of {name}")
    assert release() == "7 of layerclaims"


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    done = subprocess.run(
        ["git", *who, "-C", str(folder), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_checkout_knows_its_commit_and_whether_it_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "rule.py").write_text("BOUND = 10")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "One")
    monkeypatch.setenv("GIT_DIR", "/nowhere")  # as in a hook of another repository
    found = commit(tmp_path)
    monkeypatch.delenv("GIT_DIR")
    assert found == Commit(git(tmp_path, "rev-parse", "HEAD"), modified=False)
    (tmp_path / "notes.txt").write_text("no file of the repository")
    assert commit(tmp_path) == found
    (tmp_path / "rule.py").write_text("BOUND = 9")
    assert commit(tmp_path) == Commit(found.id, modified=True)


def test_a_repository_around_the_package_is_not_taken_for_its_own(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "site-packages").mkdir()
    assert commit(tmp_path / "site-packages") is None


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (None, None),
        ('{"url": "file:///a.whl", "archive_info": {}}', None),
        ('{"url": "https://example.org/a", "vcs_info": {"vcs": "git", "commit_id": "ab12"}}', "ab12"),
    ],
)
def test_an_installed_package_knows_the_commit_that_pip_recorded(
    recorded: str | None, expected: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = SimpleNamespace(read_text=lambda _name: recorded)
    monkeypatch.setattr("importlib.metadata.distribution", lambda _name: installed)
    found = commit(tmp_path)
    assert (found.id if found else None) == expected


def test_a_broken_repository_has_no_commit(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert commit(tmp_path) is None
