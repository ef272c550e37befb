from pathlib import Path

import pytest

from report.__main__ import main
from report.compare import comparison_text
from report.comparison import compare
from report.store import write_evidence
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
    assert line.split() == ["embedding-two-points", "✓", "·"]


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


def test_a_single_run_is_a_usage_error(runs: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["compare", runs[0]])
    assert caught.value.code == 2


def test_render_makes_the_report_again_from_evidence_alone(
    runs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", *runs]) == 0
    printed = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [path.name for path in printed] == ["report.html", "report.html"]
    assert all(path.exists() for path in printed)
