import base64
import hashlib
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from layerclaims.report.__main__ import main
from layerclaims.report.drawn import sharing
from layerclaims.report.drawn.figure_text import Outcome, draw_text
from layerclaims.report.drawn.sharing import Drawers
from layerclaims.report.figures.catalogue import Draw
from layerclaims.report.page.render import RenderedPaths, render
from layerclaims.report.records.baseline import baseline_of
from layerclaims.report.records.departures import compare_with_baseline
from layerclaims.report.records.report_folder import new_run_id, report_beside, run_of
from layerclaims.report.records.store import EvidenceError, write_evidence
from tests.report.builder import STATEMENTS, make_claim, make_evidence, make_points, make_subject
from tests.report.page_parser import Page

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> RenderedPaths:
    folder = tmp_path_factory.mktemp("run")
    write_evidence(make_evidence(), folder, make_points())
    return render(folder, pdf=False)


@pytest.fixture(scope="module")
def page(rendered: RenderedPaths) -> Page:
    return Page(rendered.html.read_text())


def test_every_claim_has_its_section(page: Page) -> None:
    for claim_id, (_, statement) in STATEMENTS.items():
        assert f"claim-{claim_id}" in page.ids
        assert page.text.count(statement) >= 2


def test_every_claim_that_the_document_makes_is_shown_by_a_figure(rendered: RenderedPaths) -> None:
    shown = {path.stem for path in rendered.figures}
    assert set(STATEMENTS) <= shown
    assert {"grid", "profiles", "distributions"} <= shown


