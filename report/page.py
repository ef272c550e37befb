"""The report's page: a study and its drawings, through the templates, to one self-contained text."""

import base64
import hashlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.decision import Parameter
from report import reading
from report.evidence import AssertionRecord, ClaimRecord, CriterionRecord, Evidence, Interval
from report.language import SOURCE_LANGUAGE, Words
from report.marks import mark, mark_of
from report.palette import SHADES
from report.study import Study

TEMPLATE_DIR = Path(__file__).with_name("templates")
FONT_DIR = Path(__file__).with_name("fonts")

_FACES = {
    "OpenSans-Regular": ("Open Sans", 400, "normal"),
    "OpenSans-Semibold": ("Open Sans", 600, "normal"),
    "OpenSans-Italic": ("Open Sans", 400, "italic"),
    "NotoSerif-Regular": ("Noto Serif", 400, "normal"),
    "NotoSerif-Italic": ("Noto Serif", 400, "italic"),
}


@dataclass(frozen=True)
class PageFigure:
    """A drawing as the page shows it."""

    name: str
    svg: Markup
    caption: str
    table_name: str


def build_page(study: Study, figures: dict[str, PageFigure], study_figures: list[PageFigure]) -> str:
    """Write the report.

    Parameters
    ----------
    study : Study
        Its texts already `report.text.literal`.
    figures : dict of str to PageFigure
        By claim id.
    study_figures : list of PageFigure
        Those of the whole study.

    Returns
    -------
    str
        HTML that loads nothing: style, fonts and figures stand in it.
    """
    environment = _environment(study.words)
    evidence = study.evidence
    sheet = stylesheet()
    return environment.get_template("report.html.j2").render(
        evidence=evidence,
        language=study.words.language,
        stylesheet=Markup(sheet),
        policy=_policy(sheet),
        figures={claim.id: figures.get(claim.id) for claim in evidence.claims},
        study_figures=study_figures,
        summary_sentence=summary_sentence(evidence, study.words),
        provenance=_provenance(evidence, study.words),
        versions=_versions(evidence),
    )


def stylesheet() -> str:
    """Put together colours for light and dark, fonts, figure classes and the rules of the page."""
    light = "".join(f"--{name}:{shade.light};" for name, shade in SHADES.items())
    dark = "".join(f"--{name}:{shade.dark};" for name, shade in SHADES.items())
    classes = "".join(f".f-{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name})}}" for name in SHADES)
    faces = "".join(_font_face(file, *face) for file, face in _FACES.items())
    rules = (TEMPLATE_DIR / "report.css").read_text(encoding="utf-8")
    screen = f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f"{faces}:root{{{light}}}{screen}@media screen{{{classes}}}\n{rules}"


def _font_face(file: str, family: str, weight: int, style: str) -> str:
    data = base64.b64encode((FONT_DIR / f"{file}.woff2").read_bytes()).decode()
    source = f"url(data:font/woff2;base64,{data}) format('woff2')"
    return f"@font-face{{font-family:'{family}';font-weight:{weight};font-style:{style};src:{source}}}"


def _policy(*styles: str) -> str:
    """Allow what the page brings along, by its hash, and nothing else."""
    hashes = " ".join(f"'sha256-{_hash(style)}'" for style in styles)
    return (
        f"default-src 'none'; style-src {hashes}; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _environment(words: Words) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_DIR),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=True
    )
    environment.filters.update(
        number=words.number, count=words.count, fixed=words.fixed, interval=words.interval
    )
    environment.globals.update(
        t=partial(translated, words=words),
        kind_name=words.kind,
        verdict_name=words.verdict,
        section_name=partial(_section_name, words=words),
        anchor=anchor,
        deciding_assertion=reading.deciding_assertion,
        reason_not_applicable=reading.reason_not_applicable,
        controls_that_hold=reading.controls_that_hold,
        specifications_that_hold=reading.specifications_that_hold,
        short_criterion=partial(reading.short_criterion, number=words.number),
        criteria=_criteria,
        finding=partial(finding, words=words),
        against=partial(_against, words=words),
        refutation=partial(_refutation, words=words),
        parameters=partial(_parameters, words=words),
        mark=mark,
        shades=SHADES,
        mark_of=mark_of,
    )
    return environment


def translated(text: str, words: Words) -> str | Markup:
    """Translate a text of the evidence; where that cannot be, mark it as English for screen readers."""
    if words.has(text):
        return words.gettext(text)
    return Markup('<span lang="{}">{}</span>').format(SOURCE_LANGUAGE, text)


