"""`--update-baseline` records a subject, and `--baseline` holds later runs against the record."""

import xml.etree.ElementTree as ElementTree

import pytest

from tests.builders import story
from tests.command import Finished
from tests.integration.one_subject.conftest import QUICK, Planned, Workplace

BASELINE = ("--baseline", "{home}/baseline.json")
PART = ("-k", "rise_again or two_points", "-m", "claim")

RECORDED = Planned(
    "as recorded",
    ("-v", *BASELINE, "--update-baseline", "{home}/again.json", "--junitxml", "{home}/recorded.xml", *QUICK),
)
TAMPERED = Planned("tampered", ("-v", "--exit-zero", "--baseline", "{home}/tampered.json", *QUICK))
PART_OF_A_FILE = Planned("part", (*PART, "-v", *BASELINE, *QUICK), on_file=True)
OTHER_WEIGHTS = Planned("other weights", ("--model", "{home}/models/other", *BASELINE))
OTHER_TEXT = Planned("other text", ("--corpus", "{home}/other story.txt", *BASELINE))
PART_RECORDED = Planned("part recorded", (*PART, "--update-baseline", "{home}/part.json"))
STOPPED = Planned("stopped", ("-x", "--exit-zero", "--update-baseline", "{home}/stopped.json", *QUICK))
NOT_THERE = Planned("not there", ("--baseline", "{home}/nowhere.json"))
NO_BASELINE = Planned("no baseline", ("--update-baseline", "{home}/story.txt"))


@pytest.mark.parametrize("finished", [RECORDED], indirect=True)
def test_a_run_as_recorded_passes_with_its_refutations_expected(
    finished: Finished, workplace: Workplace
) -> None:
    assert workplace.first.code == 1, "recording changes no outcome"
    assert finished.code == 0, finished.output
    before = workplace.first.outcomes
    assert finished.outcomes == {
        node: "XFAIL" if outcome == "FAILED" else outcome for node, outcome in before.items()
    }
    assert "XFAIL" in finished.outcomes.values()
    assert f"{len(before)} of {len(before)} verdicts as recorded" in finished.output
    comparison = finished.evidence.baseline
    assert comparison is not None
    assert (comparison.n_as_recorded, comparison.differences) == (len(before), [])
    assert workplace.first.evidence.baseline is None


@pytest.mark.parametrize("finished", [RECORDED], indirect=True)
def test_the_same_subject_is_recorded_by_the_same_bytes(finished: Finished, workplace: Workplace) -> None:
    assert finished.code == 0, finished.output
    again, first = workplace.home / "again.json", workplace.home / "baseline.json"
    assert again.read_bytes() == first.read_bytes()


@pytest.mark.parametrize("finished", [RECORDED], indirect=True)
def test_junit_says_that_a_refutation_was_expected(finished: Finished, workplace: Workplace) -> None:
    suite = ElementTree.parse(workplace.home / "recorded.xml").getroot()
    skipped = [case.find("skipped") for case in suite.iter("testcase")]
    expected = [found for found in skipped if found is not None and found.get("type") == "pytest.xfail"]
    assert len(expected) == list(finished.outcomes.values()).count("XFAIL")
    assert all("recorded as" in found.get("message", "") for found in expected)


@pytest.mark.parametrize("finished", [TAMPERED], indirect=True)
def test_what_departs_fails_and_says_how_also_with_exit_zero(
    finished: Finished, workplace: Workplace
) -> None:
    assert finished.code == 1, finished.output
    comparison = finished.evidence.baseline
    assert comparison is not None
    departures = [difference.how for difference in comparison.differences]
    assert departures == ["reversed", "within the interval", "new", "missing"]
    failed = list(finished.outcomes.values()).count("FAILED")
    assert failed == 3
    assert "reversed: recorded as supported at 1.00e+09, now refuted at" in finished.output
    assert "within the interval: recorded as inconclusive" in finished.output
    assert "new: not in the baseline" in finished.output
    assert "an assertion of yesterday" in finished.output
    assert "record it with --update-baseline" in finished.output
    (folder,) = finished.reports.iterdir()
    assert "reversed" in (folder / "report.html").read_text(encoding="utf-8")
    assert list(workplace.first.outcomes.values()).count("FAILED") > failed


@pytest.mark.parametrize("finished", [PART_OF_A_FILE], indirect=True)
def test_some_claims_on_a_file_are_held_against_their_records_alone(finished: Finished) -> None:
    assert finished.code == 0, finished.output
    comparison = finished.evidence.baseline
    assert comparison is not None
    assert comparison.n_as_recorded == len(finished.outcomes) == 3
    assert comparison.n_not_run == comparison.n_recorded - 3
    assert comparison.differences == []


@pytest.mark.parametrize(
    ("finished", "words"),
    [
        (OTHER_WEIGHTS, ("baseline.json", "weights", "(tiny) recorded", "(other) found")),
        (OTHER_TEXT, ("baseline.json", "(story.txt) recorded", "(other story.txt) found")),
        (PART_RECORDED, ("--update-baseline", "whole run")),
        (NOT_THERE, ("--baseline", "nowhere.json")),
        (NO_BASELINE, ("--update-baseline", "story.txt", "is not JSON")),
    ],
    indirect=["finished"],
)
def test_what_cannot_be_compared_or_recorded_is_refused(finished: Finished, words: tuple[str, ...]) -> None:
    finished.assert_user_error(*words)


@pytest.mark.parametrize("finished", [STOPPED], indirect=True)
def test_a_run_that_stopped_early_is_not_recorded(finished: Finished, workplace: Workplace) -> None:
    assert finished.code == 1, finished.output
    assert "not every claim was decided" in finished.output
    assert not (workplace.home / "stopped.json").exists()
    assert not (workplace.home / "part.json").exists()
    assert (workplace.home / "story.txt").read_text(encoding="utf-8") == story(150)
