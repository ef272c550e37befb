"""A run that breaks or is stopped at its end loses nothing that it decided: real signals, real full disks."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from layerclaims.fixtures.evidence import BROKEN
from layerclaims.report.records.evidence import PART_FOLDER
from layerclaims.report.records.report_folder import strangers
from layerclaims.report.records.store import read_evidence
from layerclaims.serialization.files import UNFINISHED
from tests.command import ROOT, SECONDS, WITHOUT_FIGURES, Forked, environment
from tests.integration.own_claims import write_workplace
from tests.integration.plugins.disturbed import REACHED

ENDING = "layerclaims.fixtures.ending.ending"
RENDER = "layerclaims.report.page.render"
SUBJECT = "tiny-on-tiny"
PLUGINS = ("-p", "layerclaims.plugin", "-p", "tests.integration.plugins.disturbed")
QUICK = ("--no-controls", "--no-specifications", "--no-pdf")
TABLE = "✓ supported      mi-declines"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write_workplace(tmp_path)
    return tmp_path


def run(
    place: Path,
    *arguments: str,
    disturbed: str = "",
    options: tuple[str, ...] = QUICK,
    variables: Mapping[str, str] | None = None,
) -> Forked:
    given = ["own", *PLUGINS, "--activations", "tiny.safetensors", *options, *arguments]
    return Forked(place, given, {"DISTURBED": disturbed, **(variables or {})})


def wait_until_reached(place: Path, name: str) -> None:
    for _ in range(10 * SECONDS):
        if (place / REACHED).exists() and name in (place / REACHED).read_text().split():
            return
        time.sleep(0.1)
    raise TimeoutError(name)


def assert_told(forked: Forked, *words: str) -> None:
    """Check that the table was printed without a traceback, and that nothing unfinished lies there."""
    assert TABLE in forked.output, forked.output
    for word in words:
        assert word in forked.output, forked.output
    assert "Traceback" not in forked.output
    assert "INTERNALERROR" not in forked.output
    assert not list(forked.folder.rglob(f"{UNFINISHED}*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_during_controls_leaves_a_marked_report_of_all_claims(
    number: signal.Signals, place: Path
) -> None:
    options = ("--controls", "--no-specifications", "--no-pdf", *WITHOUT_FIGURES)
    forked = run(place, options=options, disturbed=f"{ENDING}:control_records=wait")
    wait_until_reached(place, "control_records")
    os.kill(forked.pid, number)
    assert forked.wait() == pytest.ExitCode.INTERRUPTED
    assert_told(forked, "controls: left out, for the run was interrupted", "before the run was interrupted")
    folder = place / "reports" / SUBJECT / PART_FOLDER
    evidence = read_evidence(folder)
    assert not evidence.complete
    assert evidence.summary.supported == 2
    assert evidence.profiles is not None
    assert "The run was interrupted." in (folder / "report.html").read_text()
    assert strangers(folder, evidence.run) == []


def test_a_signal_while_drawing_leaves_a_marked_report_without_figures(place: Path) -> None:
    forked = run(place, disturbed=f"{RENDER}:_draw=wait")
    wait_until_reached(place, "_draw")
    os.kill(forked.pid, signal.SIGINT)
    assert forked.wait() == pytest.ExitCode.INTERRUPTED
    assert_told(forked, "figures: left out, for the run was interrupted")
    folder = place / "reports" / SUBJECT
    assert not read_evidence(folder).complete
    page = (folder / "report.html").read_text()
    assert "The run was interrupted." in page
    assert "figures: left out" in page


GROUP = """
import os
from layerclaims.report.drawn import sharing
sharing.ENOUGH_FIGURES = 1
os.setpgid(0, 0)
"""
"""Gives a run a process group of its own, as a terminal does, and has others draw its few figures."""


def assert_gone(group: int) -> None:
    """Check that nothing of a process group is left soon."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError(subprocess.run(["ps", "-ef"], capture_output=True, text=True, check=False).stdout)


def test_ctrl_c_in_the_terminal_while_several_processes_draw_leaves_none(place: Path) -> None:
    (place / "own" / "conftest.py").write_text(GROUP)
    sharing = "layerclaims.report.drawn.sharing"
    forked = run(place, disturbed=f"{sharing}:_received=wait", variables={"OMP_NUM_THREADS": "2"})
    wait_until_reached(place, "_received")
    os.killpg(forked.pid, signal.SIGINT)
    assert forked.wait() == pytest.ExitCode.INTERRUPTED
    assert_told(forked, "figures: left out, for the run was interrupted")
    assert_gone(forked.pid)
    assert not read_evidence(place / "reports" / SUBJECT).complete


