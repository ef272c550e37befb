import json
import os
import re
import signal
import sys
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from layerclaims.sweep.jobs import on_ray
from layerclaims.sweep.jobs.job import Job, Outcome
from layerclaims.sweep.jobs.plain import run_plain
from tests.sweep.stage import WHOLE, Stage, is_alive, wait_until

REFUSED = {"say": "ERROR: it cannot be measured", "code": 4}


@pytest.fixture(autouse=True)
def _without_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any import of Ray fail: what runs in this process must not need it."""
    monkeypatch.setitem(sys.modules, "ray", None)


def test_a_sweep_ends_in_evidence_of_every_subject_and_one_comparison(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.write({"a": WHOLE, "b": REFUSED, "c": WHOLE})
    assert stage.sweep() == 1
    output = capsys.readouterr().out
    assert f"3 subjects; output in {stage.output}" in output
    assert re.search(r"\[1/3\] a: done in \d+ s \| 1 done, 0 failed, 2 left, about", output)
    assert "[2/3] b: failed: it cannot be measured | 1 done, 1 failed, 1 left, about" in output
    assert "failed: b: it cannot be measured\n2 of 3 subjects measured" in output
    assert f"comparison in {stage.output}/comparison/comparison.html" in output
    page = (stage.output / "comparison" / "comparison.html").read_text()
    assert "<h1>2 runs compared</h1>" in page
    assert "it cannot be measured" in page
    record = json.loads((stage.output / "sweep.json").read_text())
    subjects = {subject["label"]: subject for subject in record["subjects"]}
    assert {label: subject["state"] for label, subject in subjects.items()} == {
        "a": "done",
        "b": "failed",
        "c": "done",
    }
    assert subjects["b"]["outcome"]["reason"] == "it cannot be measured"
    assert subjects["a"]["outcome"]["verdicts"]["supported"] == 8
    assert all(len(subject["attempts"]) == 1 for subject in subjects.values())
    assert record["finished"] >= record["started"]


def test_the_next_run_does_what_failed_and_nothing_else_and_then_nothing(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.write({"a": WHOLE, "b": {"die": True}, "c": WHOLE})
    assert stage.sweep() == 1
    (stage.folder / "b.json").write_text(json.dumps(WHOLE))
    assert stage.sweep() == 0
    assert "3 subjects, 2 done before, 1 failed before" in capsys.readouterr().out
    record = (stage.output / "sweep.json").read_text()
    assert stage.sweep() == 0
    assert "3 subjects, 3 done before; output in" in (output := capsys.readouterr().out)
    assert "nothing left to do\n3 of 3 subjects measured" in output
    assert [len(stage.begun(name)) for name in "abc"] == [1, 2, 1]
    assert [attempt.ended for attempt in stage.standings()["b"].attempts] == ["failed", "done"]
    assert not list(stage.output.rglob("failed.json"))
    assert (stage.output / "sweep.json").read_text() == record


def test_what_is_half_published_or_damaged_is_measured_again(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.write({"half": WHOLE, "cut": WHOLE, "torn": WHOLE, "flipped": WHOLE, "whole": WHOLE})
    assert stage.sweep() == 0
    folders = {label: stage.output / "subjects" / job.key for label, job in stage.jobs().items()}
    (folders["half"] / "done.json").unlink()
    next(folders["cut"].rglob("a.csv")).write_text("")
    (folders["torn"] / "done.json").write_text('{"key": ')
    assert stage.sweep() == 0
    begun = {label: len(stage.begun(label)) for label in folders}
    assert begun == {"half": 2, "cut": 2, "torn": 2, "flipped": 1, "whole": 1}
    evidence = next(folders["flipped"].rglob("evidence.json"))
    flipped = bytearray(evidence.read_bytes())
    flipped[-3] ^= 1
    evidence.write_bytes(flipped)
    assert stage.sweep() == 1
    assert "failed: flipped: " in (output := capsys.readouterr().out)
    assert "evidence.json is not what was published; the next run measures it again" in output
    assert stage.sweep() == 0
    assert len(stage.begun("flipped")) == 2
    assert len(stage.begun("whole")) == 1


def test_a_failure_does_not_outweigh_an_attempt_that_finished_the_job(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.write({"a": WHOLE, "b": WHOLE})

    def lose_afterwards(
        jobs: Sequence[Job], output: str, claims: Path, program: Sequence[str]
    ) -> Iterator[Outcome]:
        for outcome in run_plain(jobs, output, claims, program):
            yield outcome.model_copy(update={"state": "failed", "reason": "its worker process was lost"})

    monkeypatch.setattr("layerclaims.sweep.jobs.runner.run_plain", lose_afterwards)
    assert stage.sweep() == 0
    assert "2 of 2 subjects measured" in (output := capsys.readouterr().out)
    assert "lost" not in output


def test_one_measured_subject_is_compared_with_nothing(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.write({"a": WHOLE, "b": REFUSED})
    assert stage.sweep() == 1
    assert "no comparison: that takes at least two measured subjects" in capsys.readouterr().out
    assert not (stage.output / "comparison").exists()


def test_a_dry_run_shows_the_commands_and_does_nothing(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.write({"a": WHOLE}, "options.bins = 30\noptions.controls = false\n")
    assert stage.sweep("--dry-run") == 0
    assert f"pytest claims/ --bins 30 --no-controls --activations {stage.folder}/a.safetensors" in (
        capsys.readouterr().out
    )
    assert not stage.output.exists()
    assert stage.begun("a") == []


def test_a_fault_costs_nothing_and_ends_with_exit_code_4(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.write({"a": WHOLE}, "options.bin = 30\n")
    assert stage.sweep() == 4
    assert "options.bin: `pytest claims/` has no such option" in capsys.readouterr().err
    stage.write({"a": WHOLE})
    assert stage.sweep("--output", "nonsense://x") == 4
    assert "error: the output nonsense://x is no folder" in capsys.readouterr().err
    assert stage.begun("a") == []


def test_the_output_may_be_any_storage_that_fsspec_knows(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.write({"a": WHOLE, "b": WHOLE})
    url = f"memory://{uuid.uuid4()}"
    assert stage.sweep("--output", url) == 0
    assert f"comparison in {url}/comparison/comparison.html" in capsys.readouterr().out
    assert stage.sweep("--output", url) == 0
    assert "nothing left to do" in capsys.readouterr().out


def test_results_of_other_code_are_kept_and_named(
    stage: Stage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.write({"a": WHOLE, "b": WHOLE})
    stage.sweep()
    monkeypatch.setattr("layerclaims.sweep.__main__.sources_sha256", lambda _claims: "other")
    assert stage.sweep() == 0
    assert "2 of those done were decided by other code of layerclaims" in capsys.readouterr().out


def test_without_ray_a_cluster_is_refused_with_what_to_install(
    stage: Stage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_ray, "is_installed", lambda: False)
    plan = str(stage.write({"a": WHOLE, "b": WHOLE}))
    from layerclaims.sweep.__main__ import main

    assert main([plan, "--address", "auto"], stage.program) == 4
    assert "--address auto needs Ray, which is not installed: pip install" in capsys.readouterr().err
    assert main([plan], stage.program) == 0
    assert "Ray is not installed, so one subject after another is measured" in capsys.readouterr().out
    assert len(stage.begun("a")) == 1


def test_an_interrupted_sweep_goes_on_where_it_was(stage: Stage, tmp_path: Path) -> None:
    stage.write({"a": WHOLE, "b": {"wait": str(tmp_path / "go"), **WHOLE}, "c": WHOLE})
    sweep = stage.start("--plain")
    wait_until(lambda: len(stage.begun("b")) == 1, "the second subject has begun")
    os.kill(sweep.pid, signal.SIGINT)
    output, _ = sweep.communicate(timeout=60)
    assert sweep.returncode == 2, output
    assert "interrupted: what is done stays done" in output
    assert "Traceback" not in output
    assert not is_alive(stage.begun("b")[0])
    states = {subject["label"]: subject["state"] for subject in read_record(stage)}
    assert states == {"a": "done", "b": "not done", "c": "not done"}
    (tmp_path / "go").touch()
    assert stage.sweep() == 0
    assert [len(stage.begun(name)) for name in "abc"] == [1, 2, 1]


def read_record(stage: Stage) -> list[dict[str, str]]:
    subjects: list[dict[str, str]] = json.loads((stage.output / "sweep.json").read_text())["subjects"]
    return subjects