def test_ids_are_unique_and_links_and_labels_lead_somewhere(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    for _, attributes in page.tags:
        targets = [attributes.get("href") or "", "#" + (attributes.get("aria-labelledby") or "")]
        for target in targets:
            if target.startswith("#") and len(target) > 1:
                assert target[1:] in page.ids


def test_the_page_loads_nothing_and_styles_nothing_inline(page: Page) -> None:
    for tag, attributes in page.tags:
        assert "style" not in attributes, tag
        assert not any(name.startswith("on") for name in attributes), tag
        for name in ("src", "href", "xlink:href"):
            value = attributes.get(name) or "#"
            # A link that a reader follows loads nothing by itself.
            beside = ("https://", "figures/", "evidence.json", "pairs.safetensors", "report.pdf")
            followed = beside if (tag, name) == ("a", "href") else ()
            assert value.startswith(("#", "data:", *followed)), (tag, name, value)


def test_the_policy_allows_only_what_the_page_brings_along(page: Page) -> None:
    policy = next(a["content"] for tag, a in page.tags if tag == "meta" and "http-equiv" in a)
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    scripts = [text for text in page.raw["script"] if not text.startswith(("{", "["))]
    assert len(scripts) == 3
    for directive, contents in (("style-src", page.raw["style"]), ("script-src", scripts)):
        allowed = policy.split(directive)[1].split(";")[0]
        for content in contents:
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in allowed


def test_every_figure_says_in_words_what_it_shows(rendered: RenderedPaths) -> None:
    for path in rendered.figures:
        root = ElementTree.parse(path).getroot()
        title = root.find("{http://www.w3.org/2000/svg}title")
        assert title is not None
        assert title.text is not None
        assert re.search(r"\d", title.text), path
        rows = path.with_suffix(".csv").read_text().splitlines()
        assert len(rows) > 1
        assert len({row.count(",") for row in rows if '"' not in row}) == 1


def test_the_same_evidence_gives_the_same_bytes_whoever_draws(
    rendered: RenderedPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = [path.with_suffix(".csv") for path in rendered.figures]
    before = {path: path.read_bytes() for path in (rendered.html, *rendered.figures, *tables)}
    drawn_here: list[str] = []

    def draw_here(draw: Draw) -> Outcome:
        drawn_here.append(draw.name)
        return draw_text(draw)

    monkeypatch.setattr(sharing, "processors", lambda: 2)
    monkeypatch.setattr(sharing, "draw_text", draw_here)
    with Drawers() as drawers:
        drawers.start(len(rendered.figures))
        render(rendered.html.parent, pdf=False, drawers=drawers)
    assert {path: path.read_bytes() for path in before} == before
    assert len(drawn_here) < len(rendered.figures) / 2


def test_figures_and_pdf_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_text("an older one")
    write_evidence(make_evidence(claims=[]), tmp_path, make_points())
    assert (render(tmp_path, pdf=False).html.parent / "figures" / "grid.svg").exists()
    write_evidence(make_evidence(claims=[]), tmp_path)
    render(tmp_path, pdf=False)
    assert not (tmp_path / "figures" / "grid.svg").exists()
    assert not (tmp_path / "report.pdf").exists()


@pytest.mark.slow
def test_a_large_subject_stays_within_its_budget(tmp_path: Path) -> None:
    write_evidence(make_evidence(48, 250), tmp_path, make_points(48, 250, 4000))
    assert render(tmp_path, pdf=False).html.stat().st_size < 3 * MEGABYTE


def test_without_points_and_profiles_there_is_still_a_report(tmp_path: Path) -> None:
    write_evidence(make_evidence(profiles=None, growth={}, token_groups=[], samples={}), tmp_path)
    paths = render(tmp_path, pdf=False)
    assert {path.stem for path in paths.figures} == {
        "embedding-cause",
        "mi-scale-invariant",
        "covariance-scale-dependent",
        "mi-compares-across-layers",
    } - {claim.id for claim in make_evidence().claims if claim.verdict == "not_applicable"}
    page = Page(paths.html.read_text())
    assert "claim-mi-declines" in page.ids
    assert "film" not in page.ids


def test_gaps_in_profiles_are_survived(tmp_path: Path) -> None:
    data = make_evidence().model_dump()
    for profile in data["profiles"]["kinds"].values():
        for summaries in (*profile["measures"].values(), profile["std"]):
            summaries[3] = dict.fromkeys(summaries[3])
            summaries[5]["mean_interval"] = None
        profile["n_clusters"]["covariance"] = [None] * 13
        profile["separation"] = {}
    write_evidence(make_evidence(profiles=data["profiles"]), tmp_path, make_points())
    assert render(tmp_path, pdf=False).figures


def test_pairs_without_a_correlation_are_left_out_and_counted(tmp_path: Path) -> None:
    points = make_points()
    points["internal.pearson"][4, :50] = np.nan
    points["terminal.pearson"][2] = np.nan
    write_evidence(make_evidence(claims=[]), tmp_path, points)
    page = Page(render(tmp_path, pdf=False).html.read_text())
    assert "150 of 435 pairs of commas" in page.text
    assert "pairs of full stops" not in page.text
    assert "NaN" not in page.raw["script"][0]


def test_an_unknown_claim_and_one_without_assertions_are_shown(tmp_path: Path) -> None:
    unknown = make_claim("a claim of tomorrow", "supported")
    bare = make_claim("bare", "supported").model_copy(update={"assertions": [], "specifications": None})
    write_evidence(make_evidence(claims=[unknown, bare]), tmp_path)
    page = Page(render(tmp_path, pdf=False).html.read_text())
    assert {"claim-a-claim-of-tomorrow", "claim-bare"} <= set(page.ids)


def test_a_shallow_model_is_survived(tmp_path: Path) -> None:
    write_evidence(make_evidence(1, 5), tmp_path, make_points(1, 5, 10))
    assert render(tmp_path, pdf=False).figures


def test_the_subject_and_what_became_of_it_are_said(page: Page, tmp_path: Path) -> None:
    assert "This is not the subject that the document measured: openai-community" in page.text
    assert "neither cached nor reachable" in page.text
    own = make_subject(12, 30, is_document_subject=True, identified_by="name", fallback_reason=None)
    write_evidence(make_evidence(subject=own, complete=False, claims=[]), tmp_path)
    other = Page(render(tmp_path, pdf=False, figures=False).html.read_text())
    assert "not the subject" not in other.text
    assert "known by its names only" in other.text
    assert "The run was interrupted." in other.text


def test_files_of_another_run_are_named_and_not_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [new_run_id(second) for second in range(2)]
    for name, run in zip(("old", "new"), runs, strict=True):
        write_evidence(make_evidence(claims=[], run=run), tmp_path / name, make_points())
        assert render(tmp_path / name, pdf=False).strangers == []
    mixed = tmp_path / "new"
    for name in ("pairs.safetensors", "report.html", "figures/grid.svg"):
        shutil.copy(tmp_path / "old" / name, mixed / name)
    assert main(["render", str(mixed)]) == 0
    said = capsys.readouterr().err
    assert "pairs.safetensors was not made by the run of this evidence: not used" in said
    assert "report.html was not made by the run of this evidence: replaced" in said
    assert "figures/grid.svg was not made by the run of this evidence" in said
    assert "profiles" not in said
    assert run_of(mixed / "report.html") == runs[1]
    assert not (mixed / "figures" / "grid.svg").exists()  # it shows pairs
    assert run_of(mixed / "figures" / "profiles.svg") == runs[1]


def test_a_figure_that_cannot_be_drawn_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from layerclaims.report.figures import catalogue

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("no {such} number")

    monkeypatch.setattr(catalogue, "_profiles", fail)
    monkeypatch.setitem(catalogue._FIGURES, "growth", fail)
    write_evidence(make_evidence(), tmp_path, make_points())
    paths = render(tmp_path, pdf=False)
    assert paths.faults["profiles"] == "ZeroDivisionError: no {such} number"
    assert len(paths.faults) >= 2
    assert "grid" in {path.stem for path in paths.figures}
    assert "This figure could not be drawn: ZeroDivisionError" in Page(paths.html.read_text()).text


def test_a_report_that_cannot_be_written_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_evidence(make_evidence(claims=[]), tmp_path, make_points())
    before = render(tmp_path, pdf=False).html.read_text()
    names = sorted(tmp_path.rglob("*"))

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        render(tmp_path, pdf=False, lang="vi")
    assert (tmp_path / "report.html").read_text() == before
    assert sorted(tmp_path.rglob("*")) == names


def test_missing_evidence_is_an_error_without_a_report(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError):
        render(tmp_path, pdf=False)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_language_is_an_error(tmp_path: Path) -> None:
    write_evidence(make_evidence(), tmp_path)
    with pytest.raises(ValueError, match="no such language: 'xx'"):
        render(tmp_path, pdf=False, lang="xx")


def test_a_configuration_folder_that_cannot_be_made_is_survived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MPLCONFIGDIR", "/dev/null/matplotlib")
    write_evidence(make_evidence(claims=[]), tmp_path, make_points())
    command = [sys.executable, "-m", "layerclaims.report", "render", str(tmp_path)]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(Path(line).exists() for line in done.stdout.splitlines())
    assert str(tmp_path / "report.html") in done.stdout.splitlines()


def test_importing_the_report_loads_no_plotting() -> None:
    code = (
        "import sys; import layerclaims.report.records.store, layerclaims.report.terminal;"
        "import layerclaims.report.page.render;"
        "sys.exit(bool({'matplotlib', 'weasyprint', 'scipy', 'torch'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


def test_how_a_run_stands_to_its_baseline_is_shown(page: Page, tmp_path: Path) -> None:
    assert "baseline" not in page.ids
    now = [make_claim("mi-declines", "refuted"), make_claim("clusters-fade", "supported")]
    before = [make_claim("mi-declines", "supported"), make_claim("gone", "not_applicable")]
    baseline = baseline_of(make_evidence(claims=before))
    comparison = compare_with_baseline(baseline, now, file="a<b>.json", whole=True)
    write_evidence(make_evidence(claims=now, baseline=comparison), tmp_path)
    shown = Page(render(tmp_path, pdf=False, figures=False).html.read_text())
    assert "baseline" in shown.ids
    assert shown.text.count("0 of 4 verdicts are as recorded") == 2
    for word in ("reversed", "new", "missing", "supported and refuted changed places", "a<b>.json"):
        assert word in shown.text
    same = compare_with_baseline(baseline, before, file="b.json", whole=True)
    write_evidence(make_evidence(claims=before, baseline=same), tmp_path)
    vietnamese = render(tmp_path, pdf=False, figures=False, lang="vi").html.read_text()
    assert "Cả 4 phán quyết đều đúng" in Page(vietnamese).text


def test_a_report_in_another_language_stands_beside_the_first_and_leaves_with_its_run(tmp_path: Path) -> None:
    evidence = make_evidence()
    evidence = evidence.model_copy(update={"claims": evidence.claims[:1]})
    write_evidence(evidence, tmp_path, make_points())
    english = render(tmp_path, pdf=False)
    (tmp_path / "report.pdf").write_bytes(b"made before")
    before = english.html.read_bytes()
    other = render(tmp_path, pdf=False, lang="vi", files=report_beside("vi"))
    assert other.html == tmp_path / "report.vi.html"
    assert english.html.read_bytes() == before
    assert (tmp_path / "report.pdf").exists()
    page = Page(other.html.read_text(encoding="utf-8"))
    links = [a["href"] for tag, a in page.tags if tag == "a" and str(a.get("href")).endswith(".csv")]
    assert links
    assert all((tmp_path / str(link)).is_file() for link in links)
    assert {str(link).partition("/")[0] for link in links} == {"figures.vi"}
    write_evidence(evidence, tmp_path, make_points())
    assert not list(tmp_path.glob("report*"))
    assert not list(tmp_path.glob("figures*"))


def test_ctrl_c_while_a_report_is_made_again_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from layerclaims.report.figures import catalogue

    def interrupt(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)

    write_evidence(make_evidence(claims=[]), tmp_path, make_points())
    (tmp_path / "report.html").write_text("before")
    before = sorted(path.name for path in tmp_path.iterdir())
    monkeypatch.setattr(catalogue, "_profiles", interrupt)
    assert main(["render", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "interrupted: what was there before is there still\n"
    assert (tmp_path / "report.html").read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) in (before, sorted([*before, "results.csv"]))


def test_features_that_no_token_has_are_named_without_a_row(tmp_path: Path) -> None:
    (groups,) = make_evidence().token_groups
    features = [
        groups.features[0],
        *(one.model_copy(update={"share": (0.0, 0.0)}) for one in groups.features[1:]),
    ]
    groups = groups.model_copy(update={"features": features})
    write_evidence(make_evidence(claims=[], profiles=None, token_groups=[groups]), tmp_path)
    text = render(tmp_path, pdf=False).html.read_text()
    assert "Nowhere around these tokens: a line break, a quotation mark." in " ".join(text.split())
    assert [name in text for name in ('<th scope="row">an earlier', '<th scope="row">a line')] == [
        True,
        False,
    ]
