"""Have the figures of a report drawn by processes beside this one.

Who draws a figure changes nothing in it. The others draw the kinds of figures that are this package's own,
the longest first: they know no others. Those are drawn here, and whatever the others do not bring: this
process would first have to import Matplotlib, which they have done.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from layerclaims.analysis.threads import processors, within_openmp
from layerclaims.report.drawn.figure_text import Fault, Outcome, draw_text, read_outcome
from layerclaims.report.waiting_process import ProcessLostError, WaitingProcess

if TYPE_CHECKING:
    from layerclaims.report.figures.catalogue import Draw

PROCESS = "layerclaims.report.drawn.process"
MOST_PROCESSES = 3
"""Which draw; with more, the longest figure takes as long as all others together."""

ENOUGH_FIGURES = 8
"""From which on other processes save more time than they take to begin."""

SECONDS = 60.0
"""Which the next figure may take to come."""

LONGEST = ("grid", "distributions", "profiles", "two_points", "histograms", "simpson", "plane", "growth")
"""Kinds of figures that take longest to draw, in this order."""


class Drawers:
    """Processes that draw figures beside this one: none until they are started.

    Attributes
    ----------
    process : WaitingProcess or None
        The one that is asked for figures.
    """

    def __init__(self) -> None:
        self.process: WaitingProcess | None = None

    def start(self, n_figures: int) -> None:
        """Start one a processor, if there are several and so many figures are worth it; once is enough."""
        n_processes = min(within_openmp(processors()), MOST_PROCESSES)
        if self.process is not None or n_figures < ENOUGH_FIGURES or n_processes == 1:
            return
        with suppress(OSError):
            self.process = WaitingProcess(PROCESS, str(n_processes))

    def close(self) -> None:
        """End all processes."""
        if self.process is not None:
            self.process.close()
            self.process = None

    def __enter__(self) -> Self:
        """Have the processes ended at the end of a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all processes."""
        self.close()


@dataclass(frozen=True)
class StudyPlace:
    """Where another process finds the study, in which language, and of which run it must be."""

    folder: Path
    lang: str
    run: str


def draw_all(draws: Sequence["Draw"], drawers: Drawers | None, place: StudyPlace) -> dict[str, Outcome]:
    """Draw figures in other processes, and here what they do not draw.

    Parameters
    ----------
    draws : sequence of Draw
    drawers : Drawers or None
        Started here if they are not yet and it is worth it; nothing can be asked of them afterwards.
    place : StudyPlace

    Returns
    -------
    dict
        What became of each figure, by its name.

    Raises
    ------
    OSError
        If the system fails while a figure is drawn here.
    """
    places = {kind: number for number, kind in enumerate(LONGEST)}
    ordered = sorted(draws, key=lambda draw: places.get(draw.kind, len(places)))
    if drawers is not None:
        drawers.start(len(draws))
    if drawers is None or drawers.process is None:
        return _draw_here(ordered)
    shared = [draw.name for draw in ordered if draw.own]
    outcomes: dict[str, Outcome] = {}
    try:
        with suppress(ProcessLostError):  # what did not come is drawn here
            question = {"folder": str(place.folder.absolute()), "lang": place.lang, "names": shared}
            drawers.process.send(question, SECONDS)
            outcomes.update(_draw_here([draw for draw in ordered if not draw.own]))
            for name, outcome in _received(drawers.process, shared, place.run):
                outcomes[name] = outcome
        outcomes.update(_draw_here([draw for draw in ordered if draw.name not in outcomes]))
    finally:
        if len(outcomes) < len(draws):  # who draws still does so for nobody
            drawers.process.kill()
    drawers.process.dismiss()
    return outcomes


def _draw_here(draws: Sequence["Draw"]) -> dict[str, Outcome]:
    """Draw figures in this process, which imports Matplotlib only if there are any."""
    if not draws:
        return {}
    from matplotlib.style import context

    from layerclaims.report.figures.svg import drawing_style

    with context(drawing_style()):
        return {draw.name: draw_text(draw) for draw in draws}


def _received(process: WaitingProcess, names: Sequence[str], run: str) -> Iterator[tuple[str, Outcome]]:
    """Give what other processes bring, as it comes; what they could not draw is left out."""
    for _ in names:
        match process.receive(SECONDS):
            case {"name": str(name), "run": of_run, "outcome": record} if of_run == run and name in names:
                outcome = read_outcome(record, name)
                if not isinstance(outcome, Fault):
                    yield name, outcome
