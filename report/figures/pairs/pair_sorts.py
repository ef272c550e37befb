"""Histograms of covariance, with pairs divided by the groups that their tokens belong to."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from layerclaims.report.figures.drawing import WIDTH, Drawing, Table, localize
from layerclaims.report.figures.palette import GROUP_COLOURS, MUTED
from layerclaims.report.study import Study

MEASURE = "covariance"
"""The measure in which clusters of pairs are traced to groups of tokens."""

_BINS = 60


def draw_pair_sorts(study: Study, name: str, kind: str, layers: list[int]) -> Drawing | None:
    """Draw covariance at the layers, stacked by sort of pair; None without two token groups."""
    sorts = study.pair_sorts(kind) if MEASURE in study.measures else None
    layers = [layer for layer in dict.fromkeys(layers) if 0 <= layer < study.n_levels]
    if sorts is None or not layers:
        return None
    words = study.words
    figure = Figure(figsize=(WIDTH, 2.5), layout="constrained")
    panels = figure.subplots(1, len(layers), squeeze=False)[0]
    for panel, layer in zip(panels, layers, strict=True):
        _draw_panel(panel, study, kind, layer, sorts)
    figure.supxlabel(study.title(MEASURE), fontsize=8, color=MUTED)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=3, labelcolor=MUTED)
    groups = study.groups(kind)
    assert groups is not None
    caption = words.gettext(
        "Pairs of %(kind)s by covariance, stacked by the groups of their two tokens. The groups are those of "
        "layer %(layer)s, of %(first)s and %(second)s tokens."
    )
    numbers = {"first": words.count(groups.sizes[0]), "second": words.count(groups.sizes[1])}
    caption %= {"kind": words.kind(kind), "layer": groups.layer, **numbers}
    return Drawing(
        name, figure, caption, _alternative(study, kind, layers, sorts), _table(study, kind, layers, sorts)
    )


def sort_names(study: Study) -> tuple[str, str, str]:
    """Name the three sorts of pairs."""
    _ = study.words.gettext
    return _("both of group 1"), _("one of each"), _("both of group 2")


def _draw_panel(panel: Axes, study: Study, kind: str, layer: int, sorts: NDArray[np.int64]) -> None:
    counts, edges = _stacks(study, kind, layer, sorts)
    base = np.zeros(_BINS)
    for sort, name in enumerate(sort_names(study)):
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
    panel.set_title(study.words.gettext("layer %(layer)s") % {"layer": layer})
    panel.set_yticks([])
    panel.spines["left"].set_visible(False)
    panel.xaxis.set_major_locator(MaxNLocator(nbins=5))
    localize(panel, study.words, "x")


def _stacks(
    study: Study, kind: str, layer: int, sorts: NDArray[np.int64]
) -> tuple[list[NDArray[np.int64]], NDArray[np.float64]]:
    values = study.pairs(kind, MEASURE)[layer]
    edges = np.histogram_bin_edges(values, _BINS)
    return [np.histogram(values[sorts == sort], edges)[0] for sort in range(3)], edges


def _alternative(study: Study, kind: str, layers: list[int], sorts: NDArray[np.int64]) -> str:
    words = study.words
    text = words.gettext("Layer %(layer)s: median covariance %(medians)s.")
    parts = [words.gettext("Stacked histograms of pairs by the groups of their tokens.")]
    for layer in layers:
        values = study.pairs(kind, MEASURE)[layer]
        medians = [
            f"{name} {words.number(float(np.median(values[sorts == sort])))}"
            for sort, name in enumerate(sort_names(study))
            if (sorts == sort).any()
        ]
        parts.append(text % {"layer": layer, "medians": ", ".join(medians)})
    return " ".join(parts)


def _table(study: Study, kind: str, layers: list[int], sorts: NDArray[np.int64]) -> Table:
    table = Table(("layer", "bin_low", "bin_high", "both_group_1", "one_of_each", "both_group_2"))
    for layer in layers:
        counts, edges = _stacks(study, kind, layer, sorts)
        for low, high, *numbers in zip(edges[:-1].tolist(), edges[1:].tolist(), *counts, strict=True):
            table.rows.append((layer, low, high, *map(int, numbers)))
    return table
