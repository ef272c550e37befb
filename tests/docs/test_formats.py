"""The code on the page about files runs, and what it reads is what the run found."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from layerclaims.report.records.store import read_evidence, read_points
from tests.builders import story
from tests.command import ROOT
from tests.docs.page import read_page, run_line, write_files

PAGE = "docs/formats.md"
STAND_INS = ROOT / "tests" / "docs" / "stand_ins"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, model_folder: Callable[[str], Path]) -> Path:
    """Follow the page up to its report, with an untrained GPT-2 and a story."""
    folder = tmp_path_factory.mktemp("formats")
    shutil.copytree(model_folder("gpt2"), folder / "model")
    (folder / "text.txt").write_text(story(), encoding="utf-8")
    page = read_page(PAGE)
    write_files(page, folder)
    for line in page.commands[0]:
        finished = run_line(line, folder)
        assert finished.returncode == 0, finished.stdout + finished.stderr
    return folder


def output(folder: Path, name: str) -> str:
    finished = run_line(f"python {name}", folder)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", ["with_transformer_lens.py", "with_nnsight.py"])
def test_the_other_libraries_ways_give_the_same_file(name: str, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(STAND_INS, tmp_path, dirs_exist_ok=True)
    shutil.copytree(folder / "model", tmp_path / "model")
    for needed in ("text.txt", "choose.py", name):
        shutil.copy(folder / needed, tmp_path)
    finished = run_line(f"python {name}", tmp_path)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    hooks, other = load_file(folder / "own.safetensors"), load_file(tmp_path / "own.safetensors")
    assert hooks.keys() == other.keys() == {"internal", "terminal"}
    for kind, values in hooks.items():
        np.testing.assert_allclose(other[kind], values, atol=1e-5)


@pytest.mark.slow
def test_pairs_are_read(folder: Path) -> None:
    points = read_points(folder / "reports" / "model-on-text")
    assert points is not None
    text = output(folder, "read_pairs.py")
    assert f"{len(points['internal.index'])} pairs of" in text
    assert f"level 4: mean covariance {points['internal.covariance'][4].mean():.3g}" in text


@pytest.mark.slow
def test_evidence_is_read(folder: Path) -> None:
    text = output(folder, "read_evidence.py")
    for claim in read_evidence(folder / "reports" / "model-on-text").claims:
        assert f"{claim.id} {claim.verdict}\n" in text


@pytest.mark.slow
def test_a_baseline_is_read(folder: Path) -> None:
    evidence = read_evidence(folder / "reports" / "model-on-text")
    missed = [
        claim.id
        for claim in evidence.claims
        for assertion in claim.assertions
        if assertion.verdict in ("refuted", "inconclusive")
    ]
    head, *lines = output(folder, "read_baseline.py").splitlines()
    assert head.startswith("model ")
    assert missed
    assert sorted(line.split()[0] for line in lines) == sorted(missed)
