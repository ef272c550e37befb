"""`pytest claims/` from the first option to the last file."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import jsonschema
import pytest

from layerclaims.calibration.releases import present_release
from layerclaims.report.records.evidence import EVIDENCE_NAME, SCHEMA_PATH, Evidence
from layerclaims.report.records.store import read_points
from tests.builders import HIDDEN, N_BLOCKS, save_model, story
from tests.command import Finished, run_claims
from tests.integration.one_subject.conftest import AGAIN, FILE, QUICK, SAMPLES, Planned, Workplace

ALONE = Planned("alone", ("-k", "mean_information", "-m", "claim", "-v", *QUICK))
BACKWARDS = Planned("backwards", ("-p", "tests.integration.plugins.backwards", *QUICK))
INTERRUPTED = Planned("interrupted", ("-p", "tests.integration.plugins.interrupted", *QUICK))
BROKEN = Planned("broken", ("--exit-zero", "-p", "tests.integration.plugins.broken", *QUICK))
OTHER_WINDOWS = Planned("other windows", ("--context-before", "12", "-k", "two_points", *QUICK))
OUTCOMES = {
    "supported": "PASSED",
    "refuted": "FAILED",
    "inconclusive": "FAILED",
    "not_applicable": "SKIPPED",
}


def folder_of(finished: Finished) -> Path:
    return finished.folder


def verdicts(evidence: Evidence) -> dict[str, list[tuple[str, str, str]]]:
    """Give each claim's assertions with parameters and message, whatever order they ran in."""
    return {
        claim.id: sorted(
            (
                assertion.name,
                json.dumps(assertion.parameters),
                assertion.model_dump_json(exclude={"seconds", "twins"}),
            )
            for assertion in claim.assertions
        )
        for claim in evidence.claims
    }


def test_a_run_ends_with_verdicts_whatever_they_are(workplace: Workplace) -> None:
    first = workplace.first
    assert first.code == 1, first.output  # an untrained model refutes some claim
    assert "INTERNALERROR" not in first.output
    assert "layerclaims: measuring tiny on story.txt" in first.output
    evidence = first.evidence
    assert evidence.complete
    assert len(evidence.claims) == 20
    assert evidence.subject.tokens == {"internal": SAMPLES, "terminal": SAMPLES}
    assert (evidence.subject.n_layers, evidence.subject.hidden_size) == (N_BLOCKS, HIDDEN)
    assert evidence.subject.causal is True
    assert not evidence.subject.is_document_subject
    assert evidence.subject.fallback_reason is None


def test_passed_is_supported_failed_is_refuted_or_open_and_skipped_does_not_apply(
    workplace: Workplace,
) -> None:
    outcomes = list(workplace.first.outcomes.values())
    expected = [
        OUTCOMES[assertion.verdict]
        for claim in workplace.first.evidence.claims
        for assertion in claim.assertions
    ]
    assert sorted(outcomes) == sorted(expected)
    assert len(set(outcomes)) == 3


def test_empirical_assertions_are_set_against_untrained_twins(workplace: Workplace) -> None:
    evidence = workplace.first.evidence
    assert evidence.twins is not None
    # So few tokens are read in full by one twin.
    assert (evidence.twins.n, evidence.twins.tokens) == (1, evidence.subject.tokens)
    for claim in evidence.claims:
        for assertion in claim.assertions:
            assert (assertion.twins is None) == (claim.nature == "identity")
            assert assertion.twins is None or len(assertion.twins.values) == 1
    # The subject is an untrained model itself.
    grown = next(claim for claim in evidence.claims if claim.id == "covariance-grows").assertions[0]
    assert grown.twins is not None
    assert grown.twins.subject == pytest.approx(grown.value)


def test_a_run_names_software_rules_and_limits(workplace: Workplace) -> None:
    evidence = workplace.first.evidence
    assert evidence.software is not None
    assert evidence.rules is not None
    now = present_release()
    assert evidence.rules.engine == now.engine
    assert {claim.id: claim.rules for claim in evidence.claims} == {
        claim: released.sha256 for claim, released in now.claims.items()
    }
    assert evidence.subject.text_loss is not None
    assert evidence.subject.text_loss.bits > 1
    assert len(evidence.limits) >= 6


def test_evidence_meets_the_schema_beside_its_writer(workplace: Workplace) -> None:
    schema = json.loads(SCHEMA_PATH.read_text())
    written = json.loads((folder_of(workplace.first) / EVIDENCE_NAME).read_text())
    jsonschema.Draft202012Validator(schema).validate(written)
    assert written["schema_version"] == 3
    assert sum(written["summary"].values()) == 20
    assert len(written["profiles"]["kinds"]["internal"]["measures"]["covariance"]) == N_BLOCKS + 1


def test_a_report_lies_beside_the_evidence(workplace: Workplace) -> None:
    folder = folder_of(workplace.first)
    assert folder.name == "tiny-on-story"
    assert (folder / "report.html").stat().st_size > 10_000
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    assert read_points(folder) is not None


def test_junit_names_every_assertion_once(workplace: Workplace) -> None:
    suite = ElementTree.parse(workplace.home / "junit.xml").getroot()
    cases = list(suite.iter("testcase"))
    assert len(cases) == len(workplace.first.outcomes)
    failed = [case for case in cases if case.find("failure") is not None]
    assert len(failed) == list(workplace.first.outcomes.values()).count("FAILED")
    message = failed[0].find("failure")
    assert message is not None
    assert "the criterion is" in (message.text or "")


