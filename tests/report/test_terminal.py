import re

from layerclaims.report.records.baseline import baseline_of
from layerclaims.report.records.departures import compare_with_baseline
from layerclaims.report.terminal import verdict_table
from tests.report.builder import STATEMENTS, make_claim, make_evidence, make_subject, missing


def test_no_line_is_wider_than_the_terminal() -> None:
    for width in (80, 120):
        assert max(map(len, verdict_table(make_evidence(), width).splitlines())) <= width
    assert verdict_table(make_evidence(), 20) == verdict_table(make_evidence(), 80)


def test_each_claim_has_its_line_with_verdict_value_interval_and_criterion() -> None:
    lines = verdict_table(make_evidence()).splitlines()
    for claim_id in STATEMENTS:
        assert sum(claim_id in line.split() for line in lines if not line.startswith(" ")) == 1
    line = next(line for line in lines if "embedding-two-points" in line)
    assert line.split() == ["✓", "supported", "embedding-two-points", "14.2", "[12,", "16.5]", "≥", "10"]


def test_a_claim_that_is_not_applicable_says_why() -> None:
    lines = verdict_table(make_evidence()).splitlines()
    line = next(line for line in lines if "clusters-fade" in line)
    assert line.split() == ["–", "not", "applicable", "clusters-fade", "(1)"]
    assert lines.count("  (1) the model adds no positions to its embedding") == 1


def test_specifications_that_hold_are_set_against_chance() -> None:
    claim = make_claim("covariance-grows", "supported")
    text = " ".join(verdict_table(make_evidence(claims=[claim])).split())
    assert claim.specifications is not None
    held = f"{claim.specifications.n_supported} of {claim.specifications.n}"
    assert f"specifications whose numbers meet the criteria: covariance-grows {held}, by chance in 2%" in text
    bare = claim.model_copy(update={"specifications": None})
    assert "by chance" not in verdict_table(make_evidence(claims=[bare]))


def test_colour_adds_nothing_but_colour() -> None:
    plain = verdict_table(make_evidence())
    coloured = verdict_table(make_evidence(), color=True)
    assert "\033[32m" in coloured
    assert re.sub(r"\033\[\d+m", "", coloured) == plain


def test_another_subject_and_an_interrupted_run_are_said() -> None:
    table = verdict_table(make_evidence(complete=False))
    assert "not the document's own subject" in table
    assert "decided before the run was interrupted" in table
    own = make_subject(12, 30, is_document_subject=True, fallback_reason=None)
    assert "document's own subject" not in verdict_table(make_evidence(subject=own))
    named = own.model_copy(update={"identified_by": "name"})
    assert "document's own subject by name only" in verdict_table(make_evidence(subject=named))


def test_control_characters_do_not_reach_the_terminal() -> None:
    hostile = make_subject(12, 30, model="a\x1b[2Jb\u202ec\x00", corpus={"name": "x\ny"})
    table = verdict_table(make_evidence(subject=hostile))
    assert r"a\x1b[2Jb\u202ec\x00" in table
    assert "x¶y" in table


def test_how_a_run_stands_to_its_baseline_is_said_at_the_end() -> None:
    evidence = make_evidence()
    assert "recorded" not in verdict_table(evidence)
    before = make_evidence(claims=[*evidence.claims[1:], make_claim("gone", "refuted")])
    comparison = compare_with_baseline(baseline_of(before), evidence.claims, file="b\x1b.json", whole=True)
    lines = verdict_table(evidence.model_copy(update={"baseline": comparison}), 200).splitlines()
    n = 2 * len(evidence.claims)
    assert lines[-4] == rf"{n - 2} of {n} verdicts as recorded in b\x1b.json, 2 new, 2 missing"
    assert lines[-3].startswith("  gone: gone[internal]; missing: recorded as refuted at 2.1 [1.9, 2.4]")
    assert lines[-1] == "Where that is meant, record it with --update-baseline."
    part = compare_with_baseline(baseline_of(evidence), evidence.claims[:2], file="b.json", whole=False)
    table = verdict_table(evidence.model_copy(update={"baseline": part}), 200)
    assert table.endswith(f"4 of 4 verdicts as recorded in b.json, {n - 4} not run")


def test_below_a_claim_stands_for_each_kind_how_it_misses() -> None:
    table = verdict_table(make_evidence(claims=[missing()]), 120).splitlines()
    line = next(place for place, line in enumerate(table) if line.startswith("✗ refuted"))
    assert table[line + 1].strip() == "commas: it falls by 6%; full stops: it falls by 1%"


def test_the_table_is_in_the_readers_language() -> None:
    lines = verdict_table(make_evidence(), 100, language="vi").splitlines()
    assert next(line for line in lines if "[95%]" in line).split()[:2] == ["phán", "quyết"]
    line = next(line for line in lines if "embedding-two-points" in line)
    assert line.split() == [
        "✓",
        "được",
        "xác",
        "nhận",
        "embedding-two-points",
        "14,2",
        "[12;",
        "16,5]",
        "≥",
        "10",
    ]
    assert " luận điểm: " in lines[-1]
    assert not {"verdict", "claim", "claims", "measured", "supported", "refuted"} & set(
        " ".join(lines).split()
    )
