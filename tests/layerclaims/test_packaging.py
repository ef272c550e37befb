"""The package as its users get it: installed beside other projects, or as a checkout without links."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from layerclaims.subject.storage.activation_file import save_activations
from tests.builders import random_activations
from tests.command import ROOT, environment
from tests.kernels import bring_kernels

FOLDERS = ("analysis", "calibration", "claims", "fixtures", "report", "subject", "sweep")
FILES = ("layerclaims", "pyproject.toml", "README.md", "LICENSE", "conftest.py")
BUILD = "from setuptools.build_meta import build_sdist, build_wheel; build_wheel('out'); build_sdist('out')"
SECONDS = 600
CLAIM = """
from analysis import MINE
from layerclaims.analysis.statistics.estimate import exact
from layerclaims.claim import Claim
from layerclaims.decision import Criterion, decide
from layerclaims.document import Document, Mark, TokenKind, Windows
from layerclaims.message import message

KIND = TokenKind("internal", {"en": "comma"}, {"en": "commas"}, Mark(","))
DOCUMENT = Document("mine", "Mine", (KIND,), Windows(24, 4, 2), sections={"1": message("All")})
has_blocks = Claim(DOCUMENT, id="has-blocks", section="1", statement=message("The model has blocks."))


def rule(measurement):
    several = Criterion("at least", MINE, message("Two are several."))
    return decide(message("number of blocks"), exact(measurement.n_layers), several)


@has_blocks
def test_it_has_blocks(judge):
    assert judge(rule).supported
"""


def copy_checkout(folder: Path) -> Path:
    """Copy what a checkout has of the package, links as links."""
    for name in (*FOLDERS, *FILES):
        source = ROOT / name
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(source, folder / name, symlinks=True, ignore=ignore)
        else:
            shutil.copy2(source, folder / name)
    return folder


def run(folder: Path, *command: str, path: Path | None = None, autoload: bool = False) -> str:
    """Run Python in a folder; gives what it wrote, and fails where it failed."""
    variables = environment(folder) | {"PYTHONPATH": str(path) if path else ""}
    if autoload:
        del variables["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode in (0, 5), done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that holds wheel and sdist."""
    checkout = copy_checkout(tmp_path_factory.mktemp("checkout"))
    run(checkout, "-W", "ignore", "-c", BUILD)
    return checkout / "out"


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for Python's path in which the wheel is installed."""
    site = tmp_path_factory.mktemp("site")
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        content.extractall(site)
    bring_kernels(site)
    return site


def tracked() -> set[str]:
    """List the package's files as the repository has them, by their names in the package."""
    listed = subprocess.run(
        ["git", "ls-files", *FOLDERS, "layerclaims"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    files = {name for name in listed if name and not (ROOT / name).is_symlink() and (ROOT / name).exists()}
    return {name if name.startswith("layerclaims/") else f"layerclaims/{name}" for name in files}


def test_the_wheel_holds_every_file_of_the_package_and_nothing_beside_it(built: Path) -> None:
    (path,) = built.glob("*.whl")
    names = zipfile.ZipFile(path).namelist()
    assert {name.split("/")[0] for name in names} <= {
        "layerclaims",
        path.name.split("-py3")[0] + ".dist-info",
    }
    assert tracked() <= set(names)


def test_the_sdist_holds_the_package_and_its_description(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as content:
        names = [name.split("/", 1)[1] for name in content.getnames() if "/" in name]
    about = {"PKG-INFO", "README.md", "LICENSE", "pyproject.toml", "setup.cfg", "layerclaims.egg-info"}
    assert {name.split("/")[0] for name in names} == {"layerclaims"} | about
    assert tracked() <= set(names)


def test_claims_of_a_user_run_in_any_folder_beside_an_own_folder_called_analysis(
    installed: Path, tmp_path: Path
) -> None:
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "__init__.py").write_text("MINE = 2\n")
    (tmp_path / "my_claims").mkdir()
    (tmp_path / "my_claims" / "test_one.py").write_text(CLAIM)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-config --strict-markers\n")
    save_activations(random_activations(), tmp_path / "a.safetensors")
    command = ["-m", "pytest", "my_claims/", "--activations", "a.safetensors", "--no-pdf", "--no-controls"]
    output = run(tmp_path, *command, "--no-specifications", path=installed, autoload=True)
    assert "1 claim: 1 supported" in output
    (folder,) = (tmp_path / "reports").iterdir()
    assert {"evidence.json", "report.html"} <= {file.name for file in folder.iterdir()}


def test_the_installed_claims_are_collected_by_the_packages_name(installed: Path, tmp_path: Path) -> None:
    command = ["-m", "pytest", "--pyargs", "layerclaims.claims", "--collect-only", "-q"]
    assert "tests collected" in run(tmp_path, *command, path=installed, autoload=True)


def test_a_checkout_with_the_package_installed_as_well_registers_the_plugin_once(
    installed: Path, tmp_path: Path
) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    output = run(checkout, "-m", "pytest", "claims/", "--collect-only", "-q", path=installed, autoload=True)
    assert "tests collected" in output
    assert "Warning" not in output


def test_another_project_pays_nothing_for_the_plugin(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-config --strict-markers\n")
    (tmp_path / "conftest.py").write_text(
        "import sys\n\n\ndef pytest_unconfigure():\n"
        "    heavy = {'numpy', 'pydantic', 'torch', 'numba', 'matplotlib', 'transformers', 'scipy', 'tqdm'}\n"
        "    print('LOADED', 'layerclaims.plugin' in sys.modules, sorted(heavy & set(sys.modules)))\n"
    )
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n")
    output = run(tmp_path, "-m", "pytest", "-p", "no:hypothesispytest", path=installed, autoload=True)
    assert "LOADED True []" in output
    assert "layerclaims:" not in output
    assert "Warning" not in output
    assert not (tmp_path / "reports").exists()


def test_a_checkout_without_links_works(tmp_path: Path) -> None:
    """As git writes it on Windows: each link is a text file with its target."""
    checkout = copy_checkout(tmp_path / "checkout")
    for link in (checkout / "layerclaims").iterdir():
        if link.is_symlink():
            target = str(link.readlink())
            link.unlink()
            link.write_text(target)
    output = run(checkout, "-m", "pytest", "claims/", "--collect-only", "-q")
    assert "tests collected" in output
    code = "import layerclaims.report.records.store as s; print(s.__file__)"
    assert Path(run(checkout, "-c", code).strip()) == checkout / "report" / "records" / "store.py"
