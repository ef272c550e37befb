"""A process that draws figures beside the one that makes a report; see `report.drawn.sharing`.

It imports what draws once, and is then forked into several that draw. Where forking is not safe, each of
these imports everything by itself, which takes as long as drawing all figures.
"""

import gc
import multiprocessing
import os
import pkgutil
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache, partial
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layerclaims.report.drawn.figure_text import draw_text, outcome_record
from layerclaims.report.drawn.reading import read_study
from layerclaims.report.waiting_process import answer_questions

if TYPE_CHECKING:
    from layerclaims.report.figures.catalogue import Draw

START_METHOD = "fork" if sys.platform == "linux" else "spawn"
"""How processes are started: libraries of macOS do not survive a fork."""


def prepare(n_processes: int) -> Callable[[Any], Iterator[object]]:
    """Start the processes that draw; return what asks them."""
    if START_METHOD == "fork":
        load()
    pool = ProcessPoolExecutor(n_processes, multiprocessing.get_context(START_METHOD), begin_to_draw)
    for _ in range(n_processes):
        pool.submit(os.getpid)  # so that they start

    def answer(question: dict[str, Any]) -> Iterator[object]:
        """Draw the figures of a study that are named; each comes when it is ready, by its name."""
        drawn = partial(draw, question["folder"], question["lang"])
        for outcome in as_completed([pool.submit(drawn, name) for name in question["names"]]):
            yield outcome.result()

    return answer


@cache
def load() -> None:
    """Import what draws, and set the report's style for good."""
    import matplotlib.backends.backend_svg  # noqa: F401 - what writing a figure would import
    from matplotlib.style import use

    from layerclaims.report import figures
    from layerclaims.report.figures.svg import drawing_style

    for module in pkgutil.walk_packages(figures.__path__, f"{figures.__name__}."):
        import_module(module.name)  # would else be imported by the figure that needs it
    use(drawing_style())
    gc.freeze()  # what is imported stays, and a fork shares it


def begin_to_draw() -> None:
    """Import what draws, in a process that ends with the one that started it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    load()
    gc.enable()  # a fork is made while its parent, which imports, looks for no garbage


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


@cache
def _draws(folder: str, lang: str) -> tuple[str, dict[str, "Draw"]]:
    """Read a study: its run, and its figures by their names."""
    from layerclaims.report.figures.catalogue import report_figures

    study = read_study(Path(folder), lang)
    of_study, of_claims = report_figures(study)
    return study.evidence.run, {draw.name: draw for draw in chain(of_study, *of_claims.values())}


def draw(folder: str, lang: str, name: str) -> dict[str, object]:
    """Draw one figure, and say of which run it is."""
    run, draws = _draws(folder, lang)
    return {"name": name, "run": run, "outcome": outcome_record(draw_text(draws[name]))}


if __name__ == "__main__":
    answer_questions(sys.argv[1], partial(prepare, int(sys.argv[2])))
