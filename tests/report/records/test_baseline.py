import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerclaims.analysis.statistics.estimate import exact
from layerclaims.decision import Criterion, Verdict, decide
from layerclaims.message import message
from layerclaims.report.records.baseline import (
    Baseline,
    BaselineSubject,
    baseline_of,
    baseline_text,
    identify,
    key,
    read_baseline,
    recorded_assertion,
    subject_differences,
    write_baseline,
)
from layerclaims.report.records.evidence import Evidence, RecordedAssertion, SpecificationRecord
from layerclaims.report.records.store import EvidenceError
from tests.report.builder import make_assertion, make_evidence, make_subject

OTHER: dict[str, Any] = {
    "weights": {"weights_sha256": "ff" * 32},
    "text": {"corpus": {"name": "another", "sha256": "ee" * 32}},
    "dtype": {"dtype": "bfloat16"},
    "tokens": {"tokens": {"internal": 30, "terminal": 29}},
    "context_before": {
        "windows": {
            "context_before": 12,
            "context_after": 10,
            "skip_tokens": 0,
            "sampling": "first",
            "seed": 0,
        }
    },
}


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return make_evidence()


def test_a_baseline_reads_back_as_it_was_written(evidence: Evidence, tmp_path: Path) -> None:
    baseline = baseline_of(evidence)
    write_baseline(baseline, tmp_path / "new folder" / "baseline.json")
    read = read_baseline(tmp_path / "new folder" / "baseline.json")
    assert read == baseline
    assert subject_differences(read, evidence.subject, evidence.specification) == []


def test_the_same_subject_gives_the_same_bytes_whenever_and_in_whatever_order(evidence: Evidence) -> None:
    backwards = [
        claim.model_copy(update={"assertions": claim.assertions[::-1], "seconds": 9.0})
        for claim in evidence.claims[::-1]
    ]
    other = make_evidence(
        claims=backwards, created="2030-01-01T00:00:00Z", command="another", timings={}, environment={}
    )
    assert baseline_text(baseline_of(other)) == baseline_text(baseline_of(evidence))


def test_each_assertion_has_a_line_of_its_own(evidence: Evidence) -> None:
    lines = baseline_text(baseline_of(evidence)).splitlines()
    for claim in evidence.claims:
        for assertion in claim.assertions:
            (line,) = [line for line in lines if f'"{assertion.name}"' in line]
            assert json.loads(line.rstrip(","))["verdict"] == assertion.verdict


LAID_OUT = """{
 "schema_version": 1,
 "layerclaims": "1.0",
 "subject": {
  "model": "größe",
  "revision": null,
  "weights_sha256": "aa",
  "corpus": "a text",
  "corpus_sha256": "bb",
  "dtype": "float32",
  "tokens": {
   "dấu phẩy": 30
  },
  "windows": null
 },
 "specification": %s,
 "assertions": [
  {"claim": "a", "assertion": "it is ≥ 1", "arguments": {"kind": "dấu"}, "verdict": "supported", \
"value": 2.0, "interval": [1.5, 2.5], "criterion": "≥ 1"},
  {"claim": "b", "assertion": "it is", "arguments": {}, "verdict": "not_applicable"}
 ]
}
"""


def test_a_file_is_readable_text_of_one_layout() -> None:
    specification = SpecificationRecord(bins=20, outlier_sd=5, estimator="histogram", n_resamples=200, seed=0)
    baseline = Baseline(
        layerclaims="1.0",
        subject=BaselineSubject(
            model="größe",
            weights_sha256="aa",
            corpus="a text",
            corpus_sha256="bb",
            dtype="float32",
            tokens={"dấu phẩy": 30},
        ),
        specification=specification,
        assertions=[
            RecordedAssertion(
                claim="a",
                assertion="it is ≥ 1",
                arguments={"kind": "dấu"},
                verdict="supported",
                value=2.0,
                interval=(1.5, 2.5),
                criterion="≥ 1",
            ),
            RecordedAssertion(claim="b", assertion="it is", verdict="not_applicable"),
        ],
    )
    shown = json.dumps(specification.model_dump(), indent=1).replace("\n", "\n ")
    assert baseline_text(baseline) == LAID_OUT % shown


