import re
from pathlib import Path

import pytest

from layerclaims.report.records.evidence import Evidence
from layerclaims.report.records.store import read_evidence
from tests.docs.page import Page, read_page, run_line, write_files

PAGE = "docs/another-document.md"


@pytest.fixture(scope="module")
def page() -> Page:
    return read_page(PAGE)


@pytest.fixture(scope="module")
def folder(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Follow the page up to its report, in a folder outside the repository."""
    folder = tmp_path_factory.mktemp("reader")
    write_files(page, folder)
    for line in page.commands[0]:
        finished = run_line(line, folder, pdf=True)
        assert finished.returncode == 0, finished.stdout + finished.stderr
    return folder


@pytest.fixture(scope="module")
def reports(folder: Path) -> Path:
    (found,) = (folder / "reports").iterdir()
    return found


@pytest.fixture(scope="module")
def evidence(reports: Path) -> Evidence:
    return read_evidence(reports)


def test_both_claims_are_supported(evidence: Evidence) -> None:
    verdicts = {claim.id: claim.verdict for claim in evidence.claims}
    assert verdicts == {"less-alike-with-depth": "supported", "definite-more-alike": "supported"}


def test_there_is_a_pdf(reports: Path) -> None:
    assert (reports / "report.pdf").read_bytes().startswith(b"%PDF")


def test_the_evidence_is_of_the_page_s_document(evidence: Evidence) -> None:
    assert evidence.document.key == "articles"
    assert evidence.document.authors == ["A. Author"]
    assert set(evidence.subject.tokens) == {"definite", "indefinite"}


def test_each_claim_has_its_figure(evidence: Evidence, reports: Path) -> None:
    for claim in evidence.claims:
        assert claim.figures
        assert all((reports / name).is_file() for name in claim.figures)


def test_the_report_shows_document_statements_and_kinds(reports: Path) -> None:
    html = (reports / "report.html").read_text(encoding="utf-8")
    for text in ("Articles", "become less alike with depth", "indefinite articles", "cosine"):
        assert text in html
    for other in (r"\bcommas?\b", "full stop", "GPT-2 Medium", "Heart of Darkness"):
        assert re.search(other, html) is None


def test_a_claim_can_fail(page: Page, folder: Path) -> None:
    planting = page.files["plant.py"].replace("np.linspace(1, 0.5, 7)", "np.linspace(0.5, 1, 7)")
    assert planting != page.files["plant.py"]
    (folder / "plant.py").write_text(planting.replace("planted.saf", "rising.saf"), encoding="utf-8")
    assert run_line("python plant.py", folder).returncode == 0
    finished = run_line("pytest articles/ --activations rising.safetensors --no-pdf", folder)
    assert finished.returncode == 1
    assert "refuted" in finished.stdout


def test_the_commands_for_models_are_accepted(page: Page, folder: Path) -> None:
    for line in page.commands[1]:
        finished = run_line(f"{line} --collect-only", folder)
        assert finished.returncode == 0, finished.stdout + finished.stderr


def test_the_document_speaks_another_language_once_it_is_translated(page: Page, folder: Path) -> None:
    extract, rerun = page.commands[2]
    assert run_line(extract, folder).returncode == 0
    catalogue = folder / "articles" / "locale" / "vi.po"
    empty = 'msgid "Occurrences of “the” become less alike with depth."\nmsgstr ""'
    text = catalogue.read_text(encoding="utf-8")
    assert empty in text
    catalogue.write_text(text.replace(empty, f'{empty[:-1]}“The” kém giống nhau hơn."'), encoding="utf-8")
    assert run_line(extract, folder).returncode == 0
    finished = run_line(f"{rerun} --no-pdf --no-controls --no-specifications --report-dir vi", folder)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    (report,) = (folder / "vi").iterdir()
    html = (report / "report.html").read_text(encoding="utf-8")
    assert "“The” kém giống nhau hơn." in html
    assert "mạo từ xác định" in html
    assert '<span lang="en">In the last layer, occurrences of “the” are more alike' in html
    assert "become less alike with depth" not in html
