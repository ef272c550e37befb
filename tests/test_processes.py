"""Where the tests run in several processes, those that share fixtures run in one of them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import ROOT, SECONDS, environment
from tests.conftest import LONGEST, ONE_PROCESS, shared_by

MODULES = ("tests/layerclaims/test_text.py", "tests/report/language/test_words.py")
RAN = re.compile(r"^\[(gw\d+)\] \[ *\d+%\] PASSED ([^:]+)::", re.MULTILINE)


@pytest.mark.parametrize("folder", ONE_PROCESS)
def test_a_folder_of_shared_fixtures_is_there_and_stays_together(folder: str) -> None:
    assert (ROOT / folder).is_dir()
    assert {shared_by(f"{folder}test_a.py::test_b"), shared_by(f"{folder}c/test_d.py::test_e[::]")} == {
        folder
    }


@pytest.mark.parametrize("place", LONGEST)
def test_what_is_begun_first_is_there(place: str) -> None:
    assert (ROOT / place).exists()
    assert shared_by(f"{place}::test_a") == place


def test_a_module_runs_in_one_process(tmp_path: Path) -> None:
    """The scheduler's own way of keeping tests together once went unheeded by a new pytest, unnoticed."""
    options = ["-v", "-p", "xdist.plugin", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadfile"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *MODULES],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    ran = set(RAN.findall(done.stdout))
    assert {module for _, module in ran} == set(MODULES), done.stdout + done.stderr
    assert len(ran) == len(MODULES), ran
