"""Markers that say what another job's should, or lead out of the folder, count for nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sweep.stage import WHOLE, Stage


def marker(stage: Stage, name: str = "done") -> Path:
    return next((stage.output / "subjects").rglob(f"{name}.json"))


def change(path: Path, **changes: Any) -> None:  # noqa: ANN401 - JSON holds anything
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "another-0123456789"},
        {"key": "../../outside"},
        {"key": "../another"},
        {"attempt": "../../../outside"},
        {"attempt": None, "files": {"evidence.json": 1}},
        {"attempt": "20200101T000000-none"},
        {"state": "failed"},
        {"evidence_sha256": "0" * 64},
        {"files": {"../../../outside": 7}},
    ],
)
def test_a_marker_that_is_not_the_jobs_own_is_done_again(changes: dict[str, Any], stage: Stage) -> None:
    stage.write({"a": WHOLE})
    assert stage.sweep() == 0
    before = {path for path in stage.folder.parent.rglob("*") if stage.output not in path.parents}
    change(marker(stage), **changes)
    stage.sweep()
    assert stage.sweep() == 0  # damaged evidence is measured again by the run after the one that finds it
    assert stage.standings()["a"].is_done
    assert len(stage.begun("a")) == 2
    assert {path for path in stage.folder.parent.rglob("*") if stage.output not in path.parents} == before


def test_a_failure_that_says_it_is_done_counts_for_nothing(stage: Stage) -> None:
    stage.write({"a": {"code": 3}})
    assert stage.sweep() == 1
    change(marker(stage, "failed"), state="done", attempt="x", files={})
    assert stage.standings()["a"].outcome is None
