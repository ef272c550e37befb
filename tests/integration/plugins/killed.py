"""Kill the run before its write number $KILL_AT in its folder; without a number, count its writes.

Figures are written, but their curves are not drawn: that takes most of a run, and no other write comes of it.
"""

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from layerclaims.report.figures import svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from layerclaims.report.figures.drawing import Drawing

COUNT = "writes"
"""File that says how many writes there were."""
WRITES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir")
FOLDERS = ("reports", "cache", "tmp")

_folder = Path()
_n_writes = 0
_kill_at = 0


def _is_ours(path: object) -> bool:
    if not isinstance(path, str | os.PathLike):
        return False
    inside = (_folder / path).parts[len(_folder.parts) :]
    return (_folder / path).is_relative_to(_folder) and inside[:1] != () and inside[0] in FOLDERS


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    global _n_writes
    if event == "open":
        path, _, flags = arguments
        writes = isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    elif event in WRITES:
        path, writes = arguments[0], True
    else:
        return
    if writes and _is_ours(path):
        _n_writes += 1
        if _n_writes == _kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def _to_svg(figure: "Figure", name: str, title: str) -> str:  # noqa: ARG001
    return f"<svg><title>{name}</title></svg>"


def _svg_places(drawing: "Drawing") -> list[tuple[float, float, str]]:  # noqa: ARG001
    return []


def pytest_configure() -> None:
    global _folder, _kill_at
    svg.to_svg = _to_svg
    svg.svg_places = _svg_places
    _folder, _kill_at = Path.cwd(), int(os.environ.get("KILL_AT", "0"))
    sys.addaudithook(_hook)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    Path(COUNT).write_text(str(_n_writes))
