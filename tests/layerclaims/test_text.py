"""What is sent on does not say whose machine it was."""

from pathlib import Path

import pytest

from layerclaims.text import without_home


def test_the_home_folder_is_a_tilde_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert without_home(f"pytest --model {tmp_path}/models/a --corpus /texts/b") == (
        "pytest --model ~/models/a --corpus /texts/b"
    )
