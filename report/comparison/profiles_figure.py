"""Draw the profiles of several runs in one figure, by relative depth."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from layerclaims.report.figures.drawing import (
    WIDTH,
    Drawing,
    LineStyle,
    PointText,
    Table,
    line_style,
    localize,
)
from layerclaims.report.figures.palette import MUTED, RUN_COLOURS
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.language.words import Words
from layerclaims.report.study import FloatArray, Study

MAX_LINES = 14
"""Largest number of runs with distinct colours; with more, the lines shade from the first run to the last."""

_LOGARITHMIC_FROM = 20.0
"""Ratio of the largest to the smallest mean from which the axis is logarithmic."""

_MOST_COLUMNS = 3
"""Panels beside each other in the width of a page; with more, the figure is wider."""

_NAMED = 6
"""Number of runs that the legend names if the lines shade."""


def draw_overlay(runs: dict[str, Study]) -> Drawing | None:
    """Draw each measure's means by relative depth, a line for each run; None if no run has profiles.

    Parameters
    ----------
    runs : dict of str to Study
        Runs by their letter in the legend.
    """
    runs = {letter: study for letter, study in runs.items() if study.evidence.profiles is not None}
    if not runs:
        return None
    kinds, measures = _shown(runs)
    if not kinds or not measures:
        return None
    words = next(iter(runs.values())).words
    points: list[PointText] = []
    width = WIDTH * max(1, len(measures) / _MOST_COLUMNS)
    figure = Figure(figsize=(width, 0.4 + 2 * len(kinds)), layout="constrained")
    panels = panels_in(figure, len(kinds), len(measures), sharex=True)
    for row, kind in zip(panels, kinds, strict=True):
        for panel, (measure, title) in zip(row, measures.items(), strict=True):
            _draw_panel(panel, runs, kind, measure)
            if len(runs) <= MAX_LINES:
                points += _points(panel, runs, kind, measure)
            localize(panel, words)
            panel.set_title(
                f"{title},\n{words.kind(kind)}" if len(title) > 16 else f"{title}, {words.kind(kind)}"
            )
    figure.supxlabel(
        words.gettext("relative depth: 0 the embedding, 1 the last block"), fontsize=8, color=MUTED
    )
    handles, labels = panels[0, 0].get_legend_handles_labels()
    if len(runs) > MAX_LINES:
        named = np.linspace(0, len(runs) - 1, _NAMED).round().astype(int).tolist()
        handles, labels = [handles[place] for place in named], [labels[place] for place in named]
    figure.legend(handles, labels, loc="outside upper right", ncols=min(len(labels), 12), labelcolor=MUTED)
    alternative, table = _alternative(runs, words), _table(runs)
    return Drawing("profiles", figure, _caption(len(runs), words), alternative, table, points)


def _points(panel: Axes, runs: dict[str, Study], kind: str, measure: str) -> list[PointText]:
    """Say of each run what the mean at each layer is, with its interval."""
    points = []
    for letter, study in runs.items():
        words = study.words
        text = words.gettext("%(run)s, %(kind)s, layer %(layer)s: %(value)s")
        for layer, (depth, mean, low, high) in enumerate(
            np.stack(_profile(study, kind, measure), axis=1).tolist(), 1
        ):
            if not np.isfinite(mean):
                continue
            value = study.with_unit(measure, mean)
            value += f" ({words.interval((low, high))})" if np.isfinite([low, high]).all() else ""
            names = {"run": letter, "kind": words.kind(kind), "layer": layer, "value": value}
            points.append(PointText(panel, depth, mean, text % names))
    return points


def _shown(runs: dict[str, Study]) -> tuple[list[str], dict[str, str]]:
    """List the kinds and measures with profiles in any run, and the measures' titles."""
    kinds = dict.fromkeys(kind for study in runs.values() for kind in study.profiled_kinds)
    measures = {measure: study.title(measure) for study in runs.values() for measure in study.measures}
    return list(kinds), measures


