"""Claims name the figures that show them by kind; what is not known is said instead of left out."""

from collections.abc import Iterator

import pytest

from layerclaims.report.figures import catalogue
from layerclaims.report.figures.assertions import draw_assertions
from layerclaims.report.figures.catalogue import (
    Draw,
    NotDrawn,
    Place,
    claim_figures,
    figure_kinds,
    register_figure,
    study_figures,
)
from layerclaims.report.figures.drawing import Drawing
from layerclaims.report.records.evidence import FigureRecord
from layerclaims.report.study import Study
from tests.report.builder import FIVE_KINDS, MEASURES, make_claim, make_evidence, make_points, study_of


def drawn(figures: list[Draw]) -> list[Drawing | NotDrawn]:
    return [drawing for figure in figures if (drawing := figure.function()) is not None]


def shown(study: Study, *figures: FigureRecord, claim_id: str = "a claim") -> list[Drawing | NotDrawn]:
    claim = make_claim(claim_id, "supported").model_copy(update={"shown_by": list(figures)})
    evidence = study.evidence.model_copy(update={"claims": [claim]})
    return drawn(claim_figures(study_of(evidence, study.points), set())[claim.id])


@pytest.fixture
def own_kind() -> Iterator[str]:
    @register_figure("of my own")
    def draw(place: Place, unit: str) -> Drawing | None:
        return draw_assertions(place.study, place.name, place.claim) if unit == "times" else None

    yield "of my own"
    del catalogue._FIGURES["of my own"]


def test_an_unknown_kind_of_figure_is_said(study: Study) -> None:
    assert shown(study, FigureRecord(kind="hologram")) == [
        NotDrawn("A figure of the kind “hologram” is asked for here, and no such kind is known.")
    ]


@pytest.mark.parametrize(
    ("kind", "arguments", "said"),
    [
        ("clusters", {"measure": "covariance", "first": 1}, "missing a required argument: 'last'"),
        ("assertions", {"colour": "red"}, "got an unexpected keyword argument 'colour'"),
        ("decline", {"measure": "charm"}, "not measured: charm"),
        ("growth", {"measures": ["covariance", "charm"]}, "not measured: charm"),
        ("token_groups", {"kind": "hyphen"}, "not measured: hyphen"),
    ],
)
def test_arguments_that_do_not_fit_are_said(
    study: Study, kind: str, arguments: dict[str, object], said: str
) -> None:
    (found,) = shown(study, FigureRecord(kind=kind, arguments=arguments))
    assert isinstance(found, NotDrawn)
    assert said in found.reason


def test_a_kind_of_figure_can_be_registered(study: Study, own_kind: str) -> None:
    assert figure_kinds()[own_kind] == ("unit",)
    (found,) = shown(study, FigureRecord(kind=own_kind, arguments={"unit": "times"}))
    assert isinstance(found, Drawing)
    assert shown(study, FigureRecord(kind=own_kind, arguments={"unit": "bits"})) == []
    with pytest.raises(ValueError, match="'of my own' is registered already"):
        register_figure(own_kind)(draw_assertions)


def test_file_names_are_safe_and_differ(study: Study) -> None:
    figures = [FigureRecord(kind="assertions")] * 3
    found = shown(study, *figures, claim_id="../../<b> grid\\")
    names = [drawing.name for drawing in found if isinstance(drawing, Drawing)]
    assert names == ["b-grid", "b-grid-assertions", "b-grid-assertions-2"]
    claim = make_claim("grid", "supported").model_copy(update={"shown_by": figures[:1]})
    evidence = study.evidence.model_copy(update={"claims": [claim]})
    (drawing,) = drawn(claim_figures(study_of(evidence, study.points), {"grid"})["grid"])
    assert isinstance(drawing, Drawing)
    assert drawing.name == "grid-2"


@pytest.mark.parametrize("kinds", [("internal",), FIVE_KINDS], ids=len)
def test_every_figure_takes_any_number_of_kinds_and_measures(kinds: tuple[str, ...]) -> None:
    measures = tuple(MEASURES)
    evidence = make_evidence(4, 10, kinds=kinds, measures=measures)
    study = study_of(evidence, make_points(4, 10, 40, kinds, measures))
    drawings = [figure for figure in drawn(study_figures(study)) if isinstance(figure, Drawing)]
    for claim, asked in claim_figures(study, set()).items():
        figures = drawn(asked)
        assert figures or all(a.value is None for a in next(
            c for c in evidence.claims if c.id == claim).assertions)  # fmt: skip
        assert not any(isinstance(figure, NotDrawn) for figure in figures), claim
        drawings += [figure for figure in figures if isinstance(figure, Drawing)]
    profiles = next(drawing for drawing in drawings if drawing.name == "profiles")
    titles = [axes.get_title() or axes.get_title(loc="left") for axes in profiles.figure.axes if axes.axison]
    assert "cosine similarity" in titles
    assert len(titles) == len(measures)
    for kind in kinds:
        assert study.words.kind(kind) in profiles.alternative
