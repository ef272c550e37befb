import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerclaims.analysis.statistics.estimate import Estimate
from layerclaims.decision import Criterion, Verdict, decide, not_applicable
from layerclaims.message import message
from layerclaims.report.records.baseline import baseline_of, recorded_assertion
from layerclaims.report.records.departures import (
    NAMES,
    PASSING,
    assertion_of,
    compare_with_baseline,
    departure,
    describe_assertion,
    describe_difference,
    describe_verdict,
    difference_of,
    fails,
)
from layerclaims.report.records.evidence import BaselineDifference, Departure, RecordedAssertion
from tests.report.builder import make_assertion, make_claim, make_evidence

AT_LEAST_10 = Criterion("at least", 10, message("why"))
AT_LEAST_1 = Criterion("at least", 1, message("why"))
CRITERIA = [
    AT_LEAST_10,
    Criterion("above", 10, message("why")),
    Criterion("at most", 10, message("why")),
    Criterion("below", 10, message("why")),
    Criterion("exactly", 10, message("why")),
    Criterion("within", 9, message("why"), upper=11),
]


def record(value: float, low: float, high: float, criterion: Criterion = AT_LEAST_10) -> RecordedAssertion:
    decision = decide(message("the growth"), Estimate(value, low, high), criterion)
    return recorded_assertion("a claim", make_assertion("it grows", decision))


NOT_APPLICABLE = recorded_assertion(
    "a claim", make_assertion("it grows", not_applicable(message("the growth"), message("there is none")))
)


@pytest.mark.parametrize(
    ("was", "now", "how"),
    [
        (record(12, 11, 13), record(12, 11, 13), None),
        (record(12, 11, 13), record(12.4, 11.2, 13.2), None),
        (record(12, 11, 13), record(15, 14, 16), "drifted"),
        (record(12, 11, 13), record(12, 11.9, 13, AT_LEAST_1), "criterion changed"),
        (record(10.6, 10.1, 11.2), record(10.5, 9.9, 11.1), "within the interval"),
        (record(9.5, 9.1, 9.9), record(9.7, 9.2, 10.1), "within the interval"),
        (record(12, 11, 13), record(10.5, 9.9, 11.1), "changed"),
        (record(12, 11, 13), record(11.1, 9.5, 11.5), "changed"),
        (record(12, 11, 13), record(8, 7, 9), "reversed"),
        (record(8, 7, 9), record(12, 11, 13), "reversed"),
        (record(12, 11, 13), NOT_APPLICABLE, "changed"),
        (NOT_APPLICABLE, record(12, 11, 13), "changed"),
        (NOT_APPLICABLE, NOT_APPLICABLE, None),
        # The criterion moved, and the numbers did not: no reversal of what was measured.
        (record(8, 7, 9, AT_LEAST_1), record(8, 7, 9), "within the interval"),
        (record(8, 7, 9, AT_LEAST_1), record(5, 4, 7.5), "changed"),
    ],
)
def test_the_word_says_how_far_the_numbers_went(
    was: RecordedAssertion, now: RecordedAssertion, how: Departure | None
) -> None:
    assert departure(was, now) == how


numbers = st.integers(0, 2000).map(lambda number: number / 100)


@st.composite
def records(draw: st.DrawFn, criterion: Criterion) -> RecordedAssertion:
    low, value, high = sorted(draw(numbers) for _ in range(3))
    return draw(st.sampled_from([record(value, low, high, criterion), NOT_APPLICABLE]))


pairs = st.sampled_from(CRITERIA).flatmap(lambda criterion: st.tuples(records(criterion), records(criterion)))


@given(pairs)
def test_by_one_criterion_every_pair_has_its_word(
    pair: tuple[RecordedAssertion, RecordedAssertion],
) -> None:
    was, now = pair
    how = departure(was, now)
    assert departure(now, was) == how
    assert departure(was, was) is None
    assert (how is None or how in PASSING) == (was.verdict == now.verdict)
    # Supported lies wholly inside the criterion and refuted wholly outside it: these two are never close.
    assert (how == "reversed") == ({was.verdict, now.verdict} == {"supported", "refuted"})
    if how == "within the interval":
        assert "inconclusive" in (was.verdict, now.verdict)