def _draw_panel(panel: Axes, runs: dict[str, Study], kind: str, measure: str) -> None:
    everything = []
    many = len(runs) > MAX_LINES
    for place, (letter, study) in enumerate(runs.items()):
        depth, means, low, high = _profile(study, kind, measure)
        style: tuple[str, LineStyle] = (_shade(place / (len(runs) - 1)), "-") if many else line_style(place)
        colour, dashes = style
        width = 0.6 if many else 1.4
        panel.plot(depth, means, color=colour, linestyle=dashes, linewidth=width, label=letter)
        if not many:
            panel.fill_between(depth, low, high, color=colour, alpha=0.15, linewidth=0)
        everything.append(means[np.isfinite(means)])
    known = np.concatenate(everything)
    if known.size and known.min() > 0 and known.max() / known.min() > _LOGARITHMIC_FROM:
        panel.set_yscale("log")


def _shade(share: float) -> str:
    """Mix the first two run colours: all of the first at 0, all of the second at 1."""
    first, second = (np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) for colour in RUN_COLOURS[:2])
    mixed = (first + share * (second - first)).round().astype(int)
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def _profile(study: Study, kind: str, measure: str) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return relative depth, means and the ends of their intervals, from layer 1 on."""
    summaries = study.profile(kind, measure)[1:]
    nothing = (None, None)
    columns = [(s.mean, *(s.mean_interval or nothing)) for s in summaries]
    values = np.array(columns, dtype=np.float64).reshape(-1, 3)
    depth = np.arange(1, len(values) + 1) / max(study.n_levels - 1, 1)
    return depth, values[:, 0], values[:, 1], values[:, 2]


def _caption(n_runs: int, words: Words) -> str:
    if n_runs > MAX_LINES:
        text = words.gettext(
            "Mean over the pairs of a kind from layer 1 on, one line a run, coloured from the first run of "
            "the list to the last. Axes are logarithmic where means are positive and differ by orders of "
            "magnitude."
        )
    else:
        text = words.gettext(
            "Mean over the pairs of a kind from layer 1 on, one line a run, with 95% intervals from "
            "resampling tokens. Axes are logarithmic where means are positive and differ by orders of "
            "magnitude."
        )
    return text


def _alternative(runs: dict[str, Study], words: Words) -> str:
    """Write the first and last value of every line, or their ranges if there are many lines."""
    kinds, measures = _shown(runs)
    ends = {(measure, kind): _ends(runs, kind, measure) for measure in measures for kind in kinds}
    parts = [words.gettext("Profiles of several runs by relative depth.")]
    if len(runs) > MAX_LINES:
        text = words.gettext("%(measure)s of %(kind)s: %(first)s at layer 1, %(last)s at the last.")
        for (measure, kind), known in ends.items():
            if known:
                numbers = np.array(list(known.values()))
                first, last = (
                    words.interval((column.min(), column.max())) for column in (numbers[:, 0], numbers[:, 1])
                )
                names = {"measure": measures[measure], "kind": words.kind(kind)}
                parts.append(text % {**names, "first": first, "last": last})
        return " ".join(parts)
    text = words.gettext("%(run)s, %(measure)s of %(kind)s: %(first)s at layer 1, %(last)s at the last.")
    for letter in runs:
        for (measure, kind), known in ends.items():
            if letter in known:
                first, last = map(words.number, known[letter])
                names = {"run": letter, "measure": measures[measure], "kind": words.kind(kind)}
                parts.append(text % {**names, "first": first, "last": last})
    return " ".join(parts)


def _ends(runs: dict[str, Study], kind: str, measure: str) -> dict[str, tuple[float, float]]:
    """Return each run's means at layer 1 and at the last layer, if both are known."""
    means = {letter: _profile(study, kind, measure)[1] for letter, study in runs.items()}
    return {
        letter: (float(values[0]), float(values[-1]))
        for letter, values in means.items()
        if len(values) and np.isfinite(values[[0, -1]]).all()
    }


def _table(runs: dict[str, Study]) -> Table:
    table = Table(("run", "measure", "kind", "layer", "relative_depth", "mean", "mean_low", "mean_high"))
    for letter, study in runs.items():
        for measure in study.measures:
            for kind in study.profiled_kinds:
                profile = np.stack(_profile(study, kind, measure), axis=1).tolist()
                for layer, numbers in enumerate(profile, 1):
                    known = (number if np.isfinite(number) else None for number in numbers)
                    table.rows.append((letter, measure, kind, layer, *known))
    return table
