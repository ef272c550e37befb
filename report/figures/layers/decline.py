"""Mutual information by depth, with what its last third is held against."""

import numpy as np
from matplotlib.figure import Figure

from layerclaims.analysis.kinds import KINDS
from layerclaims.report.figures.drawing import WIDTH, Drawing, Table, legend_above
from layerclaims.report.figures.layers.profiles import draw_measure
from layerclaims.report.figures.palette import KIND_COLOURS
from layerclaims.report.study import Study


def draw_decline(study: Study, name: str) -> Drawing | None:
    """Draw the profile of mutual information and the means of its first and last third."""
    if study.evidence.profiles is None:
        return None
    words = study.words
    figure = Figure(figsize=(WIDTH, 2.8), layout="constrained")
    panel = figure.subplots()
    draw_measure(panel, study, "mutual_information")
    panel.set_ylabel(words.gettext("mutual information (bits)"))
    table = Table(("kind", "third", "first_layer", "last_layer", "mean"))
    for kind in KINDS:
        for third, (start, stop, mean) in thirds(study, kind).items():
            panel.hlines(mean, start, stop, color=KIND_COLOURS[kind], linewidth=5, alpha=0.3)
            table.rows.append((kind, third, start, stop, mean))
    legend_above(figure, panel)
    caption = words.gettext(
        "Mean mutual information of pairs by layer, bands are 95% intervals from resampling tokens. Thick "
        "bars: the means over the first and the last third of the layers after the embedding."
    )
    return Drawing(name, figure, caption, _alternative(study), table)


def thirds(study: Study, kind: str) -> dict[str, tuple[int, int, float]]:
    """Give first layer, last layer and mean of the first and the last third, the embedding left out."""
    means = study.means(kind, "mutual_information")[1:]
    size = len(means) // 3
    if size == 0 or not np.isfinite(means).all():
        return {}
    return {
        "first": (1, size, float(means[:size].mean())),
        "last": (len(means) - size + 1, len(means), float(means[-size:].mean())),
    }


def _alternative(study: Study) -> str:
    words = study.words
    text = words.gettext("%(kind)s: mean %(first)s bits over the first third, %(last)s over the last.")
    parts = [words.gettext("Line chart of mutual information by layer.")]
    for kind in KINDS:
        ends = thirds(study, kind)
        if ends:
            numbers = {name: words.number(mean) for name, (_, _, mean) in ends.items()}
            parts.append(text % {"kind": words.kind(kind), **numbers})
    return " ".join(parts)
