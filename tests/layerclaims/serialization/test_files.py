"""Files are replaced in one step: whole and readable, or untouched."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from layerclaims.serialization.files import UNFINISHED, alone_in, prepared, scratch_folder, write_atomically
from tests.command import ROOT


def test_text_and_bytes_are_written_with_the_folders_they_need(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a" / "b" / "text", "Fluß\n")
    write_atomically(tmp_path / "bytes", b"\0\xff")
    assert (tmp_path / "a" / "b" / "text").read_bytes() == "Fluß\n".encode()
    assert (tmp_path / "bytes").read_bytes() == b"\0\xff"


def test_what_was_there_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a longer old content")
    write_atomically(path, "new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_shared_as_the_users_other_files_are(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "file", "text")
    finally:
        assert os.umask(before) == 0o027
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def fail(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    if failing == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def interrupt(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "link").symlink_to("file")
    write_atomically(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "new"


@pytest.mark.parametrize("make", ["device", "pipe", "folder", "link to a device", "link to itself"])
def test_nothing_but_a_file_is_replaced(make: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    if make == "device":
        try:
            os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 7))  # as /dev/full
        except OSError:
            pytest.skip("only root makes devices")
    else:
        makers: dict[str, Callable[[], object]] = {
            "pipe": lambda: os.mkfifo(path),
            "folder": path.mkdir,
            "link to a device": lambda: path.symlink_to("/dev/full"),
            "link to itself": lambda: path.symlink_to(path),
        }
        makers[make]()
    before = path.lstat()
    with pytest.raises(OSError, match=r"no regular file|Too many levels"):
        write_atomically(path, "new")
    assert path.lstat() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        write_atomically(tmp_path / "file" / "inner", "text")


def test_a_long_name_is_written_too(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250)
    write_atomically(path, "text")
    assert path.read_text() == "text"


MAKES_FOR_EVER = """
import sys, time
from collections.abc import Callable
from pathlib import Path
from layerclaims.serialization.files import prepared, scratch_folder
with scratch_folder(Path("."), "model") as folder, prepared(Path("result"), b"half") as _:
    (folder / "weights").write_bytes(bytes(1000))
    print("made", flush=True)
    time.sleep(600)
"""


def test_what_a_killed_process_leaves_is_cleared_away_and_a_living_ones_is_not(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MAKES_FOR_EVER],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    killed = processes[0]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == b"made\n"
        assert len(unfinished(tmp_path)) == 4
        killed.kill()
        killed.wait()
        (tmp_path / ".hidden").write_text("not ours")
        os.mkfifo(tmp_path / f"{UNFINISHED}pipe")
        write_atomically(tmp_path / "another", "text")
        assert len(unfinished(tmp_path)) == 2
        assert any((folder / "weights").exists() for folder in unfinished(tmp_path))
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    with scratch_folder(tmp_path, "model") as folder:
        assert unfinished(tmp_path) == [folder]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".hidden", "another"]


def unfinished(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(UNFINISHED)]


def test_files_are_written_first_and_put_in_place_together(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with prepared(tmp_path / "a", "new") as put_a, prepared(tmp_path / "b", "new") as put_b:
        assert (tmp_path / "a").read_text() == "old"
        put_a()
        put_b()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a", "b"]
    assert (tmp_path / "a").read_text() == "new"
    with pytest.raises(ZeroDivisionError), prepared(tmp_path / "a", "newer"):
        raise ZeroDivisionError
    assert (tmp_path / "a").read_text() == "new"
    assert len(list(tmp_path.iterdir())) == 2


def test_one_at_a_time_decides_what_it_writes_to_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = []

    def other() -> None:
        with alone_in(tmp_path / "new"):
            steps.append("other")

    with alone_in(tmp_path / "new"):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.2)
        steps.append("first")
    thread.join()
    assert steps == ["first", "other"]
    monkeypatch.setattr("layerclaims.serialization.files.LONGEST_WAIT", 0.05)
    with alone_in(tmp_path), alone_in(tmp_path), alone_in(Path("/dev/null")):
        steps.append("held by another, and no folder")
    assert len(steps) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
