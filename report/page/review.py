"""What a reviewer asks, in the reader's language: rules, smallest effects."""

from layerclaims.report.language.words import Words
from layerclaims.report.records import claim_facts
from layerclaims.report.records.evidence import ClaimRecord, RulesRecord, SoftwareRecord

COMMIT_DIGITS = 12


def software_text(software: SoftwareRecord, words: Words) -> str:
    """Write version and commit."""
    _ = words.gettext
    if software.commit is None:
        return _("%(version)s, commit not known") % {"version": software.version}
    text = _("%(version)s, commit %(commit)s")
    if software.modified:
        text = _("%(version)s, commit %(commit)s with changes")
    return text % {"version": software.version, "commit": software.commit[:COMMIT_DIGITS]}


def rules_sentence(rules: RulesRecord, words: Words) -> str:
    """Say whether criteria and rules are a release's."""
    _ = words.gettext
    if rules.release is not None:
        return _("Criteria and rules are those of release %(version)s.") % {"version": rules.release}
    if rules.compared_with is not None:
        return _("Criteria and rules are not those of a release. What differs from release %(version)s:") % {
            "version": rules.compared_with
        }
    return _("Criteria and rules are those of no release, since none of this document's is recorded.")


def smallest_effect(claim: ClaimRecord, words: Words) -> str:
    """Say which values would have been inconclusive; empty where none would have been.

    The assertion is the one that decided the claim.
    """
    decisive = claim_facts.deciding_assertion(claim)
    if decisive is None or not decisive.undecided:
        return ""
    ranges = [words.interval(one) for one in decisive.undecided]
    text = words.gettext(
        "Smallest effect that could be told: with an interval as wide as this one, a value of %(ranges)s "
        "would have been inconclusive."
    )
    return text % {"ranges": words.enumeration(ranges)}
