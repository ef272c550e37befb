"""Depth profiles of several runs in one figure, by relative depth."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.kinds import KINDS
from report.figures.drawing import WIDTH, Drawing, Table, localize
from report.palette import MUTED, RUN_COLOURS
from report.store import MEASURES
from report.study import FloatArray, Study

_DASHES = ("-", (0, (4, 1.6)), (0, (1, 1.4)), (0, (6, 1.4, 1, 1.4)))


def draw_overlay(runs: dict[str, Study]) -> Drawing | None:
    """Draw each measure's means by relative depth, one line a run; None where no run has profiles.

    Parameters
    ----------
    runs : dict of str to Study
        By the letter that tells the run in the legend.
    """
    runs = {letter: study for letter, study in runs.items() if study.evidence.profiles is not None}
    if not runs:
        return None
    words = next(iter(runs.values())).words
    figure = Figure(figsize=(WIDTH, 4.4), layout="constrained")
    panels = figure.subplots(len(KINDS), len(MEASURES), sharex=True, squeeze=False)
    for row, kind in zip(panels, KINDS, strict=True):
        for panel, measure in zip(row, MEASURES, strict=True):
            _draw_panel(panel, runs, kind, measure)
            localize(panel, words)
            panel.set_title(f"{words.measure(measure)}, {words.kind(kind)}")
    figure.supxlabel(
        words.gettext("relative depth: 0 the embedding, 1 the last block"), fontsize=8, color=MUTED
    )
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=min(len(labels), 12), labelcolor=MUTED)
    caption = words.gettext(
        "Mean over the pairs of a kind from layer 1 on, one line a run, with 95% intervals from resampling "
        "tokens. Covariance is on a logarithmic axis where all of it is positive."
    )
    return Drawing("profiles", figure, caption, _alternative(runs), _table(runs))


def _draw_panel(panel: Axes, runs: dict[str, Study], kind: str, measure: str) -> None:
    positive = True
    for place, (letter, study) in enumerate(runs.items()):
        depth, means, low, high = _profile(study, kind, measure)
        colour = RUN_COLOURS[place % len(RUN_COLOURS)]
        dashes = _DASHES[place // len(RUN_COLOURS) % len(_DASHES)]
        panel.plot(depth, means, color=colour, linestyle=dashes, label=letter)
        panel.fill_between(depth, low, high, color=colour, alpha=0.15, linewidth=0)
        positive = positive and bool(np.all(means[np.isfinite(means)] > 0))
    if measure == "covariance" and positive:
        panel.set_yscale("log")


def _profile(study: Study, kind: str, measure: str) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Give relative depth, mean and the ends of its interval, from layer 1 on."""
    summaries = study.profile(kind, measure)[1:]
    nothing = (None, None)
    columns = [(s.mean, *(s.mean_interval or nothing)) for s in summaries]
    values = np.array(columns, dtype=np.float64).reshape(-1, 3)
    depth = np.arange(1, len(values) + 1) / max(study.n_levels - 1, 1)
    return depth, values[:, 0], values[:, 1], values[:, 2]


def _alternative(runs: dict[str, Study]) -> str:
    words = next(iter(runs.values())).words
    text = words.gettext("%(run)s, %(measure)s of %(kind)s: %(first)s at layer 1, %(last)s at the last.")
    parts = [words.gettext("Profiles of several runs by relative depth.")]
    for letter, study in runs.items():
        for measure in MEASURES:
            for kind in KINDS:
                means = _profile(study, kind, measure)[1]
                if len(means) and np.isfinite(means[[0, -1]]).all():
                    ends = {"first": words.number(means[0]), "last": words.number(means[-1])}
                    names = {"run": letter, "measure": words.measure(measure), "kind": words.kind(kind)}
                    parts.append(text % {**names, **ends})
    return " ".join(parts)


def _table(runs: dict[str, Study]) -> Table:
    table = Table(("run", "measure", "kind", "layer", "relative_depth", "mean", "mean_low", "mean_high"))
    for letter, study in runs.items():
        for measure in MEASURES:
            for kind in KINDS:
                profile = np.stack(_profile(study, kind, measure), axis=1).tolist()
                for layer, numbers in enumerate(profile, 1):
                    known = (number if np.isfinite(number) else None for number in numbers)
                    table.rows.append((letter, measure, kind, layer, *known))
    return table
