import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from layerclaims.sweep.jobs.job import Job, Outcome
from layerclaims.sweep.jobs.project import ROOT, claims_folder, copy_project, shipped_claims, sources_sha256
from layerclaims.sweep.jobs.run_job import PROGRAM, run_job
from layerclaims.sweep.planning.plan_file import Resources
from layerclaims.sweep.results.ledger import PLAN_NAME, Standing, is_done
from layerclaims.sweep.results.storage import Storage
from tests.sweep.stage import WHOLE, Stage, is_alive, wait_until

CLAIMS = claims_folder(None, Path())


def run(stage: Stage, instructions: dict[str, Any], **changes: Any) -> Outcome:  # noqa: ANN401
    """Measure one played subject; ``changes`` are to its job."""
    stage.write({"a": instructions})
    Storage(str(stage.output)).write(PLAN_NAME, "{}")
    return run_job(
        job_of(stage).model_copy(update=changes), str(stage.output), CLAIMS, stage.program, threads=3
    )


def job_of(stage: Stage) -> Job:
    return stage.jobs()["a"]


def standing_of(stage: Stage) -> Standing:
    return stage.standings()["a"]


def test_evidence_is_published_and_the_marker_names_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--bins 30")
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    outcome = run(stage, WHOLE)
    assert (outcome.state, outcome.reason, outcome.host) == ("done", None, os.uname().nodename)
    assert outcome.verdicts["refuted"] == 4
    assert outcome.sources_sha256 == sources_sha256(CLAIMS)
    folder = stage.output / "subjects" / outcome.key / str(outcome.attempt)
    assert {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()} == {
        *("evidence.json", "figures/a.csv", "output.txt"),
    }
    assert (folder / "output.txt").read_text() == "measuring a.safetensors\n"
    assert standing_of(stage).outcome == outcome
    assert [attempt.ended for attempt in standing_of(stage).attempts] == ["done"]
    # No more threads than CPUs, and no options that the plan does not know of.
    assert (stage.folder / "a.begun").read_text().split()[1:] == ["3", "None", "None"]


def test_downloads_go_with_the_subject_where_they_are_not_to_be_kept(stage: Stage) -> None:
    assert run(stage, WHOLE, resources=Resources(keep_downloads=False)).state == "done"
    hub_cache = Path((stage.folder / "a.begun").read_text().split()[3])
    assert hub_cache.name == "hub"
    assert not hub_cache.exists()


@pytest.mark.parametrize(
    ("instructions", "reason"),
    [
        ({"say": "ERROR: --model x: no such file\n\nmore", "code": 4}, "--model x: no such file"),
        (
            {"say": "INTERNALERROR> broken", "code": 3},
            "its process ended with exit code 3: INTERNALERROR> broken",
        ),
        ({"say": "a \x1b[31mcolour", "code": 3}, "its process ended with exit code 3: a \\x1b[31mcolour"),
        ({"die": True}, "its process was ended by SIGKILL, mostly for lack of memory"),
        ({"code": 0}, "it ended as if all were well and left no evidence"),
        ({"evidence": "evidence-partial.json"}, "its evidence is incomplete: some claims were not decided"),
    ],
)
def test_a_failure_has_its_reason_in_a_sentence_and_is_never_taken_for_done(
    stage: Stage, instructions: dict[str, Any], reason: str
) -> None:
    outcome = run(stage, instructions)
    assert outcome.state == "failed"
    assert outcome.reason is not None
    assert outcome.reason.startswith(reason)
    assert "measuring a.safetensors" in outcome.output
    assert [attempt.ended for attempt in standing_of(stage).attempts] == ["failed"]
    assert not standing_of(stage).is_done


def test_evidence_that_cannot_be_read_is_a_failure(stage: Stage) -> None:
    (stage.folder / "broken.json").write_text("{")
    outcome = run(stage, {"evidence": "broken.json"})
    assert outcome.reason is not None
    assert "evidence.json is not JSON" in outcome.reason


def test_a_job_over_its_time_limit_is_ended(stage: Stage) -> None:
    limit = Resources(time_limit_minutes=0.02)
    outcome = run(stage, {"wait": str(stage.folder / "never")}, resources=limit)
    assert outcome.reason == "it took longer than its time limit of 0.02 minutes"
    assert not is_alive(stage.begun("a")[0])


@pytest.mark.parametrize(
    "instructions",
    [WHOLE, {"code": 3}, {"die": True}, {"wait": "/nowhere"}],
    ids=["done", "failed", "killed", "limit"],
)
def test_no_daemon_outlives_its_job(instructions: dict[str, Any], stage: Stage) -> None:
    note = stage.folder / "daemon"
    limit = Resources(time_limit_minutes=0.05 if "wait" in instructions else 120)
    outcome = run(stage, {"daemon": str(note), **instructions}, resources=limit)
    assert (outcome.state == "done") == (instructions == WHOLE)
    assert not is_alive(int(note.read_text()))


@pytest.mark.parametrize("code", [0, 3])
def test_of_a_long_output_the_end_is_read(code: int, stage: Stage) -> None:
    """100 MB on one line, as a progress bar without line ends leaves it, and 2 million overwritten ones."""
    for text in ("x" * 50, "\r" * 25 + "x" * 25):
        start = time.process_time()
        outcome = run(stage, {"say": text, "times": 2_000_000, "code": code})
        assert time.process_time() - start < 5
        assert outcome.state == "failed"
        assert len(outcome.output) <= 4000
        assert outcome.output.endswith("x" * 25 + "\n")


