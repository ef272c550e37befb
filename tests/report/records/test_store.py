import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from layerclaims.report.records.evidence import (
    EVIDENCE_NAME,
    POINTS_NAME,
    SCHEMA_PATH,
    Evidence,
)
from layerclaims.report.records.report_folder import RESULTS_NAME, strangers
from layerclaims.report.records.results import results_csv
from layerclaims.report.records.store import (
    EvidenceError,
    json_schema,
    read_evidence,
    read_points,
    update_evidence,
    write_evidence,
)
from layerclaims.serialization.files import UNFINISHED
from tests.report.builder import make_evidence, make_points, make_subject

RUNS = ("20260101T000000Z-00000001", "20260101T000000Z-00000002")


def test_evidence_reads_back_as_it_was_written(tmp_path: Path) -> None:
    evidence = make_evidence()
    path = write_evidence(evidence, tmp_path / "run", make_points())
    assert path == tmp_path / "run" / EVIDENCE_NAME
    assert read_evidence(path) == evidence
    assert read_evidence(tmp_path / "run") == evidence


def test_evidence_of_a_run_that_knew_no_baselines_is_read(tmp_path: Path) -> None:
    path = write_evidence(make_evidence(), tmp_path)
    data = json.loads(path.read_text())
    del data["baseline"]
    for claim in data["claims"]:
        for assertion in claim["assertions"]:
            del assertion["arguments"]
    path.write_text(json.dumps(data))
    assert read_evidence(path) == make_evidence()


def test_points_read_back_as_they_were_written(tmp_path: Path) -> None:
    points = make_points()
    write_evidence(make_evidence(), tmp_path, points)
    read = read_points(tmp_path)
    assert read is not None
    assert read.keys() == points.keys()
    assert all(np.array_equal(read[name], points[name]) for name in points)


def test_a_run_without_points_leaves_none_of_an_earlier_run(tmp_path: Path) -> None:
    write_evidence(make_evidence(), tmp_path, make_points())
    write_evidence(make_evidence(), tmp_path)
    assert read_points(tmp_path) is None


class Stopped(Exception):
    """Raised in place of a step."""


def stop_after(allowed: int, patch: pytest.MonkeyPatch) -> None:
    """Let this many files be moved or removed, and stop before the next; unfinished files do not count."""
    left = iter(range(allowed))
    for name in ("unlink", "replace"):
        unchanged = getattr(Path, name)

        def step(
            path: Path, *arguments: object, unchanged: Callable[..., object] = unchanged, **more: object
        ) -> object:
            counts = unchanged.__name__ == "replace" or not path.name.startswith(UNFINISHED)
            if counts and next(left, None) is None:
                raise Stopped
            return unchanged(path, *arguments, **more)

        patch.setattr(Path, name, step)


@pytest.mark.parametrize("allowed", range(9))
def test_what_lies_beside_evidence_belongs_to_it_at_every_moment(
    allowed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (make_evidence(run=run) for run in RUNS)
    write_evidence(first, tmp_path, make_points(), results_csv(first))
    (tmp_path / "report.html").write_text(f"layerclaims-run: {RUNS[0]}")
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "grid.svg").write_text(f"<svg/><!-- layerclaims-run: {RUNS[0]} -->")
    with monkeypatch.context() as patch:
        stop_after(allowed, patch)
        with pytest.raises(Stopped) if allowed < 8 else nullcontext():
            write_evidence(second, tmp_path, make_points(), results_csv(second))
    run = read_evidence(tmp_path).run
    assert run == RUNS[allowed > 5]
    assert strangers(tmp_path, run) == []
    assert (tmp_path / RESULTS_NAME).exists() == (allowed < 5 or allowed == 8)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(UNFINISHED)]


def test_evidence_is_updated_only_where_it_is_still_the_runs(tmp_path: Path) -> None:
    write_evidence(make_evidence(run=RUNS[0]), tmp_path, make_points())
    update_evidence(make_evidence(run=RUNS[0], command="again"), tmp_path)
    assert read_evidence(tmp_path).command == "again"
    assert read_points(tmp_path) is not None
    with pytest.raises(EvidenceError, match="replaced by another run"):
        update_evidence(make_evidence(run=RUNS[1]), tmp_path)


def test_the_schema_beside_the_models_is_theirs() -> None:
    assert SCHEMA_PATH.read_text() == json_schema(), "run python -m layerclaims.report schema"


