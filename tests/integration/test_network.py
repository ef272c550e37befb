"""A missing or hanging network is noticed within seconds and never stops a default run."""

from pathlib import Path

import pytest

from tests.command import run_claims
from tests.server import refused_address, silent


def test_a_named_hub_model_with_a_hanging_hub_ends_within_seconds(tmp_path: Path) -> None:
    with silent() as hub:
        finished = run_claims(tmp_path, "--model", "some/model", variables={"HF_ENDPOINT": hub})
    finished.assert_user_error("some/model", "cannot be reached")


def test_an_endpoint_that_is_no_address_is_a_clear_error(tmp_path: Path) -> None:
    finished = run_claims(tmp_path, "--model", "some/model", variables={"HF_ENDPOINT": "hub.local"})
    finished.assert_user_error("some/model", "cannot be reached")


@pytest.mark.slow
def test_without_options_a_hanging_network_ends_in_the_embedded_subject(
    embedded_cache: Path, tmp_path: Path
) -> None:
    with silent() as hub, silent() as proxy:
        variables = {"HF_ENDPOINT": hub, "https_proxy": proxy, "no_proxy": "127.0.0.1"}
        quick = ["--samples", "24", "--no-controls", "--no-specifications", "-k", "two_points"]
        finished = run_claims(tmp_path, "--cache-dir", embedded_cache, *quick, variables=variables)
    assert finished.code in (0, 1), finished.output
    evidence = finished.evidence
    assert evidence.timings["resolve"] < 5
    assert (evidence.subject.model, evidence.subject.corpus.name) == ("smollm2-135m", "embedded")
    assert evidence.subject.fallback_reason
    top = finished.output.split("test_section_1")[0]
    assert "measuring smollm2-135m on embedded" in top
    assert "not the document's own subject" in top


def test_a_refused_connection_is_noticed_at_once(tmp_path: Path) -> None:
    finished = run_claims(tmp_path, "--model", "some/model", variables={"HF_ENDPOINT": refused_address()})
    finished.assert_user_error("some/model", "refused")
