"""Errors, parts of claims, selection by id, reruns and repeats, on a small folder of claims."""

import re
from pathlib import Path

import pytest

from layerclaims.report.language.words import load_words
from layerclaims.report.records.evidence import ClaimRecord, Evidence
from layerclaims.report.records.store import read_evidence
from tests.command import ROOT, WITHOUT_FIGURES, Forked
from tests.integration.own_claims import write_workplace

SUBJECT = "tiny-on-tiny"


class Place:
    """A user's folder with claims and tiny activations."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.output = ""
        self.code = -1
        write_workplace(home)

    @property
    def report(self) -> Path:
        return self.home / "reports" / SUBJECT

    def run(self, *arguments: str, trouble: str = "") -> Evidence:
        """Decide the claims, and read the evidence that the run says it wrote."""
        self.start(*arguments, trouble=trouble)
        named = re.findall(r"(?:report in|báo cáo ở) (.*)/report\.html", self.output)
        assert len(named) == 1, self.output
        return read_evidence(self.home / named[0])

    def start(self, *arguments: str, trouble: str = "") -> None:
        """Run pytest on the folder of claims, or on what the arguments name in it."""
        (self.home / "attempts").unlink(missing_ok=True)
        options = ["--activations", "tiny.safetensors", "--no-controls", "--no-specifications", "--no-pdf"]
        targets = [] if any(text.startswith("own/") for text in arguments) else ["own"]
        variables = {"PYTHONPATH": str(ROOT), "PYTEST_PLUGINS": "layerclaims.plugin", "TROUBLE": trouble}
        forked = Forked(self.home, [*targets, *options, *WITHOUT_FIGURES, *arguments], variables)
        self.code, self.output = forked.wait(), forked.output
        assert "INTERNALERROR" not in self.output, self.output

    def refuse(self, *arguments: str) -> str:
        """Run what must end in one sentence before anything is measured."""
        self.start(*arguments)
        assert self.code == 4, self.output
        assert "measuring" not in self.output
        (line,) = [line for line in self.output.splitlines() if line.startswith("ERROR: ")]
        return line


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def claims(evidence: Evidence) -> dict[str, ClaimRecord]:
    return {claim.id: claim for claim in evidence.claims}


@pytest.mark.parametrize(
    ("trouble", "claim", "n_errors", "words"),
    [
        ("error", "mi-declines", 1, "ZeroDivisionError: no {length} here"),
        ("nan", "mi-declines", 1, "its result is undefined here"),
        ("nan parameter", "mi-declines", 1, "ValidationError"),
        ("fixture", "lengths-positive", 1, "FixtureLookupError"),
    ],
)
def test_an_error_is_a_verdict_of_a_complete_run(
    trouble: str, claim: str, n_errors: int, words: str, place: Place
) -> None:
    evidence = place.run("--exit-zero", "--lang", "vi", trouble=trouble)
    assert place.code == 1  # an error is no verdict that --exit-zero accepts
    assert evidence.complete
    found = claims(evidence)[claim]
    assert found.verdict == "error"
    errors = [assertion for assertion in found.assertions if assertion.verdict == "error"]
    assert len(errors) == n_errors
    assert words in str(errors[0].reason)
    assert errors[0].reason is not None
    assert load_words("vi").say(errors[0].reason) in place.output
    assert (evidence.summary.error, evidence.summary.supported) == (1, 1)
    assert re.search(rf"^! lỗi +{claim}", place.output, re.MULTILINE)
    page = (place.report / "report.html").read_text()
    assert '<span class="verdict error">' in page
    assert ("phép thử của nó gây ra lỗi" in page) == (trouble != "nan")
    assert "interrupted" not in place.output


def test_an_error_is_never_as_recorded(place: Place) -> None:
    place.run("--update-baseline", "base.json")
    evidence = place.run("--baseline", "base.json", trouble="error")
    assert place.code == 1
    assert evidence.baseline is not None
    (difference,) = evidence.baseline.differences
    assert difference.how == "changed"
    before = (place.home / "base.json").read_text()
    place.run("--update-baseline", "base.json", trouble="error")
    assert "not written, for a claim with an error" in place.output
    assert (place.home / "base.json").read_text() == before


@pytest.mark.parametrize(
    ("arguments", "n_decided"),
    [(("-k", "ends_low"), 1), (("own/test_own.py::test_slopes_down",), 3)],
)
def test_part_of_a_claim_is_no_verdict_and_replaces_nothing(
    arguments: tuple[str, ...], n_decided: int, place: Place
) -> None:
    place.run()
    before = {path: path.read_bytes() for path in place.report.iterdir() if path.is_file()}
    evidence = place.run(*arguments)
    found = claims(evidence)
    assert list(found) == ["mi-declines"]
    assert found["mi-declines"].verdict == "part"
    assert (len(found["mi-declines"].assertions), found["mi-declines"].n_assertions) == (n_decided, 4)
    assert f"{n_decided} of 4 assertions" in place.output
    assert "supported" not in place.output
    assert f"replace a whole run's report in {Path('reports', SUBJECT)}" in place.output
    assert {path: path.read_bytes() for path in before} == before
    page = (place.report / "part" / "report.html").read_text()
    assert f"{n_decided} of 4 assertions" in page


@pytest.mark.parametrize(
    "arguments",
    [("--claim", "mi-declines"), ("--layerclaims-claim", "mi-declines"), ("-k", "mi-declines")],
)
def test_a_claim_is_selected_by_its_id(arguments: tuple[str, ...], place: Place) -> None:
    evidence = place.run(*arguments)
    assert {name: claim.verdict for name, claim in claims(evidence).items()} == {"mi-declines": "supported"}
    assert (place.report / "part" / "report.html").is_file()  # of its document's claims this is a part
    assert not (place.report / "report.html").exists()


def test_several_claims_are_selected_and_wrong_ids_are_answered_with_the_closest(place: Place) -> None:
    assert len(place.run("--claim", "mi-declines", "--claim", "lengths-positive").claims) == 2
    assert (place.report / "report.html").exists()  # all there are
    line = place.refuse("--claim", "mi-decline")
    assert line.endswith("--claim mi-decline: no claim here has this id; the closest is mi-declines")


def test_reruns_count_an_assertion_once(place: Place) -> None:
    evidence = place.run("-p", "pytest_rerunfailures", "--reruns", "3", trouble="once")
    assert "rerun" in place.output
    assert evidence.complete
    claim = claims(evidence)["mi-declines"]
    assert (len(claim.assertions), claim.n_assertions) == (4, 4)
    assert claim.verdict == "supported"  # the last attempt's
    assert place.code == 0


def test_repeats_count_an_assertion_once(place: Place) -> None:
    evidence = place.run("-p", "pytest_repeat", "--count", "2", trouble="error")
    assert evidence.complete
    claim = claims(evidence)["mi-declines"]
    assert (len(claim.assertions), claim.n_assertions) == (4, 4)
    assert [assertion.verdict for assertion in claim.assertions].count("error") == 1
    assert (place.report / "report.html").is_file()


def test_what_failed_last_is_a_part(place: Place) -> None:
    place.run("-p", "cacheprovider", trouble="error")
    evidence = place.run("-p", "cacheprovider", "--lf")
    claim = claims(evidence)["mi-declines"]
    assert (claim.verdict, len(claim.assertions), claim.n_assertions) == ("part", 1, 4)
    assert evidence.complete
    assert (place.report / "part" / "report.html").is_file()
