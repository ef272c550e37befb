"""One figure as text: its SVG, its data as CSV, and what a page says of it."""

import csv
import io
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from layerclaims.report.study import Study
from layerclaims.text import shorten, visible

if TYPE_CHECKING:
    from layerclaims.report.figures.catalogue import Draw, NotDrawn
    from layerclaims.report.figures.drawing import Drawing, Table

LONGEST_REASON = 200
"""Characters of why a figure could not be drawn."""


@dataclass(frozen=True)
class FigureText:
    """A figure that was drawn.

    Attributes
    ----------
    name : str
        File stem.
    svg, csv : str
        The drawing, and the numbers behind it.
    caption : str
    points : str
        A line for each point that can be pointed at: x and y in the drawing, and what is said of it.
    """

    name: str
    svg: str
    csv: str
    caption: str
    points: str


@dataclass(frozen=True)
class Fault:
    """Why a figure could not be drawn, in one line."""

    reason: str


Outcome: TypeAlias = "FigureText | NotDrawn | Fault | None"
"""What became of a figure; None where there is nothing to draw."""


def draw_text(draw: "Draw") -> Outcome:
    """Draw one figure under the report's style; where that fails, the others can be drawn all the same.

    Raises
    ------
    OSError
        If the system fails, for it would fail the other figures as well.
    """
    from layerclaims.report.figures.catalogue import NotDrawn

    try:
        drawing = draw.function()
        return drawing if drawing is None or isinstance(drawing, NotDrawn) else as_text(drawing)
    except OSError:
        raise
    except Exception as error:  # whatever a figure of numbers that nobody foresaw raises
        return Fault(shorten(f"{type(error).__name__}: {visible(str(error))}", LONGEST_REASON))


def outcome_record(outcome: Outcome) -> dict[str, object] | None:
    """Put what became of a figure into what JSON holds; None for a fault, which whoever asked has to see.

    `read_outcome` reads it again.
    """
    if isinstance(outcome, Fault):
        return None
    if isinstance(outcome, FigureText):
        return {"drawn": asdict(outcome)}
    return {"reason": outcome.reason} if outcome is not None else {}


def read_outcome(record: object, name: str) -> Outcome:
    """Read what became of the figure of a name; a fault where the record does not say."""
    from layerclaims.report.figures.catalogue import NotDrawn

    match record:
        case {"drawn": dict(fields)} if _is_figure(fields, name):
            return FigureText(**fields)
        case {"reason": str(reason)}:
            return NotDrawn(reason)
        case dict() if not record:
            return None
    return Fault(f"no answer that tells of {name}")


def _is_figure(fields: dict[str, object], name: str) -> bool:
    """Tell whether fields are all those of the figure of this name."""
    texts = all(isinstance(value, str) for value in fields.values())
    return texts and set(fields) == set(FigureText.__dataclass_fields__) and fields["name"] == name


def explain(fault: Fault, study: Study) -> str:
    """Say in the reader's language that a figure could not be drawn."""
    return study.words.gettext("This figure could not be drawn: %(reason)s.") % {"reason": fault.reason}


def as_text(drawing: "Drawing") -> FigureText:
    """Write a drawing as text, under the report's style."""
    from layerclaims.report.figures.svg import svg_places, to_svg

    svg = to_svg(drawing.figure, drawing.name, drawing.alternative)
    points = "\n".join(f"{x} {y} {text}" for x, y, text in svg_places(drawing))
    return FigureText(drawing.name, svg, table_text(drawing.table), drawing.caption, points)


def table_text(table: "Table") -> str:
    """Write the numbers behind a figure as CSV."""
    return "".join([_line(table.columns), *map(_line, table.rows)])


def _line(row: tuple[str | int | float | None, ...]) -> str:
    """Write a row; a whole one at once, since figures have up to some hundred thousand cells."""
    pattern, has_texts = _pattern(tuple(map(type, row)))
    if has_texts:
        row = tuple([_quoted(cell) if isinstance(cell, str) else cell for cell in row])
    return pattern % row


@lru_cache
def _pattern(types: tuple[type, ...]) -> tuple[str, bool]:
    """Give floats six digits, as many as float32 has, and None nothing; tell whether there are texts."""
    parts = ("%.6g" if issubclass(one, float) else "%.0s" if one is type(None) else "%s" for one in types)
    return ",".join(parts) + "\n", any(issubclass(one, str) for one in types)


@lru_cache
def _quoted(cell: str) -> str:
    """Write a text as CSV asks for."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([cell, None])  # alone, an empty one would be quoted
    return text.getvalue().removesuffix(",\n")
