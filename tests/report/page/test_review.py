"""The page says what a reviewer asks: software, rules, smallest effects, limits."""

import pytest

from layerclaims.report.language.words import load_words
from layerclaims.report.page.page import ReportSource, build_page
from layerclaims.report.page.review import rules_sentence, smallest_effect, software_text
from layerclaims.report.records.evidence import RulesRecord, SoftwareRecord
from tests.report.builder import make_claim, make_evidence, study_of

ENGLISH = load_words("en")


@pytest.mark.parametrize(
    ("commit", "modified", "expected"),
    [
        (None, None, "0.1.0, commit not known"),
        ("0123456789abcdef", False, "0.1.0, commit 0123456789ab"),
        ("0123456789abcdef", True, "0.1.0, commit 0123456789ab with changes"),
    ],
)
def test_software_is_named_by_version_and_commit(
    commit: str | None, modified: bool | None, expected: str
) -> None:
    software = SoftwareRecord(version="0.1.0", commit=commit, modified=modified)
    assert software_text(software, ENGLISH) == expected


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (RulesRecord(engine="e", release="1"), "are those of release 1."),
        (RulesRecord(engine="e", compared_with="1"), "are not those of a release."),
        (RulesRecord(engine="e"), "are those of no release"),
    ],
)
def test_rules_are_a_releases_or_not(rules: RulesRecord, words: str) -> None:
    assert words in rules_sentence(rules, ENGLISH)


def test_the_smallest_effect_is_that_of_the_deciding_assertion() -> None:
    claim = make_claim("covariance-grows", "supported")  # 14.2 times, 12 to 16.5, at least 10
    assert "a value of 8.61 to 11.8 would have been" in smallest_effect(claim, ENGLISH)
    assert smallest_effect(make_claim("covariance-grows", "not_applicable"), ENGLISH) == ""


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_page_shows_them(language: str) -> None:
    study = study_of(make_evidence(), language=language)
    page = build_page(study, {}, [], ReportSource("ab" * 32, ()))
    say, gettext = study.words.say, study.words.gettext
    assert say(study.evidence.limits[0]) in page
    assert study.evidence.rules is not None
    assert say(study.evidence.rules.changes[0]) in page
    changed = gettext("%(version)s, commit %(commit)s with changes")
    assert changed % {"version": "0.1.0", "commit": "0123456789ab"} in page
    effects = [smallest_effect(claim, study.words) for claim in study.evidence.claims]
    assert all(effect in page for effect in effects)
    assert any(effects)
