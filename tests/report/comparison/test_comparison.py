import csv
from pathlib import Path
from typing import Any

import pytest

from layerclaims.message import Message
from layerclaims.report.__main__ import main
from layerclaims.report.comparison.comparison import Failure, compare
from layerclaims.report.comparison.comparison_page import (
    MAX_COLUMNS,
    comparison_text,
    read_runs,
    write_comparison,
)
from layerclaims.report.language.words import load_words
from layerclaims.report.page.interval_mark import marks_on_one_scale
from layerclaims.report.page.sentences import input_name
from layerclaims.report.records.claim_facts import VERDICTS
from layerclaims.report.records.evidence import Evidence
from layerclaims.report.records.store import write_evidence
from tests.report.builder import make_claim, make_evidence, make_points, make_subject
from tests.report.page_parser import Page


def test_equal_runs_do_not_differ() -> None:
    comparison = compare([make_evidence(), make_evidence()])
    assert comparison.differing == []
    assert comparison.differences == []
    assert "The runs agree on all 20 claims" in comparison_text(comparison)


def test_a_changed_verdict_and_a_changed_input_are_found() -> None:
    claims = [*make_evidence().claims]
    claims[0] = make_claim(claims[0].id, "refuted")
    other = make_evidence(claims=claims, subject=make_subject(12, 30, revision="fedcba"))
    comparison = compare([make_evidence(), other])
    assert [row.id for row in comparison.differing] == ["embedding-two-points"]
    assert [(d.name, d.values) for d in comparison.differences] == [
        ("revision", ("0123456789abcdef", "fedcba"))
    ]


def test_a_claim_that_one_run_lacks_is_shown_but_no_difference() -> None:
    comparison = compare([make_evidence(), make_evidence(claims=make_evidence().claims[1:])])
    assert comparison.differing == []
    line = next(line for line in comparison_text(comparison).splitlines() if "embedding-two-points" in line)
    assert line.split() == ["embedding-two-points", "✓", "·", "1/1"]


def test_more_runs_than_fit_have_a_line_each() -> None:
    lines = comparison_text(compare([make_evidence()] * 30), 80).splitlines()
    assert " 1  layer1-three-clusters               30/30" in lines
    assert "AD  example/tiny-model · embedded narrative  ✓?✓✗– ✓✗✓?– ✓✗✓?– ✓✗✓?–" in lines
    assert max(map(len, lines)) <= 80


def test_more_runs_than_have_columns_are_rows_of_signs(tmp_path: Path) -> None:
    comparison = compare([make_evidence(profiles=None)] * (MAX_COLUMNS + 1))
    page = Page(write_comparison(comparison, tmp_path).read_text())
    assert len([tag for tag, _ in page.tags if tag == "use"]) == 20 * (MAX_COLUMNS + 1)
    assert {f"sign-{verdict}" for verdict in VERDICTS} <= set(page.ids)
    rows = list(csv.DictReader((tmp_path / "figures" / "matrix.csv").read_text().splitlines()))
    assert len(rows) == 20 * (MAX_COLUMNS + 1)
    assert [rows[0][name] for name in ("run", "claim", "verdict", "held_untrained", "value", "bound")] == [
        "A", "layer1-three-clusters", "supported", "no", "14.2", "10",
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_statements_over_the_signs_are_shown_literally(tmp_path: Path, lang: str) -> None:
    statement = '"><img src=x onerror="alert(1)">'
    claim = make_claim("mi-declines", "supported").model_copy(update={"statement": Message(text=statement)})
    run = make_evidence(claims=[claim], profiles=None)
    page = Page(write_comparison(compare([run] * (MAX_COLUMNS + 1)), tmp_path, lang).read_text())
    assert "img" not in {tag for tag, _ in page.tags}
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert statement in [attributes.get("title") for _, attributes in page.tags]


def test_checkpoints_get_the_figure_of_training(tmp_path: Path) -> None:
    runs = [named(revision_name=f"step{step}", weights_sha256=f"{step:064}") for step in (0, 8)]
    runs = [run.model_copy(update={"claims": make_evidence().claims}) for run in runs]
    page = Page(write_comparison(compare(runs), tmp_path).read_text())
    assert "figure-training" in page.ids
    assert (tmp_path / "figures" / "training.csv").exists()
    assert "figure-training" not in Page(write_comparison(compare(runs[:1] * 2), tmp_path).read_text()).ids
    assert not (tmp_path / "figures" / "training.csv").exists()


def test_many_runs_have_letters_of_their_own() -> None:
    runs = compare([make_evidence(claims=[], profiles=None)] * 30).runs
    assert [run.letter for run in runs[24:29]] == ["Y", "Z", "AA", "AB", "AC"]


def test_one_run_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="at least two runs"):
        compare([make_evidence()])


