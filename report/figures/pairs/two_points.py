"""Layer 0, drawn so that its two points are seen, and how far the pairs lie from being points."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from layerclaims.report.figures.drawing import KIND_MARKERS, WIDTH, Drawing, Table, localize
from layerclaims.report.figures.palette import INK, KIND_COLOURS, MUTED
from layerclaims.report.study import FloatArray, Study


def draw_two_points(study: Study, name: str) -> Drawing | None:
    """Draw the embedding's pairs as they lie, and each kind's distances from its own mean."""
    if not study.drawn_kinds:
        return None
    figure = Figure(figsize=(WIDTH, 2.9), layout="constrained")
    place, *spreads = figure.subplots(
        1, 1 + len(study.drawn_kinds), width_ratios=[1.5, *[1] * len(study.drawn_kinds)]
    )
    _draw_places(place, study)
    for panel, kind in zip(spreads, study.drawn_kinds, strict=True):
        _draw_spread(panel, study, kind)
    caption = study.words.gettext(
        "Left: all drawn pairs of tokens at layer 0, both kinds in one scatter plot. Right: the same pairs, "
        "magnified, as distances from their kind's mean."
    )
    return Drawing(name, figure, caption, _alternative(study), _table(study))


def _draw_places(panel: Axes, study: Study) -> None:
    words = study.words
    centre = np.mean([study.pairs(kind, "covariance")[0].mean() for kind in study.drawn_kinds])
    for kind in study.drawn_kinds:
        x, y = distinct_places(study, kind)
        panel.scatter(x, y, s=34, color=KIND_COLOURS[kind], marker=KIND_MARKERS[kind], linewidths=0)
        n_pairs = words.count(len(study.pair_index(kind)))
        text = words.gettext("%(n)s pairs of %(kind)s") % {"n": n_pairs, "kind": words.kind(kind)}
        left = bool(x.mean() < centre)
        place, shift, side = (
            (float(x.mean()), float(y.mean())),
            8 if left else -8,
            "left" if left else "right",
        )
        panel.annotate(text, place, (shift, 0), textcoords="offset points", ha=side, va="center", color=INK)
    panel.margins(0.15, 0.3)
    panel.set_xlabel(words.gettext("covariance"))
    panel.set_ylabel(words.gettext("mutual information (bits)"))
    panel.xaxis.set_major_locator(MaxNLocator(nbins=4))
    panel.yaxis.set_major_locator(MaxNLocator(nbins=5))
    localize(panel, words)


def distinct_places(study: Study, kind: str) -> tuple[FloatArray, FloatArray]:
    """Give the places at which pairs lie, each once; to five digits, more than a drawing shows."""
    places = np.stack([study.pairs(kind, name)[0] for name in ("covariance", "mutual_information")], axis=1)
    places = np.unique(np.array([[float(f"{number:.5g}") for number in place] for place in places]), axis=0)
    return places[:, 0], places[:, 1]


def _draw_spread(panel: Axes, study: Study, kind: str) -> None:
    words = study.words
    x, y = (study.pairs(kind, name)[0] for name in ("covariance", "mutual_information"))
    colour, marker = KIND_COLOURS[kind], KIND_MARKERS[kind]
    panel.scatter(
        x - x.mean(), y - y.mean(), s=10, color=colour, marker=marker, linewidths=0, rasterized=True
    )
    # Coinciding pairs have no spread to scale by; float32's rounding is the least that can be told apart.
    for values, set_limits in ((x, panel.set_xlim), (y, panel.set_ylim)):
        rounding = float(np.finfo(np.float32).eps * abs(values).max())
        reach = 1.3 * max(float(np.abs(values - values.mean()).max()), rounding) or 1.0
        set_limits(-reach, reach)
    panel.set_title(words.gettext("%(kind)s, magnified") % {"kind": words.kind(kind)}, color=MUTED)
    panel.xaxis.set_major_locator(MaxNLocator(nbins=2))
    panel.yaxis.set_major_locator(MaxNLocator(nbins=3))
    panel.tick_params(labelsize=6.5)
    _localize_small(panel, study)


def _localize_small(panel: Axes, study: Study) -> None:
    """Write tick labels without the rounding that would turn float32's last digits to zero."""
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_major_formatter(lambda value, _: study.words.number(float(f"{value:.3g}")))


def _alternative(study: Study) -> str:
    words = study.words
    text = words.gettext(
        "%(kind)s: covariance %(cov)s with a range of %(spread)s, mutual information %(mi)s bits."
    )
    parts = []
    for kind in study.drawn_kinds:
        x, y = (study.pairs(kind, name)[0] for name in ("covariance", "mutual_information"))
        numbers = {
            "cov": words.number(x.mean()),
            "spread": words.number(np.ptp(x)),
            "mi": words.number(y.mean()),
        }
        parts.append(text % {"kind": words.kind(kind), **numbers})
    return words.gettext("Scatter plot of layer 0.") + " " + " ".join(parts)


def _table(study: Study) -> Table:
    table = Table(("kind", "token_a", "token_b", "covariance", "mutual_information"))
    for kind in study.drawn_kinds:
        columns = (study.pairs(kind, name)[0].tolist() for name in ("covariance", "mutual_information"))
        for (first, second), x, y in zip(study.pair_index(kind).tolist(), *columns, strict=True):
            table.rows.append((kind, first, second, x, y))
    return table
