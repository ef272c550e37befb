from pathlib import Path

import pytest

from layerclaims.analysis.clusters.panel import PANEL
from layerclaims.analysis.statistics.estimate import Estimate
from layerclaims.counting_rules import RULE_NAMES
from layerclaims.decision import Criterion, decide
from layerclaims.message import KindName, Measured, Message, Percent, message
from layerclaims.report.language.words import Words, load_words
from layerclaims.report.page.render import render
from layerclaims.report.page.sentences import translated
from layerclaims.report.records.store import write_evidence
from tests.report.builder import make_document, make_evidence, make_points
from tests.report.page_parser import Page


@pytest.fixture
def vietnamese() -> Words:
    return load_words("vi").of_document(make_document())


@pytest.fixture
def english() -> Words:
    return load_words("en").of_document(make_document())


def test_numbers_follow_the_language() -> None:
    english, vietnamese = load_words("en"), load_words("vi")
    assert english.number(1234.5) == "1,234"
    assert vietnamese.number(1234.5) == "1.234"
    assert vietnamese.number(-0.5) == "−0,5"
    assert english.number(1.0e-6) == "1e−6"
    assert vietnamese.percent(0.25) == "25%"
    assert vietnamese.interval((1.5, 2.25)) == "1,5 đến 2,25"


def test_every_rule_that_counts_clusters_has_a_name_in_each_language() -> None:
    assert RULE_NAMES.keys() == {rule.name for rule in PANEL}
    assert load_words("en").option("margin") == "covariance alone"
    vietnamese = load_words("vi")
    assert all(vietnamese.knows(name) for name in RULE_NAMES.values())
    assert vietnamese.option("margin") != "covariance alone"


def test_days_follow_the_language_and_other_texts_stay() -> None:
    assert load_words("en").date("2026-01-02T03:04:05+00:00") == "January 2, 2026"
    assert load_words("vi").date("2026-01-02T03:04:05Z") == "2 tháng 1, 2026"
    assert load_words("en").date("yesterday") == "yesterday"


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="there are en, vi"):
        load_words("xx")


def test_each_sort_of_value_is_written_as_the_language_does(english: Words, vietnamese: Words) -> None:
    sentence = message(
        "{a} {b} {c} {d} {e} {f}",
        a=12345,
        b=0.25,
        c=Percent(share=0.125),
        d=Measured(value=3.2, low=2.9, high=3.6, unit="times"),
        e=KindName(kind="terminal", form="plural", english="stops"),
        f="1.5, as it is",
    )
    expected = "12345 0.25 12.5% 3.2 times (95% interval 2.9 to 3.6) full stops 1.5, as it is"
    assert english.say(sentence) == expected
    expected = "12345 0,25 12,5% 3,2 lần (khoảng tin cậy 95% từ 2,9 đến 3,6) dấu chấm 1.5, as it is"
    assert vietnamese.say(sentence) == expected


def test_kinds_are_named_by_the_document_and_else_by_the_message(english: Words) -> None:
    for form, name in (("singular", "comma"), ("plural", "commas")):
        kind = KindName.model_validate({"kind": "internal", "form": form, "english": "x"})
        assert english.say(message("{kind}", kind=kind)) == name
    unknown = KindName(kind="colon", form="plural", english="colons")
    assert english.say(message("{kind}", kind=unknown)) == "colons"
    assert english.kind("colon") == "colon"


def test_a_sentence_and_those_inside_it_are_translated_each_by_its_template(vietnamese: Words) -> None:
    commas = KindName(kind="internal", form="plural", english="commas")
    quantity = message("mean {measure} of {kind} at layer {layer}, relative to layer 1,", measure=message(
        "covariance"), kind=commas, layer=24)  # fmt: skip
    decision = decide(
        quantity, Estimate(2.5, 2, 3, "times", 30), Criterion("at least", 10, message("why")), {}
    )
    reason = message("there is no tenfold growth: {reason}", reason=decision.sentence)
    assert vietnamese.knows(reason)
    assert vietnamese.say(reason) == (
        "không có mức tăng mười lần: hiệp phương sai trung bình của dấu phẩy ở lớp 24, so với lớp 1, là "
        "2,5 lần (khoảng tin cậy 95% từ 2 đến 3); tiêu chí là ít nhất 10: bị bác bỏ; "
        "nó nằm dưới tiêu chí 7,5"
    )


def test_a_gap_keeps_the_comma_of_what_fills_it(vietnamese: Words) -> None:
    reason = message("it cannot be decided here: {reason}", reason="layer 3, token 4")
    assert vietnamese.knows(reason)
    assert vietnamese.say(reason) == "không thể quyết định ở đây: layer 3, token 4"


def test_what_is_not_translated_in_part_is_english_as_a_whole_and_marked(vietnamese: Words) -> None:
    reason = message(
        "it cannot be decided here: {reason}", reason=Message(text="no such layer: 3, token 4, at 0.5")
    )
    assert not vietnamese.knows(reason)
    marked = '<span lang="en">it cannot be decided here: no such layer: 3, token 4, at 0.5</span>'
    assert translated(reason, vietnamese) == marked


def test_values_that_look_like_gaps_or_formats_stay_as_they_are(english: Words) -> None:
    hostile = "{a} {b[0]} {{ %(n)s %s"
    assert english.say(message("{a}: {b}", a=hostile, b="x")) == f"{hostile}: x"
    assert english.say(Message(text="{0} {missing} {b!r} {a}", values={"a": 1})) == "{0} {missing} {b!r} 1"


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