@pytest.fixture
def runs(tmp_path: Path) -> list[str]:
    other = make_evidence(24, claims=[make_claim("mi-declines", "refuted")])
    write_evidence(make_evidence(), tmp_path / "a", make_points())
    write_evidence(other, tmp_path / "b")
    return [str(tmp_path / "a"), str(tmp_path / "b" / "evidence.json")]


def test_the_command_writes_a_page_and_tells_by_its_exit_code(
    runs: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *runs, "--output", str(tmp_path / "out")]) == 1
    path = Path(capsys.readouterr().out.splitlines()[-1])
    page = Page(path.read_text())
    assert "The runs differ on one of 20 claims" in page.text
    assert "not run" in page.text
    assert (tmp_path / "out" / "figures" / "profiles.csv").exists()
    assert main(["compare", runs[0], runs[0], "--output", str(tmp_path / "out")]) == 0


def test_unusable_input_is_one_sentence_and_exit_code_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "evidence.json").write_text("{")
    assert main(["compare", str(tmp_path), str(tmp_path)]) == 4
    assert main(["render", str(tmp_path / "nowhere")]) == 4
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 2
    assert all(line.startswith("error: ") for line in captured.err.splitlines())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "error: a comparison needs at least two runs"),
        ("vi", "lỗi: so sánh cần ít nhất hai lần chạy"),
    ],
)
def test_a_single_run_is_a_usage_error(
    language: str, said: str, runs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", runs[0], "--lang", language]) == 4
    assert capsys.readouterr().err.strip() == said


def test_the_terminal_speaks_the_language_of_the_page(runs: list[str]) -> None:
    lines = comparison_text(read_runs([Path(run) for run in runs]), 80, "vi").splitlines()
    assert any(line.split() == ["luận", "điểm", "A", "B", "được", "xác", "nhận"] for line in lines)
    assert any(line.endswith("khác nhau") for line in lines)
    assert not any(word in line for word in ("supported", "differs", "not run") for line in lines)


def test_render_makes_the_report_again_from_evidence_alone(
    runs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", *runs]) == 0
    printed = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [path.name for path in printed] == ["report.html", "results.csv"] * 2
    assert all(path.exists() for path in printed)


def test_failed_subjects_are_listed_with_their_reason_and_enter_nothing_else(tmp_path: Path) -> None:
    failure = Failure("org/gone · text.txt", "no such model:\n<b>org/gone</b>")
    comparison = compare([make_evidence()], [failure])
    assert len(comparison.runs) == 1
    assert comparison.differing == []
    assert "not measured: org/gone · text.txt: no such model:¶<b>org/gone</b>" in comparison_text(comparison)
    page = Page(write_comparison(comparison, tmp_path).read_text())
    assert "1 subject could not be measured" in page.text
    assert "no such model:¶<b>org/gone</b>" in page.text


def test_failures_alone_still_make_a_page(tmp_path: Path) -> None:
    comparison = compare([], [Failure("a", "gone"), Failure("b", "too large")])
    assert "too large" in comparison_text(comparison)
    assert "2 subjects could not be measured" in write_comparison(comparison, tmp_path).read_text()


def named(**changes: Any) -> Evidence:  # noqa: ANN401
    return make_evidence(claims=[], profiles=None, subject=make_subject(12, 30, **changes))


def labels(*evidences: Evidence) -> list[str]:
    return [run.label for run in compare(evidences).runs]


def test_runs_are_named_by_model_revision_and_text() -> None:
    assert labels(named(model="org/m", revision_name="step1000"), named(model="org/m")) == [
        "org/m · step1000 · embedded narrative",
        "org/m · embedded narrative",
    ]


def test_runs_of_one_subject_are_named_by_what_else_differs() -> None:
    spaced = named()
    assert spaced.subject.windows is not None
    windows = spaced.subject.windows.model_copy(update={"sampling": "spaced"})
    finer = named(windows=windows)
    finer = finer.model_copy(update={"specification": finer.specification.model_copy(update={"bins": 30})})
    start = "example/tiny-model · embedded narrative · "
    assert labels(named(), named(windows=windows), finer) == [
        f"{start}first",
        f"{start}spaced · 15 bins",
        f"{start}spaced · 30 bins",
    ]


def test_weights_of_one_name_are_told_apart_and_equal_runs_share_a_name() -> None:
    assert labels(named(), named(weights_sha256="cd" * 32))[1].endswith("weights cdcdcdcd")
    assert len(set(labels(named(), named()))) == 1


def test_a_reason_that_claims_share_is_written_once(tmp_path: Path) -> None:
    page = Page(write_comparison(compare([make_evidence()] * 2), tmp_path).read_text())
    reason = "the model adds no positions to its embedding"
    assert page.text.count(f"(1) {reason}") == page.text.count(reason) == 1
    not_applicable = sum(claim.verdict == "not_applicable" for claim in make_evidence().claims)
    assert page.text.count("(1)") == 2 * not_applicable + 1


def test_errors_and_parts_have_signs_and_a_part_makes_no_difference() -> None:
    whole = make_evidence()
    error, part = (
        whole.model_copy(
            update={"claims": [whole.claims[0].model_copy(update={"verdict": verdict}), *whole.claims[1:]]}
        )
        for verdict in ("error", "part")
    )
    lines = comparison_text(compare([whole, part]), 80).splitlines()
    assert any("… in part" in line and "! error" not in line for line in lines)
    assert compare([whole, part]).differing == []
    assert [row.id for row in compare([whole, error]).differing] == [whole.claims[0].id]


def decided_by(verdicts: tuple[str, str], values: tuple[float, float]) -> Evidence:
    """Make a run whose one claim has an assertion a kind, with these verdicts and values."""
    data = make_claim("mi-declines", "supported").model_dump()
    for assertion, verdict, value in zip(data["assertions"], verdicts, values, strict=True):
        assertion.update(verdict=verdict, value=value, interval=(value - 1, value + 1))
    data["verdict"] = "refuted" if "refuted" in verdicts else "supported"
    return make_evidence(claims=[data], profiles=None)


def test_runs_that_other_assertions_decided_have_a_row_for_each(tmp_path: Path) -> None:
    commas = decided_by(("refuted", "supported"), (2.0, 30.0))
    stops = decided_by(("supported", "refuted"), (773.0, 3.0))
    (row,) = compare([commas, stops]).rows
    assert [[one.value for one in line if one] for line in row.lines] == [[2.0, 773.0], [30.0, 3.0]]
    page = Page(write_comparison(compare([commas, stops]), tmp_path).read_text())
    rows = [a for tag, a in page.tags if tag == "tr" and "assertion-row" in (a.get("class") or "")]
    assert len(rows) == 2
    same = compare([commas, commas]).rows[0].lines
    assert [[one.value for one in line if one] for line in same] == [[2.0, 2.0]]


def test_one_row_has_one_scale() -> None:
    values = (773.0, 1.25)
    runs = [decided_by(("refuted", "supported"), (value, 900.0)) for value in values]
    (line,) = compare(runs).rows[0].lines
    large, small = marks_on_one_scale(line)
    assert large is not None
    assert small is not None
    assert large.bounds == small.bounds
    assert small.value < small.bounds[0] < large.value
    assert large.logarithmic == small.logarithmic


def test_differences_are_named_in_words_without_keys_and_paths(tmp_path: Path) -> None:
    other = named(weights_sha256="ef" * 32, positions_added=True).model_copy(
        update={"command": "pytest /a/b"}
    )
    comparison = compare([named(positions_added=False), other])
    text = Page(write_comparison(comparison, tmp_path).read_text()).text
    assert "weights, SHA-256" in text
    for key in ("weights_sha256", "positions_added", "/a/b", "False"):
        assert key not in text


def test_what_differs_is_named_in_words() -> None:
    first = make_evidence()
    subject = first.subject.model_dump() | {
        "weights_sha256": "a" * 64,
        "text_loss": {
            "bits": 5.50583,
            "standard_error": 0.3,
            "guess": 15.6,
            "n_tokens": 508,
            "n_passages": 4,
        },
        "unused_weights": {"n": 1, "names": {"embeddings.position_ids": 1}},
        "following_tokens_difference": 7.061876594109375e-07,
        "dtype_difference": 0.5,
        "pickle": True,
        "remote_code": "x@y",
        "quantization": "Q4_1",
        "revision_name": "step1",
        "device": "cuda",
        "device_map": {"cuda:0": 3},
    }
    other = Evidence.model_validate(first.model_dump() | {"subject": subject})
    comparison = compare([first, other])
    told = {input_name(one.name, load_words("vi")): one.values[1] for one in comparison.differences}
    assert not any("_" in name or name in ("pickle", "device", "quantization") for name in told)
    assert told["mất mát trên văn bản"] == "5.506"
    assert {"7.062e-07", "aaaaaaaaaaaa"} <= set(told.values())
    assert not any("position" in name for name in told)
    lines = comparison_text(comparison, 100).splitlines()
    assert any(line.startswith("weights, SHA-256  ") for line in lines)
