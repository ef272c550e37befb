"""Share the figures of a report out among processes that draw beside this one.

Who draws a figure changes nothing in it. The others are given one at a time, the longest first, and only the
kinds of figures that are this package's own: they know no others. Those are drawn here, and whatever the
others do not bring, or not soon: this process would first have to import Matplotlib, which they have done.
"""

import threading
from collections.abc import Sequence
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
"""Beside this one; with more, the longest figure takes as long as all others together."""

ENOUGH_FIGURES = 8
"""From which on another process saves more time than it takes to begin."""

SECONDS = 60.0
"""Which another process has for one figure."""

PATIENCE = 10.0
"""Seconds without any figure from another process after which this one draws as well."""

SECONDS_TO_NOTICE = 0.2
"""Which another process has to notice that there are no more figures."""

LONGEST = ("grid", "distributions", "profiles", "two_points", "histograms", "simpson", "plane", "growth")
"""Kinds of figures that take longest to draw, in this order."""


class Drawers:
    """Processes that draw figures beside this one: none until they are started."""

    def __init__(self) -> None:
        self.processes: list[WaitingProcess] = []

    def start(self, n_figures: int) -> None:
        """Start one a processor, if there are several and so many figures are worth it; once is enough."""
        n_processes = min(within_openmp(processors()), MOST_PROCESSES)
        if self.processes or n_figures < ENOUGH_FIGURES or n_processes == 1:
            return
        for _ in range(n_processes):
            with suppress(OSError):
                self.processes.append(WaitingProcess(PROCESS))

    def close(self) -> None:
        """End all processes."""
        for process in self.processes:
            process.dismiss()
        while self.processes:
            self.processes.pop().close()

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


class _Figures:
    """The figures that are not drawn yet, and what became of the others."""

    def __init__(self, draws: Sequence["Draw"], n_lenders: int) -> None:
        places = {kind: place for place, kind in enumerate(LONGEST)}
        ordered = sorted(draws, key=lambda draw: places.get(draw.kind, len(places)), reverse=True)
        self.outcomes: dict[str, Outcome] = {}
        self._shared = [draw for draw in ordered if draw.own]
        self._here = [draw for draw in ordered if not draw.own]
        self._n_elsewhere = 0
        self._n_lenders = n_lenders
        self._changed = threading.Condition()

    def take(self) -> "Draw | None":
        """Give the next one for this process; None as soon as it is known that there is none."""
        with self._changed:
            while self._n_lenders and not self._here and (self._shared or self._n_elsewhere):
                came = self._changed.wait(PATIENCE)
                if self._shared and not came:
                    break
            return self._here.pop() if self._here else self._shared.pop() if self._shared else None

    def lend(self) -> "Draw | None":
        """Give the next one for another process."""
        with self._changed:
            if not self._shared:
                return None
            self._n_elsewhere += 1
            return self._shared.pop()

    def bring(self, draw: "Draw", outcome: Outcome) -> None:
        """Take back what became of a figure in another process; after a fault it is drawn here."""
        with self._changed:
            self._n_elsewhere -= 1
            if isinstance(outcome, Fault):
                self._here.append(draw)
            else:
                self.outcomes[draw.name] = outcome
            self._changed.notify()

    def end_lending(self) -> None:
        """Do without another process from now on."""
        with self._changed:
            self._n_lenders -= 1
            self._changed.notify()


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
    if drawers is not None:
        drawers.start(len(draws))
    processes = drawers.processes if drawers is not None else []
    figures = _Figures(draws, len(processes))
    lending = {
        process: threading.Thread(target=_lend, args=(process, place, figures), daemon=True)
        for process in processes
    }
    for thread in lending.values():
        thread.start()
    try:
        _draw_here(figures)
        for thread in lending.values():
            thread.join(SECONDS_TO_NOTICE)
    finally:
        # Who draws still does so for nobody, and who begins is too late.
        for process, thread in lending.items():
            if thread.is_alive():
                process.kill()
            thread.join()
    return figures.outcomes


def _draw_here(figures: _Figures) -> None:
    """Draw what is for this process, which imports Matplotlib only if there is anything."""
    draw = figures.take()
    if draw is None:
        return
    from matplotlib.style import context

    from layerclaims.report.figures.svg import drawing_style

    with context(drawing_style()):
        while draw is not None:
            figures.outcomes[draw.name] = draw_text(draw)
            draw = figures.take()


def _lend(process: WaitingProcess, place: StudyPlace, figures: _Figures) -> None:
    """Have another process draw one figure after the other, as long as it brings them."""
    question = {"folder": str(place.folder.absolute()), "lang": place.lang}
    try:
        begun = process.ask(question, SECONDS) == place.run
        while begun and (draw := figures.lend()) is not None:
            outcome: Outcome = Fault("another process was lost over it")
            try:
                outcome = read_outcome(process.ask({"name": draw.name}, SECONDS), draw.name)
            finally:
                figures.bring(draw, outcome)
    except ProcessLostError:
        pass  # what it did not bring is drawn without it
    finally:
        figures.end_lending()
    process.dismiss()
