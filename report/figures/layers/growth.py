"""Growth with depth: means relative to layer 1, against what the criterion asks."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from layerclaims.analysis.kinds import KINDS
from layerclaims.report.figures.drawing import (
    WIDTH,
    Drawing,
    Table,
    layer_axis,
    legend_above,
    localize,
    plot_profile,
)
from layerclaims.report.figures.palette import CRITERION, KIND_COLOURS, MUTED
from layerclaims.report.records.evidence import ClaimRecord
from layerclaims.report.study import FloatArray, Study, as_floats


def draw_growth(study: Study, claim: ClaimRecord, measures: list[str]) -> Drawing | None:
    """Draw how often the value at layer 1 each layer's mean is; None where no layer is a multiple of layer 1.

    Parameters
    ----------
    study : Study
    claim : ClaimRecord
        What its criterion accepts is drawn as a band.
    measures : list of str
        One panel each, the one that the criterion is about first; ``"variance"`` is the square of the
        profile ``std``.
    """
    known = [relative_means(study, kind, measure) for kind in KINDS for measure in measures]
    if not any(np.isfinite(values).any() for values in known):
        return None
    figure = Figure(figsize=(WIDTH, 2.7), layout="constrained")
    panels = figure.subplots(1, len(measures), squeeze=False)[0]
    for panel, measure in zip(panels, measures, strict=True):
        _draw_panel(panel, study, measure)
    _draw_criterion(panels[0], study, claim)
    legend_above(figure, panels[0])
    caption = study.words.gettext(
        "Mean at each layer, in multiples of that at layer 1. Shaded: where the deepest layer has to lie "
        "for the claim to hold."
    )
    return Drawing(claim.id, figure, caption, _alternative(study, measures), _table(study, measures))


def relative_means(study: Study, kind: str, measure: str) -> FloatArray:
    """Give a measure's means over the one at layer 1, NaN where a ratio means nothing."""
    means = study.means(kind, "std") ** 2 if measure == "variance" else study.means(kind, measure)
    if len(means) < 2 or not means[1] > 0:
        return np.full(len(means), np.nan)
    return np.asarray(np.where(means > 0, means, np.nan) / means[1])


def _draw_panel(panel: Axes, study: Study, measure: str) -> None:
    for kind in KINDS:
        values = relative_means(study, kind, measure)
        layers = np.arange(len(values), dtype=np.float64)
        plot_profile(panel, layers, values, kind, study.words.kind(kind))
        if measure != "variance" and np.isfinite(values).any():
            scale = study.means(kind, measure)[1]
            intervals = [summary.mean_interval for summary in study.profile(kind, measure)]
            low, high = (as_floats([None if i is None else i[end] for i in intervals]) for end in (0, 1))
            panel.fill_between(layers, low / scale, high / scale, color=KIND_COLOURS[kind], alpha=0.18)
    _set_scale(panel)
    panel.set_title(panel_title(study, measure))
    layer_axis(panel, study.n_levels, study.words)
    localize(panel, study.words)


def _set_scale(panel: Axes) -> None:
    """Take a logarithmic axis where the lines, which are positive, span more than a factor of ten."""
    low, high = panel.dataLim.y0, panel.dataLim.y1
    if 10 * low < high:
        panel.set_yscale("log")
    else:
        panel.set_ylim(bottom=0)


def panel_title(study: Study, measure: str) -> str:
    """Name a measure's growth."""
    name = study.words.gettext("variance") if measure == "variance" else study.words.measure(measure)
    return study.words.gettext("%(measure)s, times layer 1") % {"measure": name}


def _draw_criterion(panel: Axes, study: Study, claim: ClaimRecord) -> None:
    """Shade what the claim's criterion on growth accepts."""
    asked = (
        item.criterion for item in claim.assertions if item.unit == "times" and item.criterion is not None
    )
    criterion = next(asked, None)
    if criterion is None or criterion.bound <= 0:
        return
    low, high = panel.get_ylim()
    low, high = min(low, criterion.bound * 0.8), max(high, criterion.bound * 1.25)
    upward = criterion.relation in ("at least", "above")
    ends = (criterion.bound, high) if upward else (low, criterion.bound)
    panel.axhspan(*ends, color=CRITERION, zorder=0)
    panel.set_ylim(low, high)
    panel.annotate(
        study.words.criterion(criterion), (1, criterion.bound), xycoords=("axes fraction", "data"),
        xytext=(-3, 3 if upward else -3), textcoords="offset points", ha="right",
        va="bottom" if upward else "top", color=MUTED, fontsize=7.5,
    )  # fmt: skip


def _alternative(study: Study, measures: list[str]) -> str:
    words = study.words
    text = words.gettext("%(measure)s of %(kind)s at the deepest layer: %(times)s times that at layer 1.")
    parts = []
    for measure in measures:
        for kind in KINDS:
            values = relative_means(study, kind, measure)
            if len(values) and np.isfinite(values[-1]):
                name = words.gettext("variance") if measure == "variance" else words.measure(measure)
                numbers = {"measure": name, "kind": words.kind(kind), "times": words.number(values[-1])}
                parts.append(text % numbers)
    return words.gettext("Line charts of growth by layer.") + " " + " ".join(parts)


def _table(study: Study, measures: list[str]) -> Table:
    table = Table(("measure", "kind", "layer", "times_layer_1"))
    for measure in measures:
        for kind in KINDS:
            for layer, value in enumerate(relative_means(study, kind, measure).tolist()):
                table.rows.append((measure, kind, layer, value if np.isfinite(value) else None))
    return table