def test_ctrl_c_in_the_terminal_before_that_leaves_the_other_processes_to_draw(place: Path) -> None:
    ctrl_c = "def pytest_runtest_call(item):\n    item.name == 'test_length' and os.killpg(0, 2)\n"
    (place / "own" / "conftest.py").write_text(GROUP + ctrl_c)
    forked = run(place, variables={"OMP_NUM_THREADS": "2"})
    assert forked.wait() == pytest.ExitCode.INTERRUPTED
    assert_told(forked, "1 claim decided before the run was interrupted")
    assert_gone(forked.pid)
    assert (place / "reports" / SUBJECT / PART_FOLDER / "figures" / "profiles.svg").exists()


def test_a_killed_run_takes_the_processes_that_draw_along(place: Path) -> None:
    (place / "own" / "conftest.py").write_text(GROUP)
    disturbed = "layerclaims.report.drawn.sharing:_received=wait"
    forked = run(place, disturbed=disturbed, variables={"OMP_NUM_THREADS": "2"})
    wait_until_reached(place, "_received")
    os.kill(forked.pid, signal.SIGKILL)
    assert forked.wait() == -signal.SIGKILL
    assert_gone(forked.pid)


SLOW_PDF = """
import pathlib, time
class CSS:
    def __init__(self, **_): pass
class HTML(CSS):
    def write_pdf(self, pdf, **_):
        pathlib.Path("reached").write_text("pdf")
        time.sleep(60)
"""


def test_ctrl_c_in_the_terminal_while_the_pdf_is_made_leaves_neither_it_nor_its_process(place: Path) -> None:
    (place / "own" / "conftest.py").write_text(GROUP)
    (place / "weasyprint" / "text").mkdir(parents=True)
    (place / "weasyprint" / "__init__.py").write_text(SLOW_PDF)
    (place / "weasyprint" / "text" / "fonts.py").write_text("FontConfiguration = object")
    (place / "weasyprint" / "urls.py").write_text("FatalURLFetchingError = KeyError\nURLFetcher = object")
    options = ("--no-controls", "--no-specifications", *WITHOUT_FIGURES)
    forked = run(place, options=options, variables={"PYTHONPATH": str(place)})
    wait_until_reached(place, "pdf")
    os.killpg(forked.pid, signal.SIGINT)
    assert forked.wait() == pytest.ExitCode.INTERRUPTED
    assert_told(forked, "figures: left out, for the run was interrupted")
    assert_gone(forked.pid)
    folder = place / "reports" / SUBJECT
    assert not read_evidence(folder).complete
    assert (folder / "report.html").exists()
    assert not list(folder.rglob("*.pdf"))


def test_a_second_signal_ends_the_run_at_once_and_the_next_run_clears_up(place: Path) -> None:
    forked = run(place, disturbed=f"{RENDER}:_draw=wait,{RENDER}:build_page=wait")
    wait_until_reached(place, "_draw")
    os.kill(forked.pid, signal.SIGINT)
    wait_until_reached(place, "build_page")
    os.kill(forked.pid, signal.SIGTERM)
    assert forked.wait() == -signal.SIGTERM
    folder = place / "reports" / SUBJECT
    assert read_evidence(folder).summary.supported == 2
    assert list(folder.glob(f"{UNFINISHED}report*"))
    again = run(place)
    assert again.wait() == 0
    assert_told(again)
    assert read_evidence(folder).complete


def test_sigterm_in_a_test_is_as_ctrl_c(place: Path) -> None:
    (place / "own" / "conftest.py").write_text(
        "import os, signal\n"
        "def pytest_runtest_call(item):\n"
        "    if item.name == 'test_length':\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
    )
    forked = run(place, *WITHOUT_FIGURES)
    assert forked.wait() == pytest.ExitCode.INTERRUPTED
    assert_told(forked, "1 claim decided before the run was interrupted")
    assert not read_evidence(place / "reports" / SUBJECT / PART_FOLDER).complete


def test_parts_fail_alone_and_the_run_says_so(place: Path) -> None:
    failing = ("token_group_records", "claim_notes", "describe", "results_csv")
    disturbed = [f"{ENDING}:{name}=fail" for name in failing]
    disturbed += [f"{ENDING}:control_records=skip", f"{RENDER}:build_page=fail"]
    options = ("--controls", "--no-specifications", "--no-pdf", "--exit-zero")
    forked = run(place, disturbed=",".join(disturbed), options=options)
    assert forked.wait() == BROKEN
    reason = "not made (ZeroDivisionError: no {such} thing)"
    parts = ("token groups", "the notes on mi-declines", "levels", "results", "figures", "report")
    assert_told(forked, "controls: not made (Skipped: not here)", *(f"{part}: {reason}" for part in parts))
    evidence = read_evidence(place / "reports" / SUBJECT)
    assert evidence.complete
    assert evidence.summary.supported == 2
    assert [str(sentence) for sentence in evidence.not_made][-1] == f"report: {reason}"


