"""The figures of a report: those of the whole run, and the kinds of figures that show claims.

A claim names the figures that show it by kind, with arguments. `register_figure` makes a kind known under its
name; further kinds can be registered the same way by whoever writes claims. Each function imports what it
draws with, so that a process that has others draw does not wait for Matplotlib.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from layerclaims.report.records.evidence import ClaimRecord, FigureRecord
from layerclaims.report.study import Study

if TYPE_CHECKING:
    from layerclaims.report.figures.drawing import Drawing


@dataclass(frozen=True)
class Place:
    """Where a figure stands: the run's study, the claim that it shows, and its file stem."""

    study: Study
    claim: ClaimRecord
    name: str


DrawFigure = Callable[..., "Drawing | None"]
"""Called with a `Place`, and with the figure's arguments by name; returns None where there are no data."""

AnyDraw = TypeVar("AnyDraw", bound=DrawFigure)

_FIGURES: dict[str, DrawFigure] = {}
_LONGEST_NAME = 80
_PACKAGE = __name__.rpartition(".")[0]


@dataclass(frozen=True)
class NotDrawn:
    """A figure that a claim asks for and that cannot be drawn, with the reason in the reader's language."""

    reason: str


def register_figure(kind: str) -> Callable[[AnyDraw], AnyDraw]:
    """Make a kind of figure known: decorates the function that draws it.

    Parameters
    ----------
    kind : str
        The name by which claims ask for it.

    Raises
    ------
    ValueError
        If the name is taken by another function.
    """

    def register(draw: AnyDraw) -> AnyDraw:
        if kind in _FIGURES:
            raise ValueError(f"a figure of the kind {kind!r} is registered already")
        _FIGURES[kind] = draw
        return draw

    return register


def figure_kinds() -> dict[str, tuple[str, ...]]:
    """List the kinds of figures that are known, with the names of their arguments."""
    return {
        kind: tuple(name for name in list(inspect.signature(draw).parameters)[1:])
        for kind, draw in _FIGURES.items()
    }


class Draw(NamedTuple):
    """A figure that is to be drawn.

    Attributes
    ----------
    name : str
        Its file stem.
    function : callable
        Draws it, or says why it does not.
    kind : str
    own : bool
        Whether its kind is one of this package's, which every process draws alike.
    """

    name: str
    function: "Callable[[], Drawing | NotDrawn | None]"
    kind: str
    own: bool


def report_figures(study: Study) -> tuple[list[Draw], dict[str, list[Draw]]]:
    """List the figures of the whole run, and those that show each claim by its id; no two have one name."""
    of_study = study_figures(study)
    return of_study, claim_figures(study, {draw.name for draw in of_study})


def study_figures(study: Study) -> list[Draw]:
    """List the figures of the whole run."""
    # On paper the last two share a page, and text follows on the grid's.
    functions = {"profiles": _profiles, "distributions": _distributions, "grid": _grid}
    return [Draw(name, partial(draw, study), name, _is_own(draw)) for name, draw in functions.items()]


def _profiles(study: Study) -> "Drawing | None":
    from layerclaims.report.figures.layers.profiles import draw_profiles

    return draw_profiles(study)


def _distributions(study: Study) -> "Drawing | None":
    from layerclaims.report.figures.pairs.distributions import draw_distributions

    return draw_distributions(study)


def _grid(study: Study) -> "Drawing | None":
    from layerclaims.report.figures.pairs.grid import draw_grid

    return draw_grid(study)


def _is_own(draw: DrawFigure) -> bool:
    return getattr(draw, "__module__", "").startswith(f"{_PACKAGE}.")


def claim_figures(study: Study, taken: set[str]) -> dict[str, list[Draw]]:
    """List the figures that show each claim, by claim id.

    Parameters
    ----------
    study : Study
    taken : set of str
        File stems that other figures of the report have; gets those of the claims added.
    """
    return {claim.id: list(_figures_of(study, claim, taken)) for claim in study.evidence.claims}


def _figures_of(study: Study, claim: ClaimRecord, taken: set[str]) -> Iterator[Draw]:
    for number, asked in enumerate(claim.shown_by):
        name = _file_stem(f"{claim.id}-{asked.kind}" if number else claim.id, taken)
        own = asked.kind in _FIGURES and _is_own(_FIGURES[asked.kind])
        yield Draw(name, partial(_draw, Place(study, claim, name), asked), asked.kind, own)