@given(
    st.sampled_from(CRITERIA).flatmap(records),
    st.sampled_from(CRITERIA).flatmap(records),
)
def test_by_any_criteria_equal_verdicts_pass_and_others_fail(
    was: RecordedAssertion, now: RecordedAssertion
) -> None:
    difference = difference_of(was, now)
    assert departure(was, now) == departure(now, was)
    assert (difference is not None and fails(difference)) == (was.verdict != now.verdict)


def test_the_same_run_again_is_as_recorded() -> None:
    evidence = make_evidence()
    comparison = compare_with_baseline(baseline_of(evidence), evidence.claims, file="b.json", whole=True)
    assert comparison.differences == []
    assert comparison.n_as_recorded == comparison.n_recorded == 2 * len(evidence.claims)


def test_what_a_part_of_the_claims_leaves_out_is_counted_and_not_missed() -> None:
    evidence = make_evidence()
    comparison = compare_with_baseline(baseline_of(evidence), evidence.claims[:3], file="b.json", whole=False)
    assert comparison.differences == []
    assert comparison.n_as_recorded == 6
    assert comparison.n_not_run == comparison.n_recorded - 6


def test_changed_new_and_missing_assertions_are_told_gravest_first() -> None:
    verdicts: list[Verdict] = ["supported", "supported", "inconclusive"]
    before = [make_claim(f"claim-{place}", verdict) for place, verdict in enumerate(verdicts)]
    now = [make_claim("claim-3", "supported"), make_claim("claim-1", "refuted"), before[2]]
    baseline = baseline_of(make_evidence(claims=before))
    comparison = compare_with_baseline(baseline, now, file="b.json", whole=True)
    assert [difference.how for difference in comparison.differences] == [
        *["reversed"] * 2,
        *["new"] * 2,
        *["missing"] * 2,
    ]
    assert (comparison.n_recorded, comparison.n_as_recorded, comparison.n_not_run) == (6, 2, 0)
    assert all(map(fails, comparison.differences))


def test_assertions_are_told_apart_by_what_their_tests_were_given() -> None:
    """On a shallow model the document's layers 7 and 8 are one layer, and still two assertions."""
    claim = make_claim("claim", "supported")
    twins = [
        claim.assertions[0].model_copy(update={"arguments": {"document_layer": layer}}) for layer in (7, 8)
    ]
    evidence = make_evidence(claims=[claim.model_copy(update={"assertions": twins})])
    comparison = compare_with_baseline(baseline_of(evidence), evidence.claims, file="b.json", whole=True)
    assert comparison.n_as_recorded == comparison.n_recorded == 2


def test_a_difference_is_said_from_what_to_what() -> None:
    difference = difference_of(record(12, 11, 13), record(8, 7, 9))
    assert difference is not None
    assert str(describe_difference(difference)) == (
        "reversed: recorded as supported at 12 [11, 13], now refuted at 8 [7, 9]"
    )
    new = difference_of(None, record(12, 12, 12))
    assert new is not None
    assert str(describe_difference(new)) == "new: not in the baseline, now supported at 12"
    missing = new.model_copy(update={"how": "missing", "recorded": new.found, "found": None})
    assert str(describe_difference(missing)) == "missing: recorded as supported at 12, no longer asserted"
    moved = difference_of(record(8, 7, 9, AT_LEAST_1), record(8, 7, 9))
    assert moved is not None
    assert str(describe_difference(moved)).endswith("the criterion was at least 1, now at least 10")
    assert str(describe_verdict(NOT_APPLICABLE)) == "not applicable"


def recorded(verdict: Verdict, value: float, low: float, high: float) -> RecordedAssertion:
    return RecordedAssertion(
        claim="a", assertion="b", verdict=verdict, value=value, interval=(low, high), criterion="at least 1"
    )


