"""Under pytest-xdist, claims are measured once and decided in the process that starts the workers."""

from pathlib import Path

import pytest

from layerclaims.fixtures.evidence import BROKEN
from layerclaims.report.records.evidence import PART_FOLDER, Evidence
from layerclaims.report.records.store import read_evidence
from tests.command import ROOT, WITHOUT_FIGURES, Forked
from tests.integration.own_claims import write_workplace

SUBJECT = Path("reports", "tiny-on-tiny")
OPTIONS = ("--no-controls", "--no-specifications", "--no-pdf")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write_workplace(tmp_path)
    return tmp_path


def run(place: Path, *arguments: str, file: str = "tiny.safetensors", trouble: str = "") -> Forked:
    given = ["own", "-n", "2", "-p", "xdist", "-p", "layerclaims.plugin", "--activations", file, *OPTIONS]
    return Forked(place, [*given, *arguments], {"TROUBLE": trouble, "PYTHONPATH": str(ROOT)})


def found(forked: Forked, folder: Path = SUBJECT) -> Evidence:
    assert "INTERNALERROR" not in forked.output, forked.output
    return read_evidence(forked.folder / folder)


def test_a_whole_run_is_as_without_workers(place: Path) -> None:
    forked = run(place, "--update-baseline", "base.json")
    assert forked.wait() == 0, forked.output
    evidence = found(forked)
    assert evidence.complete
    assert [len(claim.assertions) for claim in evidence.claims] == [4, 2]
    assert evidence.summary.supported == 2
    assert "7 passed" in forked.output
    assert forked.output.count("measuring the activations") == 1
    assert "✓ supported      mi-declines" in forked.output
    assert "recorded in base.json" in forked.output
    assert [path.name for path in (place / "reports").iterdir()] == [SUBJECT.name]


def test_failures_in_workers_and_of_claims_both_count(place: Path) -> None:
    (place / "own" / "test_plain.py").write_text("def test_fails():\n    assert False\n")
    forked = run(place, "--exit-zero", *WITHOUT_FIGURES)
    assert forked.wait() == 1, forked.output
    assert found(forked).summary.supported == 2
    (place / "own" / "test_plain.py").write_text("def test_passes():\n    pass\n")
    forked = run(place, "--exit-zero", *WITHOUT_FIGURES, trouble="error")
    assert forked.wait() == 1, forked.output
    assert found(forked).summary.error == 1


def test_a_part_of_the_claims_stays_a_part(place: Path) -> None:
    forked = run(place, "--claim", "lengths-positive", "-k", "length", *WITHOUT_FIGURES)
    assert forked.wait() == 0, forked.output
    (claim,) = found(forked, SUBJECT / PART_FOLDER).claims
    assert (claim.verdict, len(claim.assertions), claim.n_assertions) == ("supported", 2, 2)
    assert not (place / SUBJECT / "report.html").exists()


def test_a_claim_is_explained_once_and_no_other_test_runs(place: Path) -> None:
    (place / "own" / "test_plain.py").write_text("def test_fails():\n    assert False\n")
    forked = run(place, "--explain", "lengths-positive")
    assert forked.wait() == 0, forked.output
    assert forked.output.count("lengths-positive · section 1") == 1
    assert "criterion: above 0" in forked.output
    assert not (place / "reports").exists()


@pytest.mark.parametrize(
    ("arguments", "file", "words"),
    [
        ((), "nowhere.safetensors", "nowhere.safetensors: no such file"),
        (("--claim", "mi-decline"), "tiny.safetensors", "the closest is mi-declines"),
    ],
)
def test_an_error_of_the_user_is_one_sentence(
    arguments: tuple[str, ...], file: str, words: str, place: Path
) -> None:
    forked = run(place, *arguments, file=file)
    assert forked.wait() == 4, forked.output
    (line,) = [line for line in forked.output.splitlines() if line.startswith("ERROR: ")]
    assert words in line
    assert "INTERNALERROR" not in forked.output
    assert "Traceback" not in forked.output
    assert not (place / "reports").exists()


DYING = """
import os
import signal
import pytest

@pytest.mark.parametrize("number", range(6))
def test_dies(number):
    os.kill(os.getpid(), signal.SIGKILL)
"""
DYING_AT_IMPORT = """
import os
import signal

if os.environ.get("PYTEST_XDIST_WORKER"):
    os.kill(os.getpid(), signal.SIGKILL)

def test_passes():
    pass
"""


@pytest.mark.parametrize(("test", "n_lost"), [(DYING, 4), (DYING_AT_IMPORT, 1)])
def test_claims_are_decided_where_all_workers_are_lost(place: Path, test: str, n_lost: int) -> None:
    (place / "own" / "test_plain.py").write_text(test)
    forked = run(place, "--exit-zero", *WITHOUT_FIGURES, "--max-worker-restart", "0")
    assert forked.wait() == BROKEN, forked.output
    evidence = found(forked)
    assert evidence.complete
    assert evidence.summary.supported == 2
    assert f"tests that were not run, for their worker processes were lost: {n_lost}" in forked.output


def test_a_killed_worker_costs_the_test_that_it_ran(place: Path) -> None:
    (place / "own" / "test_plain.py").write_text(
        "import os\nimport signal\n\n\n"
        "def test_dies():\n    os.kill(os.getpid(), signal.SIGKILL)\n\n\n"
        "def test_passes():\n    pass\n"
    )
    forked = run(place, "--exit-zero", *WITHOUT_FIGURES)
    assert forked.wait() == 1, forked.output
    evidence = found(forked)
    assert evidence.complete
    assert evidence.summary.supported == 2
    assert "crashed while running 'own/test_plain.py::test_dies'" in forked.output
    assert "1 failed, 1 passed" in forked.output
