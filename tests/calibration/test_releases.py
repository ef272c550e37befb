"""The present criteria and rules can be recorded as a release's, and what changes later is found."""

from pathlib import Path

import pytest

from layerclaims.calibration.releases import CHANGED, main, present_release, record
from layerclaims.claims.document import DOCUMENT
from layerclaims.rule_hashes.releases import changes, read_releases


def test_what_is_recorded_is_as_it_is_now(tmp_path: Path) -> None:
    path = tmp_path / "releases.json"
    record(path, "1", present_release())
    record(path, "2", present_release())
    (first, second) = read_releases(path).values()
    assert first == second
    assert changes(present_release(), "1", first) == []
    assert len(first.claims) == 20
    assert first.claims["covariance-grows"].criteria == ["at least 10"]


def test_the_documents_own_file_can_be_read() -> None:
    assert DOCUMENT.releases is not None
    assert DOCUMENT.releases.is_file()
    read_releases(DOCUMENT.releases)


def test_the_command_names_what_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "releases.json"
    monkeypatch.setattr("layerclaims.calibration.releases._file", lambda: path)
    assert main([]) == 0
    assert main(["--write"]) == 0
    assert main([]) == 0
    path.write_text(path.read_text().replace("at most 1.25", "at most 1.3"))
    capsys.readouterr()
    assert main([]) == CHANGED
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("pearson-removes-growth: the criteria are")
