"""The data frames of a report: what they hold, and what is said where they cannot be had."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import layerclaims
from layerclaims.report.frames import TABLES, Report
from layerclaims.report.records.evidence import Evidence
from layerclaims.report.records.results import results_csv
from layerclaims.report.records.store import EvidenceError, write_evidence
from tests.report.builder import make_evidence, make_points

RUN, OTHER = "20260101T000000Z-00000001", "20260101T000000Z-00000002"
COLUMN = re.compile(r"^            (\w+) : (\w+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return make_evidence(run=RUN, token_std={"internal": [[1.0] * 30, [2.0] * 30]})


@pytest.fixture(scope="module")
def folder(evidence: Evidence, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports") / "tiny"
    write_evidence(evidence, folder, make_points(), results_csv(evidence))
    return folder


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return layerclaims.load(folder)


@pytest.mark.parametrize("name", TABLES)
def test_a_frame_has_the_columns_and_types_that_its_description_lists(name: str, report: Report) -> None:
    described = dict(COLUMN.findall(getattr(Report, name).__doc__))
    frame = getattr(report, name)
    assert list(frame.columns)[: len(described)] == list(described)
    assert {column: str(frame.dtypes[column]) for column in described} == described


def test_claims_and_assertions_are_those_of_the_evidence(report: Report, evidence: Evidence) -> None:
    claims, assertions = report.claims, report.assertions
    assert dict(zip(claims["claim"], claims["verdict"], strict=True)) == {
        claim.id: claim.verdict for claim in evidence.claims
    }
    for claim in evidence.claims:
        found = assertions[assertions["claim"] == claim.id]
        assert list(found["verdict"]) == [assertion.verdict for assertion in claim.assertions]
        values = [np.nan if one.value is None else one.value for one in claim.assertions]
        np.testing.assert_array_equal(found["value"], values)


def test_claims_stand_in_the_documents_order_whatever_ran_first(tmp_path: Path) -> None:
    evidence = make_evidence(run=RUN)
    backwards = evidence.model_copy(update={"claims": evidence.claims[::-1]})
    write_evidence(backwards, tmp_path)
    places = list(evidence.document.sections)
    found = [places.index(section) for section in layerclaims.load(tmp_path).claims["section"]]
    assert found == sorted(found)


def test_the_table_of_results_is_the_frame_of_assertions(report: Report, folder: Path) -> None:
    read = pd.read_csv(folder / "results.csv").drop(columns=["run", "subject"])
    frame = report.assertions
    assert list(read.columns) == list(frame.columns)
    for column in ("claim", "assertion", "value", "low", "high", "bound", "verdict", "n"):
        pd.testing.assert_series_equal(read[column], frame[column])


def test_controls_and_specifications_join_assertions(report: Report) -> None:
    key = ["claim", "assertion", "arguments"]
    for frame in (report.controls, report.specifications):
        joined = frame.merge(report.assertions, on=key, suffixes=("", "_here"))
        assert len(joined) == len(frame) > 0
    assert {"bins", "outlier_sd", "estimator"} <= set(report.specifications.columns)


def test_profiles_are_those_of_the_evidence(report: Report, evidence: Evidence) -> None:
    assert evidence.profiles is not None
    frame = report.profiles
    covariance = frame[(frame["kind"] == "internal") & (frame["measure"] == "covariance")]
    recorded = evidence.profiles.kinds["internal"].measures["covariance"]
    assert list(covariance[~covariance["final_norm"]]["mean"]) == [level.mean for level in recorded]
    assert list(covariance[covariance["final_norm"]]["layer"]) == [evidence.subject.n_layers]
    assert "std" in set(frame["measure"])


def test_tokens_have_their_windows_groups_and_standard_deviations(report: Report, evidence: Evidence) -> None:
    frame = report.tokens.set_index(["kind", "token"])
    assert len(frame) == sum(evidence.subject.tokens.values())
    assert frame.loc[("internal", 3), "before"] == evidence.samples["internal"][3].before
    assert frame.loc[("internal", 3), "group"] == evidence.token_groups[0].labels[3] + 1
    assert pd.isna(frame.loc[("terminal", 3), "group"])
    assert frame.loc[("internal", 3), "std_1"] == 2.0


def test_tokens_without_windows_are_still_counted(tmp_path: Path) -> None:
    write_evidence(make_evidence(run=RUN, samples={}, token_groups=[]), tmp_path)
    tokens = layerclaims.load(tmp_path).tokens
    assert len(tokens) == 60
    assert tokens["text"].isna().all()


def test_pairs_are_those_of_the_file(report: Report) -> None:
    points, frame = make_points(), report.pairs
    at = frame[(frame["kind"] == "terminal") & (frame["layer"] == 2) & ~frame["final_norm"]]
    np.testing.assert_array_equal(at["covariance"], points["terminal.covariance"][2].astype(np.float32))
    np.testing.assert_array_equal(at[["first", "second"]], points["terminal.index"])
    after = frame[frame["final_norm"] & (frame["kind"] == "terminal")]
    np.testing.assert_array_equal(after["pearson"], points["terminal.final_norm.pearson"][0])


def test_a_frame_is_the_callers_to_change(report: Report) -> None:
    own = report.claims
    own["verdict"] = "mine"
    assert "mine" not in set(report.claims["verdict"])


def test_every_frame_is_written_as_parquet(report: Report, tmp_path: Path) -> None:
    paths = report.to_parquet(tmp_path / "tables")
    assert [path.stem for path in paths] == list(TABLES)
    pd.testing.assert_frame_equal(pd.read_parquet(paths[1]), report.assertions)


def test_a_report_says_what_it_is(report: Report, evidence: Evidence) -> None:
    assert repr(report) == (
        f"<Report of {evidence.subject.name}, 2026-01-02T03:04:05Z: 8 supported, 4 refuted, 4 inconclusive, "
        "4 not applicable>"
    )


def assert_one_sentence(error: BaseException, *words: str) -> None:
    assert "\n" not in str(error)
    for word in words:
        assert word in str(error)


def test_the_folder_above_reports_is_answered_with_their_names(folder: Path) -> None:
    with pytest.raises(EvidenceError) as caught:
        layerclaims.load(folder.parent)
    assert_one_sentence(caught.value, "name the folder of one report", str(folder))


def test_other_folders_are_answered_with_what_to_name(tmp_path: Path) -> None:
    for path, words in ((tmp_path, "name the folder of a report"), (tmp_path / "none", "no evidence at")):
        with pytest.raises(EvidenceError) as caught:
            layerclaims.load(path)
        assert_one_sentence(caught.value, words)


def test_a_part_of_a_run_is_loaded_by_its_own_folder(evidence: Evidence, tmp_path: Path) -> None:
    write_evidence(evidence.model_copy(update={"complete": False}), tmp_path / "part")
    with pytest.raises(EvidenceError) as caught:
        layerclaims.load(tmp_path)
    assert_one_sentence(caught.value, "only one of a part", str(tmp_path / "part"))
    assert "not complete" in repr(layerclaims.load(tmp_path / "part"))


def test_evidence_of_another_version_is_answered_with_both(evidence: Evidence, tmp_path: Path) -> None:
    path = write_evidence(evidence, tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema_version": 2}))
    with pytest.raises(EvidenceError) as caught:
        layerclaims.load(tmp_path)
    assert_one_sentence(caught.value, "schema version 2", "reads version 3")


@pytest.mark.parametrize("trouble", ["missing", "of another run"])
def test_pairs_that_are_not_the_runs_are_refused(trouble: str, tmp_path: Path) -> None:
    points = None if trouble == "missing" else make_points()
    write_evidence(make_evidence(run=OTHER), tmp_path, points)
    path = tmp_path / "evidence.json"
    path.write_text(path.read_text().replace(OTHER, RUN))
    with pytest.raises(EvidenceError) as caught:
        _ = layerclaims.load(tmp_path).pairs
    assert_one_sentence(caught.value, "pairs.safetensors", "measure again")


def test_profiles_that_the_run_left_out_are_said_to_be_missing(tmp_path: Path) -> None:
    write_evidence(make_evidence(run=RUN, profiles=None), tmp_path)
    with pytest.raises(EvidenceError) as caught:
        _ = layerclaims.load(tmp_path).profiles
    assert_one_sentence(caught.value, "left no profiles")


@pytest.mark.parametrize("package", ["pandas", "pyarrow"])
def test_what_is_not_installed_is_named_with_how_to_install_it(
    package: str, report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else found(name))
    with pytest.raises(ImportError) as caught:
        _ = report.claims if package == "pandas" else report.to_parquet(tmp_path)
    assert_one_sentence(caught.value, package, "pip install 'layerclaims[frames]'")


def test_loading_imports_pandas_only_for_a_frame(folder: Path) -> None:
    code = (
        "import sys, layerclaims; assert 'numpy' not in sys.modules; "
        f"r = layerclaims.load({str(folder)!r}); assert 'pandas' not in sys.modules; r.claims; "
        "assert 'pandas' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
