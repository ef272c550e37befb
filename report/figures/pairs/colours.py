"""Colours of pairs in scatter plots: by the two groups of tokens where a run found some, else by kind."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from layerclaims.report.figures.drawing import kind_style
from layerclaims.report.figures.palette import GROUP_COLOURS, MUTED
from layerclaims.report.study import Study


def kind_colour(study: Study, kind: str) -> str:
    """Return the colour of a kind as a whole: grey where only another kind has groups, with their colours."""
    grouped = [other for other in study.drawn_kinds if study.pair_sorts(other) is not None]
    return MUTED if grouped and kind not in grouped else kind_style(study, kind).colour


def pair_colours(study: Study, kind: str, chosen: NDArray[np.int64]) -> list[str]:
    """Return the colour of each of a kind's chosen pairs."""
    sorts = study.pair_sorts(kind)
    if sorts is None:
        return [kind_colour(study, kind)] * len(chosen)
    return [GROUP_COLOURS[sort] for sort in sorts[chosen].tolist()]


def colour_legend(figure: Figure, study: Study) -> None:
    """Name the colours above the panels."""
    entries = [entry for kind in study.drawn_kinds for entry in _entries(study, kind)]
    handles = [Line2D([], [], color=colour, marker="o", linestyle="", markersize=4) for _, colour in entries]
    labels = [label for label, _ in entries]
    figure.legend(handles, labels, loc="outside upper right", ncols=min(4, len(labels)), labelcolor=MUTED)


def _entries(study: Study, kind: str) -> list[tuple[str, str]]:
    name = study.words.kind(kind)
    if study.pair_sorts(kind) is None:
        return [(name, kind_colour(study, kind))]
    return [(f"{name}: {sort}", GROUP_COLOURS[place]) for place, sort in enumerate(study.sort_names)]