def test_the_order_of_arguments_makes_no_other_assertion() -> None:
    one, other = (
        RecordedAssertion(claim="a", assertion="it is", arguments=arguments, verdict="not_applicable")
        for arguments in ({"kind": "internal", "layer": 7}, {"layer": 7, "kind": "internal"})
    )
    assert key(one) == key(other) == ("a", "it is", '{"kind": "internal", "layer": 7}')


def test_a_subject_is_recorded_with_everything_that_identifies_it() -> None:
    subject = make_subject(12, 30, revision="abc")
    assert subject.windows is not None
    found = identify(subject)
    assert found.model_dump(exclude={"windows"}) == {
        "model": subject.model,
        "revision": "abc",
        "weights_sha256": subject.weights_sha256,
        "corpus": subject.corpus.name,
        "corpus_sha256": subject.corpus.sha256,
        "dtype": subject.dtype,
        "tokens": subject.tokens,
    }
    assert found.windows is not None
    assert found.windows.model_dump().items() <= subject.windows.model_dump().items()


def test_an_assertion_is_recorded_with_what_its_test_was_given() -> None:
    decision = decide(message("q"), exact(2.0), Criterion("at least", 1, message("why")))
    assertion = make_assertion("it is", decision).model_copy(update={"arguments": {"layer": 7}})
    assert recorded_assertion("a", assertion) == RecordedAssertion(
        claim="a",
        assertion="it is",
        arguments={"layer": 7},
        verdict="supported",
        value=2.0,
        interval=(2.0, 2.0),
        criterion="at least 1",
    )


def test_a_run_without_claims_is_recorded_too(tmp_path: Path) -> None:
    write_baseline(baseline_of(make_evidence(claims=[])), tmp_path / "empty.json")
    assert read_baseline(tmp_path / "empty.json").assertions == []


def recorded_value(value: float) -> float:
    record = recorded_assertion(
        "c", make_assertion("a", decide(message("q"), exact(value), Criterion("at least", 0, message("why"))))
    )
    assert record.value is not None
    assert record.interval == (record.value, record.value)
    return record.value


def test_numbers_keep_what_float32_vouches_for() -> None:
    assert recorded_value(772.8148838802308) == 772.815
    assert recorded_value(-0.04242969427939476) == -0.0424297
    assert recorded_value(6.643923559908379e-16) == 0
    assert str(recorded_value(-1e-16)) == "0.0"
    assert recorded_value(3e-8) == 3e-8


@given(st.lists(st.floats(-1e12, 1e12), min_size=2, max_size=2))
def test_rounding_keeps_the_order_of_numbers(numbers: list[float]) -> None:
    low, high = map(recorded_value, sorted(numbers))
    assert low <= high


@pytest.mark.parametrize("what", OTHER)
def test_another_subject_is_told_by_what_differs(what: str, evidence: Evidence) -> None:
    subject = make_subject(12, 30, **OTHER[what])
    (difference,) = map(str, subject_differences(baseline_of(evidence), subject, evidence.specification))
    assert what in difference
    assert "recorded" in difference
    assert "found" in difference


def test_other_weights_are_told_by_both_hashes_and_names(evidence: Evidence) -> None:
    subject = make_subject(12, 30, model="another", weights_sha256="ff" * 32)
    (difference,) = map(str, subject_differences(baseline_of(evidence), subject, evidence.specification))
    was = evidence.subject
    assert was.weights_sha256 is not None
    assert difference == (
        f"weights {was.weights_sha256[:12]} ({was.model}) recorded, ffffffffffff (another) found"
    )


