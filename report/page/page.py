"""The report's page: a study and its figures, written by templates as one self-contained HTML text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from layerclaims.report.figures.palette import SHADES
from layerclaims.report.language.words import Words
from layerclaims.report.page import provenance, review, sentences, story
from layerclaims.report.page.citation import citations
from layerclaims.report.page.film import film_data
from layerclaims.report.page.interval_mark import mark_of, marks_on_one_scale
from layerclaims.report.page.specification_curve import specification_curves, specifications_in_words
from layerclaims.report.page.tokens import token_tables
from layerclaims.report.records import claim_facts, departures
from layerclaims.report.records.evidence import (
    EVIDENCE_NAME,
    POINTS_NAME,
    ClaimRecord,
    CriterionRecord,
    DocumentRecord,
    Evidence,
    TokenGroups,
    Window,
)
from layerclaims.report.records.report_folder import FIGURE_DIR, RESULTS_NAME
from layerclaims.report.study import Study
from layerclaims.report.templates.parts import (
    POINTS_SCRIPT,
    TEMPLATE_DIR,
    CompiledTemplates,
    Medium,
    as_image,
    policy,
    stylesheet,
    template,
)

if TYPE_CHECKING:
    from layerclaims.report.figures.catalogue import NotDrawn

_COMPILED = CompiledTemplates()

EXAMPLES = 5
"""Windows of text shown of each group of tokens."""


@dataclass(frozen=True)
class PageFigure:
    """A drawing as the page shows it.

    Attributes
    ----------
    name : str
    svg : Markup
    caption : str
    table_name : str
        Where its data lie, beside the page.
    points : str
        What is said of points, a line each: place across, place down, text.
    """

    name: str
    svg: Markup
    caption: str
    table_name: str
    points: str = ""


@dataclass(frozen=True)
class ReportSource:
    """The files that a report is made from.

    Attributes
    ----------
    digest : str
        SHA-256 of the evidence file.
    files : tuple of str
        Names of the files beside the page, PDF and figures apart.
    pdf : str
        Name of the PDF, empty where there is none.
    figures : str
        Name of the folder with the figures.
    """

    digest: str
    files: tuple[str, ...]
    pdf: str = ""
    figures: str = FIGURE_DIR


def build_page(
    study: Study,
    figures: dict[str, list["PageFigure | NotDrawn"]],
    study_figures: list[PageFigure],
    source: ReportSource,
    medium: Medium = "screen",
) -> str:
    """Write the report.

    Parameters
    ----------
    study : Study
        Its texts already `layerclaims.text.literal`.
    figures : dict of str to list of PageFigure or NotDrawn
        By claim id.
    study_figures : list of PageFigure
        Those of the whole study.
    source : ReportSource
        The files that the report is made from.
    medium : "screen" or "print"
        For print without what print does not show, scripts above all, and with drawings as images. Its style
        sheet is not part of it: the process that makes the PDF has read that before.

    Returns
    -------
    str
        HTML that loads nothing: figures and, for the screen, style and fonts are part of it.
    """
    evidence, words = study.evidence, study.words
    screen = medium == "screen"
    environment = page_environment(words, [evidence.document], medium)
    sheet = stylesheet() if screen else ""
    scripts = [template(name) for name in ("report.js", POINTS_SCRIPT, "film.js") if screen]
    claims = claim_facts.in_document_order(evidence.claims, evidence.document)
    shown = {claim.id: figures.get(claim.id, []) for claim in evidence.claims}
    drawn = [figure for parts in shown.values() for figure in parts if isinstance(figure, PageFigure)]
    return environment.get_template("report.html.j2").render(
        evidence=evidence,
        claims=claims,
        parts=claim_parts(claims),
        specification_numbers=specifications_in_words(claims, words),
        language=words.language,
        stylesheet=Markup(sheet),
        policy=policy(sheet, *scripts),
        scripts=[Markup(script) for script in scripts[:2]],
        film=film_data(study) if screen else None,
        film_script=Markup("".join(scripts[2:])),
        figures=shown,
        study_figures=study_figures,
        group_examples=partial(_group_examples, evidence),
        summary_sentence=sentences.summary_sentence(evidence, words),
        measured=story.measured(evidence, words),
        answers=story.answers(evidence, words),
        certainty=story.certainty(evidence, words),
        changes=story.changes(evidence, words),
        provenance=provenance.rows(evidence, words),
        versions=provenance.versions(evidence, words),
        tokens=token_tables(study) if screen else None,
        title_of=study.title,
        citations=citations(evidence, source.digest, words),
        files=_files(source, words),
        figure_dir=source.figures,
        figure_names=[figure.name for figure in (*study_figures, *drawn)],
    )


def _files(source: ReportSource, words: Words) -> list[tuple[str, str]]:
    _ = words.gettext
    meanings = {
        EVIDENCE_NAME: _("everything that the run found; this page is made from it"),
        RESULTS_NAME: _("every assertion's number, interval, criterion and verdict"),
        POINTS_NAME: _("the sampled pairs behind the scatter figures"),
        source.pdf: _("this report as a PDF"),
    }
    return [(name, meanings[name]) for name in (*source.files, source.pdf) if name]


def page_environment(
    words: Words, documents: Sequence[DocumentRecord], medium: Medium = "screen"
) -> Environment:
    """Prepare the templates for a language, and for what claims of these documents need.

    Parameters
    ----------
    words : Words
    documents : sequence of DocumentRecord
        For the titles of sections; the first to name a section counts.
    medium : "screen" or "print"
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_DIR),
        autoescape=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=True
    )
    environment.filters.update(
        number=words.number,
        count=words.count,
        fixed=words.fixed,
        percent=words.percent,
        interval=words.interval,
        date=words.date,
        drawing=as_image if medium == "print" else Markup,
    )
    environment.globals.update(_functions(words, documents, medium), screen=medium == "screen")
    return environment


