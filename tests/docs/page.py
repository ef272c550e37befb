"""Read a page's files and commands, and follow them in a folder as a reader would."""

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.command import ROOT, SECONDS, environment

FILE = re.compile(r"^In `([^`]+)`:\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page of the documentation.

    Attributes
    ----------
    files : dict
        Path to content, of every block that is introduced by "In `path`:".
    commands : list of list of str
        Lines of each block of commands, without comments.
    """

    files: dict[str, str]
    commands: list[list[str]]


def read_page(name: str) -> Page:
    """Read a page by its path from the root."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = [
        [line.split(" #")[0].rstrip() for line in block.splitlines() if line.strip()]
        for block in COMMANDS.findall(text)
    ]
    return Page(dict(FILE.findall(text)), blocks)


def write_files(page: Page, folder: Path) -> None:
    """Write every file of a page below a folder."""
    for name, content in page.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def run_line(
    line: str, folder: Path, package_root: Path = ROOT, *, pdf: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a line as a reader who has the package installed, with this interpreter, in the folder.

    The PDF takes as long as all else, and is made where a test asks for it.
    """
    program, *arguments = shlex.split(line)
    if program == "pytest" and not pdf:
        arguments.append("--no-pdf")
    command = {
        "python": [sys.executable],
        "pytest": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
    }[program]
    variables = environment(folder, PYTHONPATH=str(package_root), PYTEST_PLUGINS="layerclaims.plugin")
    return subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
