"""Histograms of one pair measure at chosen layers."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from layerclaims.report.figures.bulk import bulk_limits
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
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.pairs.stairs import draw_stairs
from layerclaims.report.figures.palette import MUTED
from layerclaims.report.study import FloatArray, Study

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
    figure = Figure(figsize=(WIDTH, 0.5 + 1.9 * panel_grid(len(layers))[0]), layout=MeasuredLayout())
    panels = panels_of(figure, len(layers))
    for panel, layer in zip(panels, layers, strict=True):
        _draw_panel(panel, study, measure, layer)
    words = study.words
    figure.supxlabel(study.title(measure), fontsize=8, color=MUTED)
    legend_above(figure, panels[0])
    caption = words.gettext("Pairs by %(measure)s; each kind on its own scale of counts.")
    caption %= {"measure": study.title(measure)}
    n_outside = _n_outside(study, measure, layers)
    if n_outside:
        text = words.ngettext(
            "The end bins hold %(n)s pair that lies far outside.",
            "The end bins hold %(n)s pairs that lie far outside.",
            n_outside,
        )
        caption += " " + text % {"n": words.count(n_outside)}
    return Drawing(
        name,
        figure,
        caption,
        _alternative(study, measure, layers),
        _table(study, measure, layers),
    )


def _draw_panel(panel: Axes, study: Study, measure: str, layer: int) -> None:
    words = study.words
    for kind in study.drawn_kinds:
        counts, edges = binned(study, kind, measure, layer)
        height = counts / counts.max()
        colour = kind_style(study, kind).colour
        alpha = 0.8 / max(2, len(study.drawn_kinds))
        draw_stairs(panel, height, edges, fill=True, color=colour, alpha=alpha)
        draw_stairs(panel, height, edges, color=colour, linewidth=1, label=words.kind(kind))
    panel.set_title(words.gettext("layer %(layer)s") % {"layer": layer})
    panel.yaxis.set_visible(False)
    panel.xaxis.set_major_locator(MaxNLocator(nbins=5))
    localize(panel, words, "x")


def binned(study: Study, kind: str, measure: str, layer: int) -> tuple[NDArray[np.int64], FloatArray]:
    """Count a kind's pairs in bins over the bulk of the values; the end bins hold what lies further out."""
    values = study.pairs(kind, measure)[layer]
    low, high = bulk_limits(values)
    edges = np.histogram_bin_edges(np.clip(values, low, high), _BINS)
    return np.histogram(np.clip(values, low, high), edges)[0], edges


def _n_outside(study: Study, measure: str, layers: list[int]) -> int:
    values = [study.pairs(kind, measure)[layer] for kind in study.drawn_kinds for layer in layers]
    limits = map(bulk_limits, values)
    return sum(int(((v < low) | (v > high)).sum()) for v, (low, high) in zip(values, limits, strict=True))


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
            counts, edges = binned(study, kind, measure, layer)
            for n, low, high in zip(counts.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
                table.rows.append((layer, kind, low, high, n))
    return table
