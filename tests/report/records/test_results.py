import csv
import io
import json
from pathlib import Path

from layerclaims.report.__main__ import main
from layerclaims.report.records.claim_facts import in_document_order
from layerclaims.report.records.evidence import Evidence
from layerclaims.report.records.report_folder import RESULTS_NAME, clear_run, strangers
from layerclaims.report.records.results import results_csv, write_results
from layerclaims.report.records.store import write_evidence
from tests.report.builder import make_evidence, make_points

RUN, OTHER = "20260101T000000Z-00000001", "20260101T000000Z-00000002"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_every_assertion_has_a_row_with_its_numbers_as_the_evidence_has_them() -> None:
    evidence = make_evidence(run=RUN)
    claims = in_document_order(evidence.claims, evidence.document)
    pairs = [(claim, assertion) for claim in claims for assertion in claim.assertions]
    for row, (claim, assertion) in zip(rows(results_csv(evidence)), pairs, strict=True):
        assert (row["run"], row["subject"]) == (RUN, evidence.subject.name)
        assert (row["claim"], row["assertion"], row["verdict"]) == (
            claim.id,
            assertion.name,
            assertion.verdict,
        )
        low, high = assertion.interval or (None, None)
        numbers = {"value": assertion.value, "low": low, "high": high}
        assert {name: float(row[name]) if row[name] else None for name in numbers} == numbers
        assert row["criterion"] == (assertion.criterion.text if assertion.criterion else "")
        assert json.loads(row["parameters"]) == assertion.parameters


def test_hostile_text_stays_in_its_cell() -> None:
    data = make_evidence(run=RUN).model_dump()
    name = 'a "quoted", name\nof two lines'
    data["claims"][0]["assertions"][0]["name"] = name
    assert name in {row["assertion"] for row in rows(results_csv(Evidence.model_validate(data)))}


def test_the_table_carries_its_run(tmp_path: Path) -> None:
    evidence = make_evidence(run=RUN)
    write_results(evidence, tmp_path)
    assert strangers(tmp_path, RUN) == []
    assert strangers(tmp_path, OTHER) == [RESULTS_NAME]


def test_the_table_is_removed_with_its_run(tmp_path: Path) -> None:
    evidence = make_evidence(run=RUN)
    write_evidence(evidence, tmp_path / "run", make_points(), results_csv(evidence))
    clear_run(tmp_path / "run", RUN)
    assert not (tmp_path / "run").exists()


def test_evidence_alone_gives_the_table_again(tmp_path: Path) -> None:
    evidence = make_evidence(run=RUN)
    write_evidence(evidence, tmp_path, make_points())
    assert main(["render", str(tmp_path)]) == 0
    assert (tmp_path / RESULTS_NAME).read_text() == results_csv(evidence)
    assert f'href="{RESULTS_NAME}"' in (tmp_path / "report.html").read_text(encoding="utf-8")
