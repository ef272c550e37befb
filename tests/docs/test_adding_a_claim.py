from pathlib import Path

import pytest

from layerclaims.report.records.store import read_evidence
from tests.docs.page import Page, read_page, run_line, write_files

PAGE = "docs/adding-a-claim.md"


@pytest.fixture(scope="module")
def page() -> Page:
    return read_page(PAGE)


@pytest.fixture(scope="module")
def folder(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reader")
    write_files(page, folder)
    return folder


def test_the_page_leads_to_one_supported_and_one_refuted_claim(page: Page, folder: Path) -> None:
    plant, longer, as_long = page.commands[0]
    assert run_line(plant, folder).returncode == 0
    for line, code, verdict in ((longer, 0, "supported"), (as_long, 1, "refuted")):
        finished = run_line(line, folder)
        assert finished.returncode == code, finished.stdout + finished.stderr
        (report,) = (folder / line.split()[-1]).iterdir()
        evidence = read_evidence(report)
        (claim,) = evidence.claims
        assert (claim.id, claim.verdict) == ("length-grows", verdict)
        assert len(claim.assertions) == 2
        assert claim.figures
        assert all((report / name).is_file() for name in claim.figures)
        html = (report / "report.html").read_text(encoding="utf-8")
        assert "Activations become longer with depth." in html
        assert verdict in html


def test_the_command_for_a_model_is_accepted(page: Page, folder: Path) -> None:
    (line,) = page.commands[1]
    finished = run_line(f"{line} --collect-only", folder)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_a_claim_touches_one_file(page: Page) -> None:
    assert set(page.files) == {"my_claims/test_length.py", "plant.py"}