def test_what_is_written_fits_the_schema(tmp_path: Path) -> None:
    path = write_evidence(make_evidence(), tmp_path)
    validator = Draft202012Validator(json.loads(SCHEMA_PATH.read_text()))
    validator.validate(json.loads(path.read_text()))
    assert not validator.is_valid({"schema_version": 1})


def test_a_failed_write_leaves_the_old_evidence_and_no_debris(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_evidence(make_evidence(), tmp_path)
    before = (tmp_path / EVIDENCE_NAME).read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_evidence(make_evidence(command="another"), tmp_path)
    assert (tmp_path / EVIDENCE_NAME).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [EVIDENCE_NAME]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe{}", "is not JSON"),
        (b"[1]", "is no valid evidence"),
        (
            b'{"schema_version": 7}',
            "is evidence of schema version 7, and this release reads version 3: read it",
        ),
        (
            b'{"schema_version": 2}',
            "of schema version 2, .* measure again, or read it with the release that wrote it$",
        ),
        (b'{"schema_version": 3}', "created"),
    ],
)
def test_broken_evidence_is_refused_in_one_sentence(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / EVIDENCE_NAME).write_bytes(content)
    with pytest.raises(EvidenceError, match=message) as caught:
        read_evidence(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("form", ["singular", "plural"])
def test_a_kind_without_an_english_name_is_refused(form: str, tmp_path: Path) -> None:
    data = json.loads(make_evidence().model_dump_json())
    del data["document"]["kinds"][0][form]["en"]
    (tmp_path / EVIDENCE_NAME).write_text(json.dumps(data))
    with pytest.raises(EvidenceError, match=f"{form} has no English name"):
        read_evidence(tmp_path)


LISTS = [
    "profiles.kinds.internal.measures.covariance",
    "profiles.kinds.internal.std",
    "profiles.kinds.terminal.n_clusters.covariance",
    "profiles.kinds.terminal.separation.covariance",
    "profiles.final_norm.internal.std",
    "growth.internal.covariance",
]


@pytest.mark.parametrize("place", LISTS)
@pytest.mark.parametrize("change", [lambda entries: entries[:-1], lambda entries: entries * 2])
def test_lists_that_are_not_one_entry_a_layer_are_refused(
    place: str, change: Callable[[list[Any]], list[Any]], tmp_path: Path
) -> None:
    data = json.loads(make_evidence().model_dump_json())
    *parents, last = place.split(".")
    inside = data
    for name in parents:
        inside = inside[name]
    inside[last] = change(inside[last])
    (tmp_path / EVIDENCE_NAME).write_text(json.dumps(data))
    with pytest.raises(EvidenceError, match=rf"{place} has \d+ entries where there are \d+ levels"):
        read_evidence(tmp_path)


def test_missing_evidence_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"no evidence at .*nowhere"):
        read_evidence(tmp_path / "nowhere")


def test_numbers_that_json_cannot_hold_are_refused(tmp_path: Path) -> None:
    data = make_evidence().model_dump()
    data["claims"][0]["assertions"][0]["value"] = float("nan")
    with pytest.raises(ValueError, match="finite"):
        Evidence.model_validate(data)
    text = json.dumps(data)
    assert "NaN" in text
    (tmp_path / EVIDENCE_NAME).write_text(text)
    with pytest.raises(EvidenceError, match=r"claims.0.assertions.0.value"):
        read_evidence(tmp_path)


def test_points_of_another_run_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"internal.mutual_information should be \(13, 200\)"):
        write_evidence(make_evidence(n_layers=12), tmp_path, make_points(n_layers=11))
    with pytest.raises(EvidenceError, match=r"internal.index does not fit 10 tokens"):
        write_evidence(make_evidence(n_tokens=10), tmp_path, make_points(n_tokens=30))


def test_broken_points_are_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / POINTS_NAME).write_bytes(b"\xff" * 64)
    with pytest.raises(EvidenceError, match=r"cannot read .*pairs.safetensors"):
        read_points(tmp_path)


def test_lone_surrogates_are_written_as_their_numbers(tmp_path: Path) -> None:
    subject = make_subject(12, 30, model="caf\udce9")
    path = write_evidence(make_evidence(subject=subject), tmp_path)
    assert read_evidence(path).subject.model == r"caf\udce9"
