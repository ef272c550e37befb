import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from layerclaims.analysis.pairs.joint_counts import describe_chunks, measure_tiles
from layerclaims.analysis.pairs.moments import centre_chunks, relate_tiles
from layerclaims.analysis.pairs.pairwise import pairwise_measures

ROOT = Path(__file__).parents[2]


def test_machine_code_is_kept_under_the_hash_of_all_sources_that_it_depends_on(tmp_path: Path) -> None:
    """Parts, records and constants of other modules are in a kernel's machine code, wherever they lie."""
    (tmp_path / "mine").mkdir()
    kernels, parts = tmp_path / "mine" / "kernels.py", tmp_path / "mine" / "parts.py"
    kernels.write_text(
        "from layerclaims.analysis.compiled import kernel\n"
        "from mine.parts import add\n\n\n"
        "@kernel()\ndef twice(x):\n    return add(x, x)\n"
    )
    source = "from layerclaims.analysis.compiled import part\n\n\n@part()\ndef add(x, y):\n    return x + y\n"

    def run() -> tuple[str, set[str]]:
        done = run_python(
            "from mine.kernels import twice; print(twice(3))",
            NUMBA_CACHE_DIR=str(tmp_path / "cache"),
            PYTHONPATH=os.pathsep.join([str(ROOT), str(tmp_path)]),
        )
        return done, {folder.name for folder in (tmp_path / "cache").iterdir()}

    parts.write_text(source)
    assert run()[0] == "6"
    result, before = run()
    assert result == "6"
    assert len(before) == 1
    assert next(iter(before)).startswith("kernels-")
    parts.write_text(source.replace("x + y", "x + y + 10"))
    result, after = run()
    assert result == "16"
    assert before < after
    assert len(after) == 2


def test_numba_is_imported_behind_one_door() -> None:
    importing = {
        str(path.relative_to(ROOT))
        for folder in ("analysis", "calibration", "benchmarks", "claims", "fixtures", "report", "subject")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"^\s*(from|import) numba\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    # popcount.py writes one instruction in LLVM's terms, and keeps no machine code.
    assert importing == {"analysis/compiled.py", "analysis/kernel_files.py", "analysis/pairs/popcount.py"}


def run_python(program: str, *, prefix: tuple[str, ...] = (), **environment: str) -> str:
    """Run a program in a process of its own; what it prints."""
    done = subprocess.run(
        [*prefix, sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_without_a_folder_to_write_kernels_are_compiled_all_the_same(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.touch()  # folders below a file cannot be made, even by root
    program = (
        "from layerclaims.analysis.compiled import kernel\n"
        "source = 'def double(x):\\n    return 2 * x\\n'\n"
        "names = {'__name__': 'nowhere'}\n"
        "exec(compile(source, 'nowhere.py', 'exec'), names)\n"
        "print(kernel()(names['double'])(21))"
    )
    assert run_python(program, NUMBA_CACHE_DIR=str(blocker / "below")) == "42"


def test_a_read_only_installation_without_a_home_counts_clusters(tmp_path: Path) -> None:
    """Nothing can be written: neither beside the sources nor in the home, which is not there."""
    installed = tmp_path / "site" / "layerclaims"
    shutil.copytree(ROOT / "analysis", installed / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "layerclaims" / "__init__.py", installed)
    folders = [tmp_path / "site", *(path for path in (tmp_path / "site").rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    # Root may write anywhere, unless it gives that right away.
    prefix = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
    if prefix and not shutil.which(prefix[0]):
        pytest.skip("root cannot give up its rights here: setpriv is missing")
    program = (
        "import os, pathlib, layerclaims, numpy as np\n"
        "from layerclaims.analysis.clusters.counting import find_clusters\n"
        "package = pathlib.Path(layerclaims.__file__).parent\n"
        "assert not os.access(package / 'analysis', os.W_OK)\n"
        "kinds = np.arange(60) % 2\n"
        "first, second = np.triu_indices(60, 1)\n"
        "print(package.parent.name, find_clusters((kinds[first] + kinds[second]).astype(float)).n_clusters)"
    )
    try:
        printed = run_python(
            program,
            prefix=prefix,
            HOME=str(tmp_path / "site" / "nobody"),
            XDG_CACHE_HOME=str(tmp_path / "site" / "nobody" / "cache"),
            NUMBA_CACHE_DIR="",
            PYTHONPATH=str(tmp_path / "site"),
            PYTHONSAFEPATH="1",
        )
        assert printed == "site 3"
        assert [path for path in (tmp_path / "site").rglob("*") if path.suffix in (".nbi", ".pyc")] == []
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_kernels_are_compiled_once_whatever_the_input() -> None:
    rng = np.random.default_rng(0)
    values = rng.standard_t(2, size=(30, 60))
    for activations in (values, np.asfortranarray(values), values.astype(np.float32), values[::-1, ::2]):
        pairwise_measures(activations)
        pairwise_measures(activations, outlier_sd=0, estimator="equal_frequency")
    for function in (describe_chunks, measure_tiles, centre_chunks, relate_tiles):
        assert len(function.signatures) == 1  # type: ignore[union-attr]


def test_callers_from_several_threads_get_what_one_gets() -> None:
    values = np.random.default_rng(1).standard_t(3, size=(6, 90, 80))
    expected = [pairwise_measures(layer).mutual_information for layer in values]
    with ThreadPoolExecutor(6) as pool:
        measured = list(pool.map(pairwise_measures, values))
    for one, other in zip(measured, expected, strict=True):
        np.testing.assert_array_equal(one.mutual_information, other)
