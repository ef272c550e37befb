"""What the pages name is there: files, modules and links."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.command import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
FOLDERS = (
    "analysis|benchmarks|calibration|claims|docs|examples|fixtures|layerclaims|report|subject|sweep|tests"
)
MADE_BY_RUNS = {"analysis/__pycache__", "report/"}


def pages() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@pages()
def test_named_paths_exist(page: Path) -> None:
    named = re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", page.read_text(encoding="utf-8"))
    assert [name for name in named if name not in MADE_BY_RUNS and not (ROOT / name).exists()] == []


@pages()
def test_named_modules_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"python -m ((?:layerclaims|benchmarks)[\w.]*)", text))
    assert [name for name in named if find_spec(name) is None] == []


@pages()
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []
