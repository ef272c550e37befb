"""Histograms of one pair measure at chosen layers."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from layerclaims.report.figures.drawing import (
    WIDTH,
    Drawing,
    Table,
    kind_style,
    legend_above,
    localize,
    panel_grid,
    panels_of,
)
from layerclaims.report.figures.palette import MUTED
from layerclaims.report.study import Study

_BINS = 60


def draw_histograms(study: Study, name: str, measure: str, layers: list[int]) -> Drawing | None:
    """Draw a measure's distribution over the pairs at each of the layers; None without points.

    Parameters
    ----------
    study : Study
    name : str
        File stem.
    measure : str
        One of the evidence's measures.
    layers : list of int
        Layers beyond the model's depth are left out.
    """
    layers = [layer for layer in dict.fromkeys(layers) if 0 <= layer < study.n_levels]
    if not study.drawn_kinds or not layers:
        return None
    figure = Figure(figsize=(WIDTH, 0.5 + 1.9 * panel_grid(len(layers))[0]), layout="constrained")
    panels = panels_of(figure, len(layers))
    for panel, layer in zip(panels, layers, strict=True):
        _draw_panel(panel, study, measure, layer)
    words = study.words
    figure.supxlabel(study.title(measure), fontsize=8, color=MUTED)
    legend_above(figure, panels[0])
    caption = words.gettext("Pairs by %(measure)s; each kind on its own scale of counts.")
    return Drawing(
        name,
        figure,
        caption % {"measure": study.title(measure)},
        _alternative(study, measure, layers),
        _table(study, measure, layers),
    )


def _draw_panel(panel: Axes, study: Study, measure: str, layer: int) -> None:
    words = study.words
    for kind in study.drawn_kinds:
        counts, edges = np.histogram(study.pairs(kind, measure)[layer], _BINS)
        height = counts / counts.max()
        colour = kind_style(study, kind).colour
        panel.stairs(height, edges, fill=True, color=colour, alpha=0.8 / max(2, len(study.drawn_kinds)))
        panel.stairs(height, edges, color=colour, linewidth=1, label=words.kind(kind))
    panel.set_title(words.gettext("layer %(layer)s") % {"layer": layer})
    panel.set_yticks([])
    panel.spines["left"].set_visible(False)
    panel.xaxis.set_major_locator(MaxNLocator(nbins=5))
    localize(panel, words, "x")


def _alternative(study: Study, measure: str, layers: list[int]) -> str:
    words = study.words
    text = words.gettext(
        "Layer %(layer)s, %(kind)s: from %(low)s to %(high)s, median %(middle)s%(clusters)s."
    )
    parts = []
    for layer in layers:
        for kind in study.drawn_kinds:
            low, middle, high = np.quantile(study.pairs(kind, measure)[layer], [0, 0.5, 1])
            numbers = {"low": words.number(low), "middle": words.number(middle), "high": words.number(high)}
            clusters = _clusters(study, kind, measure, layer)
            parts.append(text % {"layer": layer, "kind": words.kind(kind), "clusters": clusters, **numbers})
    heading = words.gettext("Histograms of %(measure)s.") % {"measure": study.title(measure)}
    return heading + " " + " ".join(parts)


def _clusters(study: Study, kind: str, measure: str, layer: int) -> str:
    profile = study.kind_profile(kind)
    counts = profile.n_clusters.get(measure, []) if profile is not None else []
    n = counts[layer] if layer < len(counts) else None
    if n is None:
        return ""
    return study.words.ngettext(", %(n)s cluster", ", %(n)s clusters", n) % {"n": n}


def _table(study: Study, measure: str, layers: list[int]) -> Table:
    table = Table(("layer", "kind", "bin_low", "bin_high", "pairs"))
    for layer in layers:
        for kind in study.drawn_kinds:
            counts, edges = np.histogram(study.pairs(kind, measure)[layer], _BINS)
            for n, low, high in zip(counts.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
                table.rows.append((layer, kind, low, high, n))
    return table
