"""Distributions of the pair measures, layer by layer, as ridges."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from layerclaims.report.figures.drawing import (
    WIDTH,
    Drawing,
    Table,
    kind_style,
    localize,
    panel_grid,
    panels_of,
)
from layerclaims.report.figures.layers.profiles import needs_logarithm
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.palette import LINE, MUTED
from layerclaims.report.study import FloatArray, Study

_BINS = 120
_SMOOTHING = 1.6
"""Standard deviation of the smoothing kernel, in bins: 1% of the axis, too little to merge clusters."""

_RIDGE_HEIGHT = 0.72
_INVISIBLE = 2e-3
"""Share of a ridge's height that is thinner than its base line."""

_OPAQUE, _FAINT = 0.75, 0.3


@dataclass(frozen=True)
class _Ridges:
    """A measure's distributions.

    Attributes
    ----------
    edges : ndarray of float64, shape (n_bins + 1,)
        Of the bins, the same for all kinds and layers.
    logarithmic : bool
        Whether bins grow by a factor.
    counts : dict of str to ndarray of int64, shape (n_levels, n_bins)
        Pairs in each bin, by kind.
    heights : dict of str to ndarray of float64, shape (n_levels, n_bins)
        Smoothed and scaled to a height of one, by kind.
    """

    edges: FloatArray
    logarithmic: bool
    counts: dict[str, NDArray[np.int64]]
    heights: dict[str, FloatArray]

    @property
    def centres(self) -> FloatArray:
        """Middles of the bins, on their axis."""
        low, high = self.edges[:-1], self.edges[1:]
        return np.sqrt(low * high) if self.logarithmic else (low + high) / 2


def draw_distributions(study: Study) -> Drawing | None:
    """Draw each layer's distribution of each measure, all kinds; None without points."""
    kinds, measures = study.drawn_kinds, study.measures
    if not kinds or not measures:
        return None
    height = 0.6 + panel_grid(len(measures))[0] * (0.5 + 0.19 * study.n_levels)
    figure = Figure(figsize=(WIDTH, height), layout=MeasuredLayout())
    panels = panels_of(figure, len(measures), sharey=True)
    ridges = {measure: _find_ridges(study, measure) for measure in measures}
    for panel, measure in zip(panels, measures, strict=True):
        _draw_ridges(panel, study, ridges[measure])
        panel.set_title(study.title(measure))
    panels[0].set_ylabel(study.words.gettext("layer"))
    colours = [kind_style(study, kind).colour for kind in kinds]
    handles = [panels[0].fill_between([], [], color=colour, alpha=_OPAQUE) for colour in colours]
    labels = [study.words.kind(kind) for kind in kinds]
    figure.legend(handles, labels, loc="outside upper right", ncols=min(len(labels), 5), labelcolor=MUTED)
    return Drawing("distributions", figure, _caption(study), _alternative(study), _table(ridges))


def _caption(study: Study) -> str:
    _ = study.words.gettext
    if len(study.drawn_kinds) == 2:
        above, below = map(study.words.kind, study.drawn_kinds)
        text = _(
            "Distribution over the sampled pairs at each layer, the embedding at the top: %(above)s above "
            "each base line, %(below)s below it. Each ridge is scaled to its own height."
        )
        return text % {"above": above, "below": below}
    return _(
        "Distribution over the sampled pairs at each layer, the embedding at the top. Each ridge is scaled "
        "to its own height."
    )


