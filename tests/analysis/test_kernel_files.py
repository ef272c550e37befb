"""Damaged files of machine code are never used: the kernel is compiled anew and kept again."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from layerclaims.analysis import compiled, kernel_files
from tests.command import ROOT


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


AT_ONCE = """
import sys
from layerclaims.analysis.compiled import kernel

@kernel()
def slow(number):
    total = 0.0
    for first in range(number):
        for second in range(first):
            total += (first ^ second) / (1 + second)
    return total

print("ready", flush=True)
sys.stdin.readline()
slow(5)
print(sum(slow._cache_misses.values()), sum(slow._cache_hits.values()))
"""


def test_of_processes_that_begin_at_once_one_compiles(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(AT_ONCE)
    variables = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen(
            [sys.executable, script], env=variables, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = sorted(process.communicate(timeout=300)[0].strip() for process in started)
    assert said == ["0 1", "0 1", "1 0"]


def test_a_process_that_compiles_for_too_long_is_not_waited_for(
    kept: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_files, "SECONDS", 0.2)
    for path in kept[".nbi"], kept[".nbc"]:
        path.unlink()
    with FileLock(kept[".nbi"].with_suffix(".lock"), thread_local=False):
        assert not fresh()._cache_hits
    assert len(fresh()._cache_hits) == 1


def test_nobody_waits_where_files_cannot_be_locked(
    kept: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise NotImplementedError("no locks on this file system")

    kept[".nbc"].unlink()
    monkeypatch.setattr(FileLock, "acquire", refuse)
    assert not fresh()._cache_hits
