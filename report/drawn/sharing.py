"""Share the figures of a report out among this process and others that draw beside it.

Who draws a figure changes nothing in it. The others are given one at a time, the longest first, and only the
kinds of figures that are this package's own: they know no others. Whatever happens to them, the figures that
they do not bring are drawn here.
"""

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from layerclaims.analysis.threads import processors, within_openmp
from layerclaims.report.drawn.figure_text import FigureText, Outcome, draw_text
from layerclaims.report.waiting_process import ProcessLostError, WaitingProcess

if TYPE_CHECKING:
    from layerclaims.report.figures.catalogue import Draw

PROCESS = "layerclaims.report.drawn.process"
MOST_PROCESSES = 4
"""This one included; with more, the longest figure takes as long as all others together."""

ENOUGH_FIGURES = 8
"""From which on another process saves more time than it takes to begin."""

SECONDS = 60.0
"""Which another process has for one figure."""

SECONDS_TO_NOTICE = 0.2
"""Which another process has to notice that there are no more figures."""

LONGEST = ("grid", "distributions", "profiles", "two_points", "histograms", "simpson", "plane", "growth")
"""Kinds of figures that take longest to draw, in this order."""


class Drawers:
    """Processes that draw figures beside this one: none until they are started."""

    def __init__(self) -> None:
        self.processes: list[WaitingProcess] = []

    def start(self, n_figures: int) -> None:
        """Start as many as there are processors for, if so many figures are worth it; once is enough."""
        if self.processes or n_figures < ENOUGH_FIGURES:
            return
        for _ in range(min(within_openmp(processors()), MOST_PROCESSES) - 1):
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

    def __init__(self, draws: Sequence["Draw"]) -> None:
        places = {kind: place for place, kind in enumerate(LONGEST)}
        ordered = sorted(draws, key=lambda draw: places.get(draw.kind, len(places)), reverse=True)
        self.outcomes: dict[str, Outcome] = {}
        self._shared = [draw for draw in ordered if draw.own]
        self._here = [draw for draw in ordered if not draw.own]
        self._n_elsewhere = 0
        self._changed = threading.Condition()

    def take(self) -> "Draw | None":
        """Give the next one for this process, as soon as it is known that there is one."""
        with self._changed:
            self._changed.wait_for(lambda: self._here or self._shared or not self._n_elsewhere)
            return self._here.pop() if self._here else self._shared.pop() if self._shared else None

    def lend(self) -> "Draw | None":
        """Give the next one for another process."""
        with self._changed:
            if not self._shared:
                return None
            self._n_elsewhere += 1
            return self._shared.pop()

    def bring(self, draw: "Draw", text: FigureText | None) -> None:
        """Take back what another process made of a figure; None where this process is to draw it."""
        with self._changed:
            self._n_elsewhere -= 1
            if text is None:
                self._here.append(draw)
            else:
                self.outcomes[draw.name] = text
            self._changed.notify()


def draw_all(draws: Sequence["Draw"], drawers: Drawers | None, place: StudyPlace) -> dict[str, Outcome]:
    """Draw figures here and in other processes.

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
    from matplotlib.style import context

    from layerclaims.report.figures.svg import drawing_style

    if drawers is not None:
        drawers.start(len(draws))
    figures = _Figures(draws)
    lending = {
        process: threading.Thread(target=_lend, args=(process, place, figures), daemon=True)
        for process in (drawers.processes if drawers is not None else ())
    }
    for thread in lending.values():
        thread.start()
    try:
        with context(drawing_style()):
            while (draw := figures.take()) is not None:
                figures.outcomes[draw.name] = draw_text(draw)
        for thread in lending.values():
            thread.join(SECONDS_TO_NOTICE)
    finally:
        # Who draws still does so for nobody, and who begins is too late.
        for process, thread in lending.items():
            if thread.is_alive():
                process.kill()
            thread.join()
    return figures.outcomes


def _lend(process: WaitingProcess, place: StudyPlace, figures: _Figures) -> None:
    """Have another process draw one figure after the other, as long as it brings them."""
    question = {"folder": str(place.folder.absolute()), "lang": place.lang}
    with suppress(ProcessLostError):
        begun = process.ask(question, SECONDS) == place.run
        while begun and (draw := figures.lend()) is not None:
            text = None
            try:
                text = _text(process.ask({"name": draw.name}, SECONDS), draw.name)
            finally:
                figures.bring(draw, text)
    process.dismiss()


def _text(answer: object, name: str) -> FigureText | None:
    """Read an answer; None where it is no figure of this name."""
    fields = FigureText.__dataclass_fields__
    if not isinstance(answer, dict) or set(answer) != set(fields) or answer["name"] != name:
        return None
    return FigureText(**answer) if all(isinstance(value, str) for value in answer.values()) else None
