"""What has no end is not read: each reader of files from outside meets a pipe and a device."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from layerclaims.claims.document import DOCUMENT
from layerclaims.errors import SentenceError
from layerclaims.report.records.baseline import read_baseline
from layerclaims.report.records.report_folder import evidence_head, run_of
from layerclaims.report.records.store import read_evidence, read_points
from layerclaims.serialization.json_text import read_json
from layerclaims.serialization.regular_file import read_regular
from layerclaims.subject.resolving.corpus import load_corpus, read_fetched
from layerclaims.sweep.planning.plan import read_plan


@pytest.fixture(params=["pipe", "device"])
def endless(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give a pipe that nobody writes to, or a device of endless zeros."""
    path = tmp_path / "endless"
    if request.param == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    return path


@pytest.mark.parametrize(
    "read",
    [
        read_baseline,
        read_evidence,
        read_plan,
        lambda path: load_corpus(str(path), path.parent, None),
    ],
)
def test_a_file_that_the_user_names_is_refused_in_a_sentence(
    read: Callable[[Path], object], endless: Path
) -> None:
    with pytest.raises(SentenceError, match=r"it is no regular file|is a pipe, which no second run"):
        read(endless)


@pytest.mark.parametrize("read", [read_regular, read_json])
def test_others_raise_what_a_file_that_cannot_be_read_raises(
    read: Callable[[Path], object], endless: Path
) -> None:
    with pytest.raises(OSError, match="it is no regular file"):
        read(endless)


def test_what_lies_in_the_way_counts_for_nothing(endless: Path) -> None:
    assert evidence_head(endless) == {}
    assert run_of(endless) == ""
    assert DOCUMENT.text is not None
    folder = endless.parent
    endless.rename(folder / f"{DOCUMENT.text.key}.txt")
    assert read_fetched(folder, DOCUMENT.text) is None


def test_pairs_that_are_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pairs.safetensors")
    with pytest.raises(SentenceError, match="it is no regular file"):
        read_points(tmp_path)


def test_files_and_folders_are_read_as_ever(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    assert read_regular(tmp_path / "a") == b"a"
    with pytest.raises(IsADirectoryError):
        read_regular(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_regular(tmp_path / "b")
