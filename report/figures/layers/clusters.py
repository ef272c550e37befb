"""Number of clusters of pairs by a measure, and their separation, by layer."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from layerclaims.message import Message
from layerclaims.report.figures.drawing import (
    WIDTH,
    Drawing,
    PointText,
    Table,
    kind_style,
    layer_axis,
    legend_above,
    localize,
    plot_profile,
    profile_points,
)
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.palette import CRITERION, INK
from layerclaims.report.study import FloatArray, Study, as_floats

_MARKERS = ("o", "s", "^", "D")


def draw_clusters(study: Study, name: str, measure: str, marked: tuple[int, int]) -> Drawing | None:
    """Draw the number of clusters and the separation by layer; None without profiles of them.

    Parameters
    ----------
    study : Study
    name : str
        File stem.
    measure : str
        Pair measure.
    marked : tuple of int
        First and last layer of those that the claim is about.
    """
    if all(
        np.isnan(values).all()
        for kind in study.profiled_kinds
        for values in (_counts(study, kind, measure), _indices(study, kind, measure))
    ):
        return None
    words = study.words
    figure = Figure(figsize=(WIDTH, 2.6), layout=MeasuredLayout())
    counts, separation = figure.subplots(1, 2)
    decided = decided_counts(study)
    points = _draw_decided(counts, study, decided)
    for panel, series in ((counts, _counts), (separation, _indices)):
        for kind in study.profiled_kinds:
            plot_profile(panel, study, kind, series(study, kind, measure))
            points += profile_points(panel, study, kind, series(study, kind, measure))
        first, last = marked
        panel.axvspan(first - 0.5, min(last, study.n_levels - 1) + 0.5, color=CRITERION, zorder=0)
        layer_axis(panel, study.n_levels, words)
        localize(panel, words)
        values = [value for kind in study.profiled_kinds for value in series(study, kind, measure)]
        values += [count.high for count in decided] if panel is counts else []
        highest = np.nanmax([0.0, *values])
        panel.set_ylim(0, highest * 1.15 or 1)
    counts.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    counts.set_title(words.gettext("clusters of pairs by %(measure)s") % {"measure": study.title(measure)})
    separation.set_title(words.gettext("separation index"))
    legend_above(figure, counts)
    caption = words.gettext(
        "Number of clusters of pairs by %(measure)s, and how far apart the two main groups lie, by layer. "
        "Shaded: the layers that the claim speaks of."
    )
    caption %= {"measure": study.title(measure)}
    if decided:
        text = words.gettext(
            "Lines count by %(measure)s alone, which decides nothing by itself. Marks with bars: what the "
            "rules that decide count, with 95%% intervals, at the layers that claims were decided on."
        )
        caption += " " + text % {"measure": study.title(measure)}
    return Drawing(name, figure, caption, _alternative(study, measure), _table(study, measure), points)


@dataclass(frozen=True)
class DecidedCount:
    """What a rule that decides counted at a layer; ``kind`` is empty where the assertion names none."""

    kind: str
    layer: int
    rule: Message
    value: float
    low: float
    high: float


def decided_counts(study: Study) -> list[DecidedCount]:
    """Collect what the main rules counted, from the assertions that name one layer, each number once."""
    found = []
    for claim in study.evidence.claims:
        for assertion in claim.assertions:
            layer, kind = assertion.parameters.get("layer"), str(assertion.parameters.get("kind", ""))
            if not isinstance(layer, int):
                continue
            for finding in assertion.findings:
                if finding.is_main:
                    low, high = finding.interval or (finding.value, finding.value)
                    found.append(DecidedCount(kind, layer, finding.rule, finding.value, low, high))
    return list(dict.fromkeys(found))


def _draw_decided(panel: Axes, study: Study, decided: list[DecidedCount]) -> list[PointText]:
    """Draw the counts of the rules that decide, those at one layer beside each other."""
    words = study.words
    text = words.gettext("%(rule)s, layer %(layer)s: %(value)s (%(ends)s)")
    rules = list(dict.fromkeys(count.rule for count in decided))
    points = []
    for count in decided:
        place = rules.index(count.rule)
        x = count.layer + 0.5 * (place - (len(rules) - 1) / 2)
        colour = kind_style(study, count.kind).colour if count.kind in study.kinds else INK
        panel.plot((x, x), (count.low, count.high), color=colour, linewidth=1.2, zorder=4)
        panel.plot(x, count.value, _MARKERS[place % len(_MARKERS)], color=colour, markersize=4, zorder=4)
        said = {
            "rule": words.say(count.rule),
            "layer": count.layer,
            "value": words.number(count.value),
            "ends": words.interval((count.low, count.high)),
        }
        points.append(PointText(panel, x, count.value, text % said))
    return points


def _counts(study: Study, kind: str, measure: str) -> FloatArray:
    profile = study.kind_profile(kind)
    return as_floats(profile.n_clusters.get(measure, []) if profile is not None else [])


def _indices(study: Study, kind: str, measure: str) -> FloatArray:
    profile = study.kind_profile(kind)
    return as_floats(profile.separation.get(measure, []) if profile is not None else [])


def _alternative(study: Study, measure: str) -> str:
    words = study.words
    parts = [words.gettext("Line charts of clusters and their separation by layer.")]
    for kind in study.profiled_kinds:
        counts = _counts(study, kind, measure)
        several = np.flatnonzero(counts > 1)
        if len(several):
            text = words.gettext("%(kind)s: several clusters at layers %(layers)s.")
            parts.append(text % {"kind": words.kind(kind), "layers": ", ".join(map(str, several.tolist()))})
        else:
            parts.append(words.gettext("%(kind)s: never more than one.") % {"kind": words.kind(kind)})
    return " ".join(parts)


def _table(study: Study, measure: str) -> Table:
    table = Table(("kind", "layer", "clusters", "separation", "rule", "low", "high"))
    for kind in study.profiled_kinds:
        counts, indices = _counts(study, kind, measure), _indices(study, kind, measure)
        for layer in range(max(len(counts), len(indices))):
            numbers = (_at(counts, layer), _at(indices, layer))
            table.rows.append((kind, layer, *numbers, measure, None, None))
    for count in decided_counts(study):
        table.rows.append(
            (count.kind, count.layer, count.value, None, str(count.rule), count.low, count.high)
        )
    return table


def _at(values: FloatArray, layer: int) -> float | None:
    return float(values[layer]) if layer < len(values) and np.isfinite(values[layer]) else None
