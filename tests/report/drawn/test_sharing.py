import os
import subprocess
import sys
from pathlib import Path

import pytest

from layerclaims.analysis.threads import processors, within_openmp
from layerclaims.report.drawn import sharing
from layerclaims.report.drawn.figure_text import FigureText, Outcome
from layerclaims.report.drawn.sharing import ENOUGH_FIGURES, Drawers, StudyPlace, draw_all
from layerclaims.report.figures.catalogue import Draw, NotDrawn
from tests.command import ROOT
from tests.report.drawn.troubled import FIGURE, RUN

N_FIGURES = 12
HERE = NotDrawn("drawn here")


@pytest.fixture
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "PROCESS", "tests.report.drawn.troubled")
    monkeypatch.setattr(sharing, "processors", lambda: 2)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)


def draw_some(place: Path) -> dict[str, Outcome]:
    """Draw figures, the last of which nobody else can draw; no process stays."""
    with Drawers() as drawers:
        drawers.start(N_FIGURES)
        pids = [drawers.process._process.pid] if drawers.process else []
        draws = [Draw(f"figure {number}", lambda: HERE, "grid", True) for number in range(N_FIGURES - 1)]
        draws.append(Draw("last", lambda: HERE, "grid", False))
        outcomes = draw_all(draws, drawers, StudyPlace(place, "en", RUN))
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert {draw.name for draw in draws} == set(outcomes)
    return outcomes


@pytest.mark.usefixtures("two_processors")
def test_figures_are_drawn_by_another_process_and_those_that_it_does_not_know_here(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    outcomes = draw_some(tmp_path)
    assert outcomes.pop("last") == HERE
    assert outcomes == {name: FigureText(name=name, **FIGURE) for name in outcomes}
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("two_processors")
@pytest.mark.parametrize(
    "trouble",
    ["cannot import", "cannot begin", "reads another run", "is killed", "raises", "hangs", "cannot draw",
     "draws another", "names another", "says nonsense", "says half"],
)  # fmt: skip
def test_what_another_process_does_not_bring_is_drawn_here(
    trouble: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROUBLE", trouble)
    if trouble in ("cannot begin", "hangs"):
        monkeypatch.setattr(sharing, "SECONDS", 1.0)
    assert set(draw_some(tmp_path).values()) == {HERE}


@pytest.mark.usefixtures("two_processors")
@pytest.mark.parametrize("interpreter", ["", "/dev/null/python"])
def test_where_no_process_can_be_started_all_is_drawn_here(
    interpreter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", interpreter)
    assert set(draw_some(tmp_path).values()) == {HERE}


@pytest.mark.usefixtures("two_processors")
@pytest.mark.parametrize("trouble", ["is killed later", "raises later", "hangs later"])
def test_what_came_before_the_others_were_lost_is_kept(
    trouble: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROUBLE", trouble)
    monkeypatch.setattr(sharing, "SECONDS", 5.0)
    outcomes = draw_some(tmp_path)
    assert outcomes.pop("figure 0") == FigureText(name="figure 0", **FIGURE)
    assert set(outcomes.values()) == {HERE}


@pytest.mark.usefixtures("two_processors")
@pytest.mark.parametrize("trouble", ["", "has no data", "says why not"])
def test_matplotlib_is_not_needed_where_others_say_what_becomes_of_everything(
    trouble: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROUBLE", trouble)
    monkeypatch.setitem(sys.modules, "matplotlib.style", None)
    draws = [Draw(f"figure {number}", lambda: HERE, "grid", True) for number in range(N_FIGURES)]
    with Drawers() as drawers:
        outcomes = draw_all(draws, drawers, StudyPlace(tmp_path, "en", RUN))
    assert HERE not in outcomes.values()


def test_the_catalogue_is_read_without_matplotlib() -> None:
    code = "import layerclaims.report.figures.catalogue, layerclaims.report.page.render, sys"
    code += "; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


@pytest.mark.usefixtures("two_processors")
def test_what_fails_here_ends_the_other_process_at_once(tmp_path: Path) -> None:
    def fail() -> NotDrawn:
        raise KeyboardInterrupt

    with Drawers() as drawers:
        drawers.start(N_FIGURES)
        assert drawers.process is not None
        with pytest.raises(KeyboardInterrupt):
            draw_all([Draw("a", fail, "grid", False)] * 12, drawers, StudyPlace(tmp_path, "en", RUN))
        assert drawers.process._process.wait(10) < 0


def test_the_longest_figures_are_begun_first(tmp_path: Path) -> None:
    begun: list[str] = []

    def draw(kind: str) -> NotDrawn:
        begun.append(kind)
        return HERE

    kinds = ("assertions", "plane", "grid", "a kind of the user's", "distributions")
    draws = [Draw(kind, lambda kind=kind: draw(kind), kind, True) for kind in kinds]  # type: ignore[misc]
    draw_all(draws, None, StudyPlace(tmp_path, "en", RUN))
    assert begun[:3] == ["grid", "distributions", "plane"]


@pytest.mark.parametrize(
    ("cores", "threads", "n_figures", "numbers"),
    [(1, "", 30, []), (2, "", 30, ["2"]), (64, "", 30, ["3"]), (64, "1", 30, []), (64, "2", 30, ["2"]),
     (64, "", ENOUGH_FIGURES - 1, [])],
)  # fmt: skip
def test_processes_are_as_many_as_processors_can_be_used_and_figures_are_worth(
    cores: int, threads: str, n_figures: int, numbers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: list[str] = []

    def begin(_: str, number: str) -> str:
        asked_for.append(number)
        return number

    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", threads)
    monkeypatch.setattr(sharing, "WaitingProcess", begin)
    drawers = Drawers()
    drawers.start(n_figures)
    drawers.start(n_figures)
    assert asked_for == numbers
    assert within_openmp(processors()) == min(cores, int(threads or cores))


def test_processes_can_be_started_where_the_folder_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "processors", lambda: 2)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)

    def gone() -> Path:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "cwd", gone)
    drawers = Drawers()
    drawers.start(N_FIGURES)
    assert drawers.process is None
