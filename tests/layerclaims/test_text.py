"""What is sent on does not say whose machine it was."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from layerclaims.text import argument_without_home, map_texts, without_home
from tests.command import ROOT


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Make a home that is reached by a link, of a user called alice."""
    (tmp_path / "disk" / "alice").mkdir(parents=True)
    (tmp_path / "homes").mkdir()
    (tmp_path / "homes" / "alice").symlink_to(tmp_path / "disk" / "alice")
    monkeypatch.setenv("HOME", str(tmp_path / "homes" / "alice"))
    for name in ("LOGNAME", "USER", "USERNAME"):
        monkeypatch.setenv(name, "alice")
    return tmp_path


def test_the_home_folder_is_a_tilde_wherever_it_stands(home: Path) -> None:
    given, real = home / "homes" / "alice", home / "disk" / "alice"
    text = f"pytest --model {given}/models/a --corpus={real}/b '{given}' /texts/c"
    assert without_home(text) == "pytest --model ~/models/a --corpus=~/b '~' /texts/c"
    assert without_home(f"{given}2/x and {given}.old") == f"{given}2/x and {given}.old"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/scratch/alice/models", "/scratch/USER/models"),
        ("no such file: '../alice/x'", "no such file: '../USER/x'"),
        ("/home/bob/models and /Users/bob", "/home/USER/models and /Users/USER"),
        ("alice/gpt2 or org/alice", "alice/gpt2 or org/alice"),  # a hub's ids
        ("he/she, and/or", "he/she, and/or"),
        ("https://hub/alice", "https://hub/alice"),
        ("file:///disk/alice", "file:///disk/USER"),
        ("file://localhost/disk/alice", "file://localhost/disk/USER"),
        ("//home/al/x and /home//al/x, /home/./al", "/home/USER/x and /home/USER/x, /home/USER"),
        ("--model=~bob/x ~/y a~b/c ~5/6", "--model=~USER/x ~/y a~b/c ~5/6"),
        ("file:////disk//alice", "file:///disk/USER"),
        ("//texts//b // c, https://a//b", "//texts//b // c, https://a//b"),
    ],
)
@pytest.mark.usefixtures("home")
def test_names_of_users_in_other_paths_are_left_out(text: str, expected: str) -> None:
    assert without_home(text) == expected


def test_a_home_with_blanks_in_it_is_left_out_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/alice b")
    for name in ("LOGNAME", "USER", "USERNAME"):
        monkeypatch.setenv(name, "alice b")
    text = "'/home/alice b/x' --report-dir=/home/alice b and /data/alice b/y, /home/alice bc"
    assert without_home(text) == "'~/x' --report-dir=~ and /data/USER/y, /home/USER bc"


@pytest.mark.parametrize("folder", ["/", "", "."])
def test_a_home_that_is_none_changes_nothing(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", folder)
    monkeypatch.setenv("USER", "")
    assert without_home("pytest /claims --model /models/a ./b") == "pytest /claims --model /models/a ./b"


def test_relative_arguments_are_written_from_home_where_they_name_the_user(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "homes" / "alice" / "model").mkdir()
    monkeypatch.chdir(home / "homes")
    assert argument_without_home("alice/model") == "~/model"
    assert argument_without_home("--model=alice/model") == "--model=~/model"
    assert argument_without_home("alice/on-the-hub") == "alice/on-the-hub"
    monkeypatch.chdir(home / "homes" / "alice")
    assert argument_without_home("./model") == "./model"


def test_a_user_that_the_system_does_not_know_is_survived() -> None:
    if os.getuid() != 0:
        pytest.skip("only root becomes another user")
    code = (
        "import os, pwd; from layerclaims.text import without_home;"
        "os.setuid(54321); print(without_home('/a /b'))"
    )
    variables = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=variables, check=False
    )
    assert done.stdout == "/a /b\n", done.stderr


def test_texts_are_changed_wherever_they_are_nested() -> None:
    data = {"a": ["x", {"b": ("x", 1, None)}]}
    assert map_texts(data, str.upper) == {"a": ["X", {"b": ["X", 1, None]}]}
