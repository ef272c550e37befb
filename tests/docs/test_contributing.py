import re
import subprocess

import pytest

from tests.command import ROOT, SECONDS, environment
from tests.docs.page import read_page

PAGE = "CONTRIBUTING.md"
LINES = [line for block in read_page(PAGE).commands for line in block]
MAKE = [line for line in LINES if line.startswith("make ")]
QUICK = [line for line in LINES if not line.startswith("make ")]


def test_the_page_is_short() -> None:
    assert len((ROOT / PAGE).read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("line", MAKE)
def test_make_has_the_target(line: str) -> None:
    """Running them all takes half an hour; make itself says whether it could."""
    finished = subprocess.run(
        ["make", "--dry-run", *line.split()[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr


@pytest.mark.slow
@pytest.mark.parametrize("line", QUICK)
def test_the_command_runs(line: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    finished = subprocess.run(
        line.split(),
        cwd=ROOT,
        # The tests that a line of pytest selects run with all others; that it selects some is shown here.
        env=environment(home, PYTEST_ADDOPTS="--collect-only"),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_linked_pages_exist() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert (ROOT / target).exists(), target
