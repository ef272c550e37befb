"""Damaged files of machine code are never used: the kernel is compiled anew and kept again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from layerclaims.analysis import compiled


def halves(number: int) -> float:
    return number / 2


def fresh() -> Any:  # noqa: ANN401 - numba's dispatchers carry no types
    """Make the kernel as a new process would, and run it."""
    made: Any = compiled.kernel()(halves)
    assert made(7) == 3.5
    return made


def flip(content: bytes) -> bytes:
    place = len(content) * 2 // 3
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Give the files of the kernel by their endings."""
    monkeypatch.setattr(compiled, "_cache_folder", lambda _module: tmp_path)
    fresh()
    assert len(fresh()._cache_hits) == 1
    return {path.suffix: path for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", [".nbi", ".nbc"])
@pytest.mark.parametrize("damage", [flip, lambda content: content[:100], lambda _: b"", lambda _: b"garbage"])
def test_a_damaged_file_is_made_anew(
    name: str, damage: Callable[[bytes], bytes], kept: dict[str, Path]
) -> None:
    kept[name].write_bytes(damage(kept[name].read_bytes()))
    assert not fresh()._cache_hits
    assert len(fresh()._cache_hits) == 1


@pytest.mark.parametrize("name", [".nbi", ".nbc"])
def test_a_file_that_cannot_be_written_costs_nothing_but_time(name: str, kept: dict[str, Path]) -> None:
    kept[name].unlink()
    kept[name].mkdir()
    assert not fresh()._cache_hits
