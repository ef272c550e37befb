"""A short run of the fuzzing; ``python -m tests.fuzz`` is the long one."""

from pathlib import Path

import pytest

from tests.fuzz.fuzz import Part, fuzz, fuzz_part, together
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
    found = fuzz(made[name], range(FILES), 1, tmp_path, tmp_path / "kept")
    assert not found.faults, found.faults[0]
    assert sum(found.counts.values()) == FILES
    assert len(found.counts) == (
        2 if made[name].refusals else 1
    )  # mutations neither all harmless nor all deadly


def test_what_is_neither_read_nor_refused_is_found_and_kept(tmp_path: Path) -> None:
    def read(_path: Path) -> None:
        raise KeyError("a fault of ours")

    broken = Target("a", b"whole", lambda content, _rng: content + b"!", read)
    found = fuzz(broken, range(3), 0, tmp_path, tmp_path / "kept")
    assert found.counts == {"broken": 3}
    assert "KeyError: 'a fault of ours'" in found.faults[0]
    assert [path.read_bytes() for path in (tmp_path / "kept").iterdir()] == [b"whole!"] * 3


def test_parts_read_the_files_of_one_run(made: dict[str, Target], tmp_path: Path) -> None:
    read_whole(made["plan"], tmp_path)
    whole = fuzz(made["plan"], range(20), 1, tmp_path, tmp_path / "kept")
    parts = [Part("plan", numbers, 1, tmp_path / "kept") for numbers in (range(7), range(7, 20))]
    assert together(map(fuzz_part, parts)).counts == whole.counts
