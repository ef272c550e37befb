"""Give a copy of the package this checkout's machine code: compiling it anew takes half a minute."""

import shutil
from pathlib import Path
from typing import Any

from numba.core.caching import _CacheLocator

from tests.command import ROOT


def bring_kernels(copy: Path) -> None:
    """Put this checkout's machine code where a copy of the package looks for its own.

    Where numba does not find it, as after a change to a source, it compiles, and only time is lost.

    Parameters
    ----------
    copy : Path
        The folder that holds the copy's ``layerclaims/analysis``, a link or a folder.
    """
    locator: Any = _CacheLocator  # numba carries no types
    sources, analysis = ROOT / "analysis", copy / "layerclaims" / "analysis"
    for kernels in (sources / "__pycache__").glob("kernels-*/*"):
        name = kernels.name.rpartition("_")[0]
        for source in (sources / name).glob("*.py"):
            shutil.copystat(source, analysis / name / source.name)  # numba looks at times and sizes
        place = locator.get_suitable_cache_subpath(str(analysis / name / "any.py"))
        shutil.copytree(kernels, analysis / "__pycache__" / kernels.parent.name / place, dirs_exist_ok=True)
