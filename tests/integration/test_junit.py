"""JUnit XML of a run: each test of a claim carries what it found, also beside the workers of pytest-xdist."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

import layerclaims
from tests.command import ROOT, WITHOUT_FIGURES, Forked
from tests.integration.own_claims import write_workplace

OPTIONS = ("--no-controls", "--no-specifications", "--no-pdf", "--junit-xml", "junit.xml", *WITHOUT_FIGURES)
WORKERS = ("-n", "2", "-p", "xdist")


def run(place: Path, *arguments: str, trouble: str = "") -> dict[str, dict[str, str]]:
    """Run a user's claims; gives each test's properties by its name."""
    write_workplace(place)
    given = ["own", "-p", "layerclaims.plugin", "--activations", "tiny.safetensors", *OPTIONS, *arguments]
    forked = Forked(place, given, {"TROUBLE": trouble, "PYTHONPATH": str(ROOT)})
    forked.wait()
    cases = ElementTree.parse(place / "junit.xml").iter("testcase")
    found = {case.attrib["name"]: list(case.iter("property")) for case in cases}
    assert len(found) == 7, forked.output
    for properties in found.values():
        names = [one.attrib["name"] for one in properties]
        assert len(names) == len(set(names))
    return {
        test: {one.attrib["name"].removeprefix("layerclaims."): one.attrib["value"] for one in properties}
        for test, properties in found.items()
    }


@pytest.mark.parametrize("workers", [(), WORKERS], ids=["alone", "with workers"])
def test_properties_are_those_of_the_evidence(workers: tuple[str, ...], tmp_path: Path) -> None:
    found = run(tmp_path, *workers)
    assert found["test_nothing_of_a_claim"] == {}
    assert found["test_slopes_down[2.0]"] == {
        "claim": "mi-declines",
        "assertion": "slopes down",
        "verdict": "supported",
        "value": "2.0",
        "unit": "",
        "interval": "2.0 to 2.0",
        "level": "0.95",
        "criterion": "above 0",
    }
    (report,) = (tmp_path / "reports").iterdir()
    recorded = layerclaims.load(report).assertions
    assert sorted(recorded["value"]) == sorted(float(one["value"]) for one in found.values() if one)


def test_an_assertion_without_a_number_has_its_reason(tmp_path: Path) -> None:
    found = run(tmp_path, trouble="error")["test_ends_low"]
    assert found["verdict"] == "error"
    assert "ZeroDivisionError" in found["reason"]
    assert "value" not in found


def test_a_test_that_runs_again_has_the_properties_of_its_last_attempt(tmp_path: Path) -> None:
    found = run(tmp_path, "-p", "pytest_rerunfailures", "--reruns", "3", trouble="once")
    assert found["test_ends_low"]["verdict"] == "supported"
