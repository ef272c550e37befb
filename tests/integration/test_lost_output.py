"""A run whose output nobody can read is decided and reported all the same."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from layerclaims.fixtures.evidence import BROKEN
from layerclaims.fixtures.output.lost_output import Output, pytest_addoption
from layerclaims.report.records.store import read_evidence
from tests.command import ROOT, WITHOUT_FIGURES, Forked, environment
from tests.integration.own_claims import write_workplace

FULL = Path("/dev/full")
CLAIMS = ("own", "-p", "layerclaims.plugin", "--activations", "tiny.safetensors", *WITHOUT_FIGURES)
QUICK = ("--no-controls", "--no-specifications", "--no-pdf")


def run(place: Path, *arguments: str, shown_in: Path) -> Forked:
    write_workplace(place)
    return Forked(place, [*CLAIMS, *QUICK, *arguments], shown_in=shown_in)


def assert_whole(place: Path) -> None:
    folder = place / "reports" / "tiny-on-tiny"
    evidence = read_evidence(folder)
    assert evidence.complete
    assert evidence.not_made == []
    assert evidence.summary.supported == 2
    assert (folder / "report.html").exists()


@pytest.mark.parametrize("more", [(), ("-s",)])
def test_a_full_device_takes_the_table_alone_and_the_run_says_so(
    more: tuple[str, ...], tmp_path: Path
) -> None:
    forked = run(tmp_path, *more, shown_in=FULL)
    assert forked.wait() == BROKEN, forked.output
    assert forked.output == "the output could not be written: No space left on device\n"
    assert_whole(tmp_path)


def test_a_reader_that_leaves_after_the_first_line_changes_nothing(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(reader, True)
    forked = run(tmp_path, shown_in=pipe)
    while not os.read(reader, 1):
        pass
    os.close(reader)
    assert forked.wait() == 0, forked.output
    assert forked.output == ""
    assert_whole(tmp_path)


def test_where_there_are_no_claims_pytest_fails_as_ever(tmp_path: Path) -> None:
    (tmp_path / "test_plain.py").write_text("def test_nothing():\n    pass\n")
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "test_plain.py", "-p", "layerclaims.plugin"],
            cwd=tmp_path,
            env=environment(tmp_path, PYTHONPATH=str(ROOT)),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == pytest.ExitCode.INTERNAL_ERROR
    assert b"No space left on device" in done.stderr


def test_streams_that_were_closed_before_the_start_are_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    before = sys.stdout
    pytest_addoption(pytest.PytestPluginManager())
    assert sys.stdout is before
    assert sys.stderr.write("nowhere") == len("nowhere")
    sys.stderr.close()


@pytest.mark.parametrize("closed", [1, 2])
def test_streams_closed_from_the_start_are_made_up_where_a_conftest_loads_the_plugin(
    closed: int, tmp_path: Path
) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["layerclaims.plugin"]\n')
    (tmp_path / "test_plain.py").write_text("def test_nothing():\n    pass\n")
    command = f'exec "$0" -m pytest test_plain.py {closed}>&-'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable],
        cwd=tmp_path,
        env=environment(tmp_path, PYTHONPATH=str(ROOT), PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"),
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert ("1 passed" in done.stdout) == (closed == 2)


def test_what_is_kept_back_is_lost_once() -> None:
    output = Output(FULL.open("w"))
    assert output.write("a line") == len("a line")
    assert output.error is None
    output.flush()
    assert output.missed is not None
    assert output.missed.errno == errno.ENOSPC
    output.write("another")
    output.close()  # as Python does at its end
    assert output.missed.errno == errno.ENOSPC
