import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from layerclaims.report.language.phrases import Phrases

from layerclaims.calibration.claim_reader import read_claims
from layerclaims.report.language.catalogues import evidence_messages, report_messages
from layerclaims.report.language.words import (
    EVIDENCE_DOMAIN,
    LOCALE_DIR,
    REPORT_DOMAIN,
    available_languages,
    load_words,
)
from layerclaims.report.page.render import render
from layerclaims.report.records.store import write_evidence
from tests.report.builder import make_evidence, make_points
from tests.report.page_parser import Page

PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\d+\}|%%")


def catalogue(language: str, domain: str) -> dict[str, str]:
    with (LOCALE_DIR / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        found = {}
        for message in read_po(file, locale=language):
            source = message.id[-1] if isinstance(message.id, (tuple, list)) else message.id
            target = message.string[0] if isinstance(message.string, (tuple, list)) else message.string
            found[str(source)] = str(target)
    found.pop("", None)
    return found


@pytest.mark.parametrize("domain", [REPORT_DOMAIN, EVIDENCE_DOMAIN])
def test_every_message_of_the_source_is_translated(domain: str) -> None:
    gathered = report_messages() if domain == REPORT_DOMAIN else evidence_messages()
    known = catalogue("vi", domain)
    sources = [m.id[-1] if isinstance(m.id, (tuple, list)) else m.id for m in gathered if m.id]
    missing = [source for source in sources if not known.get(str(source))]
    assert missing == [], "run python -m layerclaims.report messages and translate what is new"
    assert set(known) <= set(map(str, sources)), "run python -m layerclaims.report messages"


@pytest.mark.parametrize("domain", [REPORT_DOMAIN, EVIDENCE_DOMAIN])
def test_translations_keep_every_placeholder(domain: str) -> None:
    for source, target in catalogue("vi", domain).items():
        assert set(PLACEHOLDER.findall(source)) == set(PLACEHOLDER.findall(target)), source


def test_the_documents_statements_are_known_in_every_language() -> None:
    statements = {assertion.statement for found in read_claims().values() for assertion in found}
    for language in available_languages():
        assert all(load_words(language).knows(statement) for statement in statements)


def test_numbers_follow_the_language() -> None:
    english, vietnamese = load_words("en"), load_words("vi")
    assert english.number(1234.5) == "1,234"
    assert vietnamese.number(1234.5) == "1.234"
    assert vietnamese.number(-0.5) == "−0,5"
    assert english.number(1.0e-6) == "1e−6"
    assert vietnamese.percent(0.25) == "25%"
    assert vietnamese.interval((1.5, 2.25)) == "1,5 đến 2,25"


def test_days_follow_the_language_and_other_texts_stay() -> None:
    assert load_words("en").date("2026-01-02T03:04:05+00:00") == "January 2, 2026"
    assert load_words("vi").date("2026-01-02T03:04:05Z") == "2 tháng 1, 2026"
    assert load_words("en").date("yesterday") == "yesterday"


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="there are en, vi"):
        load_words("xx")


@pytest.fixture
def phrases() -> Phrases:
    catalogue = {
        "the number of {1} at layer {2}": "số {1} ở lớp {2}",
        "{1} is {2} ({3} interval {4} to {5})": "{1} là {2} (khoảng {3} từ {4} đến {5})",
        "The decline stays open: {1}.": "Sự giảm còn bỏ ngỏ: {1}.",
        "Nothing is known.": "Không biết gì.",
        "{1} to {2}": "{1} đến {2}",
        "commas": "dấu phẩy",
    }
    return Phrases(catalogue, lambda number: number.replace(",", ";").replace(".", ",").replace(";", "."))


def test_a_sentence_finds_its_pattern_and_keeps_what_filled_it(phrases: Phrases) -> None:
    assert phrases.translate("the number of commas at layer 3") == "số dấu phẩy ở lớp 3"
    text = "the number of commas at layer 3 is 1,250.5 (95% interval 1.5 to 2)"
    assert phrases.translate(text) == "số dấu phẩy ở lớp 3 là 1.250,5 (khoảng 95% từ 1,5 đến 2)"


def test_sentences_after_one_another_are_translated_each(phrases: Phrases) -> None:
    text = "The decline stays open: the number of commas at layer 3. Nothing is known."
    assert phrases.translate(text) == "Sự giảm còn bỏ ngỏ: số dấu phẩy ở lớp 3. Không biết gì."


def test_what_no_pattern_made_stays_unknown(phrases: Phrases) -> None:
    assert phrases.translate("from here to eternity") is None
    assert phrases.translate("Nothing is known. But this is new.") is None
    assert phrases.translate("") is None
    assert phrases.translate("1.5 to 2") == "1,5 đến 2"


def test_the_report_speaks_vietnamese_and_marks_what_stays_english(tmp_path: Path) -> None:
    evidence = make_evidence()
    write_evidence(evidence.model_copy(update={"claims": evidence.claims[:3]}), tmp_path, make_points())
    text = render(tmp_path, pdf=False, lang="vi").html.read_text()
    page = Page(text)
    assert next(attributes for tag, attributes in page.tags if tag == "html")["lang"] == "vi"
    assert "được xác nhận" in page.text
    assert "14,2 lần (khoảng tin cậy 95% từ 12 đến 16,5)" in page.text
    assert '<span lang="en">the same model with untrained weights</span>' in text
    assert '"mutual_information"' in page.raw["script"][0]
