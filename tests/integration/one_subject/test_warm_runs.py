"""What is known already costs nothing: no model is loaded, no heavy package imported."""

import re
import subprocess
import sys

import pytest

from layerclaims.report.records.evidence.profiles import KindProfile
from tests.command import Finished
from tests.integration.one_subject.conftest import AGAIN, FILE, QUICK, WATCH, Planned, Workplace

NOTHING = "heavy packages imported: []"
COLLECTION_FACTOR = 5
"""Usually 3: what else a machine does moves the two by different shares."""
REFERENCE = "import numpy, pydantic, pytest, time; print(time.process_time())"
"""What the claims cannot do without; how long that takes depends on the machine."""

# Without the plugins that only an environment for development has.
LISTED = Planned(
    "listed", ("--collect-only", "-q", "-p", "no:hypothesispytest", *WATCH), figures=True, imports=True
)
DAMAGED = Planned("damaged", ("--cache-dir", "{home}/damaged cache", *QUICK, "-k", "two_points"))
UNWRITABLE = Planned("unwritable", ("--cache-dir", "{home}/a file/cache", *QUICK, "-k", "two_points"))


def test_a_first_run_imports_torch(workplace: Workplace) -> None:
    """So that the absence of it below means something."""
    assert "heavy packages imported: ['torch', 'transformers']" in workplace.first.output
    assert "forward" in workplace.first.evidence.timings


@pytest.mark.parametrize("finished", [AGAIN, FILE], indirect=True)
def test_a_second_run_or_a_file_needs_neither_torch_nor_transformers(finished: Finished) -> None:
    assert NOTHING in finished.output, finished.output
    assert "forward" not in finished.evidence.timings


@pytest.mark.parametrize("finished", [LISTED], indirect=True)
def test_collection_is_quick_and_loads_no_model(finished: Finished, workplace: Workplace) -> None:
    assert finished.code == 0, finished.output
    assert NOTHING in finished.output
    assert "slow packages imported: []" in finished.output
    assert f"{len(workplace.first.outcomes)} tests collected" in finished.output
    # A ratio of processor times: neither other work on the machine nor its speed counts.
    reference = subprocess.run([sys.executable, "-c", REFERENCE], capture_output=True, text=True, check=True)
    used = re.search(r"processor seconds: ([\d.]+)", finished.output)
    assert used is not None
    assert float(used[1]) < COLLECTION_FACTOR * float(reference.stdout)
    assert not finished.reports.exists()


def measured(run: Finished) -> dict[str, KindProfile]:
    """Profiles without the counts of rules, which only a run that asks for clusters has."""
    profiles = run.evidence.profiles
    assert profiles is not None
    return {kind: profile.model_copy(update={"counted": []}) for kind, profile in profiles.kinds.items()}


@pytest.mark.parametrize("finished", [DAMAGED], indirect=True)
def test_a_damaged_cache_costs_a_warning_and_another_forward_pass(
    finished: Finished, workplace: Workplace
) -> None:
    assert finished.output.count("are damaged") == 1, finished.output
    assert "forward" in finished.evidence.timings
    assert measured(finished) == measured(workplace.first)
    assert len(list(workplace.home.glob("damaged cache/activations/*.damaged"))) == 1


@pytest.mark.parametrize("finished", [UNWRITABLE], indirect=True)
def test_a_cache_that_cannot_be_written_costs_one_warning(finished: Finished, workplace: Workplace) -> None:
    assert finished.code in (0, 1), finished.output
    assert finished.output.count("are not cached") == 1
    assert finished.evidence.complete
    assert measured(finished) == measured(workplace.first)
