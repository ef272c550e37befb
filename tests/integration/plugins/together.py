"""Let two runs choose the folder of their report at the same moment, and be killed when they have written."""

import os
import signal
import time
from pathlib import Path

import pytest

from layerclaims.fixtures.ending import ending
from layerclaims.report.records.evidence import Evidence
from layerclaims.report.records.report_folder import evidence_folder

SECONDS = 1
"""That a run waits for the other's choice; in vain where the other must not choose yet."""


def _choose_together(reports: Path, evidence: Evidence) -> Path:
    if (reports.parent / f"chosen-{os.getpid()}").exists():  # the second time: the verdicts are written
        os.kill(os.getpid(), signal.SIGKILL)
    folder = evidence_folder(reports, evidence)
    _meet(reports.parent, "chosen", SECONDS)
    return folder


def _meet(folder: Path, what: str, seconds: float) -> None:
    """Wait until the other run is here too."""
    (folder / f"{what}-{os.getpid()}").touch()
    deadline = time.monotonic() + seconds
    while len(list(folder.glob(f"{what}-*"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    _meet(Path(session.config.getoption("layerclaims_report_dir")).parent, "started", 60)
    vars(ending)[evidence_folder.__name__] = _choose_together