def test_a_failure_shows_numbers_and_no_code(workplace: Workplace) -> None:
    output = workplace.first.output
    assert "the criterion is" in output
    assert "assert decision.supported" not in output


def test_evidence_names_the_figures_that_show_a_claim(workplace: Workplace) -> None:
    (folder,) = workplace.first.reports.iterdir()
    named = {claim.id: claim.figures for claim in workplace.first.evidence.claims}
    assert named["covariance-grows"]
    assert all((folder / name).is_file() for names in named.values() for name in names)


@pytest.mark.parametrize("finished", [AGAIN], indirect=True)
def test_the_same_run_again_gives_the_same_evidence(finished: Finished, workplace: Workplace) -> None:
    assert finished.code == 0, finished.output  # with --exit-zero
    again, first = finished.evidence, workplace.first.evidence
    assert verdicts(again) == verdicts(first)
    assert again.profiles == first.profiles
    for claim, before in zip(again.claims, first.claims, strict=True):
        assert claim.controls == before.controls
        assert claim.specifications == before.specifications


@pytest.mark.parametrize("finished", [FILE], indirect=True)
def test_saved_activations_give_the_same_verdicts(finished: Finished, workplace: Workplace) -> None:
    assert finished.code == 1, finished.output
    loaded, first = finished.evidence, workplace.first.evidence
    assert verdicts(loaded) == verdicts(first)
    assert loaded.profiles == first.profiles
    assert loaded.subject == first.subject
    assert loaded.samples == first.samples


@pytest.mark.parametrize("finished", [ALONE], indirect=True)
def test_one_claim_alone_gets_the_verdict_it_gets_among_others(
    finished: Finished, workplace: Workplace
) -> None:
    assert finished.code in (0, 1), finished.output
    alone = verdicts(finished.evidence)
    assert list(alone) == ["mi-declines"]
    assert alone["mi-declines"] == verdicts(workplace.first.evidence)["mi-declines"]
    assert finished.evidence.complete
    assert all("mean_information" in node for node in finished.outcomes)


@pytest.mark.parametrize("finished", [BACKWARDS], indirect=True)
def test_the_order_of_claims_changes_no_verdict(finished: Finished, workplace: Workplace) -> None:
    assert finished.code == 1, finished.output
    backwards, first = finished.evidence, workplace.first.evidence
    assert verdicts(backwards) == verdicts(first)
    assert [claim.id for claim in backwards.claims] != [claim.id for claim in first.claims]


@pytest.mark.parametrize("finished", [INTERRUPTED], indirect=True)
def test_an_interrupted_run_leaves_the_evidence_of_what_was_decided(finished: Finished) -> None:
    assert finished.code == 2, finished.output
    assert not finished.evidence.complete
    assert sum(len(claim.assertions) for claim in finished.evidence.claims) == 4
    assert (folder_of(finished) / "report.html").is_file()
    assert folder_of(finished).name == "part"  # a whole run's report stays
    assert finished.evidence.summary.part == sum(
        len(claim.assertions) < (claim.n_assertions or 0) for claim in finished.evidence.claims
    )


@pytest.mark.parametrize("finished", [BROKEN], indirect=True)
def test_a_claim_that_cannot_be_decided_is_a_failure_also_with_exit_zero(
    finished: Finished, workplace: Workplace
) -> None:
    assert finished.code == 1, finished.output
    assert finished.evidence.complete
    found = [assertion for claim in finished.evidence.claims for assertion in claim.assertions]
    assert len(found) == len(workplace.first.outcomes)
    assert [str(one.reason) for one in found if one.verdict == "error"] == [
        "its test raised RuntimeError: a bug in a rule"
    ]
    assert finished.evidence.summary.error == 1


@pytest.mark.parametrize("finished", [OTHER_WINDOWS], indirect=True)
def test_other_windows_are_measured_anew(finished: Finished, workplace: Workplace) -> None:
    assert finished.code in (0, 1), finished.output
    assert "forward" in finished.evidence.timings
    assert finished.evidence.samples != workplace.first.evidence.samples
    assert finished.evidence.subject.windows is not None
    assert finished.evidence.subject.windows.context_before == 12


def test_pickles_that_were_trusted_are_said_in_terminal_evidence_and_report(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    folder = save_model(tmp_path / "pickled")
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    (tmp_path / "story.txt").write_text(story(40), encoding="utf-8")
    subject = ["--model", folder, "--corpus", tmp_path / "story.txt", "--samples", "20"]
    run_claims(tmp_path, *subject).assert_user_error("pickles", "--allow-pickle")
    finished = run_claims(tmp_path, *subject, "--allow-pickle", *QUICK, "--exit-zero")
    assert finished.code == 0, finished.output
    assert "Its weights were read from pickles, as --allow-pickle asked." in finished.output
    found = finished.evidence.subject
    assert (found.pickle, found.remote_code, found.n_parameters) == (True, None, 56_032)
    (page,) = finished.reports.glob("*/report.html")
    assert "Weights were read from pickles" in page.read_text(encoding="utf-8")