def test_another_specification_is_told(evidence: Evidence) -> None:
    other = SpecificationRecord(bins=20, outlier_sd=5, estimator="histogram", n_resamples=200, seed=0)
    differences = subject_differences(baseline_of(evidence), evidence.subject, other)
    assert list(map(str, differences)) == ["bins 15 recorded, 20 found"]


def test_windows_that_are_not_known_differ_from_those_that_are(evidence: Evidence) -> None:
    subject = make_subject(12, 30, windows=None)
    differences = subject_differences(baseline_of(evidence), subject, evidence.specification)
    assert "context_before 20 recorded, unknown found" in map(str, differences)


def test_the_same_weights_under_another_name_are_the_same_subject(evidence: Evidence) -> None:
    subject = make_subject(12, 30, model="./folder", revision=None, device="cuda")
    assert subject_differences(baseline_of(evidence), subject, evidence.specification) == []


def test_what_follows_from_model_and_text_tells_no_subject_apart(evidence: Evidence) -> None:
    windows = make_subject(12, 30).windows
    assert windows is not None
    subject = make_subject(12, 30, windows=windows.model_copy(update={"eligible": {"internal": 1}}))
    assert subject_differences(baseline_of(evidence), subject, evidence.specification) == []
    assert "eligible" not in baseline_text(baseline_of(evidence))


@pytest.mark.parametrize(
    ("changes", "what"), [({"weights_sha256": None}, "weights"), ({"corpus": {"name": "a text"}}, "text")]
)
def test_activations_of_unknown_origin_have_no_baseline(changes: dict[str, Any], what: str) -> None:
    with pytest.raises(EvidenceError, match=f"from which {what} they come"):
        baseline_of(make_evidence(subject=make_subject(12, 30, **changes)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[1]", "is no valid baseline"),
        ('{"schema_version": 2}', "is baseline of schema version 2, and this release reads version 1"),
        ('{"schema_version": 1}', "layerclaims"),
    ],
)
def test_a_broken_file_is_named_in_one_sentence(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(content)
    with pytest.raises(EvidenceError, match=message) as caught:
        read_baseline(tmp_path / "b.json")
    assert "b.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_truncated_file_is_refused(evidence: Evidence, tmp_path: Path) -> None:
    text = baseline_text(baseline_of(evidence))
    (tmp_path / "b.json").write_text(text[: len(text) // 2])
    with pytest.raises(EvidenceError, match="is not JSON"):
        read_baseline(tmp_path / "b.json")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"no baseline at .*nowhere\.json"):
        read_baseline(tmp_path / "nowhere.json")


@pytest.mark.parametrize(
    ("verdict", "changes", "message"),
    [
        ("supported", {"value": None}, "has value, interval and criterion"),
        ("supported", {"verdict": "not_applicable"}, "does not apply"),
        ("not_applicable", {"verdict": "supported"}, "has value, interval and criterion"),
        ("refuted", {"verdict": "confirmed"}, "verdict"),
        ("refuted", {"value": float("nan")}, "finite"),
        ("refuted", {"note": "by hand"}, "note"),
    ],
)
def test_a_record_that_no_run_can_have_made_is_refused(
    verdict: Verdict, changes: dict[str, object], message: str, evidence: Evidence, tmp_path: Path
) -> None:
    data = json.loads(baseline_text(baseline_of(evidence)))
    next(record for record in data["assertions"] if record["verdict"] == verdict).update(changes)
    (tmp_path / "b.json").write_text(json.dumps(data))
    with pytest.raises(EvidenceError, match=message):
        read_baseline(tmp_path / "b.json")


def test_an_assertion_that_is_recorded_twice_is_refused(evidence: Evidence) -> None:
    data = baseline_of(evidence).model_dump()
    data["assertions"].append(data["assertions"][0])
    with pytest.raises(ValueError, match="twice"):
        Baseline.model_validate(data)


def test_a_failed_write_leaves_the_old_baseline(
    evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.json"
    write_baseline(baseline_of(evidence), path)
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_baseline(baseline_of(make_evidence(claims=[])), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
