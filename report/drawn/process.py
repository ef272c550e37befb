"""A process that draws figures beside the one that makes a report; see `report.drawn.sharing`."""

import pkgutil
import sys
from collections.abc import Callable
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layerclaims.report.drawn.figure_text import draw_text, outcome_record
from layerclaims.report.drawn.reading import read_study
from layerclaims.report.waiting_process import answer_questions

if TYPE_CHECKING:
    from layerclaims.report.figures.catalogue import Draw


def prepare() -> Callable[[Any], object]:
    """Import what draws, and set the report's style for good."""
    import matplotlib.backends.backend_svg  # noqa: F401 - what writing a figure would import
    from matplotlib.style import use

    from layerclaims.report import figures
    from layerclaims.report.figures.catalogue import report_figures
    from layerclaims.report.figures.svg import drawing_style

    for module in pkgutil.walk_packages(figures.__path__, f"{figures.__name__}."):
        import_module(module.name)  # would else be imported by the figure that needs it
    use(drawing_style())
    draws: dict[str, Draw] = {}

    def answer(question: dict[str, str]) -> object:
        """Read a study and tell its run, or draw one of its figures."""
        if "folder" in question:
            study = read_study(Path(question["folder"]), question["lang"])
            of_study, of_claims = report_figures(study)
            draws.update({draw.name: draw for draw in chain(of_study, *of_claims.values())})
            return study.evidence.run
        return outcome_record(draw_text(draws[question["name"]]))

    return answer


if __name__ == "__main__":
    answer_questions(sys.argv[1], prepare)