def _draw_ridges(panel: Axes, study: Study, ridges: _Ridges) -> None:
    """Draw two kinds on either side of each base line, any other number of kinds above it."""
    alpha = _OPAQUE if len(ridges.heights) <= 2 else _FAINT
    bases = [[(0.0, layer), (1.0, layer)] for layer in range(study.n_levels)]
    across = panel.get_yaxis_transform()
    lines = LineCollection(bases, colors=LINE, linewidths=0.4, zorder=1, transform=across)
    panel.add_collection(lines, autolim=False)
    for place, (kind, heights) in enumerate(ridges.heights.items()):
        side = 1 if len(ridges.heights) == 2 and place == 1 else -1
        outlines = [_outline(own, ridges.centres, layer, side) for layer, own in enumerate(heights)]
        colour = kind_style(study, kind).colour
        # A collection's extent is found at once; as patches, ridges would take half of the figure's time.
        panel.add_collection(PolyCollection(outlines, facecolors=colour, alpha=alpha, linewidths=0))
        if alpha == _FAINT:
            panel.add_collection(LineCollection(outlines, colors=colour, linewidths=0.7, zorder=2))
    if ridges.logarithmic:
        panel.set_xscale("log")
    else:
        panel.xaxis.set_major_locator(MaxNLocator(nbins=4))
    panel.set_ylim(study.n_levels - 1 + _RIDGE_HEIGHT + 0.1, -_RIDGE_HEIGHT - 0.1)
    panel.yaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
    panel.tick_params(axis="y", length=0)
    localize(panel, study.words)


def _outline(density: FloatArray, centres: FloatArray, layer: int, side: int) -> FloatArray:
    """Return the corners of a ridge on one side of its base line, shape (n_corners, 2)."""
    seen = density > _INVISIBLE
    heights = np.concatenate([[0.0], density[seen], [0.0]])
    return np.stack([np.pad(centres[seen], 1, mode="edge"), layer + side * _RIDGE_HEIGHT * heights], axis=1)


def _find_ridges(study: Study, measure: str) -> _Ridges:
    """Count the pairs of each kind and layer in bins over all of them."""
    values = {kind: study.pairs(kind, measure) for kind in study.drawn_kinds}
    pooled = np.concatenate([own.ravel() for own in values.values()])
    logarithmic = bool(pooled.min() > 0) and needs_logarithm(study, measure, study.profiled_kinds)
    edges = _edges(pooled, logarithmic)
    counts = {
        kind: np.array([np.histogram(layer, edges)[0] for layer in own]) for kind, own in values.items()
    }
    heights = {kind: np.array([_density(layer) for layer in own]) for kind, own in counts.items()}
    return _Ridges(edges, logarithmic, counts, heights)


def _edges(pooled: FloatArray, logarithmic: bool) -> FloatArray:
    low, high = float(pooled.min()), float(pooled.max())
    if logarithmic:
        return np.geomspace(low / 1.05, high * 1.05, _BINS + 1)
    margin = 0.03 * (high - low) or 0.5
    return np.linspace(low - margin, high + margin, _BINS + 1)


def _density(counts: NDArray[np.int64]) -> FloatArray:
    """Smooth a histogram and scale it to a height of one."""
    # Not by SciPy, whose filters take longer to load than all ridges to draw.
    reach = int(4 * _SMOOTHING + 0.5)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / _SMOOTHING) ** 2)
    smooth = np.convolve(np.pad(counts, reach, mode="symmetric"), kernel, mode="valid")
    return np.asarray(smooth / smooth.max())


def _alternative(study: Study) -> str:
    words = study.words
    parts = []
    for measure in study.measures:
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
                    "measure": study.title(measure),
                    "kind": words.kind(kind),
                    "first": words.interval((low[0], high[0])),
                    "last": words.interval((low[1], high[1])),
                }
            )
    return words.gettext("Ridges of distributions by layer.") + " " + " ".join(parts)


def _table(ridges: dict[str, _Ridges]) -> Table:
    """List the ridges: the pairs of each bin, and the height that is drawn over its middle."""
    table = Table(("measure", "kind", "layer", "bin_low", "bin_high", "pairs", "height"))
    for measure, own in ridges.items():
        low, high = own.edges[:-1].tolist(), own.edges[1:].tolist()
        for kind, counts in own.counts.items():
            heights = own.heights[kind]
            shown = np.argwhere((counts > 0) | (heights > _INVISIBLE)).tolist()
            numbers = counts.tolist(), heights.tolist()
            for layer, place in shown:
                n, height = (number[layer][place] for number in numbers)
                table.rows.append((measure, kind, layer, low[place], high[place], n, height))
    return table
