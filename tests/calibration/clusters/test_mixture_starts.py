"""Counts of the token mixture from one start and from several."""

import pytest

from layerclaims.calibration.clusters.mixture_starts import PLANTINGS, counts, main


def test_each_number_of_starts_counts_the_same_draw() -> None:
    names = [planting.name for planting in PLANTINGS]
    found = [counts((names.index("three: strips, 75/25"), draw)) for draw in range(4)]
    assert [2, 3] in found, "one start misses a group that ten find"
    assert any(first == second == 3 for first, second in found)


def test_what_is_counted_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("layerclaims.calibration.clusters.mixture_starts.PLANTINGS", PLANTINGS[:1])
    monkeypatch.setattr("sys.argv", ["mixture_starts", "--draws", "1"])
    main()
    assert capsys.readouterr().out.splitlines()[0].startswith("1 draws, ")