@pytest.mark.parametrize(
    ("was", "now", "how"),
    [
        (recorded("supported", 12, 11, 13), recorded("supported", 13, 12, 14), None),
        (recorded("supported", 12, 11, 13), recorded("supported", 11, 10, 12), None),
        (recorded("supported", 12, 11, 13), recorded("supported", 11, 10, 11.9), "drifted"),
        (recorded("supported", 12, 11, 13), recorded("supported", 13.1, 12, 14), "drifted"),
        (recorded("supported", 1, 1, 2), recorded("refuted", 3, 2, 3), "changed"),
        (recorded("supported", 3, 2, 3), recorded("refuted", 1, 1, 2), "changed"),
        (recorded("supported", 1, 1, 2), recorded("refuted", 3, 2.1, 3), "reversed"),
        (recorded("supported", 1, 1, 2), recorded("inconclusive", 3, 2.1, 3), "changed"),
    ],
)
def test_intervals_that_touch_are_not_apart_and_hold_their_ends(
    was: RecordedAssertion, now: RecordedAssertion, how: Departure | None
) -> None:
    assert departure(was, now) == how


def test_an_error_has_changed_whatever_was_recorded() -> None:
    error = NOT_APPLICABLE.model_copy(update={"verdict": "error"})
    for was in (error, NOT_APPLICABLE, record(12, 11, 13)):
        assert departure(was, error) == "changed"


def test_every_departure_is_called_by_its_name_and_two_of_them_pass() -> None:
    assert {name: str(word) for name, word in NAMES.items()} == {name: name for name in NAMES}
    assert set(PASSING) == {"criterion changed", "drifted"}


def test_what_a_comparison_says_of_its_baseline() -> None:
    evidence = make_evidence()
    comparison = compare_with_baseline(baseline_of(evidence), evidence.claims[:1], file="b.json", whole=True)
    assert comparison.file == "b.json"
    assert comparison.n_not_run == 0
    assert comparison.n_as_recorded == 2
    assert {difference.how for difference in comparison.differences} == {"missing"}
    missing = comparison.differences[0]
    assert (missing.recorded is not None, missing.found) == (True, None)


def test_a_criterion_is_said_only_where_both_have_one_and_they_differ() -> None:
    same = BaselineDifference(how="changed", recorded=record(12, 11, 13), found=record(10.5, 9.9, 11.1))
    none = BaselineDifference(how="changed", recorded=NOT_APPLICABLE, found=record(12, 11, 13))
    gone = BaselineDifference(how="changed", recorded=record(12, 11, 13), found=NOT_APPLICABLE)
    assert [str(describe_difference(difference)) for difference in (same, none, gone)] == [
        "changed: recorded as supported at 12 [11, 13], now inconclusive at 10.5 [9.9, 11.1]",
        "changed: recorded as not applicable, now supported at 12 [11, 13]",
        "changed: recorded as supported at 12 [11, 13], now not applicable",
    ]
    other = BaselineDifference(
        how="criterion changed", recorded=record(12, 11, 13, AT_LEAST_1), found=record(12, 11, 13)
    )
    assert str(describe_difference(other)) == (
        "criterion changed: recorded as supported at 12 [11, 13], now supported at 12 [11, 13]; "
        "the criterion was at least 1, now at least 10"
    )


def test_an_assertion_is_named_as_recorded_or_else_as_found() -> None:
    was, now = record(12, 11, 13), record(8, 7, 9)
    assert assertion_of(BaselineDifference(how="reversed", recorded=was, found=now)) == was
    assert assertion_of(BaselineDifference(how="missing", recorded=was, found=None)) == was
    assert assertion_of(BaselineDifference(how="new", recorded=None, found=now)) == now


def test_an_assertion_is_told_by_claim_words_and_arguments() -> None:
    assert describe_assertion(NOT_APPLICABLE) == "a claim: it grows"
    given = NOT_APPLICABLE.model_copy(update={"arguments": {"kind": "internal", "layer": 7}})
    assert describe_assertion(given) == "a claim: it grows (kind internal, layer 7)"