def _draw(place: Place, asked: FigureRecord) -> "Drawing | NotDrawn | None":
    _ = place.study.words.gettext
    draw = _FIGURES.get(asked.kind)
    if draw is None:
        text = _("A figure of the kind “%(kind)s” is asked for here, and no such kind is known.")
        return NotDrawn(text % {"kind": asked.kind})
    try:
        inspect.signature(draw).bind(place, **asked.arguments)
    except TypeError as error:
        text = _("A figure of the kind “%(kind)s” cannot be drawn with these arguments: %(reason)s.")
        return NotDrawn(text % {"kind": asked.kind, "reason": str(error)})
    missing = _not_measured(place.study, asked.arguments)
    if missing:
        text = _("A figure of the kind “%(kind)s” is asked for of what was not measured: %(reason)s.")
        return NotDrawn(text % {"kind": asked.kind, "reason": ", ".join(missing)})
    return draw(place, **asked.arguments)


def _not_measured(study: Study, arguments: dict[str, Any]) -> list[str]:
    """List the kinds of tokens and measures among the arguments that the run has none of."""
    measured = {"kind": set(study.kinds), "measure": {*study.measures, "std", "variance"}}
    return [
        str(name)
        for argument, known in measured.items()
        for name in [*(arguments.get(f"{argument}s") or ()), *filter(None, [arguments.get(argument)])]
        if name not in known
    ]


def _file_stem(text: str, taken: set[str]) -> str:
    """Make a file name of any text, unlike those that are taken."""
    stem = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:_LONGEST_NAME] or "figure"
    names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    name = next(name for name in names if name not in taken)
    taken.add(name)
    return name


@register_figure("two_points")
def _two_points(place: Place) -> "Drawing | None":
    from layerclaims.report.figures.pairs.two_points import draw_two_points

    return draw_two_points(place.study, place.name)


@register_figure("assertions")
def _assertions(place: Place) -> "Drawing | None":
    from layerclaims.report.figures.assertions import draw_assertions

    return draw_assertions(place.study, place.name, place.claim)


@register_figure("histograms")
def _histograms(place: Place, measure: str, layers: list[int]) -> "Drawing | None":
    from layerclaims.report.figures.pairs.histograms import draw_histograms

    return draw_histograms(place.study, place.name, measure, [place.study.layer(layer) for layer in layers])


@register_figure("pair_sorts")
def _pair_sorts(place: Place, measure: str, kind: str, layers: list[int]) -> "Drawing | None":
    from layerclaims.report.figures.pairs.pair_sorts import draw_pair_sorts

    own = [place.study.layer(layer) for layer in layers]
    return draw_pair_sorts(place.study, place.name, measure, kind, own)


@register_figure("token_groups")
def _token_groups(place: Place, kind: str) -> "Drawing | None":
    from layerclaims.report.figures.pairs.token_groups import draw_token_groups

    return draw_token_groups(place.study, place.name, kind)


@register_figure("clusters")
def _clusters(place: Place, measure: str, first: int, last: int) -> "Drawing | None":
    from layerclaims.report.figures.layers.clusters import draw_clusters

    marked = place.study.layer(first), place.study.layer(last)
    return draw_clusters(place.study, place.name, measure, marked)


@register_figure("decline")
def _decline(
    place: Place, measure: str, kinds: list[str] | None = None, compared: str = "thirds"
) -> "Drawing | None":
    from layerclaims.report.figures.layers.decline import draw_decline

    return draw_decline(place.study, place.name, measure, kinds, compared)


@register_figure("growth")
def _growth(place: Place, measures: list[str]) -> "Drawing | None":
    from layerclaims.report.figures.layers.growth import draw_growth

    return draw_growth(place.study, place.name, place.claim, measures)


@register_figure("ranks_by_depth")
def _ranks_by_depth(place: Place, measures: list[str]) -> "Drawing | None":
    from layerclaims.report.figures.layers.ranks import draw_ranks_by_depth

    return draw_ranks_by_depth(place.study, place.name, measures)


@register_figure("covariance_growth")
def _covariance_growth(place: Place) -> "Drawing | None":
    from layerclaims.report.figures.layers.covariance_growth import draw_covariance_growth

    return draw_covariance_growth(place.study, place.name)


@register_figure("rank_agreement")
def _rank_agreement(place: Place, measures: list[str]) -> "Drawing | None":
    from layerclaims.report.figures.layers.ranks import draw_rank_agreement

    return draw_rank_agreement(place.study, place.name, measures)


@register_figure("plane")
def _plane(place: Place, layer: int) -> "Drawing | None":
    from layerclaims.report.figures.pairs.plane import draw_plane

    return draw_plane(place.study, place.name, place.study.layer(layer))


@register_figure("simpson")
def _simpson(place: Place, kind: str, layer: int) -> "Drawing | None":
    from layerclaims.report.figures.pairs.simpson import draw_simpson

    return draw_simpson(place.study, place.name, kind, place.study.layer(layer))
