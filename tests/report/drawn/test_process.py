"""The process that draws figures, really started: what it answers, and that nothing of it stays."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from layerclaims.report.drawn.figure_text import FigureText, read_outcome
from layerclaims.report.drawn.sharing import PROCESS
from layerclaims.report.figures.catalogue import NotDrawn
from layerclaims.report.records.store import write_evidence
from layerclaims.report.waiting_process import ProcessLostError, WaitingProcess
from tests.command import ROOT
from tests.report.builder import make_evidence, make_points
from tests.report.ended import assert_ended

SECONDS = 120.0
NAMES = ["profiles", "grid", "distributions"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("run")
    write_evidence(make_evidence(), place, make_points())
    return place


@pytest.fixture
def process(request: pytest.FixtureRequest) -> Iterator[WaitingProcess]:
    started = WaitingProcess(getattr(request, "param", PROCESS), "2")
    yield started
    started.kill()
    started.close()


def ask(process: WaitingProcess, folder: Path, *names: str) -> None:
    process.send({"folder": str(folder), "lang": "en", "names": names}, SECONDS)


def those_that_draw(process: WaitingProcess) -> list[psutil.Process]:
    return list(psutil.Process(process._process.pid).children(recursive=True))


@pytest.mark.parametrize("process", [PROCESS, "tests.report.drawn.spawned"], indirect=True)
def test_figures_come_as_they_are_ready_with_their_run_and_no_process_stays(
    process: WaitingProcess, folder: Path
) -> None:
    ask(process, folder, *NAMES)
    brought = [process.receive(SECONDS) for _ in NAMES]
    assert {one["run"] for one in brought} == {make_evidence().run}
    assert sorted(one["name"] for one in brought) == sorted(NAMES)
    for one in brought:
        assert isinstance(read_outcome(one["outcome"], one["name"]), FigureText | NotDrawn)
    drawing = those_that_draw(process)
    assert len(drawing) >= 2
    assert process.close() == 0
    assert_ended(drawing)


def test_those_that_draw_end_with_the_process_that_started_them(
    process: WaitingProcess, folder: Path
) -> None:
    ask(process, folder, *NAMES)
    process.receive(SECONDS)
    drawing = those_that_draw(process)
    assert len(drawing) == 2
    process.kill()
    assert_ended(drawing)


def test_the_process_ends_when_one_that_draws_is_killed(process: WaitingProcess, folder: Path) -> None:
    ask(process, folder, "profiles")
    process.receive(SECONDS)
    drawing = those_that_draw(process)
    drawing[0].kill()
    ask(process, folder, *NAMES)
    with pytest.raises(ProcessLostError):
        [process.receive(SECONDS) for _ in NAMES]
    assert_ended(drawing)


def test_the_process_ends_over_a_figure_that_the_study_has_not(process: WaitingProcess, folder: Path) -> None:
    ask(process, folder, "no such figure")
    with pytest.raises(ProcessLostError):
        process.receive(SECONDS)


FORKED = """
import gc, multiprocessing, sys
from layerclaims.report.drawn import process

def begin():
    process.begin_to_draw()
    sys.exit(0 if gc.isenabled() else 1)

process.load = lambda: None
gc.disable()  # as while a waiting process prepares
forked = multiprocessing.get_context("fork").Process(target=begin)
forked.start()
forked.join()
sys.exit(forked.exitcode)
"""


def test_those_that_draw_look_for_garbage_which_figures_leave_much_of() -> None:
    assert subprocess.run([sys.executable, "-c", FORKED], cwd=ROOT, check=False).returncode == 0