def _functions(words: Words, documents: Sequence[DocumentRecord], medium: Medium) -> dict[str, Any]:
    """List the functions that templates call on parts of the evidence."""
    permalink = partial(_permalink, words=words) if medium == "screen" else _no_permalink
    return {**_facts(), **_texts(words, documents), "permalink": permalink}


def _facts() -> dict[str, Any]:
    """List those that are the same in every language."""
    return {
        "decided_by_rules": claim_facts.decided_by_rules,
        "anchor": story.anchor,
        "deciding_assertion": claim_facts.deciding_assertion,
        "reason_without_number": claim_facts.reason_without_number,
        "by_reason": claim_facts.by_reason,
        "controls_of": claim_facts.controls_of,
        "controls_that_hold": claim_facts.controls_that_hold,
        "not_by_learning": claim_facts.not_by_learning,
        "twin_sentences": claim_facts.twin_sentences,
        "is_identity": claim_facts.is_identity,
        "specifications_that_hold": claim_facts.specifications_that_hold,
        "criteria": _criteria,
        "control_outcomes": claim_facts.control_outcomes,
        "assertion_of": departures.assertion_of,
        "fails": departures.fails,
        "shades": SHADES,
        "mark_of": mark_of,
        "marks_on_one_scale": marks_on_one_scale,
    }


def _texts(words: Words, documents: Sequence[DocumentRecord]) -> dict[str, Any]:
    """List those that write in the reader's language."""
    sections = {key: title for document in reversed(documents) for key, title in document.sections.items()}
    return {
        "t": partial(sentences.translated, words=words),
        "plain": words.say,
        "label": partial(sentences.label, words=words),
        "quantity": partial(sentences.quantity, words=words),
        "kind_name": words.kind,
        "verdict_name": words.verdict,
        "verdict_meanings": partial(sentences.verdict_meanings, words),
        "unit_name": words.unit,
        "choice_name": words.choice,
        "section_name": partial(sentences.section_name, words=words, sections=sections),
        "section_title": partial(sentences.section_title, words=words, sections=sections),
        "short_criterion": partial(claim_facts.short_criterion, number=words.number),
        "interval_text": partial(sentences.interval_text, words=words),
        "separate_windows_text": partial(sentences.separate_windows_text, words=words),
        "finding": partial(sentences.finding, words=words),
        "against": partial(sentences.against, words=words),
        "refutation": partial(sentences.refutation, words=words),
        "smallest_effect": partial(review.smallest_effect, words=words),
        "rules_sentence": partial(review.rules_sentence, words=words),
        "specification_curves": partial(specification_curves, words=words),
        "control_verdict": partial(sentences.control_verdict, words=words),
        "baseline_sentence": partial(sentences.baseline_sentence, words=words),
        "departure_name": partial(sentences.departure_name, words=words),
        "departure_meanings": partial(sentences.departure_meanings, words=words),
        "input_name": partial(sentences.input_name, words=words),
    }


def _permalink(target: str, words: Words) -> Markup:
    label = words.gettext("Link to %(target)s") % {"target": target}
    return Markup('<a class="permalink screen" href="#{}" aria-label="{}">#</a>').format(target, label)


def _no_permalink(_target: str) -> str:
    return ""


@dataclass(frozen=True)
class ClaimParts:
    """A report's claims, in the document's order, by the section that shows them.

    Attributes
    ----------
    full : list of ClaimRecord
        Those with a section each.
    identities, inapplicable : list of ClaimRecord
        Supported identities, and claims that do not apply: each sort shares a short section.
    """

    full: list[ClaimRecord]
    identities: list[ClaimRecord]
    inapplicable: list[ClaimRecord]


def claim_parts(claims: Sequence[ClaimRecord]) -> ClaimParts:
    """Choose where each claim is shown; an identity that is not supported has a section of its own."""
    parts = ClaimParts([], [], [])
    for claim in claims:
        if claim.verdict == "not_applicable":
            parts.inapplicable.append(claim)
        elif claim.verdict == "supported" and claim_facts.is_identity(claim):
            parts.identities.append(claim)
        else:
            parts.full.append(claim)
    return parts


def _group_examples(evidence: Evidence, groups: TokenGroups) -> list[list[Window]]:
    """Choose some windows of each of the two groups, evenly over the text; none where there is no text."""
    windows = evidence.samples.get(groups.kind, [])
    if len(windows) != len(groups.labels):
        return []
    found = []
    for group in range(len(groups.sizes)):
        members = [place for place, label in enumerate(groups.labels) if label == group]
        step = max(len(members) // EXAMPLES, 1)
        found.append([windows[place] for place in members[::step][:EXAMPLES]])
    return found


def _criteria(claim: ClaimRecord) -> list[CriterionRecord]:
    """List a claim's different criteria, each once."""
    found = (assertion.criterion for assertion in claim.assertions)
    return list(dict.fromkeys(criterion for criterion in found if criterion is not None))
