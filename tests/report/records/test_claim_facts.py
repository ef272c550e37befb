from layerclaims.report.records.claim_facts import (
    Share,
    control_outcomes,
    controls_that_hold,
    deciding_assertion,
    held_untrained,
    in_document_order,
    is_identity,
    not_by_learning,
    reason_without_number,
    short_criterion,
    specifications_that_hold,
    twin_sentences,
)
from layerclaims.report.records.evidence import ClaimRecord, ControlRecord
from tests.report.builder import make_claim, make_document, make_twins


def claim_of(*verdicts: str) -> ClaimRecord:
    """Make a claim whose assertions have these verdicts, named by their places."""
    data = make_claim("x", "supported").model_dump()
    first = data["assertions"][0]
    data["assertions"] = [
        {**first, "verdict": verdict, "name": f"a{i}"} for i, verdict in enumerate(verdicts)
    ]
    return ClaimRecord.model_validate(data)


def test_the_first_of_the_least_favourable_assertions_decides() -> None:
    cases = {
        ("supported", "inconclusive", "refuted", "refuted"): "a2",
        ("not_applicable", "supported", "inconclusive"): "a2",
        ("not_applicable", "supported"): "a1",
        ("not_applicable", "not_applicable"): "a0",
    }
    for verdicts, name in cases.items():
        decisive = deciding_assertion(claim_of(*verdicts))
        assert decisive is not None
        assert decisive.name == name
    assert deciding_assertion(claim_of()) is None


def control(name: str, assertion: str, verdict: str, value: float | None = 1.0) -> ControlRecord:
    return ControlRecord.model_validate(
        {
            "control": name,
            "description": {"text": name},
            "assertion": assertion,
            "verdict": verdict,
            "value": value,
        }
    )


def test_a_control_is_read_as_the_claim_would_be() -> None:
    claim = claim_of("supported", "refuted").model_copy(
        update={
            "controls": [
                control("permuted", "a0", "supported"),
                control("permuted", "a1", "refuted", 7.0),
                control("swapped", "a0", "supported"),
                control("swapped", "a1", "supported", 3.0),
                control("pooled", "a0", "not_applicable", None),
                control("pooled", "a1", "not_applicable", None),
            ]
        }
    )
    outcomes = {outcome.control: outcome for outcome in control_outcomes(claim)}
    assert {name: outcome.verdict for name, outcome in outcomes.items()} == {
        "permuted": "refuted",
        "swapped": "supported",
        "pooled": "not_applicable",
    }
    assert outcomes["permuted"].holds == Share(1, 2)
    assert outcomes["permuted"].shown.value == 7.0
    assert controls_that_hold(claim) == Share(1, 2)


def test_a_control_shows_the_assertion_that_decided_not_one_of_the_same_name() -> None:
    data = claim_of("supported", "refuted").model_dump()
    arguments = [{"kind": "internal"}, {"kind": "terminal"}]
    for assertion, given in zip(data["assertions"], arguments, strict=True):
        assertion.update(name="it grows", arguments=given)
    data["controls"] = [
        {**control("untrained", "it grows", "refuted", value).model_dump(), "arguments": given}
        for value, given in zip((1.0, 7.0), arguments, strict=True)
    ]
    (outcome,) = control_outcomes(ClaimRecord.model_validate(data))
    assert outcome.shown.value == 7.0


def test_without_controls_or_specifications_nothing_is_counted() -> None:
    bare = make_claim("x", "supported").model_copy(update={"controls": [], "specifications": None})
    assert controls_that_hold(bare) is None
    assert specifications_that_hold(bare) is None


def test_only_claims_that_do_not_apply_have_a_reason() -> None:
    assert reason_without_number(make_claim("x", "supported")) is None
    assert (
        str(reason_without_number(make_claim("x", "not_applicable")))
        == "the model adds no positions to its embedding"
    )


def test_claims_come_in_the_documents_order() -> None:
    sections = ["companion", "3.2", "2.1", "elsewhere", "1", "2.1"]
    claims = [
        make_claim(f"c{i}", "supported").model_copy(update={"section": section})
        for i, section in enumerate(sections)
    ]
    assert [claim.id for claim in in_document_order(claims, make_document())] == [
        "c4",
        "c2",
        "c5",
        "c1",
        "c0",
        "c3",
    ]


def test_criteria_are_written_with_signs() -> None:
    criterion = make_claim("x", "supported").assertions[0].criterion
    assert criterion is not None
    assert short_criterion(criterion, "{:g}".format) == "≥ 10"
    band = criterion.model_copy(update={"relation": "within", "bound": 6.0, "upper": 10.0})
    assert short_criterion(band, "{:g}".format) == "6 – 10"


def compared(claim: ClaimRecord, *learned: bool | None) -> ClaimRecord:
    """Give a claim's assertions twins that they are learned against, or not, or that have no number."""
    assertions = [
        assertion.model_copy(update={"twins": make_twins(14.2, learned=one)})
        for assertion, one in zip(claim.assertions, learned, strict=True)
    ]
    return claim.model_copy(update={"assertions": assertions})


def test_a_claim_whose_numbers_untrained_twins_reach_was_not_learned() -> None:
    supported = claim_of("supported", "supported")
    assert not_by_learning(compared(supported, False, False))
    assert not not_by_learning(compared(supported, False, True))
    assert not not_by_learning(compared(supported, False, None))
    refuted = compared(supported, False, False).model_copy(update={"verdict": "refuted"})
    assert held_untrained(refuted) is True
    assert not not_by_learning(refuted)


def test_without_a_number_of_a_twin_nothing_is_said_about_learning() -> None:
    supported = claim_of("supported", "supported")
    assert held_untrained(compared(supported, None, None)) is None
    bare = [one.model_copy(update={"twins": None}) for one in supported.assertions]
    assert held_untrained(supported.model_copy(update={"assertions": bare})) is None


def test_an_identity_is_never_said_not_to_be_learned() -> None:
    identity = compared(claim_of("supported"), False).model_copy(update={"nature": "identity"})
    assert is_identity(identity)
    assert held_untrained(identity) is None
    assert not not_by_learning(identity)


def test_deciding_assertions_say_where_they_lie_among_the_twins() -> None:
    claim = claim_of("supported", "refuted", "refuted")
    assert len(twin_sentences(claim)) == 2
    assert twin_sentences(claim_of()) == []
