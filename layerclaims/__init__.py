"""What a document says about a language model, as pytest assertions with an evidence report."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layerclaims.report.frames import Report

_HERE = Path(__file__).parent
if not (_HERE / "analysis").is_dir():
    # A checkout on a system without symbolic links, such as Windows: git writes each as a small text file.
    # The folders that these name lie one level up, and are found there as parts of this package.
    __path__.append(str(_HERE.parent))


def load(folder: "str | Path") -> "Report":
    """Read a run's report, whose tables are pandas data frames; see `layerclaims.report.frames.load`."""
    from layerclaims.report import frames

    return frames.load(folder)