def anchor(claim: ClaimRecord) -> str:
    """Give a claim's place in the page; ids take no spaces."""
    return "claim-" + "-".join(claim.id.split())


def summary_sentence(evidence: Evidence, words: Words) -> str:
    """Sum the verdicts up in a sentence."""
    _ = words.gettext
    counts = evidence.summary
    parts = {
        "supported": _("%(n)s supported") % {"n": counts.supported},
        "refuted": _("%(n)s refuted") % {"n": counts.refuted},
        "inconclusive": _("%(n)s inconclusive") % {"n": counts.inconclusive},
        "not_applicable": _("%(n)s not applicable") % {"n": counts.not_applicable},
    }
    named = [parts[verdict] for verdict in reading.VERDICTS if getattr(counts, verdict)]
    n = len(evidence.claims)
    heading = words.ngettext("Of one claim: %(verdicts)s", "Of %(n)s claims: %(verdicts)s", n)
    return heading % {"n": n, "verdicts": ", ".join(named) or _("none decided")}


def finding(claim: ClaimRecord, words: Words) -> str:
    """Say in a sentence why a claim got its verdict, from the numbers of the assertion that decided it."""
    decisive = reading.deciding_assertion(claim)
    if decisive is None:
        return ""
    if decisive.value is None or decisive.criterion is None:
        return words.gettext(reading.reason_not_applicable(claim) or decisive.message)
    text = words.gettext("%(quantity)s is %(value)s; asked is %(criterion)s.")
    return text % {
        "quantity": _capital(words.gettext(decisive.quantity)),
        "value": _value_text(decisive, words),
        "criterion": words.criterion(decisive.criterion),
    }


def _against(assertion: AssertionRecord, words: Words) -> str:
    if assertion.value is None or assertion.criterion is None:
        return ""
    return f"{_value_text(assertion, words)}; {words.criterion(assertion.criterion)}"


def _value_text(assertion: AssertionRecord, words: Words) -> str:
    assert assertion.value is not None
    text = words.number(assertion.value)
    if assertion.unit:
        text += f" {words.gettext(assertion.unit)}"
    interval: Interval | None = assertion.interval
    if interval is None or interval[0] == interval[1]:
        return text
    return text + " " + words.gettext("(95%% interval %(ends)s)") % {"ends": words.interval(interval)}


def _criteria(claim: ClaimRecord) -> list[CriterionRecord]:
    """List a claim's different criteria, each once."""
    found = (assertion.criterion for assertion in claim.assertions)
    return list(dict.fromkeys(criterion for criterion in found if criterion is not None))


def _refutation(criterion: CriterionRecord, words: Words) -> str:
    """Say what would have refuted the claim."""
    text = words.gettext("An interval wholly outside (%(criterion)s) would have refuted it.")
    return text % {"criterion": words.criterion(criterion)}


def _parameters(parameters: dict[str, Parameter], words: Words) -> str:
    shown = []
    for name, value in parameters.items():
        text = words.kind(value) if isinstance(value, str) else words.number(value)
        shown.append(text if name == "kind" else f"{words.gettext(name)} {text}")
    return ", ".join(shown)


def _section_name(section: str, words: Words) -> str:
    if section[:1].isdigit():
        return words.gettext("section %(section)s") % {"section": section}
    return words.gettext(section)


def _provenance(evidence: Evidence, words: Words) -> list[tuple[str, Any]]:
    _ = words.gettext
    subject, specification = evidence.subject, evidence.specification
    rows = [
        (_("command"), evidence.command),
        (_("time"), evidence.created),
        (_("model"), subject.model),
        (_("revision"), subject.revision),
        (_("weights, SHA-256"), subject.weights_sha256),
        (_("architecture"), subject.architecture),
        (_("quantization"), subject.quantization),
        (_("data type"), subject.dtype),
        (_("device"), subject.device),
        (_("text"), subject.corpus.name),
        (_("text, SHA-256"), subject.corpus.sha256),
        (_("tokens in the text"), subject.corpus.n_tokens and words.count(subject.corpus.n_tokens)),
        (_("estimator"), specification.estimator),
        (_("bins"), words.count(specification.bins)),
        (
            _("outliers beyond"),
            _("%(n)s standard deviations") % {"n": words.number(specification.outlier_sd)},
        ),
        (_("token resamples"), words.count(specification.n_resamples)),
        (_("seed"), str(specification.seed)),
    ]
    return [(name, value) for name, value in rows if value]


def _versions(evidence: Evidence) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in evidence.environment.items():
        rows += [(name, value)] if isinstance(value, str) else sorted(value.items())
    return rows


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
