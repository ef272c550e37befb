"""Histograms of a pair measure, with pairs divided by the groups that their tokens belong to."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from layerclaims.report.figures.drawing import WIDTH, Drawing, Table, localize
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.palette import GROUP_COLOURS, MUTED
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.study import FloatArray, Study

_BINS = 60


def draw_pair_sorts(study: Study, name: str, measure: str, kind: str, layers: list[int]) -> Drawing | None:
    """Draw a pair measure at the layers, stacked by sort of pair; None without two token groups."""
    sorts = study.pair_sorts(kind)
    layers = [layer for layer in dict.fromkeys(layers) if 0 <= layer < study.n_levels]
    if sorts is None or not layers:
        return None
    words, values = study.words, study.pairs(kind, measure)
    figure = Figure(figsize=(WIDTH, 2.5), layout=MeasuredLayout())
    panels = panels_in(figure, 1, len(layers))[0]
    for panel, layer in zip(panels, layers, strict=True):
        _draw_panel(panel, study, values[layer], sorts)
        panel.set_title(words.gettext("layer %(layer)s") % {"layer": layer})
    figure.supxlabel(study.axis_label(measure), fontsize=8, color=MUTED)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=3, labelcolor=MUTED)
    groups = study.groups(kind)
    assert groups is not None
    caption = words.gettext(
        "Pairs of %(kind)s by %(measure)s, stacked by the groups of their two tokens. The groups are those "
        "of layer %(layer)s, of %(first)s and %(second)s tokens."
    )
    numbers = {"first": words.count(groups.sizes[0]), "second": words.count(groups.sizes[1])}
    names = {"kind": words.kind(kind), "measure": study.title(measure)}
    caption %= {**names, "layer": groups.layer, **numbers}
    alternative = _alternative(study, measure, values, layers, sorts)
    return Drawing(name, figure, caption, alternative, _table(values, layers, sorts))


def _draw_panel(panel: Axes, study: Study, values: FloatArray, sorts: NDArray[np.int64]) -> None:
    counts, edges = _stacks(values, sorts)
    base = np.zeros(_BINS)
    for sort, name in enumerate(study.sort_names):
        panel.stairs(
            base + counts[sort],
            edges,
            baseline=base,
            fill=True,
            color=GROUP_COLOURS[sort],
            label=name,
            alpha=0.85,
        )
        base = base + counts[sort]
    panel.yaxis.set_visible(False)
    panel.xaxis.set_major_locator(MaxNLocator(nbins=5))
    localize(panel, study.words, "x")


def _stacks(values: FloatArray, sorts: NDArray[np.int64]) -> tuple[list[NDArray[np.int64]], FloatArray]:
    """Count one layer's pairs by sort and bin."""
    edges = np.histogram_bin_edges(values, _BINS)
    return [np.histogram(values[sorts == sort], edges)[0] for sort in range(3)], edges


def _alternative(
    study: Study, measure: str, values: FloatArray, layers: list[int], sorts: NDArray[np.int64]
) -> str:
    words = study.words
    text = words.gettext("Layer %(layer)s: median %(measure)s %(medians)s.")
    parts = [words.gettext("Stacked histograms of pairs by the groups of their tokens.")]
    for layer in layers:
        medians = [
            f"{name} {words.number(float(np.median(values[layer, sorts == sort])))}"
            for sort, name in enumerate(study.sort_names)
            if (sorts == sort).any()
        ]
        numbers = {"layer": layer, "medians": ", ".join(medians)}
        parts.append(text % {"measure": study.title(measure), **numbers})
    return " ".join(parts)


def _table(values: FloatArray, layers: list[int], sorts: NDArray[np.int64]) -> Table:
    table = Table(("layer", "bin_low", "bin_high", "both_group_1", "one_of_each", "both_group_2"))
    for layer in layers:
        counts, edges = _stacks(values[layer], sorts)
        for low, high, *numbers in zip(edges[:-1].tolist(), edges[1:].tolist(), *counts, strict=True):
            table.rows.append((layer, low, high, *map(int, numbers)))
    return table
