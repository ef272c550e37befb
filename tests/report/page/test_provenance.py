"""What was run is said in the reader's language, and what is not known is left out."""

from layerclaims.report.language.words import load_words
from layerclaims.report.page.provenance import rows
from layerclaims.report.records.evidence import Evidence, TokenTexts
from tests.report.builder import make_evidence, study_of


def with_windows(**changes: object) -> Evidence:
    evidence = make_evidence()
    assert evidence.subject.windows is not None
    windows = evidence.subject.windows.model_copy(update=changes)
    return evidence.model_copy(update={"subject": evidence.subject.model_copy(update={"windows": windows})})


def test_tokens_that_hold_more_than_a_mark_are_counted_with_examples() -> None:
    evidence = with_windows(
        eligible={"internal": 1234, "terminal": 250},
        merged={"internal": TokenTexts(n=37, examples={',"': 30, "river,": 7}), "terminal": TokenTexts(n=0)},
        spaced={"internal": TokenTexts(n=0), "terminal": TokenTexts(n=9, examples={".¶": 9})},
    )
    found = dict(rows(evidence, study_of(evidence).words))
    assert found["commas to choose from"] == "1,234"
    assert found["commas merged with other characters, not chosen"] == '37: “,"” × 30, “river,” × 7'
    assert found["full stops with space in their token"] == "9: “.¶” × 9"
    assert "full stops merged with other characters, not chosen" not in found
    assert len(rows(evidence, study_of(evidence, language="vi").words)) == len(found)


def test_what_is_not_known_has_no_row() -> None:
    assert all(value for _, value in rows(make_evidence(), load_words("en")))


def test_how_far_tokens_depend_on_their_neighbours_is_told_by_kind() -> None:
    evidence = make_evidence(
        dependence={
            "internal": {"block_length": 13, "effective_tokens": 138.6, "positions_known": True},
            "terminal": {"block_length": 5, "effective_tokens": 242.1, "positions_known": False},
        }
    )
    found = dict(rows(evidence, study_of(evidence).words))
    assert found["commas in a resample"] == "13 neighbours at a time; as much as 139 independent tokens"
    assert found["full stops in a resample, as stored"].startswith("5 neighbours")
