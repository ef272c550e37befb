"""Decomposition of the growth of covariance: standard deviations, correlation, and remainder."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from layerclaims.report.figures.drawing import (
    WIDTH,
    Drawing,
    Table,
    layer_axis,
    localize,
    panel_grid,
    panels_of,
)
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.palette import INK, MUTED, PART_COLOURS
from layerclaims.report.records.evidence import GrowthRecord
from layerclaims.report.study import Study, as_floats

_DASHES = {"std": "-", "correlation": (0, (4, 1.6)), "remainder": (0, (1, 1.4))}


def draw_covariance_growth(study: Study, name: str) -> Drawing | None:
    """Draw log2 growth over layer 1 and its parts, one panel a kind; None where the run split none."""
    growth = study.evidence.growth
    if not growth:
        return None
    words = study.words
    height = 0.3 + 2.5 * panel_grid(len(growth))[0]
    figure = Figure(figsize=(WIDTH, height), layout=MeasuredLayout())
    panels = panels_of(figure, len(growth), sharey=True)
    for panel, (kind, parts) in zip(panels, growth.items(), strict=True):
        _draw_panel(panel, study, parts)
        panel.set_title(words.kind(kind))
    panels[0].set_ylabel(words.gettext("growth over layer 1 (powers of two)"))
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=4, labelcolor=MUTED)
    caption = words.gettext(
        "Growth of mean covariance over layer 1, in powers of two, split into parts that add up to it: the "
        "product of the standard deviations, the correlation, and what the means do not carry."
    )
    return Drawing(name, figure, caption, _alternative(study), _table(study))


def part_names(study: Study) -> dict[str, str]:
    """Name the parts."""
    _ = study.words.gettext
    return {
        "std": _("standard deviations"),
        "correlation": _("correlation"),
        "remainder": _("remainder"),
    }


def _draw_panel(panel: Axes, study: Study, parts: GrowthRecord) -> None:
    layers = np.arange(len(parts.covariance))
    total = as_floats(parts.covariance)
    panel.plot(layers, total, color=INK, linewidth=2.2, label=study.title("covariance"))
    for part, label in part_names(study).items():
        values = as_floats(getattr(parts, part))
        panel.plot(layers, values, color=PART_COLOURS[part], linestyle=_DASHES[part], label=label)
    panel.axhline(0, color=MUTED, linewidth=0.6, zorder=0)
    layer_axis(panel, study.n_levels, study.words)
    localize(panel, study.words)


def _alternative(study: Study) -> str:
    words = study.words
    text = words.gettext(
        "%(kind)s: at the last layer covariance has grown by 2 to the power of %(total)s; of this exponent "
        "the standard deviations carry %(std)s, the correlation %(correlation)s."
    )
    parts = [words.gettext("Line charts of covariance growth and its parts.")]
    for kind, record in study.evidence.growth.items():
        last = {name: getattr(record, name)[-1] for name in ("covariance", "std", "correlation")}
        if None not in last.values():
            numbers = {name: words.number(value) for name, value in last.items()}
            parts.append(text % {"kind": words.kind(kind), "total": numbers["covariance"], **numbers})
    return " ".join(parts)


def _table(study: Study) -> Table:
    table = Table(("kind", "layer", "covariance", "standard_deviations", "correlation", "remainder"))
    for kind, parts in study.evidence.growth.items():
        columns = (parts.covariance, parts.std, parts.correlation, parts.remainder)
        for layer, numbers in enumerate(zip(*columns, strict=True)):
            table.rows.append((kind, layer, *numbers))
    return table
