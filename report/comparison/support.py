"""Support of each claim over several runs."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from layerclaims.decision import ClaimVerdict
from layerclaims.report.comparison.comparison import ClaimRow, ComparedRun, Comparison
from layerclaims.report.language.words import Words
from layerclaims.report.records.claim_facts import WITHOUT_NUMBER, Share, held_untrained, is_identity

Extent = Literal["everywhere", "some", "nowhere", "not_applicable"]

EXTENTS: tuple[Extent, ...] = ("everywhere", "some", "nowhere", "not_applicable")
"""Extents in the order shown."""


@dataclass(frozen=True)
class Support:
    """Verdicts of a claim over the runs that decided it.

    Attributes
    ----------
    row : ClaimRow
    counts : Counter of ClaimVerdict
        Runs by verdict.
    untrained : Share
        Of the runs that support the claim and also decided it on untrained weights, the number in which the
        untrained weights support it too; empty for identities.
    """

    row: ClaimRow
    counts: Counter[ClaimVerdict]
    untrained: Share

    @property
    def share(self) -> Share:
        """Count the runs that support the claim, out of those in which a number decided it."""
        undecided = sum(self.counts[verdict] for verdict in WITHOUT_NUMBER)
        return Share(self.counts["supported"], self.counts.total() - undecided)

    @property
    def extent(self) -> Extent:
        """Return in how many runs the claim holds: all, some or none."""
        if self.share.of == 0:
            return "not_applicable"
        if self.share.holds == 0:
            return "nowhere"
        return "everywhere" if self.share.holds == self.share.of else "some"


def supports(comparison: Comparison) -> list[Support]:
    """Count the verdicts of each claim, in the document's order."""
    return [_support(row) for row in comparison.rows]


def _support(row: ClaimRow) -> Support:
    claims = [claim for claim in row.claims if claim is not None]
    learnable = [claim for claim in claims if claim.verdict == "supported" and not is_identity(claim)]
    measured = [held for claim in learnable if (held := held_untrained(claim)) is not None]
    return Support(
        row,
        Counter(claim.verdict for claim in claims),
        Share(sum(measured), len(measured)),
    )


def by_extent(found: Sequence[Support]) -> dict[Extent, list[Support]]:
    """Group claims by extent, and sort each group by the share of runs; empty groups are left out."""
    sorts = {extent: [support for support in found if support.extent == extent] for extent in EXTENTS}
    return {
        extent: sorted(group, key=lambda support: -support.share.holds / max(support.share.of, 1))
        for extent, group in sorts.items()
        if group
    }


def extent_name(extent: Extent, words: Words) -> str:
    """Return the heading of the claims of one extent."""
    _ = words.gettext
    return {
        "everywhere": _("Supported wherever they apply"),
        "some": _("Supported in some runs"),
        "nowhere": _("Supported in no run"),
        "not_applicable": _("Applicable in no run"),
    }[extent]


def support_sentence(support: Support, words: Words) -> str:
    """Write in how many runs a claim was supported, the other verdicts, and whether it was learned."""
    return " ".join(f"{sentence}." for sentence in _sentences(support, words))


def _sentences(support: Support, words: Words) -> Iterator[str]:
    numbers = {"n": words.count(support.share.of), "holds": words.count(support.share.holds)}
    n, ngettext = support.share.of, words.ngettext
    match support.extent:
        case "everywhere":
            text = ngettext(
                "Supported in the one run where it applies",
                "Supported in all %(n)s runs where it applies",
                n,
            )
        case "some":
            text = words.gettext("Supported in %(holds)s of the %(n)s runs where it applies")
        case "nowhere":
            text = ngettext(
                "Not supported in the one run where it applies",
                "Supported in none of the %(n)s runs where it applies",
                n,
            )
        case "not_applicable":
            text = words.gettext("It applies in no run")
    others = _others(support, words)
    yield text % numbers + (f": {words.enumeration(others)}" if others else "")
    if support.untrained.of:
        yield _untrained(support.untrained, words)


def _others(support: Support, words: Words) -> list[str]:
    _ = words.gettext
    texts: dict[ClaimVerdict, str] = {
        "refuted": _("refuted in %(n)s"),
        "inconclusive": _("inconclusive in %(n)s"),
        "error": _("an error in %(n)s"),
        "part": _("decided in part in %(n)s"),
    }
    return [
        text % {"n": words.count(support.counts[verdict])}
        for verdict, text in texts.items()
        if support.counts[verdict]
    ]


def _untrained(share: Share, words: Words) -> str:
    """Write in how many of the runs that support a claim the untrained weights support it too."""
    _ = words.gettext
    if share.holds == 0:
        text = _("Of the runs that support it, %(n)s measured untrained weights too, which do not")
    elif share.holds == share.of:
        text = _(
            "Of the runs that support it, %(n)s measured untrained weights too, which do as well: there it "
            "says nothing about learning"
        )
    else:
        text = _("Of the runs that support it, %(n)s measured untrained weights too, which do in %(holds)s")
    return text % {"n": words.count(share.of), "holds": words.count(share.holds)}


def summary(found: Sequence[Support], words: Words) -> str:
    """Summarise in a sentence how many claims hold in how many runs."""
    ngettext = words.ngettext
    groups = {extent: len(group) for extent, group in by_extent(found).items()}
    texts: dict[Extent, str] = {
        "everywhere": ngettext(
            "%(n)s is supported wherever it applies",
            "%(n)s are supported wherever they apply",
            groups.get("everywhere", 0),
        ),
        "some": ngettext(
            "%(n)s is supported in some runs", "%(n)s are supported in some runs", groups.get("some", 0)
        ),
        "nowhere": ngettext(
            "%(n)s is supported in no run", "%(n)s are supported in no run", groups.get("nowhere", 0)
        ),
        "not_applicable": ngettext(
            "%(n)s applies in no run", "%(n)s apply in no run", groups.get("not_applicable", 0)
        ),
    }
    parts = [texts[extent] % {"n": words.count(n)} for extent, n in groups.items()]
    text = ngettext("The one claim: %(parts)s", "Of %(n)s claims, %(parts)s", len(found))
    return text % {"n": words.count(len(found)), "parts": words.enumeration(parts)}


def scope(runs: Sequence[ComparedRun], words: Words) -> str:
    """Count runs, models and texts: several runs of one model are not independent."""
    subjects = [run.evidence.subject for run in runs]
    models = {(subject.model, subject.revision_name, subject.weights_sha256) for subject in subjects}
    texts = {(subject.corpus.name, subject.corpus.sha256) for subject in subjects}
    parts = [
        words.ngettext("%(n)s run", "%(n)s runs", len(runs)) % {"n": words.count(len(runs))},
        words.ngettext("%(n)s model", "%(n)s models", len(models)) % {"n": words.count(len(models))},
        words.ngettext("%(n)s text", "%(n)s texts", len(texts)) % {"n": words.count(len(texts))},
    ]
    text = words.gettext("%(runs)s of %(models)s on %(texts)s")
    return text % dict(zip(("runs", "models", "texts"), parts, strict=True))
