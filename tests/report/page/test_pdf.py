import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from layerclaims.report.page.pdf import PdfError, PdfProcess, _limit_processor
from layerclaims.report.page.render import render
from layerclaims.report.records.report_folder import new_run_id, run_of, strangers
from layerclaims.report.records.store import read_evidence, write_evidence
from tests.report.builder import make_evidence, make_points, make_subject

PAGE = "<html lang='en'><title>x</title></html>"

pytest.importorskip("weasyprint", reason="WeasyPrint is not installed")


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    evidence = make_evidence(subject=make_subject(12, 30, model="Mô hình tiếng Việt <script>"))
    shown = evidence.model_copy(update={"claims": evidence.claims[:3], "run": new_run_id(0.0)})
    write_evidence(shown, folder, make_points())
    paths = render(folder, pdf=True)
    assert paths.pdf_missing is None
    assert paths.pdf is not None
    return paths.pdf


def test_it_is_a_tagged_pdf_with_title_language_and_bookmarks(pdf: Path) -> None:
    reader = PdfReader(pdf)
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    assert "/StructTreeRoot" in catalogue
    assert b"pdfuaid" in catalogue["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert "Mô hình tiếng Việt <script>" in str(reader.metadata.title)
    assert len(reader.outline) >= 1


def test_it_carries_the_id_of_its_run(pdf: Path) -> None:
    run = read_evidence(pdf.parent).run
    assert run
    assert run_of(pdf) == run
    assert strangers(pdf.parent, run) == []


def test_every_drawing_has_its_text(pdf: Path) -> None:
    figures: list[Any] = []
    pending: list[Any] = [PdfReader(pdf).trailer["/Root"]["/StructTreeRoot"]]  # type: ignore[index]
    while pending:
        node = pending.pop().get_object()
        if isinstance(node, list):
            pending += node
        elif hasattr(node, "get"):
            figures += [node] if node.get("/S") == "/Figure" else []
            pending += [node["/K"]] if "/K" in node else []
    assert len(figures) > 20
    assert all(figure.get("/Alt") for figure in figures)


def test_bookmarks_lead_to_every_claim(pdf: Path) -> None:
    def titles(outline: list[Any]) -> list[str]:
        return [t for entry in outline for t in (titles(entry) if isinstance(entry, list) else [entry.title])]

    found = titles(PdfReader(pdf).outline)
    assert "Claim by claim" in found
    assert all(str(claim.statement) in found for claim in make_evidence().claims[:3])


def test_every_page_has_its_number_and_the_text_is_text(pdf: Path) -> None:
    pages = PdfReader(pdf).pages
    for number, page in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in page.extract_text()
    assert "Mô hình tiếng Việt <script>" in pages[0].extract_text()


def test_it_brings_its_own_fonts(pdf: Path) -> None:
    resources: list[Any] = [page["/Resources"] for page in PdfReader(pdf).pages]
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1].replace("-", "")
        for resource in resources
        for font in resource.get("/Font", {}).values()
    }
    assert any("OpenSans" in font for font in fonts)
    assert any("NotoSerif" in font for font in fonts)


def test_it_is_small(pdf: Path) -> None:
    assert pdf.stat().st_size < 5_000_000


def make_pdf(folder: Path, content: str = PAGE, **options: float) -> Path:
    """Make the PDF of a page, with an older one in its place."""
    pdf = folder / "page.pdf"
    pdf.write_text("an older one")
    with closing(PdfProcess(**options)) as process:
        process.begin(content, pdf)
        process.finish()
    return pdf


@pytest.fixture
def instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the path of a module that stands in for WeasyPrint."""
    folder = tmp_path / "instead"
    folder.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(folder))
    (folder / "weasyprint" / "text").mkdir(parents=True)
    (folder / "weasyprint" / "urls.py").write_text("FatalURLFetchingError, URLFetcher = Exception, object\n")
    (folder / "weasyprint" / "text" / "fonts.py").write_text("FontConfiguration = object\n")
    yield folder / "weasyprint" / "__init__.py"
    assert not (tmp_path / "page.pdf").exists()


@pytest.mark.parametrize(
    "content", ["<img src='file:///etc/hostname' alt=''>", "<img src='http://127.0.0.1:9/x.png' alt=''>"]
)
def test_nothing_is_fetched(tmp_path: Path, content: str) -> None:
    with pytest.raises(PdfError, match="must not load"):
        make_pdf(tmp_path, f"<html lang='en'><title>x</title><body>{content}</body></html>")
    assert not (tmp_path / "page.pdf").exists()


def test_a_pdf_that_takes_too_long_is_given_up(instead: Path, tmp_path: Path) -> None:
    instead.write_text("while True: pass")
    with pytest.raises(PdfError, match=r"not made within 1 seconds of processor"):
        make_pdf(tmp_path, processor_limit=1)


def test_a_pdf_that_waits_for_ever_is_given_up(instead: Path, tmp_path: Path) -> None:
    instead.write_text("import time; time.sleep(60)")
    with pytest.raises(PdfError, match=r"not made within 0\.1 seconds"):
        make_pdf(tmp_path, processor_limit=0.1)


KILLED = """
import os, pathlib
class CSS:
    def __init__(self, **_): pass
class HTML(CSS):
    def write_pdf(self, pdf, **_):
        pathlib.Path(pdf).write_text("half of")
        pathlib.Path(__file__).with_name("begun").touch()
        os.kill(os.getpid(), 9)
"""


def test_a_process_that_is_killed_leaves_a_report_without_pdf(instead: Path, tmp_path: Path) -> None:
    instead.write_text(KILLED)
    write_evidence(make_evidence(claims=[], profiles=None), tmp_path)
    paths = render(tmp_path, pdf=True, figures=False)
    assert paths.html.exists()
    assert paths.pdf is None
    assert str(paths.pdf_missing) == "WeasyPrint failed: its process ended early"
    assert instead.with_name("begun").exists()
    assert not list(tmp_path.rglob("*.pdf"))


LOOKING = """
import gc
class CSS:
    def __init__(self, **_): pass
class HTML(CSS):
    def write_pdf(self, pdf, **_): raise ValueError(f"garbage is looked for: {gc.isenabled()}")
"""


def test_no_time_is_spent_on_garbage_meanwhile(instead: Path, tmp_path: Path) -> None:
    instead.write_text(LOOKING)
    with pytest.raises(PdfError, match="garbage is looked for: False"):
        make_pdf(tmp_path)


def test_where_no_process_can_be_started_there_is_no_pdf(
    instead: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead.touch()
    monkeypatch.setattr(sys, "executable", "/dev/null/python")
    with pytest.raises(PdfError, match=r"WeasyPrint failed: .*Not a directory"):
        make_pdf(tmp_path)


def test_a_system_without_limits_on_processes_makes_reports_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    _limit_processor(60)


def test_without_weasyprint_the_report_lacks_only_the_pdf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    monkeypatch.setenv("PYTHONPATH", str(broken))
    write_evidence(make_evidence(claims=[], profiles=None), tmp_path)
    paths = render(tmp_path, pdf=True)
    assert paths.html.exists()
    assert paths.pdf is None
    assert "libpango-1.0-0" in str(paths.pdf_missing)
    assert "\n" not in str(paths.pdf_missing)
