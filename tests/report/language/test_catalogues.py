"""Catalogues hold what the source asks for, and translations fill every gap."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from layerclaims.analysis.clusters.text_features import FEATURES
from layerclaims.analysis.pairs.measures import MEASURES
from layerclaims.claims.document import DOCUMENT
from layerclaims.report.language.catalogues import evidence_messages, report_messages
from layerclaims.report.language.words import (
    EVIDENCE_DOMAIN,
    LOCALE_DIR,
    REPORT_DOMAIN,
    available_languages,
    load_words,
)

LANGUAGES = available_languages()[1:]
GAP = re.compile(r"%\(\w+\)s|\{\w+\}|%%")


def catalogue(language: str, domain: str) -> Iterator[tuple[str, str]]:
    with (LOCALE_DIR / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        for message in read_po(file, locale=language):
            source = message.id[-1] if isinstance(message.id, (tuple, list)) else message.id
            target = message.string[0] if isinstance(message.string, (tuple, list)) else message.string
            if source:
                yield str(source), str(target)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", [REPORT_DOMAIN, EVIDENCE_DOMAIN])
def test_every_message_of_the_source_is_translated(domain: str, language: str) -> None:
    gathered = report_messages() if domain == REPORT_DOMAIN else evidence_messages()
    sources = [m.id[-1] if isinstance(m.id, (tuple, list)) else m.id for m in gathered if m.id]
    known = dict(catalogue(language, domain))
    missing = [source for source in sources if not known.get(str(source))]
    assert missing == [], "run python -m layerclaims.report messages and translate what is new"
    assert set(known) <= set(map(str, sources)), "run python -m layerclaims.report messages"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", [REPORT_DOMAIN, EVIDENCE_DOMAIN])
def test_translations_keep_every_gap(domain: str, language: str) -> None:
    for source, target in catalogue(language, domain):
        assert set(GAP.findall(source)) == set(GAP.findall(target)), source


def test_what_is_registered_is_extracted_from_the_source() -> None:
    extracted = {str(message.id) for message in evidence_messages()}
    assert {measure.title for measure in MEASURES} <= extracted
    assert set(FEATURES) <= extracted
    assert {title.text for title in DOCUMENT.sections.values()} <= extracted


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_documents_sections_and_kinds_are_named_in_every_language(language: str) -> None:
    words = load_words(language)
    assert all(words.knows(title) for title in DOCUMENT.sections.values())
    assert all(language in names for kind in DOCUMENT.kinds for names in (kind.singular, kind.plural))
