"""Distributions of the pair measures, layer by layer: commas above each base line, full stops below."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from scipy.ndimage import gaussian_filter1d

from layerclaims.report.figures.drawing import WIDTH, Drawing, Table, localize
from layerclaims.report.figures.layers.profiles import needs_logarithm
from layerclaims.report.figures.palette import KIND_COLOURS, LINE, MUTED
from layerclaims.report.records.store import MEASURES
from layerclaims.report.study import FloatArray, Study

_BINS = 120
_SMOOTHING = 1.6
"""Standard deviation of the smoothing kernel, in bins: 1% of the axis, too little to merge clusters."""

_RIDGE_HEIGHT = 0.72
_INVISIBLE = 2e-3
"""Share of a ridge's height that is thinner than its base line."""

SIDES = {"internal": -1, "terminal": 1}


def draw_distributions(study: Study) -> Drawing | None:
    """Draw each layer's distribution of each measure, both kinds; None without points."""
    if not study.drawn_kinds:
        return None
    figure = Figure(figsize=(WIDTH, 1.1 + 0.19 * study.n_levels), layout="constrained")
    panels = figure.subplots(1, len(MEASURES), sharey=True)
    for panel, measure in zip(panels, MEASURES, strict=True):
        _draw_ridges(panel, study, measure)
        panel.set_title(study.words.measure(measure))
    panels[0].set_ylabel(study.words.gettext("layer"))
    handles = [
        panels[0].fill_between([], [], color=KIND_COLOURS[kind], alpha=0.75) for kind in study.drawn_kinds
    ]
    labels = [study.words.kind(kind) for kind in study.drawn_kinds]
    figure.legend(handles, labels, loc="outside upper right", ncols=2, labelcolor=MUTED)
    caption = study.words.gettext(
        "Distribution over the sampled pairs at each layer, the embedding at the top: commas above each base "
        "line, full stops below it. Each ridge is scaled to its own height."
    )
    return Drawing("distributions", figure, caption, _alternative(study), _table(study))


def _draw_ridges(panel: Axes, study: Study, measure: str) -> None:
    values = {kind: study.pairs(kind, measure) for kind in study.drawn_kinds}
    pooled = np.concatenate([value.ravel() for value in values.values()])
    logarithmic = bool(pooled.min() > 0) and needs_logarithm(study, measure)
    edges = _edges(pooled, logarithmic)
    centres = np.sqrt(edges[1:] * edges[:-1]) if logarithmic else (edges[1:] + edges[:-1]) / 2
    for layer in range(study.n_levels):
        panel.axhline(layer, color=LINE, linewidth=0.4, zorder=1)
        for kind, value in values.items():
            density = _density(value[layer], edges)
            seen = density > _INVISIBLE
            ridge = layer + SIDES[kind] * _RIDGE_HEIGHT * density[seen]
            outline = np.concatenate([[layer], ridge, [layer]])
            panel.fill(np.pad(centres[seen], 1, mode="edge"), outline, color=KIND_COLOURS[kind], alpha=0.75)
    if logarithmic:
        panel.set_xscale("log")
    else:
        panel.xaxis.set_major_locator(MaxNLocator(nbins=4))
    panel.set_ylim(study.n_levels - 1 + _RIDGE_HEIGHT + 0.1, -_RIDGE_HEIGHT - 0.1)
    panel.yaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
    panel.spines["left"].set_visible(False)
    panel.tick_params(axis="y", length=0)
    localize(panel, study.words)


def _edges(pooled: FloatArray, logarithmic: bool) -> FloatArray:
    low, high = float(pooled.min()), float(pooled.max())
    if logarithmic:
        return np.geomspace(low / 1.05, high * 1.05, _BINS + 1)
    margin = 0.03 * (high - low) or 0.5
    return np.linspace(low - margin, high + margin, _BINS + 1)


def _density(values: FloatArray, edges: FloatArray) -> FloatArray:
    """Smooth a histogram and scale it to a height of one."""
    counts = np.histogram(values, edges)[0].astype(np.float64)
    smooth: FloatArray = gaussian_filter1d(counts, _SMOOTHING)
    return np.asarray(smooth / smooth.max())


def _alternative(study: Study) -> str:
    words = study.words
    parts = []
    for measure in MEASURES:
        for kind in study.drawn_kinds:
            low, high = np.quantile(
                study.pairs(kind, measure)[[min(1, study.n_levels - 1), -1]], [0.05, 0.95], axis=1
            )
            text = words.gettext(
                "%(measure)s of %(kind)s: nine in ten pairs at %(first)s in layer 1, %(last)s in the last."
            )
            parts.append(
                text
                % {
                    "measure": words.measure(measure),
                    "kind": words.kind(kind),
                    "first": words.interval((low[0], high[0])),
                    "last": words.interval((low[1], high[1])),
                }
            )
    return words.gettext("Ridges of distributions by layer.") + " " + " ".join(parts)


def _table(study: Study) -> Table:
    table = Table(("measure", "kind", "layer", "q01", "q05", "q25", "q50", "q75", "q95", "q99"))
    for measure in MEASURES:
        for kind in study.drawn_kinds:
            quantiles = np.quantile(
                study.pairs(kind, measure), [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99], axis=1
            )
            for layer, row in enumerate(quantiles.T.tolist()):
                table.rows.append((measure, kind, layer, *row))
    return table
