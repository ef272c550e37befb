import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from layerclaims.report.records.store import read_evidence
from tests.command import ROOT
from tests.docs.page import read_page, run_line, write_files
from tests.kernels import bring_kernels

PAGE = "docs/adding-a-measure.md"
ENTRY = re.compile(r"At the end of `([^`]+)`:\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def copy_project(folder: Path) -> None:
    """Copy the sources, links as links, as far as git knows them or would."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in listed:
        source, target = ROOT / name, folder / name
        if name.startswith(("tests/", "docs/")) or not source.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)


@pytest.mark.slow
def test_one_entry_brings_a_measure_into_evidence_and_report(tmp_path: Path) -> None:
    copy_project(tmp_path)
    bring_kernels(tmp_path)
    ((name, entry),) = ENTRY.findall((ROOT / PAGE).read_text(encoding="utf-8"))
    with (tmp_path / name).open("a", encoding="utf-8") as file:
        file.write(f"\n\n{entry}")
    page = read_page(PAGE)
    write_files(page, tmp_path)
    for line in page.commands[0]:
        finished = run_line(line, tmp_path, package_root=tmp_path)
        assert finished.returncode == 0, finished.stdout + finished.stderr
    (report,) = (tmp_path / "reports").glob("*/part")
    evidence = read_evidence(report)
    assert "distance" in {measure.name for measure in evidence.measures}
    assert evidence.profiles is not None
    planted = load_file(tmp_path / "planted.safetensors")["internal"].astype(np.float64)
    first, second = np.triu_indices(planted.shape[1], 1)
    expected = np.linalg.norm(planted[:, first] - planted[:, second], axis=2).mean(axis=1)
    found = [layer.mean for layer in evidence.profiles.kinds["internal"].measures["distance"]]
    np.testing.assert_allclose(np.array(found, dtype=float), expected, rtol=1e-5)
    assert "Euclidean distance" in (report / "report.html").read_text(encoding="utf-8")
