"""What all frames of a report share: folder and evidence; pandas is imported when one is asked for."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from layerclaims.report.records import tables
from layerclaims.report.records.evidence import Evidence
from layerclaims.text import visible

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Frames:
    """What a run left in its folder.

    Attributes
    ----------
    folder : Path
        Holds ``evidence.json`` and what lies beside it.
    evidence : Evidence
        Everything that the run found, as it was checked when it was read.
    """

    folder: Path
    evidence: Evidence = field(repr=False)

    def _frame(self, table: tables.Table) -> "pd.DataFrame":
        needs("pandas")
        import pandas as pd

        rows = list(table.rows(self.evidence))
        further = dict.fromkeys(name for row in rows for name in row if name not in table.columns)
        frame = pd.DataFrame(rows, columns=[*table.columns, *further])
        return frame.astype(table.columns)


def shown(path: Path) -> str:
    """Write a path as a sentence names it."""
    return visible(str(path))


def needs(name: str) -> None:
    """Refuse in one sentence where a package is not installed."""
    from importlib.util import find_spec

    if find_spec(name) is None:
        raise ImportError(
            f"data frames need {name}, which is not installed: pip install 'layerclaims[frames]'", name=name
        )
