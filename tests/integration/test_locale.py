"""Numbers and times do not follow the machine's locale and time zone."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from layerclaims.report.records.evidence import EVIDENCE_NAME, Evidence
from layerclaims.report.records.store import read_evidence
from tests.command import ROOT, Forked
from tests.integration.own_claims import write_workplace

OPTIONS = ("--no-controls", "--no-specifications", "--no-pdf")
LOCALE = "de_DE.UTF-8"
CONFTEST = f"""
import locale
import time

locale.setlocale(locale.LC_ALL, "{LOCALE}")
time.tzset()
assert locale.str(0.5) == "0,5"
assert time.localtime().tm_gmtoff == 20_700
"""


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """Make the data of a locale that writes a comma in numbers."""
    folder = tmp_path / "locales"
    folder.mkdir()
    command = ["localedef", "--no-archive", "-i", "de_DE", "-f", "UTF-8", str(folder / LOCALE)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("localedef or its sources are not installed")
    return folder


def measured(folder: Path, **variables: str) -> Evidence:
    write_workplace(folder)
    if variables:
        (folder / "own" / "conftest.py").write_text(CONFTEST)
    given = ["own", "-p", "layerclaims.plugin", "--activations", "tiny.safetensors", *OPTIONS]
    forked = Forked(folder, given, {"PYTHONPATH": str(ROOT), **variables})
    assert forked.wait() == 0, forked.output
    return read_evidence(next((folder / "reports").rglob(EVIDENCE_NAME)).parent)


def without_times(evidence: Evidence) -> dict[str, Any]:
    claims = {"__all__": {"seconds": True, "assertions": {"__all__": {"seconds"}}}}
    times: Any = {"created": True, "run": True, "timings": True, "claims": claims}
    return evidence.model_dump(exclude=times)


def test_a_locale_with_commas_in_numbers_and_another_time_zone_change_nothing(
    locales: Path, tmp_path: Path
) -> None:
    here = measured(tmp_path / "here")
    there = measured(tmp_path / "there", LC_ALL=LOCALE, LOCPATH=str(locales), TZ="Asia/Kathmandu")
    assert there.created.endswith("+00:00")
    assert without_times(there) == without_times(here)
    names = ["results.csv", *(f"figures/{path.name}" for path in (tmp_path / "here").rglob("*.svg"))]
    assert len(names) > 1
    for name in names:
        one, other = (next((tmp_path / place).rglob(name)) for place in ("here", "there"))
        assert other.read_text().replace(there.run, here.run) == one.read_text()
