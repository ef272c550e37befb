"""How two measures order the layers: rank against depth, and rank against rank."""

import numpy as np
from matplotlib.figure import Figure
from scipy.stats import rankdata

from layerclaims.analysis.kinds import KINDS
from layerclaims.report.figures.drawing import WIDTH, Drawing, Table, layer_axis, localize
from layerclaims.report.figures.palette import INK, LINE, MEASURE_COLOURS, MUTED
from layerclaims.report.study import FloatArray, Study

_DASHES = {"covariance": "-", "mutual_information": (0, (4, 1.6))}


def draw_ranks_by_depth(study: Study, name: str) -> Drawing | None:
    """Draw the ranks of the layers by MI and by covariance against depth; None without profiles."""
    measures = ("mutual_information", "covariance")
    if not _known(study, measures):
        return None
    words = study.words
    figure = Figure(figsize=(WIDTH, 2.6), layout="constrained")
    panels = figure.subplots(1, len(KINDS), sharey=True)
    for panel, kind in zip(panels, KINDS, strict=True):
        for measure in measures:
            ranks = layer_ranks(study, kind, measure)
            label = words.measure(measure)
            style = {"color": MEASURE_COLOURS[measure], "linestyle": _DASHES[measure]}
            panel.plot(np.arange(1, len(ranks) + 1), ranks, label=label, marker="o", markersize=2.5, **style)
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
    return Drawing(name, figure, caption, _alternative(study, measures), _table(study, measures))


def draw_rank_agreement(study: Study, name: str) -> Drawing | None:
    """Draw each layer's rank by covariance against its rank by Pearson; None without profiles."""
    measures = ("covariance", "pearson")
    if not _known(study, measures):
        return None
    words = study.words
    figure = Figure(figsize=(WIDTH, 3.4), layout="constrained")
    for panel, kind in zip(figure.subplots(1, len(KINDS), sharey=True), KINDS, strict=True):
        x, y = (layer_ranks(study, kind, measure) for measure in measures)
        panel.plot([1, len(x)], [1, len(x)], color=LINE, linewidth=1)
        for layer, (across, up) in enumerate(zip(x.tolist(), y.tolist(), strict=True), 1):
            panel.text(across, up, str(layer), ha="center", va="center", fontsize=7, color=INK)
        panel.set(xlim=(0, len(x) + 1), ylim=(0, len(x) + 1), aspect="equal", title=words.kind(kind))
        panel.set_xlabel(words.gettext("rank by covariance"))
        localize(panel, words)
    figure.axes[0].set_ylabel(words.gettext("rank by Pearson correlation"))
    caption = words.gettext(
        "Each number is a layer, placed by the rank of its mean covariance and of its mean Pearson "
        "correlation, 1 the smallest. On the line both would order the layers alike."
    )
    return Drawing(name, figure, caption, _alternative(study, measures), _table(study, measures))


def layer_ranks(study: Study, kind: str, measure: str) -> FloatArray:
    """Rank the layers from 1 on by a measure's mean, the smallest first."""
    return np.asarray(rankdata(study.means(kind, measure)[1:]))


def _known(study: Study, measures: tuple[str, ...]) -> bool:
    if study.evidence.profiles is None or study.n_levels < 3:
        return False
    return all(np.isfinite(study.means(kind, measure)[1:]).all() for kind in KINDS for measure in measures)


def _alternative(study: Study, measures: tuple[str, ...]) -> str:
    words = study.words
    text = words.gettext("%(kind)s: rank correlation %(rho)s.")
    parts = [
        words.gettext("Ranks of the layers by %(first)s and %(second)s.")
        % {"first": words.measure(measures[0]), "second": words.measure(measures[1])}
    ]
    for kind in KINDS:
        first, second = (layer_ranks(study, kind, measure) for measure in measures)
        if np.ptp(first) == 0 or np.ptp(second) == 0:
            continue  # equal ranks correlate with nothing
        rho = float(np.corrcoef(first, second)[0, 1])
        parts.append(text % {"kind": words.kind(kind), "rho": words.fixed(rho, 2)})
    return " ".join(parts)


def _table(study: Study, measures: tuple[str, ...]) -> Table:
    table = Table(("kind", "layer", *(f"rank_by_{measure}" for measure in measures)))
    for kind in KINDS:
        columns = (layer_ranks(study, kind, measure).tolist() for measure in measures)
        for layer, ranks in enumerate(zip(*columns, strict=True), 1):
            table.rows.append((kind, layer, *ranks))
    return table