def test_a_report_folder_that_is_a_file_when_it_is_needed(place: Path) -> None:
    (place / "own" / "conftest.py").write_text(
        "from pathlib import Path\n"
        "def pytest_runtest_teardown():\n"
        "    Path('reports').mkdir(exist_ok=True)\n"
        f"    Path('reports/{SUBJECT}').write_text('in the way')\n"
    )
    forked = run(place, *WITHOUT_FIGURES)
    assert forked.wait() == BROKEN
    assert_told(forked, "evidence in reports/tiny-on-tiny: not made", "the evidence is in /")
    (elsewhere,) = place.glob("tmp/layerclaims-*")
    assert read_evidence(elsewhere).summary.supported == 2
    assert (elsewhere / "report.html").exists()


@pytest.fixture
def small_disk(place: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """Mount a file system of a few kilobytes as the folder for reports."""
    reports = place / "reports"
    reports.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={request.param}k", "tmpfs", str(reports)]
    if os.getuid() != 0 or shutil.which("mount") is None or subprocess.run(command, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield reports
    subprocess.run(["umount", reports], check=True)


@pytest.mark.parametrize("small_disk", [128], indirect=True)
def test_a_disk_that_is_full_while_drawing_keeps_the_evidence(place: Path, small_disk: Path) -> None:
    forked = run(place)
    assert forked.wait() == BROKEN
    assert_told(forked, "figures: not made (No space left on device)", "report: not made (No space left")
    evidence = read_evidence(small_disk / SUBJECT)
    assert evidence.complete
    assert {path.name for path in (small_disk / SUBJECT).iterdir()} == {
        "evidence.json",
        "pairs.safetensors",
        "results.csv",
    }


@pytest.mark.parametrize("small_disk", [16], indirect=True)
def test_a_disk_that_is_full_before_the_evidence_sends_it_elsewhere(place: Path, small_disk: Path) -> None:
    forked = run(place, *WITHOUT_FIGURES)
    assert forked.wait() == BROKEN
    assert_told(forked, "evidence in reports/tiny-on-tiny: not made (No space left on device)", "instead")
    (elsewhere,) = place.glob("tmp/layerclaims-*")
    assert read_evidence(elsewhere).complete
    assert not list(small_disk.rglob("*.json"))


def test_a_file_size_limit_is_survived(place: Path) -> None:
    (place / "own" / "conftest.py").write_text(
        "import resource\n"
        "def pytest_runtest_teardown():\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
    )
    forked = run(place)
    assert forked.wait() == BROKEN
    assert_told(forked, "report: not made (File too large)")
    assert read_evidence(place / "reports" / SUBJECT).complete


def test_a_user_that_the_system_does_not_know(place: Path) -> None:
    """Hide the system's list of users from the run, in a name space of its own."""
    (place / "nobody").touch()
    hidden = ["unshare", "--mount", "sh", "-c", 'mount --bind nobody /etc/passwd && exec "$@"', "sh"]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*hidden, "true"], cwd=place, check=False).returncode
    ):
        pytest.skip("no name space can be made here")
    variables = environment(place, PYTHONPATH=str(ROOT))
    for name in ("HOME", "USER", "LOGNAME"):
        variables.pop(name, None)
    given = ["own", *PLUGINS, "--activations", "tiny.safetensors", *QUICK]
    done = subprocess.run(
        [*hidden, sys.executable, "-m", "pytest", *given],
        cwd=place,
        env=variables,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert TABLE in done.stdout
    assert read_evidence(place / "reports" / SUBJECT).complete
    assert not (place / "~").exists()


def test_two_subjects_of_one_name_whose_runs_end_together_keep_their_verdicts(tmp_path: Path) -> None:
    given = ["own", *PLUGINS, "-p", "tests.integration.plugins.together", *QUICK, *WITHOUT_FIGURES]
    given += ["--activations", "tiny.safetensors", "--report-dir", str(tmp_path / "reports")]
    runs = []
    for weights in ("a" * 64, "b" * 64):
        write_workplace(tmp_path / weights[0], weights)
        runs.append(Forked(tmp_path / weights[0], given))
    assert [forked.wait() for forked in runs] == [-signal.SIGKILL, -signal.SIGKILL]
    kept = [read_evidence(folder / PART_FOLDER) for folder in (tmp_path / "reports").iterdir()]
    assert [one.subject.name for one in kept] == [SUBJECT, SUBJECT]
    assert kept[0].subject.identity != kept[1].subject.identity
