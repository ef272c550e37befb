"""Folders of reports are distinct by what was measured, and their files say which run they are of."""

import json
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerclaims.report.records.evidence import EVIDENCE_NAME, PART_FOLDER, Evidence
from layerclaims.report.records.report_folder import (
    clear_reports,
    clear_run,
    evidence_folder,
    move_report,
    new_run_id,
    run_of,
    strangers,
)
from layerclaims.report.records.store import read_evidence, write_evidence
from layerclaims.serialization.files import UNFINISHED
from tests.report.builder import make_evidence, make_points, make_subject


@cache
def evidence_of(identity: str, document: str = "", run: str = "") -> Evidence:
    evidence = make_evidence(subject=make_subject(12, 30, name="checkpoint-500", identity=identity), run=run)
    key = document or evidence.document.key
    return evidence.model_copy(update={"document": evidence.document.model_copy(update={"key": key})})


@pytest.mark.parametrize("place", ["", PART_FOLDER])
def test_evidence_of_another_subject_or_document_is_never_replaced(place: str, tmp_path: Path) -> None:
    first, second, other = evidence_of("a" * 64), evidence_of("b" * 64), evidence_of("a" * 64, "other")
    assert evidence_folder(tmp_path, first).name == "checkpoint-500"
    write_evidence(first, tmp_path / "checkpoint-500" / place)
    assert evidence_folder(tmp_path, first).name == "checkpoint-500"
    assert evidence_folder(tmp_path, second).name == "checkpoint-500-bbbbbbbb"
    assert evidence_folder(tmp_path, other).name == "checkpoint-500-other"
    write_evidence(other, tmp_path / "checkpoint-500-other" / place)
    both = evidence_of("b" * 64, "other")
    assert evidence_folder(tmp_path, both).name == "checkpoint-500-other-bbbbbbbb"


@settings(max_examples=15, deadline=None)
@given(
    runs=st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from(["one", "other"]), st.booleans()), max_size=8
    )
)
def test_no_run_ever_takes_the_folder_of_another_subject(runs: list[tuple[str, str, bool]]) -> None:
    base = evidence_of("a" * 64)
    folders: dict[tuple[str, str], Path] = {}
    with tempfile.TemporaryDirectory() as reports:
        for digit, document, is_part in runs:
            subject = base.subject.model_copy(update={"identity": digit * 64})
            about = base.document.model_copy(update={"key": document})
            evidence = base.model_copy(update={"subject": subject, "document": about})
            folder = evidence_folder(Path(reports), evidence)
            assert folders.setdefault((digit, document), folder) == folder
            place = folder / PART_FOLDER if is_part else folder
            place.mkdir(parents=True, exist_ok=True)
            head = {"document": {"key": document}, "subject": {"identity": digit * 64}}
            (place / EVIDENCE_NAME).write_text(json.dumps(head))
        assert len(set(folders.values())) == len(folders)


@pytest.mark.parametrize("content", ["[]", "{", '{"document": 3, "subject": {}}', "[" * 100_000])
def test_what_is_no_evidence_may_be_replaced(content: str, tmp_path: Path) -> None:
    (tmp_path / "checkpoint-500").mkdir()
    (tmp_path / "checkpoint-500" / EVIDENCE_NAME).write_text(content)
    assert evidence_folder(tmp_path, evidence_of("a" * 64)).name == "checkpoint-500"


def test_evidence_that_knows_no_identity_is_taken_for_the_same_subjects(tmp_path: Path) -> None:
    write_evidence(evidence_of(""), tmp_path / "checkpoint-500")
    assert evidence_folder(tmp_path, evidence_of("a" * 64)).name == "checkpoint-500"


def test_ids_of_runs_are_valid_and_differ() -> None:
    first, second = new_run_id(0.0), new_run_id(0.0)
    assert first != second
    assert make_evidence(run=first).run == first
    assert first.startswith("19700101T000000Z-")


def test_a_run_is_cleared_with_all_of_its_files_and_another_one_is_not(tmp_path: Path) -> None:
    run, other = new_run_id(0.0), new_run_id(1.0)
    folder = tmp_path / "part"
    write_evidence(evidence_of("a" * 64, run=run), folder, make_points())
    clear_run(folder, other)
    assert read_evidence(folder).run == run
    clear_run(folder, run)
    assert not folder.exists()


def test_a_report_takes_the_place_of_another_ones_files_only(tmp_path: Path) -> None:
    made, folder = tmp_path / "made", tmp_path / "folder"
    for place, name in ((made, "new"), (folder, "old")):
        (place / "figures").mkdir(parents=True)
        (place / "report.html").write_text(name)
        (place / "figures" / f"{name}.svg").write_text(name)
    (folder / "report.pdf").write_text("old")
    (folder / "figures" / "mine.txt").write_text("a reader's")
    move_report(made, folder)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {"report.html", "figures/new.svg", "figures/mine.txt"}


def test_figures_that_are_a_link_into_another_report_lose_the_link_only(tmp_path: Path) -> None:
    other, folder = tmp_path / "other" / "figures", tmp_path / "folder"
    other.mkdir(parents=True)
    folder.mkdir()
    (other / "grid.svg").write_text("another run's")
    (folder / "figures").symlink_to(other)
    clear_reports(folder)
    assert (other / "grid.svg").read_text() == "another run's"
    assert not list(folder.iterdir())


def test_a_page_that_a_reader_keeps_under_another_name_stays(tmp_path: Path) -> None:
    for name in ("report.html", "report.vi.html", "report.old.html", "report.vi.old.html"):
        (tmp_path / name).write_text("a page")
    assert strangers(tmp_path, new_run_id(0.0)) == ["report.html", "report.vi.html"]
    clear_reports(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.old.html", "report.vi.old.html"]


def test_without_an_id_nothing_is_known_of_the_other_files(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("no id")
    assert run_of(tmp_path / "report.html") == ""
    assert strangers(tmp_path, "") == []
    assert strangers(tmp_path, new_run_id(0.0)) == ["report.html"]


def keep_in_a_folder(path: Path) -> None:
    path.mkdir()
    (path / "mine.txt").write_text("a reader's")


RUN = "20261126T000000Z-00000000"
OBSTACLES: dict[str, Callable[[Path], object]] = {
    "a folder of a reader": keep_in_a_folder,
    "a pipe": os.mkfifo,
    "a link in a circle": lambda path: path.symlink_to(path),
    "a link to a full device": lambda path: path.symlink_to("/dev/full"),
}


@pytest.mark.parametrize("obstacle", OBSTACLES)
@pytest.mark.parametrize(
    "name", [EVIDENCE_NAME, "pairs.safetensors", "results.csv", "report.html", "figures"]
)
def test_what_is_in_the_way_is_replaced_or_named_and_nothing_is_left_beside(
    name: str, obstacle: str, tmp_path: Path
) -> None:
    evidence = evidence_of("a" * 64, run=RUN)
    OBSTACLES[obstacle](tmp_path / name)
    refused = ""
    try:
        write_evidence(evidence, tmp_path, make_points())
    except OSError as error:
        refused = str(error.strerror)
    assert refused in ("", "Is a directory", "it is no regular file")
    if not refused:
        assert read_evidence(tmp_path).run == evidence.run
        assert strangers(tmp_path, evidence.run) == []
    assert not list(tmp_path.rglob(f"{UNFINISHED}*"))
    assert Path("/dev/full").is_char_device()
    if obstacle == "a folder of a reader":
        assert (tmp_path / name / "mine.txt").read_text() == "a reader's"
