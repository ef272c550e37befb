"""Ranks of the layers by their means: against depth, and by one measure against another."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from layerclaims.analysis.statistics.trends import average_ranks
from layerclaims.report.figures.drawing import (
    DASHES,
    WIDTH,
    Drawing,
    PointText,
    Table,
    layer_axis,
    localize,
    panel_grid,
    panels_of,
)
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.palette import INK, LINE, MEASURE_COLOURS, MUTED
from layerclaims.report.study import FloatArray, Study


def draw_ranks_by_depth(study: Study, name: str, measures: Sequence[str]) -> Drawing | None:
    """Draw the ranks of the layers by each measure's mean against depth; None without profiles."""
    if not _known(study, measures):
        return None
    words = study.words
    kinds = study.profiled_kinds
    figure = Figure(figsize=(WIDTH, 0.3 + 2.3 * panel_grid(len(kinds))[0]), layout=MeasuredLayout())
    panels = panels_of(figure, len(kinds), sharey=True)
    points: list[PointText] = []
    for panel, kind in zip(panels, kinds, strict=True):
        for place, measure in enumerate(measures):
            ranks = layer_ranks(study, kind, measure)
            points += _rank_points(panel, study, kind, measure)
            colour, dashes = MEASURE_COLOURS[place % len(MEASURE_COLOURS)], DASHES[(place + 1) % len(DASHES)]
            panel.plot(
                np.arange(1, len(ranks) + 1), ranks, label=study.title(measure), marker="o", markersize=2.5,
                color=colour, linestyle=dashes,
            )  # fmt: skip
        panel.set_title(words.kind(kind))
        layer_axis(panel, study.n_levels, words)
        localize(panel, words)
    panels[0].set_ylabel(words.gettext("rank among the layers"))
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=2, labelcolor=MUTED)
    caption = words.gettext(
        "Each layer's rank by its mean, 1 the smallest, the embedding left out. Where one line rises as the "
        "other falls, the two profiles run against each other."
    )
    return Drawing(name, figure, caption, _alternative(study, measures), _table(study, measures), points)


def _rank_points(panel: Axes, study: Study, kind: str, measure: str) -> list[PointText]:
    """Say of each layer what its mean and its rank are."""
    words = study.words
    text = words.gettext("%(kind)s, layer %(layer)s: %(measure)s %(value)s, rank %(rank)s of %(n)s")
    ranks, means = layer_ranks(study, kind, measure), study.means(kind, measure)[1:]
    return [
        PointText(
            panel,
            float(layer),
            rank,
            text
            % {
                "kind": words.kind(kind),
                "layer": layer,
                "measure": study.title(measure),
                "value": study.with_unit(measure, mean),
                "rank": words.number(rank),
                "n": len(ranks),
            },
        )
        for layer, (rank, mean) in enumerate(zip(ranks.tolist(), means.tolist(), strict=True), 1)
    ]


def draw_rank_agreement(study: Study, name: str, measures: Sequence[str]) -> Drawing | None:
    """Draw each layer's rank by the first of two measures against the second; None without profiles."""
    across, up = measures
    if not _known(study, measures):
        return None
    words = study.words
    kinds = study.profiled_kinds
    figure = Figure(figsize=(WIDTH, 0.3 + 3.1 * panel_grid(len(kinds))[0]), layout=MeasuredLayout())
    panels = panels_of(figure, len(kinds), sharey=True)
    points: list[PointText] = []
    text = words.gettext("%(kind)s, layer %(layer)s: rank %(first)s by %(across)s, %(second)s by %(up)s")
    titles = {"across": study.title(across), "up": study.title(up)}
    for panel, kind in zip(panels, kinds, strict=True):
        x, y = (layer_ranks(study, kind, measure) for measure in measures)
        panel.plot([1, len(x)], [1, len(x)], color=LINE, linewidth=1)
        for layer, place in enumerate(zip(x.tolist(), y.tolist(), strict=True), 1):
            panel.text(*place, str(layer), ha="center", va="center", fontsize=7, color=INK)
            ranks = dict(zip(("first", "second"), map(words.number, place), strict=True))
            said = text % {"kind": words.kind(kind), "layer": layer, **ranks, **titles}
            points.append(PointText(panel, *place, said))
        panel.set(xlim=(0, len(x) + 1), ylim=(0, len(x) + 1), aspect="equal", title=words.kind(kind))
        panel.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        panel.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        panel.set_xlabel(words.gettext("rank by %(measure)s") % {"measure": study.title(across)})
        localize(panel, words)
    panels[0].set_ylabel(words.gettext("rank by %(measure)s") % {"measure": study.title(up)})
    caption = words.gettext(
        "Each number is a layer, placed by the rank of its mean %(first)s and of its mean %(second)s, 1 the "
        "smallest. On the line both would order the layers alike."
    )
    caption %= {"first": study.title(across), "second": study.title(up)}
    return Drawing(name, figure, caption, _alternative(study, measures), _table(study, measures), points)


def layer_ranks(study: Study, kind: str, measure: str) -> FloatArray:
    """Rank the layers from 1 on by a measure's mean, the smallest first."""
    return average_ranks(study.means(kind, measure)[1:])


def _known(study: Study, measures: Sequence[str]) -> bool:
    if not study.profiled_kinds or study.n_levels < 3:
        return False
    profiles = [study.means(kind, measure)[1:] for kind in study.profiled_kinds for measure in measures]
    return all(len(means) and np.isfinite(means).all() for means in profiles)


def _alternative(study: Study, measures: Sequence[str]) -> str:
    words = study.words
    text = words.gettext("%(kind)s: rank correlation %(rho)s.")
    parts = [
        words.gettext("Ranks of the layers by %(first)s and %(second)s.")
        % {"first": study.title(measures[0]), "second": words.enumeration([*map(study.title, measures[1:])])}
    ]
    for kind in study.profiled_kinds:
        for other in measures[1:]:
            first, second = (layer_ranks(study, kind, measure) for measure in (measures[0], other))
            if np.ptp(first) == 0 or np.ptp(second) == 0:
                continue  # equal ranks have no correlation
            rho = float(np.corrcoef(first, second)[0, 1])
            parts.append(text % {"kind": words.kind(kind), "rho": words.fixed(rho, 2)})
    return " ".join(parts)


def _table(study: Study, measures: Sequence[str]) -> Table:
    table = Table(("kind", "layer", *(f"rank_by_{measure}" for measure in measures)))
    for kind in study.profiled_kinds:
        columns = (layer_ranks(study, kind, measure).tolist() for measure in measures)
        for layer, ranks in enumerate(zip(*columns, strict=True), 1):
            table.rows.append((kind, layer, *ranks))
    return table