def test_what_a_progress_bar_overwrote_is_left_out(stage: Stage) -> None:
    outcome = run(stage, {"say": "1 %\r2 %\rdone\r\nnext", "code": 3})
    assert outcome.output == "measuring a.safetensors\ndone\nnext\n"


def test_a_job_that_is_done_is_not_done_again(stage: Stage) -> None:
    first = run(stage, WHOLE)
    assert run_job(job_of(stage), str(stage.output), CLAIMS, stage.program) == first
    assert len(stage.begun("a")) == 1


def test_of_two_attempts_at_once_the_first_to_finish_counts(stage: Stage, tmp_path: Path) -> None:
    stage.write({"a": {"wait": str(tmp_path / "go"), **WHOLE}})
    job, storage = job_of(stage), Storage(str(stage.output))
    storage.write(PLAN_NAME, "{}")
    code = (
        "import sys; from tests.sweep.jobs.test_run_job import run_in_process; run_in_process(*sys.argv[1:])"
    )
    slow = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT)
    wait_until(lambda: len(stage.begun("a")) == 1, "the slow attempt has begun")
    stage.write({"a": WHOLE})
    fast = run_job(job, str(stage.output), CLAIMS, stage.program)
    (tmp_path / "go").touch()
    assert slow.wait(60) == 0
    assert is_done(storage, job.key) == fast
    assert [attempt.ended for attempt in standing_of(stage).attempts] == ["discarded", "done"]


def run_in_process(folder: str) -> None:
    """Measure the subject of a stage that is set already."""
    stage = Stage(Path(folder))
    run_job(job_of(stage), str(stage.output), CLAIMS, stage.program)


def test_a_job_does_not_outlive_a_worker_that_is_killed(stage: Stage, tmp_path: Path) -> None:
    stage.write({"a": {"wait": str(tmp_path / "never")}})
    Storage(str(stage.output)).write(PLAN_NAME, "{}")
    code = (
        "import sys; from tests.sweep.jobs.test_run_job import run_in_process; run_in_process(*sys.argv[1:])"
    )
    worker = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT)
    wait_until(lambda: len(stage.begun("a")) == 1, "the job has begun")
    (process,) = stage.begun("a")
    assert is_alive(process)
    worker.send_signal(signal.SIGKILL)
    worker.wait(60)
    wait_until(lambda: not is_alive(process), "the job's process has ended")
    assert [attempt.ended for attempt in standing_of(stage).attempts] == [None]
    assert standing_of(stage).outcome is None


def test_what_a_killed_worker_leaves_is_removed_by_the_next_job(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    stage.write({"a": {"wait": str(tmp_path / "never")}})
    Storage(str(stage.output)).write(PLAN_NAME, "{}")
    code = (
        "import sys; from tests.sweep.jobs.test_run_job import run_in_process; run_in_process(*sys.argv[1:])"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, env=os.environ | {"TMPDIR": str(scratch)}
    )
    wait_until(lambda: len(stage.begun("a")) == 1, "the job has begun")
    (process,) = stage.begun("a")
    worker.kill()
    worker.wait(60)
    wait_until(lambda: not is_alive(process), "the job's process has ended")
    (left,) = scratch.iterdir()
    assert (left / "output.txt").exists()
    assert run(stage, WHOLE).state == "done"
    assert list(scratch.iterdir()) == []


def test_a_machine_that_does_not_reach_the_output_says_so_and_leaves_nothing_there(stage: Stage) -> None:
    stage.write({"a": WHOLE})
    outcome = run_job(job_of(stage), str(stage.output), CLAIMS, stage.program)
    assert outcome.reason is not None
    assert "sweep.json is not there on" in outcome.reason
    assert not stage.output.exists()


def test_the_copy_for_other_machines_holds_all_that_a_run_needs(tmp_path: Path) -> None:
    copy_project(tmp_path, CLAIMS)
    claims = shipped_claims(tmp_path, CLAIMS)
    command = [sys.executable, *PROGRAM, claims.name, "--collect-only", "-q"]
    collected = subprocess.run(
        command,
        cwd=claims.parent,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert collected.returncode == 0, collected.stdout + collected.stderr
    worker = [
        sys.executable,
        "-c",
        "import layerclaims.sweep.jobs.run_job; print(layerclaims.sweep.jobs.run_job.__file__)",
    ]
    found = subprocess.run(worker, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    assert Path(found.stdout.strip()).is_relative_to(tmp_path)


def test_the_deciding_sources_hash_the_same_in_a_copy_and_change_with_the_claims(tmp_path: Path) -> None:
    copy_project(tmp_path, CLAIMS)
    code = (
        "import sys; from pathlib import Path; from layerclaims.sweep.jobs.project import sources_sha256; "
        "print(sources_sha256(Path(sys.argv[1])))"
    )
    copied = shipped_claims(tmp_path, CLAIMS)

    def hashed() -> str:
        command = [sys.executable, "-c", code, str(copied)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
        return done.stdout.strip()

    assert hashed() == sources_sha256(CLAIMS)
    (copied / "words.txt").write_text("the of and")
    assert hashed() != sources_sha256(CLAIMS)
    (copied / "words.txt").unlink()
    (tmp_path / "layerclaims" / "decision.py").write_text("# other")
    assert hashed() != sources_sha256(CLAIMS)
