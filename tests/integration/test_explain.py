"""`--explain` says how a claim is decided and measures nothing; mistyped names get the closest ones."""

from pathlib import Path

from tests.command import run_claims


def test_a_claim_is_explained_without_measuring(tmp_path: Path) -> None:
    finished = run_claims(tmp_path, "--explain", "mi-declines")
    assert finished.code == 0, finished.output
    assert not finished.reports.exists()
    assert "measuring" not in finished.output
    text = " ".join(finished.output.split())
    for words in (
        "mi-declines · section 3.1, Mean profiles of the two measures Mean MI falls towards the last layers.",
        "mean information is lower in the last layers (internal; terminal) measures: Compare mean MI",
        "criterion: at most 0.9. To fall is to lose at least a tenth",
        "An interval wholly above 0.9 refutes it.",
        "Commas and full stops exchanged",
        "false, dependence rises: refuted 100% of ",
    ):
        assert words in text


def test_a_wrong_id_and_a_mistyped_option_are_answered_with_the_closest(tmp_path: Path) -> None:
    wrong = run_claims(tmp_path, "--explain", "mi-declins", "--lang", "vi")
    assert wrong.code == 4
    assert "--explain mi-declins: ở đây không luận điểm nào có mã này" in wrong.output
    assert "gần nhất là mi-declines" in wrong.output
    mistyped = run_claims(tmp_path, "--modle", "gpt2")
    assert mistyped.code == 4
    assert "unrecognized arguments: --modle" in mistyped.output
    assert "--modle, did you mean: --model?" in mistyped.output
