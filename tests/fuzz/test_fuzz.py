"""A short run of the fuzzing; ``python -m tests.fuzz`` is the long one."""

from pathlib import Path

import pytest

from tests.fuzz.fuzz import fuzz
from tests.fuzz.targets import Target, read_whole, targets

FILES = 60
NAMES = (
    *("activations", "points", "gguf", "evidence", "baseline"),
    *("plan", "ledger", "attempt", "config", "index"),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Target]:
    return targets(tmp_path_factory.mktemp("whole files"))


def test_every_format_is_fuzzed(made: dict[str, Target]) -> None:
    assert tuple(made) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_mutated_files_are_read_or_refused_in_a_sentence(
    name: str, made: dict[str, Target], tmp_path: Path
) -> None:
    read_whole(made[name], tmp_path)
    found = fuzz(made[name], FILES, 1, tmp_path, tmp_path / "kept")
    assert not found.faults, found.faults[0]
    assert sum(found.counts.values()) == FILES
    assert len(found.counts) == (
        2 if made[name].refusals else 1
    )  # mutations neither all harmless nor all deadly


def test_what_is_neither_read_nor_refused_is_found_and_kept(tmp_path: Path) -> None:
    def read(_path: Path) -> None:
        raise KeyError("a fault of ours")

    broken = Target("a", b"whole", lambda content, _rng: content + b"!", read)
    found = fuzz(broken, 3, 0, tmp_path, tmp_path / "kept")
    assert found.counts == {"broken": 3}
    assert "KeyError: 'a fault of ours'" in found.faults[0]
    assert [path.read_bytes() for path in (tmp_path / "kept").iterdir()] == [b"whole!"] * 3
