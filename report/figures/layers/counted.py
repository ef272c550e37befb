"""Clusters of pairs by layer as the rules count them that decide, with their separation."""

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from layerclaims.message import Message
from layerclaims.report.figures.drawing import (
    WIDTH,
    Drawing,
    PointText,
    Table,
    kind_style,
    layer_axis,
    localize,
)
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.palette import CRITERION, MUTED
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.records.evidence import RuleCounts
from layerclaims.report.study import Study

_MARKERS = ("o", "s", "^", "D")
_APART = 0.3
"""Between the marks of two rules at one layer, in layers."""


def draw_counted(study: Study, name: str, marked: tuple[int, int]) -> Drawing:
    """Draw what each rule counts at the layers that claims asked for, and the separation index.

    Parameters
    ----------
    study : Study
    name : str
        File stem.
    marked : tuple of int
        First and last layer of those that the claim is about.
    """
    words = study.words
    figure = Figure(figsize=(WIDTH, 2.6), layout=MeasuredLayout())
    counts, separation = panels_in(figure, 1, 2)[0]
    points = [*_draw_counts(counts, study), *_draw_separation(separation, study)]
    first, last = marked
    for panel in (counts, separation):
        panel.axvspan(first - 0.5, min(last, study.n_levels - 1) + 0.5, color=CRITERION, zorder=0)
        layer_axis(panel, study.n_levels, words)
        localize(panel, words)
        panel.set_ylim(0, 1.1 * panel.dataLim.y1)
    counts.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    counts.set_title(words.gettext("clusters of pairs"))
    separation.set_title(words.gettext("separation index"))
    _legend(figure, study)
    caption = words.gettext(
        "Number of clusters of pairs as the rules that decide count them, and the separation index of "
        "%(rules)s, with 95%% intervals from resampling tokens, at the layers that claims ask for. Hollow: "
        "one cluster is counted there. Shaded: the layers that the claim speaks of."
    ) % {"rules": words.enumeration([words.say(rule) for rule in _rules(study) if _has_index(study, rule)])}
    return Drawing(name, figure, caption, _alternative(study), _table(study), points)


def counts_of(study: Study, kind: str) -> list[RuleCounts]:
    """Return what the rules that decide counted of a kind."""
    profile = study.kind_profile(kind)
    return [] if profile is None else profile.counted


def _series(study: Study) -> Iterator[tuple[str, RuleCounts]]:
    for kind in study.profiled_kinds:
        for record in counts_of(study, kind):
            yield kind, record


def _rules(study: Study) -> list[Message]:
    return list(dict.fromkeys(record.rule for _, record in _series(study)))


def _has_index(study: Study, rule: Message) -> bool:
    return any(
        one.separation is not None
        for _, record in _series(study)
        if record.rule == rule
        for one in record.layers
    )


def _draw_counts(panel: Axes, study: Study) -> list[PointText]:
    """Draw every rule's counts with their intervals, the rules beside each other."""
    rules, words = _rules(study), study.words
    text = words.gettext("%(kind)s, %(rule)s, layer %(layer)s: %(value)s (%(ends)s)")
    points = []
    for kind, record in _series(study):
        place = rules.index(record.rule)
        offset = _APART * (place - (len(rules) - 1) / 2)
        colour, marker = kind_style(study, kind).colour, _MARKERS[place % len(_MARKERS)]
        line = np.full(study.n_levels, np.nan)
        for one in record.layers:
            line[one.layer] = one.count
            said = {"kind": words.kind(kind), "rule": words.say(record.rule), "layer": one.layer}
            said |= {"value": one.count, "ends": words.interval(one.interval)}
            points.append(PointText(panel, one.layer + offset, one.count, text % said))
        panel.plot(
            np.arange(study.n_levels) + offset, line, marker, color=colour, markersize=3, linestyle="-",
            linewidth=0.8, zorder=3,
        )  # fmt: skip
        places = [one.layer + offset for one in record.layers]
        ends = np.array([one.interval for one in record.layers])
        panel.vlines(places, ends[:, 0], ends[:, 1], color=colour, linewidth=1.2, zorder=3)
    return points


def _draw_separation(panel: Axes, study: Study) -> list[PointText]:
    """Draw the index of the rules that have one, hollow where they count one cluster."""
    rules, words = _rules(study), study.words
    text = words.gettext("%(kind)s, layer %(layer)s: %(value)s (%(ends)s)")
    points = []
    for kind, record in _series(study):
        colour = kind_style(study, kind).colour
        marker = _MARKERS[rules.index(record.rule) % len(_MARKERS)]
        line, low, high = np.full((3, study.n_levels), np.nan)
        for one in record.layers:
            if one.separation is None or one.separation_interval is None:
                continue
            line[one.layer] = one.separation
            low[one.layer], high[one.layer] = one.separation_interval
            face = colour if one.count > 1 else "none"
            panel.plot(
                one.layer, one.separation, marker, color=colour, markerfacecolor=face, markersize=3, zorder=4
            )
            said = {"kind": words.kind(kind), "layer": one.layer, "value": words.number(one.separation)}
            said["ends"] = words.interval(one.separation_interval)
            points.append(PointText(panel, one.layer, one.separation, text % said))
        layers = np.arange(study.n_levels)
        panel.plot(layers, line, color=colour, linewidth=0.8, zorder=3)
        panel.fill_between(layers, low, high, color=colour, alpha=0.2, linewidth=0, zorder=2)
    return points


def _legend(figure: Figure, study: Study) -> None:
    """Name the kinds by colour and the rules by mark."""
    kinds = [kind for kind in study.profiled_kinds if counts_of(study, kind)]
    handles = [Line2D([], [], color=kind_style(study, kind).colour) for kind in kinds]
    labels = [study.words.kind(kind) for kind in kinds]
    for place, rule in enumerate(_rules(study)):
        marker = _MARKERS[place % len(_MARKERS)]
        handles.append(Line2D([], [], color=MUTED, marker=marker, markersize=3, linestyle=""))
        labels.append(study.words.say(rule))
    figure.legend(handles, labels, loc="outside upper right", ncols=len(labels), labelcolor=MUTED)


def _alternative(study: Study) -> str:
    words = study.words
    parts = [words.gettext("Line charts of clusters and their separation by layer.")]
    for kind, record in _series(study):
        said = {"kind": words.kind(kind), "rule": words.say(record.rule)}
        said["layers"] = ", ".join(str(one.layer) for one in record.layers if one.count > 1)
        text = (
            words.gettext("%(kind)s, %(rule)s: several clusters at layers %(layers)s.")
            if said["layers"]
            else words.gettext("%(kind)s, %(rule)s: never more than one.")
        )
        parts.append(text % said)
    return " ".join(parts)


def _table(study: Study) -> Table:
    columns = ("clusters", "low", "high", "separation", "separation_low", "separation_high")
    table = Table(("kind", "layer", "rule", *columns))
    for kind, record in _series(study):
        for one in record.layers:
            ends = one.separation_interval or (None, None)
            numbers = (one.count, *one.interval, one.separation, *ends)
            table.rows.append((kind, one.layer, str(record.rule), *numbers))
    return table
